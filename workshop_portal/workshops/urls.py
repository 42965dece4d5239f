from django.urls import path

from workshop_portal.workshops import views

app_name = "workshops"
LETTER = "desk/<slug:slug>/outbox/<uuid:pk>/"
urlpatterns = [
    path("desk/<slug:slug>/outbox/", views.outbox, name="outbox"),
    path("desk/<slug:slug>/outbox/hold/", views.letters_hold, name="letters-hold"),
    path("desk/<slug:slug>/outbox/release/", views.letters_release, name="letters-release"),
    path(LETTER, views.message, name="message"),
    path(f"{LETTER}edit/", views.message_edit, name="message-edit"),
    *(
        path(f"{LETTER}{act}/", views.message_act, {"act": act}, name=f"message-{act}")
        for act in views.ACTS
    ),
    path("desk/<slug:slug>/people/", views.roles, name="roles"),
    path("desk/<slug:slug>/people/<uuid:pk>/remove/", views.role_remove, name="role-remove"),
]
