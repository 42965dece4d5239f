"""Who is who in the table of permissions, and how its rows are said.

The people stand in different relations to one workshop: `owner` applied to it, `other` applied to
it too, `seated` was accepted earlier, `coordinator` runs it, `stranger` runs another workshop,
`reviewer`, `facilitator` and `observer` have those roles in it, `admin` looks after the portal.
"""

from dataclasses import dataclass, field

SIGN_IN = "sign in"
PEOPLE = [
    "anonymous",
    "owner",
    "other",
    "seated",
    "coordinator",
    "stranger",
    "reviewer",
    "facilitator",
    "observer",
    "admin",
]


@dataclass(frozen=True)
class Row:
    """What each person gets: a status, or `SIGN_IN` for a redirect to the sign-in page."""

    answers: dict[str, object]
    method: str = "get"
    kwargs: dict[str, str] = field(default_factory=dict)


def everybody(status=200, **row):
    return Row(dict.fromkeys(PEOPLE, status), **row)


def signed_in(status=200, **row):
    return Row({**dict.fromkeys(PEOPLE, status), "anonymous": SIGN_IN}, **row)


def only(*people, status=200, others=404, **row):
    answers = {**dict.fromkeys(PEOPLE, others), "anonymous": SIGN_IN}
    return Row({**answers, **dict.fromkeys(people, status)}, **row)


def entrance(signed_in=302, anonymous=200, **row):
    """A page on the way in: for visitors; who is in already is sent on."""
    return Row({**dict.fromkeys(PEOPLE, signed_in), "anonymous": anonymous}, **row)


HERE = {"slug": "here"}
MINE = {"pk": "application.pk"}
FILE = {"pk": "document.pk"}
LINK = {"secret": "link.secret"}
LETTER = {"slug": "here", "pk": "message.pk"}
WORDS = {"slug": "here", "occasion": "received", "language": "en"}
ON_ITS_WAY = {**MINE, "slug": "waiver", "transfer": "transfer.pk"}
NEVER_OTHERS = {"coordinator": 403}


def own(status=200, **row):
    """A page of the applicant's: the coordinator, who may know of the file, is told no."""
    made = only("owner", status=status, **row)
    return Row({**made.answers, **NEVER_OTHERS}, made.method, made.kwargs)


def sender(status=200, **row):
    """What only who sends a file knows of."""
    return only("owner", status=status, **row)


def desk(status=200, **row):
    """A page of those who run the workshop."""
    return only("coordinator", status=status, **row)


def post(make, status, **row):
    """A button: the address takes nothing but POST."""
    return make(status=status, method="post", **row)
