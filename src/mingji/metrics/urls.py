from __future__ import annotations

from django.urls import path

from mingji.metrics import views

app_name = "metrics"
urlpatterns = [
    path("", views.metric_list, name="list"),
    path("data/", views.data, name="data"),
    path("data/refresh/", views.refresh, name="refresh"),
    path("data/owners/", views.map_owner, name="map_owner"),
    path("<slug:metric>/", views.metric, name="metric"),
    path("<slug:metric>/<slug:period>/why/", views.why, name="why"),
    path("<slug:metric>/<slug:period>/rows/", views.rows, name="rows"),
    path("<slug:metric>/<slug:period>/rows.csv", views.rows_csv, name="rows_csv"),
]
