"""Which conflicts count towards the five that a team declares, and which are listed."""

import pytest
from django.utils import timezone

from cityshare.models import Conflict
from cityshare.queries.conflict import has_declared_most, shown_to
from tests.cityshare.example import Example

pytestmark = pytest.mark.django_db


def test_what_those_who_lead_declared_is_not_counted_to_the_city_and_what_it_took_back_is():
    example = Example(stage="rating", rated=False, moderated=False)
    alder, birch = example.teams["Alder"], example.teams["Birch"]
    facts = {"one": alder, "other": birch, "kind": "grant", "declared_by": example.facilitator}
    facts |= {"declared_at": timezone.now(), "withdrawn_at": timezone.now()}

    found = []
    for by_leads in (True, False):
        Conflict.objects.bulk_create(Conflict(by_leads=by_leads, **facts) for _time in range(5))
        found.append(has_declared_most(alder))

    assert found == [False, True]
    assert not has_declared_most(birch)


def test_what_was_taken_back_stands_in_nobodys_list():
    example = Example(stage="rating", rated=False, moderated=False)
    alder, person = example.teams["Alder"], example.people["Alder"]
    facts = {"one": alder, "kind": "grant", "declared_by": person, "declared_at": timezone.now()}
    Conflict.objects.create(other=example.teams["Birch"], withdrawn_at=timezone.now(), **facts)
    stands = Conflict.objects.create(other=example.teams["Elm"], **facts)

    found = {
        reader: [line.conflict for line in shown_to(reader, example.cycle, own)]
        for reader, own in ((person, alder), (example.facilitator, None))
    }

    assert found == {person: [stands], example.facilitator: [stands]}
