from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "mingji.insights"
    label = "insights"
