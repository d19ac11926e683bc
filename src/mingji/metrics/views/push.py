"""Where systems send rows: no session, no cookie, a signature instead."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.metrics import actions, queries
from mingji.metrics.actions import PushRefused
from mingji.rules.findings import Finding
from mingji.rules.text import Text


@csrf_exempt
@login_not_required
@require_POST
def push(request: HttpRequest, code: str) -> HttpResponse:
    try:
        run = actions.accept_push(_sent(request, code), clock.now)
    except PushRefused as refusal:
        said = {"code": refusal.code, "message": localized(refusal.message)}
        findings = [_told(finding) for finding in refusal.findings]
        return _json({"error": {**said, "findings": findings}}, refusal.status)
    told = queries.run_told(run)
    return _json({**told, "findings": [_told(finding) for finding in queries.findings_of(run)]})


def _sent(request: HttpRequest, code: str) -> actions.Sent:
    """What was sent; a body that is too large is not read to its end."""
    most = settings.MINGJI_PUSH_MB * 2**20
    body = request.read(most + 1)
    if len(body) > most:
        message = Text(
            f"正文超过 {settings.MINGJI_PUSH_MB} MB，分成几批发送。",
            f"The body is larger than {settings.MINGJI_PUSH_MB} MB: send it in parts.",
        )
        raise PushRefused(413, "too_large", message)
    return actions.Sent(
        source=code,
        body=body,
        content_type=request.content_type or "",
        timestamp=request.headers.get("X-Mingji-Timestamp", ""),
        signature=request.headers.get("X-Mingji-Signature", ""),
        key=request.headers.get("Idempotency-Key", ""),
    )


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": localized(finding.message),
        "remedy": localized(finding.remedy),
        "place": str(finding.place),
    }


def _json(data: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False, "indent": 1})
