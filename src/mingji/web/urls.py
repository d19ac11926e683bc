"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("mingji.insights.urls")),
    path("people/", include("mingji.people.urls")),
    path("schemes/", include("mingji.schemes.urls")),
    path("metrics/", include("mingji.metrics.urls")),
    path("goals/", include("mingji.goals.urls")),
    path("appraisals/", include("mingji.appraisals.urls")),
    path("audit/", include("mingji.audit.urls")),
    path("", include("mingji.web.pages")),
]
