from __future__ import annotations

from django.urls import path

from mingji.metrics.views import (
    catalogue,
    data,
    explorer,
    matches,
    push,
    source_steps,
    sources,
)

app_name = "metrics"
urlpatterns = [
    path("", catalogue.metric_list, name="list"),
    path("data/", data.data, name="data"),
    path("data/refresh/", data.refresh, name="refresh"),
    path("data/owners/", data.map_owner, name="map_owner"),
    path("data/matches/", matches.matches, name="matches"),
    path("data/matches/<int:match_id>/end/", matches.end_match, name="end_match"),
    path("data/sources/new/", source_steps.new, name="source_new"),
    path("data/sources/<slug:code>/", sources.source, name="source"),
    path("data/sources/<slug:code>/settings/", source_steps.settings, name="source_settings"),
    path("data/sources/<slug:code>/test/", source_steps.test, name="source_test"),
    path("data/sources/<slug:code>/preview/", source_steps.preview, name="source_preview"),
    path("data/sources/<slug:code>/mapping/", source_steps.mapping, name="source_mapping"),
    path(
        "data/sources/<slug:code>/mapping/missing/",
        source_steps.mapping_missing,
        name="source_mapping_missing",
    ),
    path("data/sources/<slug:code>/schedule/", source_steps.schedule, name="source_schedule"),
    path("data/sources/<slug:code>/upload/", sources.upload, name="source_upload"),
    path("data/sources/<slug:code>/run/", sources.run, name="source_run_now"),
    path("data/sources/<slug:code>/runs/<int:run_id>/", sources.run_page, name="source_run"),
    path(
        "data/sources/<slug:code>/runs/<int:run_id>/rejected.csv",
        sources.rejected_csv,
        name="source_rejected",
    ),
    path("push/<slug:code>/", push.push, name="push"),
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
