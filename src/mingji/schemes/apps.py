from django.apps import AppConfig


class SchemesConfig(AppConfig):
    name = "mingji.schemes"
    label = "schemes"
