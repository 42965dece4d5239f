"""The addresses that the frame leads to, without the pages behind them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nowhere, name="home"),
    path("tasks/", nowhere, name="tasks"),
    path("desk/", nowhere, name="desk"),
    path("login/", nowhere, name="account_login"),
    path("logout/", nowhere, name="account_logout"),
    path("w/", nowhere, name="workshop-list"),
    path("inbox/", include(([path("", nowhere, name="inbox")], "outbox"))),
    path("me/", include(([path("", nowhere, name="profile")], "accounts"))),
]
