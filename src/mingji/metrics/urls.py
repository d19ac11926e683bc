from __future__ import annotations

from django.urls import path

from mingji.metrics.views import catalogue, corrections, data, disputes, quality

app_name = "metrics"
urlpatterns = [
    path("", catalogue.metric_list, name="list"),
    path("data/", data.data, name="data"),
    path("data/refresh/", data.refresh, name="refresh"),
    path("data/owners/", data.map_owner, name="map_owner"),
    path("data/corrections/", corrections.inbox, name="inbox"),
    path("data/corrections/new/", corrections.correct, name="correct"),
    path("data/corrections/<int:number>/", corrections.correction, name="correction"),
    path("data/corrections/<int:number>/decide/", corrections.decide, name="decide"),
    path("data/quality/", quality.quality, name="quality"),
    path("data/quality/<int:finding_id>/", quality.acknowledge, name="acknowledge"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/<int:dispute_id>/", disputes.dispute_page, name="dispute_page"),
    path("disputes/<int:dispute_id>/reason/", disputes.reason, name="dispute_reason"),
    path("disputes/<int:dispute_id>/next/", disputes.follow_up, name="dispute_follow_up"),
    path("<slug:metric>/", catalogue.metric, name="metric"),
    path("<slug:metric>/<slug:period>/why/", catalogue.why, name="why"),
    path("<slug:metric>/<slug:period>/dispute/", disputes.dispute, name="dispute"),
    path("<slug:metric>/<slug:period>/rows/", catalogue.rows, name="rows"),
    path("<slug:metric>/<slug:period>/rows.csv", catalogue.rows_csv, name="rows_csv"),
]
