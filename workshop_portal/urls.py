from django.urls import include, path

from workshop_portal import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("tasks/", pages.tasks, name="tasks"),
    path("account/", include("allauth.urls")),
    path("", include("applications.urls")),
]
