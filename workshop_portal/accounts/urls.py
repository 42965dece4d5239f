from django.urls import path

from workshop_portal.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("details/", views.details, name="details"),
    path("held/", views.held, name="held"),
    path("reachable/", views.reachable, name="reachable"),
]
