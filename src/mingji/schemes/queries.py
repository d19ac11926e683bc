"""Read schemes: their versions, the content of one, and the page that shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from mingji.kit.words import RULES
from mingji.rules.coefficients import Grade
from mingji.rules.errors import NotFound
from mingji.rules.form import form_for
from mingji.rules.grades import in_order
from mingji.rules.methods.rated import BehaviourAnchor, BehaviourLevel
from mingji.rules.scheme import Dimension, Item, Level, Scheme, Template
from mingji.rules.text import Text
from mingji.schemes.document import read_kept
from mingji.schemes.models import SchemeVersion
from mingji.schemes.words import scoring_in_words


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a scheme as a list shows it; `latest` is the one new cycles start from."""

    pk: int
    code: str
    number: int
    title: Text
    digest: str
    created_at: datetime
    created_by: str
    latest: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with the name of its method and how it scores, in words."""

    item: Item
    method: Text
    scoring: Text
    levels: tuple[BehaviourLevel, ...]


@dataclass(frozen=True, slots=True)
class DimensionPart:
    """Items of a dimension, with its weights at each level in the levels' order.

    The items of a team stand in no dimension.
    """

    dimension: Dimension | None
    weights: tuple[Decimal, ...]
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class FamilyPart:
    """What a job family measures of its own: its template with the dimensions it changes."""

    template: Template
    dimensions: tuple[DimensionPart, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """All that the page of a version shows."""

    version: VersionLine
    document: str
    scheme: Scheme
    levels: tuple[Level, ...]
    dimensions: tuple[DimensionPart, ...]
    families: tuple[FamilyPart, ...]
    team: tuple[DimensionPart, ...]
    grades: tuple[Grade, ...]


def versions() -> tuple[VersionLine, ...]:
    """Every version of every scheme: by code, the latest first."""
    rows = SchemeVersion.objects.select_related("scheme").order_by("scheme__code", "-number")
    lines: list[VersionLine] = []
    for row in rows.defer("document"):
        latest = not lines or lines[-1].code != row.scheme.code
        lines.append(_line(row, latest=latest))
    return tuple(lines)


def scheme_of(version_id: int) -> Scheme:
    """The content of a version; parsed once for each digest and process.

    Raises:
        NotFound: there is no such version.
    """
    digest = SchemeVersion.objects.filter(pk=version_id).values_list("digest", flat=True).first()
    if digest is None:
        raise _no_version(version_id)
    return _content(digest)


def is_as_published(version_id: int) -> bool:
    """Whether the text of a version is still the one whose digest was kept when it was published.

    Raises:
        NotFound: there is no such version.
    """
    row = SchemeVersion.objects.filter(pk=version_id).values_list("document", "digest").first()
    if row is None:
        raise _no_version(version_id)
    document, digest = row
    return hashlib.sha256(document.encode()).hexdigest() == digest


def version_page(version_id: int) -> VersionPage:
    """A version with its dimensions, families and grades.

    Raises:
        NotFound: there is no such version.
    """
    row = SchemeVersion.objects.select_related("scheme").filter(pk=version_id).first()
    if row is None:
        raise _no_version(version_id)
    newer = SchemeVersion.objects.filter(scheme=row.scheme_id, number__gt=row.number).exists()
    scheme = _content(row.digest)
    return VersionPage(
        version=_line(row, latest=not newer),
        document=row.document,
        scheme=scheme,
        levels=scheme.levels,
        dimensions=_parts(scheme, scheme.dimensions, ""),
        families=tuple(_family(scheme, template) for template in scheme.templates),
        team=_team(scheme),
        grades=in_order(scheme.grades),
    )


def document_of(version_id: int) -> str:
    """The text of a version, to start a new one from.

    Raises:
        NotFound: there is no such version.
    """
    texts = SchemeVersion.objects.filter(pk=version_id).values_list("document", flat=True)
    text = texts.first()
    if text is None:
        raise _no_version(version_id)
    return str(text)


@lru_cache(maxsize=64)
def _content(digest: str) -> Scheme:
    row = SchemeVersion.objects.filter(digest=digest).only("document").first()
    assert row is not None, "a version is never deleted"
    return read_kept(row.document, "scheme.yaml")


def _line(row: SchemeVersion, *, latest: bool) -> VersionLine:
    return VersionLine(
        pk=row.pk,
        code=row.scheme.code,
        number=row.number,
        title=Text(zh=row.name_zh, en=row.name_en),
        digest=row.digest,
        created_at=row.created_at,
        created_by=row.created_by,
        latest=latest,
    )


def _parts(
    scheme: Scheme, dimensions: Iterable[Dimension], family: str
) -> tuple[DimensionPart, ...]:
    forms = [form_for(scheme, level.id, family) for level in scheme.levels]
    at = [{each.id: each.weight for each in form.dimensions} for form in forms]
    return tuple(
        DimensionPart(
            dimension,
            tuple(weights.get(dimension.id, Decimal(0)) for weights in at),
            tuple(map(_item, dimension.items)),
        )
        for dimension in dimensions
    )


def _team(scheme: Scheme) -> tuple[DimensionPart, ...]:
    lines = tuple(map(_item, scheme.team_items))
    return (DimensionPart(None, (), lines),) if lines else ()


def _family(scheme: Scheme, template: Template) -> FamilyPart:
    form = form_for(scheme, "", template.family)
    changed = {each.dimension for each in template.items}
    changed |= {each.dimension for each in template.weights}
    own = [each for each in form.dimensions if each.id in changed]
    return FamilyPart(template, _parts(scheme, own, template.family))


def _item(item: Item) -> ItemLine:
    scoring = item.scoring
    return ItemLine(
        item,
        RULES[f"method.{scoring.method}"],
        scoring_in_words(item),
        scoring.levels if isinstance(scoring, BehaviourAnchor) else (),
    )


def _no_version(version_id: int) -> NotFound:
    return NotFound(
        Text(
            zh=f"没有编号为 {version_id} 的方案版本。从方案列表里打开。",
            en=f"There is no scheme version {version_id}. Open one from the list of schemes.",
        )
    )
