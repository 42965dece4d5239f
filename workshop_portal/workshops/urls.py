from django.urls import path

from workshop_portal.workshops import views

app_name = "workshops"
urlpatterns = [
    path("desk/<slug:slug>/outbox/", views.outbox, name="outbox"),
    path("desk/<slug:slug>/outbox/hold/", views.letters_hold, name="letters-hold"),
    path("desk/<slug:slug>/outbox/release/", views.letters_release, name="letters-release"),
    path("desk/<slug:slug>/outbox/<uuid:pk>/", views.message, name="message"),
    path("desk/<slug:slug>/outbox/<uuid:pk>/again/", views.message_again, name="message-again"),
    path("desk/<slug:slug>/outbox/<uuid:pk>/cancel/", views.message_cancel, name="message-cancel"),
    path(
        "desk/<slug:slug>/outbox/<uuid:pk>/bounced/", views.message_bounced, name="message-bounced"
    ),
    path("desk/<slug:slug>/outbox/<uuid:pk>/edit/", views.message_edit, name="message-edit"),
    path("desk/<slug:slug>/outbox/<uuid:pk>/retry/", views.message_retry, name="message-retry"),
    path("desk/<slug:slug>/outbox/<uuid:pk>/hold/", views.message_hold, name="message-hold"),
    path(
        "desk/<slug:slug>/outbox/<uuid:pk>/release/", views.message_release, name="message-release"
    ),
    path("desk/<slug:slug>/people/", views.roles, name="roles"),
    path("desk/<slug:slug>/people/<uuid:pk>/remove/", views.role_remove, name="role-remove"),
]
