from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mingji.audit"
    label = "audit"
