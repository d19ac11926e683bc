from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "mingji.metrics"
    label = "metrics"
