from django.apps import AppConfig


class AppraisalsConfig(AppConfig):
    name = "mingji.appraisals"
    label = "appraisals"
