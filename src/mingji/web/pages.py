"""Addresses of the shell itself."""

from __future__ import annotations

from django.urls import path

from mingji.web import views

app_name = "web"
urlpatterns = [
    path("api/v1/", views.api, name="api"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/why/", views.styleguide_why, name="styleguide_why"),
]
