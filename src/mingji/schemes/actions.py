"""Put a version of a performance scheme in force."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from mingji.audit import trail
from mingji.people.viewer import Actor, actor_code
from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.scheme import Scheme as Content
from mingji.rules.text import Text
from mingji.schemes import policy
from mingji.schemes.document import load
from mingji.schemes.models import Scheme, SchemeVersion

_CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_LONGEST_NAME = 80


@transaction.atomic
def publish(actor: Actor, document_text: str, *, at: datetime) -> SchemeVersion:
    """Check a scheme document and keep it, unchangeable, as the next version of its scheme.

    The scheme is the one whose code is the document's `id`; the first version founds it. Cycles
    that are open stay with the version they were opened under.

    Raises:
        NotAllowed: the actor is neither HR partner nor director.
        Invalid: the document has errors (findings with line and remedy), or is word for word the
            version that is in force already.
    """
    policy.may_publish(actor).require()
    loaded = load(document_text, "scheme.yaml")
    content = loaded.scheme
    _check_names(content)
    Scheme.objects.get_or_create(code=content.id)
    scheme = Scheme.objects.select_for_update().get(code=content.id)
    last = scheme.versions.order_by("-number").first()
    if last and last.digest == loaded.digest:
        raise _unchanged(last)
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=last.number + 1 if last else 1,
        document=loaded.text,
        digest=loaded.digest,
        name_zh=content.name.zh,
        name_en=content.name.en,
        created_at=at,
        created_by=actor_code(actor),
    )
    trail.record(
        actor=actor_code(actor),
        action="publish_scheme",
        kind="scheme_version",
        object_id=version.pk,
        at=at,
        evidence={"code": scheme.code, "number": version.number, "digest": version.digest},
    )
    return version


def _check_names(content: Content) -> None:
    findings = []
    if not _CODE.fullmatch(content.id):
        findings.append(
            Finding(
                "bad_scheme_id",
                "error",
                Text(
                    zh=f"方案的 id“{content.id}”不能用作编号",
                    en=f"the scheme's id “{content.id}” cannot be its code",
                ),
                Text(
                    zh="只用字母、数字、- 和 _，最多 60 个字符",
                    en="use letters, digits, - and _ only, at most 60",
                ),
                Place(path="id"),
            )
        )
    if max(len(content.name.zh), len(content.name.en)) > _LONGEST_NAME:
        findings.append(
            Finding(
                "long_name",
                "error",
                Text(zh="方案名称太长", en="the scheme's name is too long"),
                Text(
                    zh=f"最多 {_LONGEST_NAME} 个字符", en=f"use at most {_LONGEST_NAME} characters"
                ),
                Place(path="name"),
            )
        )
    if findings:
        raise Invalid(findings[0].message, code=findings[0].code, findings=tuple(findings))


def _unchanged(last: SchemeVersion) -> Invalid:
    message = Text(
        zh=f"内容和第 {last.number} 版一字不差，没有生成新版本",
        en=f"this is version {last.number} word for word; no new version was made",
    )
    remedy = Text(zh="改动后再发布", en="change something before you publish")
    finding = Finding("unchanged", "error", message, remedy)
    return Invalid(message, code="unchanged", findings=(finding,))
