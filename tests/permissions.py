"""Who may open which address: one row a URL name, one answer a person.

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


ROWS = {
    # what anybody may read
    "home": everybody(),
    "health": everybody(),
    "workshop-list": everybody(),
    "workshop-feed": everybody(),
    "language": everybody(status=400, method="post"),
    "workshop-detail": everybody(kwargs=HERE),
    "workshop-calendar": everybody(kwargs=HERE),
    "applications:call": everybody(kwargs=HERE),
    "applications:call-calendar": everybody(kwargs=HERE),
    "applications:eligibility": everybody(kwargs=HERE),
    "applications:call-preview": everybody(kwargs=HERE),
    "applications:call-preview-paper": everybody(status=302, kwargs=HERE),
    "applications:call-guidelines": everybody(kwargs={**HERE, "document": "case-study"}),
    "applications:call-paper": everybody(status=302, kwargs={**HERE, "document": "case-study"}),
    # what everybody who signed in has of their own
    "tasks": signed_in(),
    "signed-in": signed_in(),
    "outbox:inbox": signed_in(),
    "outbox:letter": only("owner", kwargs={"pk": "message.pk"}),
    "accounts:profile": signed_in(),
    "accounts:details": signed_in(),
    "accounts:held": signed_in(),
    "accounts:reachable": signed_in(status=302, method="post"),
    # the applicant's file
    "applications:start": signed_in(status=302, kwargs=HERE, method="post"),
    "applications:application": own(kwargs=MINE),
    "applications:section": own(kwargs={**MINE, "slug": "you"}),
    "applications:section-autosave": Row(
        {**own().answers, "anonymous": 401}, kwargs={**MINE, "slug": "you"}
    ),
    "applications:document": own(kwargs={**MINE, "slug": "cv"}),
    "applications:document-keep": post(own, 302, kwargs={**MINE, "slug": "cv"}),
    "applications:document-file": own(kwargs=FILE),
    "applications:transfer": post(own, 422, kwargs={**MINE, "slug": "cv"}),
    "applications:transfer-state": sender(kwargs=ON_ITS_WAY),
    "applications:transfer-piece": post(sender, 400, kwargs={**ON_ITS_WAY, "order": "piece.order"}),
    "applications:transfer-finish": post(sender, 409, kwargs=ON_ITS_WAY),
    "applications:transfer-cancel": post(sender, 302, kwargs=ON_ITS_WAY),
    "applications:check": own(status=302, kwargs=MINE),
    "applications:submit": post(own, 302, kwargs=MINE),
    "applications:at-close": post(own, 200, kwargs=MINE),
    "applications:receipt": own(kwargs=MINE),
    "applications:receipt-paper": own(status=302, kwargs={**MINE, "number": "receipt.number"}),
    "applications:answers": own(kwargs=MINE),
    "applications:withdraw": own(kwargs=MINE),
    "applications:take-up": post(own, 409, kwargs=MINE),
    "applications:sign": own(kwargs={**MINE, "slug": "commitment"}),
    "applications:paper-order": post(own, 302, kwargs={**MINE, "slug": "commitment"}),
    "applications:paper": own(status=302, kwargs={**MINE, "slug": "commitment"}),
    "applications:nominator": own(kwargs=MINE),
    "applications:nominator-renew": post(own, 302, kwargs=MINE),
    "applications:nominator-revoke": post(own, 302, kwargs=MINE),
    # what a personal link opens, to whoever holds it
    "applications:nomination": everybody(kwargs=LINK),
    "applications:nomination-sign": post(everybody, 200, kwargs=LINK),
    "applications:nomination-upload": post(everybody, 200, kwargs=LINK),
    "applications:nomination-decline": post(everybody, 200, kwargs=LINK),
    "applications:nomination-paper-order": post(everybody, 302, kwargs=LINK),
    "applications:nomination-paper": everybody(status=302, kwargs=LINK),
    # the desk
    "desk": only("coordinator", "stranger", "reviewer", "facilitator", "observer", "admin"),
    "applications:desk-list": desk(kwargs=HERE),
    "applications:desk-export": desk(kwargs={**HERE, "kind": "csv"}),
    "applications:desk-eligibility": desk(kwargs=HERE),
    "applications:desk-eligibility-export": desk(kwargs={**HERE, "kind": "csv"}),
    "applications:desk-application": desk(kwargs=MINE),
    "applications:desk-document": desk(kwargs=FILE),
    "applications:desk-document-file": desk(kwargs=FILE),
    "applications:desk-document-small": desk(kwargs=FILE),
    "applications:document-accept": post(desk, 302, kwargs=FILE),
    "applications:document-return": post(desk, 200, kwargs=FILE),
    "applications:documents-return": desk(kwargs=MINE),
    "applications:call-create": desk(status=302, kwargs=HERE),
    "applications:call-edit": desk(kwargs=HERE),
    "applications:call-document-edit": desk(kwargs={**HERE, "document": "case-study"}),
    "applications:call-extend": desk(kwargs=HERE),
    "applications:call-extend-some": desk(kwargs=HERE),
    "applications:call-unsent": desk(kwargs=HERE),
    "applications:call-attempts": desk(kwargs=HERE),
    "applications:call-attempts-export": desk(kwargs={**HERE, "kind": "csv"}),
    "applications:decide": desk(kwargs=MINE),
    "applications:decide-many": post(desk, 302, kwargs=HERE),
    "applications:release": desk(kwargs=HERE),
    "workshops:outbox": desk(kwargs=HERE),
    "workshops:message": desk(kwargs=LETTER),
    "workshops:message-edit": desk(status=302, kwargs=LETTER),
    "workshops:message-retry": post(desk, 409, kwargs=LETTER),
    "workshops:message-hold": post(desk, 302, kwargs=LETTER),
    "workshops:message-release": post(desk, 409, kwargs=LETTER),
    "workshops:message-again": post(desk, 200, kwargs=LETTER),
    "workshops:message-cancel": post(desk, 200, kwargs=LETTER),
    "workshops:message-bounced": post(desk, 200, kwargs=LETTER),
    "workshops:letters-hold": post(desk, 302, kwargs=HERE),
    "workshops:letters-release": post(desk, 302, kwargs=HERE),
    "applications:letters": desk(kwargs=HERE),
    "applications:letter-text": desk(kwargs=WORDS),
    "applications:letter-restore": post(desk, 409, kwargs=WORDS),
    "applications:letter-preview": desk(kwargs={**HERE, "occasion": "received"}),
    "applications:letter-copy": post(desk, 302, kwargs={**HERE, "occasion": "received"}),
    "workshops:roles": only("coordinator", "admin", kwargs=HERE),
    "workshops:role-remove": only(
        "coordinator", "admin", status=302, method="post", kwargs={**HERE, "pk": "role.pk"}
    ),
    "curriculum:workshop-create": only("admin"),
    "curriculum:workshop-edit": only("coordinator", "admin", kwargs=HERE),
    "curriculum:workshop-postpone": desk(kwargs=HERE),
    "curriculum:workshop-publish": only(
        "coordinator", "admin", status=409, method="post", kwargs=HERE
    ),
    "curriculum:programme": desk(kwargs=HERE),
    **{
        f"curriculum:{part}-{step}": desk(
            kwargs=HERE if step == "create" else {**HERE, "pk": f"{part}.pk"}
        )
        for part in ("module", "session", "speaker")
        for step in ("create", "edit", "delete")
    },
    # files that the virus check held back
    "applications:quarantine": only("admin"),
    "applications:quarantine-let-go": only(
        "admin", status=302, method="post", kwargs={"pk": "held.pk"}
    ),
    "applications:quarantine-remove": only(
        "admin", status=302, method="post", kwargs={"pk": "held.pk"}
    ),
    # the way in, and what keeps it safe
    "account_login": entrance(),
    "account_logout": entrance(signed_in=200, anonymous=302),
    "account_inactive": everybody(),
    "account_signup": entrance(),
    "account_reauthenticate": signed_in(),
    "account_email": signed_in(),
    "account_email_verification_sent": signed_in(status=302),
    "account_change_password": signed_in(),
    "account_set_password": signed_in(status=302),
    "account_reset_password": everybody(),
    "account_reset_password_done": everybody(),
    "account_reset_password_from_key": everybody(kwargs={"uidb36": "0", "key": "x-y"}),
    "account_reset_password_from_key_done": everybody(),
    "account_request_login_code": entrance(),
    "account_confirm_login_code": signed_in(status=302),
    "mfa_index": signed_in(),
    "mfa_authenticate": signed_in(status=302),
    "mfa_reauthenticate": signed_in(status=302),
    "mfa_activate_totp": signed_in(status=302),
    "mfa_deactivate_totp": signed_in(status=404),
    "mfa_view_recovery_codes": signed_in(status=404),
    "mfa_generate_recovery_codes": signed_in(status=302),
    "mfa_download_recovery_codes": signed_in(status=404),
    "mfa_list_webauthn": signed_in(),
    "mfa_add_webauthn": signed_in(status=302),
    "mfa_reauthenticate_webauthn": signed_in(status=302),
    "mfa_remove_webauthn": signed_in(status=302, kwargs={"pk": "1"}),
    "mfa_edit_webauthn": signed_in(status=302, kwargs={"pk": "1"}),
    "mfa_login_webauthn": entrance(anonymous=SIGN_IN),
}
