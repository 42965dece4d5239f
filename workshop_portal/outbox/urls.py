from django.urls import path

from workshop_portal.outbox import views

app_name = "outbox"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", views.letter, name="letter"),
]
