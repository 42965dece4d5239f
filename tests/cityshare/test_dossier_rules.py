"""How many invented cities a draft holds."""

import pytest

from cityshare.actions import dossier as dossiers
from cityshare.actions.framework import start_framework
from tests import factories as make
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_draft_holds_no_more_invented_cities_than_its_file_could():
    keeper = make.RoleFactory(role="facilitator").user
    draft = start_framework(name="Our own", version="1", levels=3, by=keeper)
    for number in range(6):
        dossiers.add_dossier(draft, title=f"Port {number}", text="Invented.", by=keeper)

    with pytest.raises(Refused) as refused:
        dossiers.add_dossier(draft, title="One more", text="Invented.", by=keeper)

    assert str(refused.value) == "There are 6 invented cities; more would be too much to read."
    assert [dossier.title for dossier in draft.dossiers.all()] == [
        f"Port {number}" for number in range(6)
    ]
