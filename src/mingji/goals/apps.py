from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class GoalsConfig(AppConfig):
    name = "mingji.goals"
    label = "goals"

    def ready(self) -> None:
        from mingji.goals import seals
        from mingji.goals.queries import periods_followed, signed_goals
        from mingji.metrics import following, signing

        following.register(periods_followed)
        signing.register(signed_goals)
        pre_migrate.connect(seals.before_migrating, sender=self)
        post_migrate.connect(seals.after_migrating, sender=self)
