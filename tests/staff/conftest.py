"""A workshop with its coordinator, as the staff tests find them."""

import pytest

from tests.factories import SubmittedApplicationFactory
from tests.running import call, desk, hana

__all__ = ["call", "desk", "hana"]


@pytest.fixture
def sent(call):
    """An application that was sent to the call."""
    return SubmittedApplicationFactory(
        call=call,
        reference="HERE-1",
        applicant__given_name="Aoife",
        applicant__family_name="O'Brien",
    )
