from __future__ import annotations

from django.urls import path

from mingji.metrics.views import catalogue, data, definitions

app_name = "metrics"
urlpatterns = [
    path("", catalogue.metric_list, name="list"),
    path("data/", data.data, name="data"),
    path("data/refresh/", data.refresh, name="refresh"),
    path("data/owners/", data.map_owner, name="map_owner"),
    path("definitions/", definitions.versions, name="definitions"),
    path("definitions/edit/", definitions.edit, name="definitions_edit"),
    path("definitions/define/", definitions.define, name="define"),
    path("definitions/v<int:number>/", definitions.version, name="definitions_version"),
    path("<slug:metric>/", catalogue.metric, name="metric"),
    path("<slug:metric>/<slug:period>/why/", catalogue.why, name="why"),
    path("<slug:metric>/<slug:period>/rows/", catalogue.rows, name="rows"),
    path("<slug:metric>/<slug:period>/rows.csv", catalogue.rows_csv, name="rows_csv"),
]
