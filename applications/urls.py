from django.urls import path

from applications.views import applicant as applicant_views
from applications.views import call as call_views
from applications.views import committee as committee_views
from applications.views import public as public_views
from applications.views import staff as staff_views

app_name = "applications"

# what anybody may read
public = [
    path("workshops/<slug:slug>/call/", public_views.call, name="call"),
    path(
        "workshops/<slug:slug>/call/deadline.ics", public_views.call_calendar, name="call-calendar"
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

# the applicant's own file
applicant = [
    path("workshops/<slug:slug>/apply/", applicant_views.start, name="start"),
    path("applications/<uuid:pk>/", applicant_views.application, name="application"),
    path("applications/<uuid:pk>/form/<slug:slug>/", applicant_views.section, name="section"),
    path(
        "applications/<uuid:pk>/documents/<slug:slug>/", applicant_views.document, name="document"
    ),
    path("applications/documents/<uuid:pk>/", applicant_views.document_file, name="document-file"),
    path("applications/<uuid:pk>/check/", applicant_views.check, name="check"),
    path("applications/<uuid:pk>/submit/", applicant_views.submit, name="submit"),
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
    path("desk/documents/<uuid:pk>/accept/", staff_views.document_accept, name="document-accept"),
    path("desk/documents/<uuid:pk>/return/", staff_views.document_return, name="document-return"),
    path("desk/<slug:slug>/extend/", staff_views.call_extend, name="call-extend"),
    path("desk/<slug:slug>/decide/", committee_views.decide_many, name="decide-many"),
    path("desk/<slug:slug>/release/", committee_views.release, name="release"),
]

urlpatterns = [*public, *call, *applicant, *staff]
