from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "workshop_portal.papers"
