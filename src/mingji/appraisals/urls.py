from __future__ import annotations

from django.urls import path

from mingji.appraisals import views

app_name = "appraisals"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:appraisal_id>/", views.scorecard, name="scorecard"),
    path("<int:appraisal_id>/why/", views.why, name="why"),
    path("<int:appraisal_id>/review/", views.review, name="review"),
    path("<int:appraisal_id>/reviewer/", views.reviewer, name="reviewer"),
    path("cycles/", views.cycles, name="cycles"),
    path("cycles/open/", views.open_cycle, name="open"),
    path("cycles/<slug:code>/", views.cycle, name="cycle"),
    path("cycles/<slug:code>/end-self-review/", views.end_self_review, name="end_self_review"),
    path("cycles/<slug:code>/compute/", views.compute, name="compute"),
    path("cycles/<slug:code>/release/", views.release, name="release"),
]
