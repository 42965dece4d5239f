from django.urls import path

from applications.views import applicant as applicant_views
from applications.views import autosave as autosave_views
from applications.views import call as call_views
from applications.views import committee as committee_views
from applications.views import counts as counts_views
from applications.views import deadline as deadline_views
from applications.views import document as document_views
from applications.views import eligibility as eligibility_views
from applications.views import letters as letter_views
from applications.views import nominator as nominator_views
from applications.views import public as public_views
from applications.views import quarantine as quarantine_views
from applications.views import signing as signing_views
from applications.views import staff as staff_views

app_name = "applications"

# what anybody may read
public = [
    path("workshops/<slug:slug>/call/", public_views.call, name="call"),
    path(
        "workshops/<slug:slug>/call/deadline.ics", public_views.call_calendar, name="call-calendar"
    ),
    path(
        "workshops/<slug:slug>/call/eligibility/", eligibility_views.eligibility, name="eligibility"
    ),
    path("workshops/<slug:slug>/call/form/", public_views.call_preview, name="call-preview"),
    path(
        "workshops/<slug:slug>/call/form.pdf",
        public_views.call_preview_paper,
        name="call-preview-paper",
    ),
    path(
        "workshops/<slug:slug>/call/papers/<slug:document>/",
        public_views.call_guidelines,
        name="call-guidelines",
    ),
    path(
        "workshops/<slug:slug>/call/papers/<slug:document>.pdf",
        public_views.call_paper,
        name="call-paper",
    ),
]

# the call itself, at the desk
call = [
    path("desk/<slug:slug>/call/new/", call_views.create, name="call-create"),
    path("desk/<slug:slug>/call/", call_views.edit, name="call-edit"),
    path(
        "desk/<slug:slug>/call/papers/<slug:document>/",
        call_views.edit_document,
        name="call-document-edit",
    ),
]

# a file on its way, piece by piece
TRANSFERS = "applications/<uuid:pk>/documents/<slug:slug>/transfer/"
TRANSFER = f"{TRANSFERS}<uuid:transfer>/"
transfers = [
    path(TRANSFERS, document_views.transfer, name="transfer"),
    path(TRANSFER, document_views.transfer_state, name="transfer-state"),
    path(f"{TRANSFER}<int:order>/", document_views.transfer_piece, name="transfer-piece"),
    path(f"{TRANSFER}finish/", document_views.transfer_finish, name="transfer-finish"),
    path(f"{TRANSFER}cancel/", document_views.transfer_cancel, name="transfer-cancel"),
]

# the applicant's own file
applicant = [
    path("workshops/<slug:slug>/apply/", applicant_views.start, name="start"),
    path("applications/<uuid:pk>/", applicant_views.application, name="application"),
    path("applications/<uuid:pk>/form/<slug:slug>/", applicant_views.section, name="section"),
    path(
        "applications/<uuid:pk>/form/<slug:slug>/autosave/",
        autosave_views.section_autosave,
        name="section-autosave",
    ),
    path("applications/<uuid:pk>/documents/<slug:slug>/", document_views.document, name="document"),
    path(
        "applications/<uuid:pk>/documents/<slug:slug>/keep/",
        document_views.keep,
        name="document-keep",
    ),
    path("applications/documents/<uuid:pk>/", document_views.document_file, name="document-file"),
    *transfers,
    path("applications/<uuid:pk>/check/", applicant_views.check, name="check"),
    path("applications/<uuid:pk>/submit/", applicant_views.submit, name="submit"),
    path("applications/<uuid:pk>/at-close/", applicant_views.at_close, name="at-close"),
    path("applications/<uuid:pk>/receipt/", applicant_views.receipt, name="receipt"),
    path(
        "applications/<uuid:pk>/receipt/<int:number>.pdf",
        applicant_views.receipt_paper,
        name="receipt-paper",
    ),
    path("applications/<uuid:pk>/answers/", applicant_views.answers, name="answers"),
    path("applications/<uuid:pk>/withdraw/", applicant_views.withdraw, name="withdraw"),
    path("applications/<uuid:pk>/take-up/", applicant_views.take_up, name="take-up"),
]

# papers filled with what was typed once
signing = [
    path("applications/<uuid:pk>/documents/<slug:slug>/sign/", signing_views.sign, name="sign"),
    path(
        "applications/<uuid:pk>/papers/<slug:slug>/", signing_views.paper_order, name="paper-order"
    ),
    path("applications/<uuid:pk>/papers/<slug:slug>.pdf", signing_views.paper, name="paper"),
    path("applications/<uuid:pk>/nominator/", signing_views.nominator, name="nominator"),
    path(
        "applications/<uuid:pk>/nominator/renew/",
        signing_views.nominator_renew,
        name="nominator-renew",
    ),
    path(
        "applications/<uuid:pk>/nominator/revoke/",
        signing_views.nominator_revoke,
        name="nominator-revoke",
    ),
]

# what a nominator's personal link opens
nominator = [
    path("nominations/<slug:secret>/", nominator_views.letter, name="nomination"),
    path("nominations/<slug:secret>/sign/", nominator_views.sign, name="nomination-sign"),
    path("nominations/<slug:secret>/upload/", nominator_views.upload, name="nomination-upload"),
    path("nominations/<slug:secret>/decline/", nominator_views.decline, name="nomination-decline"),
    path(
        "nominations/<slug:secret>/paper/",
        nominator_views.paper_order,
        name="nomination-paper-order",
    ),
    path("nominations/<slug:secret>/letter.pdf", nominator_views.paper, name="nomination-paper"),
]

# the words of the letters, at the desk
letters = [
    path("desk/<slug:slug>/letters/", letter_views.letters, name="letters"),
    path(
        "desk/<slug:slug>/letters/<slug:occasion>/preview/",
        letter_views.letter_preview,
        name="letter-preview",
    ),
    path(
        "desk/<slug:slug>/letters/<slug:occasion>/copy/",
        letter_views.letter_copy,
        name="letter-copy",
    ),
    path(
        "desk/<slug:slug>/letters/<slug:occasion>/<slug:language>/",
        letter_views.letter_text,
        name="letter-text",
    ),
    path(
        "desk/<slug:slug>/letters/<slug:occasion>/<slug:language>/restore/",
        letter_views.letter_restore,
        name="letter-restore",
    ),
]

# the desk of those who run the call
staff = [
    path("desk/<slug:slug>/applications/", staff_views.applications, name="desk-list"),
    path("desk/<slug:slug>/applications.<slug:kind>", staff_views.export, name="desk-export"),
    path("desk/applications/<uuid:pk>/", staff_views.application, name="desk-application"),
    path(
        "desk/applications/<uuid:pk>/return/", staff_views.documents_return, name="documents-return"
    ),
    path("desk/applications/<uuid:pk>/decide/", committee_views.decide, name="decide"),
    path("desk/documents/<uuid:pk>/", staff_views.document, name="desk-document"),
    path("desk/documents/<uuid:pk>/file/", staff_views.document_file, name="desk-document-file"),
    path("desk/documents/<uuid:pk>/small/", staff_views.document_small, name="desk-document-small"),
    path("desk/held/", quarantine_views.quarantine, name="quarantine"),
    path("desk/held/<uuid:pk>/let-go/", quarantine_views.let_go, name="quarantine-let-go"),
    path("desk/held/<uuid:pk>/remove/", quarantine_views.remove, name="quarantine-remove"),
    path("desk/documents/<uuid:pk>/accept/", staff_views.document_accept, name="document-accept"),
    path("desk/documents/<uuid:pk>/return/", staff_views.document_return, name="document-return"),
    path("desk/<slug:slug>/eligibility/", counts_views.counts, name="desk-eligibility"),
    path(
        "desk/<slug:slug>/eligibility.<slug:kind>",
        counts_views.export,
        name="desk-eligibility-export",
    ),
    path("desk/<slug:slug>/extend/", deadline_views.call_extend, name="call-extend"),
    path("desk/<slug:slug>/extend/some/", deadline_views.call_extend_some, name="call-extend-some"),
    path("desk/<slug:slug>/unsent/", deadline_views.call_unsent, name="call-unsent"),
    path("desk/<slug:slug>/attempts/", deadline_views.call_attempts, name="call-attempts"),
    path(
        "desk/<slug:slug>/attempts.<slug:kind>",
        deadline_views.call_attempts_export,
        name="call-attempts-export",
    ),
    path("desk/<slug:slug>/decide/", committee_views.decide_many, name="decide-many"),
    path("desk/<slug:slug>/release/", committee_views.release, name="release"),
]

urlpatterns = [*public, *call, *applicant, *signing, *nominator, *staff, *letters]
