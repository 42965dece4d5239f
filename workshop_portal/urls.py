from django.urls import include, path

from curriculum.views.public import workshop_calendar
from workshop_portal import pages, public
from workshop_portal.accounts import views as accounts

handler400 = "workshop_portal.errors.bad_request"
handler429 = "workshop_portal.accounts.views.too_many"
urlpatterns = [
    path("", public.home, name="home"),
    path("health/", pages.health, name="health"),
    path("workshops/", public.workshop_list, name="workshop-list"),
    path("workshops/feed/", public.OpenCalls(), name="workshop-feed"),
    path("workshops/<slug:slug>/", public.workshop_detail, name="workshop-detail"),
    path("workshops/<slug:slug>/programme.ics", workshop_calendar, name="workshop-calendar"),
    path("language/", accounts.language, name="language"),
    path("tasks/", pages.tasks, name="tasks"),
    path("desk/", pages.desk, name="desk"),
    path("signed-in/", pages.signed_in, name="signed-in"),
    path("account/profile/", include("workshop_portal.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("applications.urls")),
    path("", include("cityshare.urls")),
    path("", include("curriculum.urls")),
    path("", include("workshop_portal.outbox.urls")),
    path("", include("workshop_portal.workshops.urls")),
]
