"""A rater on a phone: says that there is no conflict, rates an invented city, then a real one."""

import pytest
from django.urls import reverse

from cityshare.models import Assignment
from tests.cityshare.example import Example
from tests.cityshare.rater import dossier_of

pytestmark = pytest.mark.journey


@pytest.fixture
def example(transactional_db):
    """Cedar is to rate Alder, and has done nothing yet."""
    made = Example(stage="rating", rated=False, moderated=False)
    dossier_of(made.framework)
    made.pair = Assignment.objects.create(
        rater=made.teams["Cedar"],
        rated=made.teams["Alder"],
        person=made.people["Cedar"],
        status="active",
    )
    return made


def check(visit):
    """The page is fit for a phone and for a screen reader."""
    assert visit.barriers() == []
    assert not visit.scrolls_sideways()


def prepare(phone, example, scripts):
    """What comes before the first city."""
    page = phone.page
    page.click("main a:has-text('Say whether there is a conflict')")
    page.click("main form[action$='/said/'] button")
    phone.go(reverse("cityshare:calibrate-city", args=[example.cycle.pk, 1]))
    check_if(phone, scripts)
    page.locator("label.level").nth(3).click()
    page.click("main input[name=save]")
    assert "It depends on one person." in page.inner_text("main")
    assert "2 levels higher" in page.inner_text("main")


def rate(phone, example, scripts):
    """The city, practice by practice, up to the lock."""
    page = phone.page
    phone.go(reverse("cityshare:rate-practice", args=[example.cycle.pk, example.pair.pk, "P1"]))
    check_if(phone, scripts)
    for number in range(4):
        page.locator("label.level").nth(2).click()
        page.fill("textarea[name=strength]", f"Strength {number}")
        page.click("main input[name=save]")
    assert "own view" not in page.inner_text("main .task-list")
    page.click("main form[action$='/lock/'] button")
    assert page.inner_text("main .task-list").count("The city's own view:") == 4
    check_if(phone, scripts)


def reconsider(phone, example):
    """Once more, with the own view beside it."""
    page = phone.page
    page.click("main a:has-text('Practice P1')")
    page.locator("label.level").nth(3).click()
    page.click("main input[name=save]")
    assert "Say in a sentence why you changed the level." in page.inner_text("main")
    page.fill("input[name=reason]", "I had not seen the plan.")
    page.click("main input[name=save]")
    phone.go(reverse("cityshare:rate", args=[example.cycle.pk, example.pair.pk]))
    page.click("main form[action$='/finish/'] button")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_rater_on_a_phone_goes_from_the_conflicts_to_the_last_press(visit, example, scripts):
    phone = visit(width=360, scripts=scripts).sign_in(example.people["Cedar"])
    phone.go(reverse("cityshare:rating", args=[example.cycle.pk]))
    check_if(phone, scripts)

    prepare(phone, example, scripts)
    rate(phone, example, scripts)
    reconsider(phone, example)

    example.pair.refresh_from_db()
    rows = example.pair.ratings.order_by("practice__order")
    given = rows.values_list("initial", "final", "reason", "strength")
    assert example.pair.status == "done"
    assert list(given) == [
        (3, 4, "I had not seen the plan.", "Strength 0"),
        (3, 3, "", "Strength 1"),
        (3, 3, "", "Strength 2"),
        (3, 3, "", "Strength 3"),
    ]


def check_if(visit, scripts):
    """Look for barriers where the tool that looks can run."""
    if scripts:
        check(visit)
