from django.urls import include, path

from workshop_portal.bench import references

urlpatterns = [
    path("bench/one/", references.one),
    path("bench/table/", references.table),
    path("bench/upload/", references.upload),
    path("", include("workshop_portal.urls")),
]
