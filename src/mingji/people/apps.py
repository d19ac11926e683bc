from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mingji.people"
    label = "people"

    def ready(self) -> None:
        from mingji.kit import actors
        from mingji.people.queries import names_by_code

        actors.register(names_by_code)
