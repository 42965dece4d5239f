"""Cities compare themselves in a browser: river, stairs and city, on a phone and on a wall."""

import pytest
from django.urls import reverse

from tests.cityshare.example import Example

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def example(transactional_db):
    return Example()


def addresses(example):
    """The pages with pictures, by name."""
    cycle = example.cycle.pk
    return {
        "river": reverse("cityshare:river", args=[cycle]) + "?own=on&target=on",
        "stairs": reverse("cityshare:stairs", args=[cycle]),
        "practice": reverse("cityshare:stairs-practice", args=[cycle, "P4"]),
        "city": reverse("cityshare:team", args=[cycle, example.teams["Birch"].pk]),
        "wall": reverse("cityshare:stairs-show", args=[cycle, "P4"]),
    }


def test_the_pictures_have_no_barriers_and_fit_the_screen(visit, example):
    person = visit().sign_in(example.people["Birch"])

    found = {name: person.faults_at(path) for name, path in addresses(example).items()}

    assert found == {name: {} for name in addresses(example)}


def test_a_phone_shows_the_river_running_downwards(visit, example):
    person = visit(width=360).sign_in(example.people["Birch"])

    person.go(addresses(example)["river"])

    assert person.page.locator(".picture-tall > svg").is_visible()
    assert not person.page.locator(".picture-wide > svg").is_visible()
    sizes = person.page.locator(".picture-tall .strong").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 14


def test_the_order_is_changed_without_scripts(visit, example):
    person = visit(scripts=False).sign_in(example.people["Birch"])
    person.go(addresses(example)["river"])

    person.page.get_by_label("Order of the practices").select_option("width")
    person.page.get_by_label("Target").uncheck()
    person.page.get_by_role("button", name="Show").click()

    assert person.page.url.endswith("?order=width&basis=level&own=on")
    assert person.page.locator(".picture-wide .mine-target").count() == 0
    assert person.page.locator(".picture-wide .mine-own").count() == 4
