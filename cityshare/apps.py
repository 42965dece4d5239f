from django.apps import AppConfig


class CityShareConfig(AppConfig):
    name = "cityshare"
