from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mingji.web"
    label = "web"
