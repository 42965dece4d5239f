from django.urls import path

from curriculum.models import Module, Session, Speaker
from curriculum.views import programme, workshop

app_name = "curriculum"


def part(name, model, create, edit):
    """The three addresses of a part of the programme."""
    at = f"desk/<slug:slug>/programme/{name}s/"
    one = f"{at}<uuid:pk>/"
    return [
        path(f"{at}new/", create, name=f"{name}-create"),
        path(one, edit, name=f"{name}-edit"),
        path(f"{one}delete/", programme.delete, {"model": model}, name=f"{name}-delete"),
    ]


urlpatterns = [
    path("desk/workshops/new/", workshop.create, name="workshop-create"),
    path("desk/<slug:slug>/page/", workshop.edit, name="workshop-edit"),
    path("desk/<slug:slug>/page/publish/", workshop.publish, name="workshop-publish"),
    path("desk/<slug:slug>/postpone/", workshop.postpone, name="workshop-postpone"),
    path("desk/<slug:slug>/programme/", programme.programme, name="programme"),
    *part("module", Module, programme.create_module, programme.edit_module),
    *part("session", Session, programme.create_session, programme.edit_session),
    *part("speaker", Speaker, programme.create_speaker, programme.edit_speaker),
]
