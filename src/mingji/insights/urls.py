from __future__ import annotations

from django.urls import path

from mingji.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.home, name="home"),
    path("why/", views.why, name="why"),
    path("team/", views.team, name="team"),
    path("team/<slug:code>/", views.team_page, name="team_page"),
]
