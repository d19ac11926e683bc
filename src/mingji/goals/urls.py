from __future__ import annotations

from django.urls import path

from mingji.goals import views

app_name = "goals"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("strategy/", views.strategy, name="strategy"),
    path("of/<slug:code>/", views.of_member, name="member"),
    path("of/<slug:code>/new/", views.new, name="new"),
    path("<int:goal_id>/", views.goal, name="goal"),
    path("<int:goal_id>/why/", views.why, name="why"),
    path("<int:goal_id>/edit/", views.edit, name="edit"),
    path("<int:goal_id>/propose/", views.propose, name="propose"),
    path("<int:goal_id>/accept/", views.accept, name="accept"),
]
