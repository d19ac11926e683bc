"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

from mingji.web.api import BASE, operations

handler404 = "mingji.web.errors.no_such_address"
handler500 = "mingji.web.errors.fault"

urlpatterns = [
    path("", include("mingji.insights.urls")),
    path("people/", include("mingji.people.urls")),
    path("schemes/", include("mingji.schemes.urls")),
    path("metrics/", include("mingji.metrics.urls")),
    path("goals/", include("mingji.goals.urls")),
    path("appraisals/", include("mingji.appraisals.urls")),
    path("audit/", include("mingji.audit.urls")),
    path(BASE.lstrip("/"), include((operations(), "api"))),
    path("", include("mingji.web.pages")),
]
