from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "mingji.goals"
    label = "goals"
