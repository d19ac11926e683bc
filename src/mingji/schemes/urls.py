from __future__ import annotations

from django.urls import path

from mingji.schemes import views

app_name = "schemes"
urlpatterns = [
    path("", views.schemes, name="list"),
    path("publish/", views.publish, name="publish"),
    path("<int:version_id>/", views.version, name="version"),
]
