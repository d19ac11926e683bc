"""A file of evidence, handed out to be kept and never to be shown by the browser as a page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mingji.metrics.queries import KeptFile


def download(file: KeptFile) -> HttpResponse:
    """The bytes as an attachment; no proxy or browser keeps a copy."""
    response = HttpResponse(file.content, content_type=file.media)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
