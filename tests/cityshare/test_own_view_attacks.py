"""Whatever is put into the forms of a self-assessment, the answer is a page and never a fault."""

import pytest

from tests.attacks.pages import forms_of
from tests.attacks.test_forms import AT_THE_TOP, answer, attacks
from tests.cityshare.own_views import City, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    made = City()
    made.fill("P1")
    made.show()
    return made


PAGES = {
    "the whole": ("focal", "assess", []),
    "a practice": ("member", "assess-practice", ["P1"]),
    "evidence": ("member", "evidence-add", ["P1"]),
    "the discussion": ("member", "discuss", ["P1"]),
    "a city, for those who lead": ("lead", "assess-team", None),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_form_answers_whatever_is_typed_with_a_page(page, city):
    who, name, args = PAGES[page]
    if args is None:
        args = [city.team.pk]
        city.assessment()
        type(city.assessment()).objects.update(status="submitted")
    desk = Desk(city, getattr(city, who))
    desk.client.raise_request_exception = False
    path = city.at(name, *args)
    opened = desk.client.get(path + ("?show=1" if name == "discuss" else ""))

    forms = [form for form in forms_of(path, opened.content.decode()) if form.action != AT_THE_TOP]
    faults = {
        (form.action, field, value[:40]): wrong
        for form in forms
        for field, value, data in attacks(form)
        if (wrong := answer(desk.client, form.action, data, []))
    }

    assert forms != []
    assert (opened.status_code, faults) == (200, {})


NOTHING = {"data": b"", "content_type": "application/json"}
NO_FORM = {"data": b'{"level": 2}', "content_type": "application/json"}


@pytest.mark.parametrize("sent", [NOTHING, NO_FORM], ids=["nothing", "json"])
@pytest.mark.parametrize("page", ["assess-practice", "discuss"])
@pytest.mark.parametrize("stage", ["self", "rating"])
def test_what_is_no_form_is_refused_with_a_page_and_changes_nothing(city, page, sent, stage):
    city.enter(stage)
    desk = Desk(city, city.member)
    was = city.score().version

    answer = desk.client.post(city.at(page, "P1"), **sent)

    assert answer.status_code == 409
    assert (city.score().version, city.score().current) == (was, 2)
