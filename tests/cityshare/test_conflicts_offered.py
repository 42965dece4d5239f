"""The page on conflicts offers each of its readers what they may do at the moment."""

import pytest

from cityshare.access import can_take_back
from cityshare.actions import conflict
from cityshare.models import Cycle
from tests.cityshare.drawn import Drawn, heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn():
    return Drawn()


def declare(drawn, one, other, *, by):
    said = {"kind": "grant", "note": "A bridge.", "by": by}
    return conflict.declare(drawn.teams[one], drawn.teams[other], **said)


@pytest.mark.parametrize("stage", Cycle.Stage.values)
def test_the_page_offers_what_its_reader_may_do_in_the_stage_and_nothing_else(client, drawn, stage):
    own = declare(drawn, "Cedar", "Elm", by=drawn.people["Cedar"])
    led = declare(drawn, "Cedar", "Alder", by=drawn.facilitator)
    Cycle.objects.update(status=stage)
    declares, says = stage in {"self", "rating", "moderation"}, stage in {"self", "rating"}

    for reader in (drawn.people["Cedar"], drawn.people["Elm"], drawn.facilitator):
        client.force_login(reader)
        page = client.get(drawn.url("conflicts"))
        shown = page.text if page.status_code == 200 else ""
        for one in (own, led):
            is_offered = drawn.url("conflict-take-back", one.pk) in shown
            assert is_offered == (declares and can_take_back(reader, one))
        assert ("Declare this conflict" in shown) == (declares and page.status_code == 200)
        assert ("I know of no" in shown) == (says and reader != drawn.facilitator)


@pytest.mark.parametrize(("stage", "advice"), [("moderation", True), ("compare", False)])
def test_who_has_spoken_is_told_to_declare_more_as_long_as_that_is_possible(
    client, drawn, stage, advice
):
    conflict.say_all(drawn.teams["Cedar"].members.get(), by=drawn.people["Cedar"])
    Cycle.objects.update(status=stage)
    client.force_login(drawn.people["Cedar"])

    shown = heard(client.get(drawn.url("conflicts")))

    assert "You have said which conflicts there are" in shown
    assert ("declare it here at once" in shown) == advice
