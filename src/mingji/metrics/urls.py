from __future__ import annotations

from django.urls import path

from mingji.metrics.views import catalogue, data, explorer

app_name = "metrics"
urlpatterns = [
    path("", catalogue.metric_list, name="list"),
    path("data/", data.data, name="data"),
    path("data/refresh/", data.refresh, name="refresh"),
    path("data/owners/", data.map_owner, name="map_owner"),
    path("<slug:metric>/", catalogue.metric, name="metric"),
    path("<slug:metric>/explore/", explorer.explore, name="explore"),
    path("<slug:metric>/explore.csv", explorer.export, name="explore_csv"),
    path("<slug:metric>/explore/why/", explorer.why, name="explore_why"),
    path("<slug:metric>/explore/rows/", explorer.rows, name="explore_rows"),
    path("<slug:metric>/explore/rows.csv", explorer.rows_csv, name="explore_rows_csv"),
    path("<slug:metric>/<slug:period>/why/", catalogue.why, name="why"),
    path("<slug:metric>/<slug:period>/rows/", catalogue.rows, name="rows"),
    path("<slug:metric>/<slug:period>/rows.csv", catalogue.rows_csv, name="rows_csv"),
]
