from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "mingji.kit"
    label = "kit"
