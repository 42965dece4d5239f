from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "workshop_portal"
