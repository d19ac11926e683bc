from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "mingji.goals"
    label = "goals"

    def ready(self) -> None:
        from mingji.goals.queries import periods_followed
        from mingji.metrics import following

        following.register(periods_followed)
