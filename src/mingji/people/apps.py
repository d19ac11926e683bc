from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mingji.people"
    label = "people"
