"""Who may read schemes and who may put a new version in force."""

from __future__ import annotations

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people.viewer import Actor
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "list": "Every member: by which rules people are appraised is no secret.",
    "version": "Every member.",
    "publish": "The HR partner of the whole company, and the director.",
}

_NOT_PUBLISHER = Verdict(
    "not_scheme_publisher",
    Text(
        zh="只有负责全公司的人力资源伙伴和市场总监可以发布绩效方案。",
        en="Only the HR partner of the whole company and the director publish performance schemes.",
    ),
)


def may_publish(actor: Actor) -> Verdict:
    """Put a new version of a scheme in force: for everybody, so only by those who answer for all.

    These are the HR partner of the whole company, the director, and set-up.
    """
    if isinstance(actor, str) or actor.hr_of_all or actor.role == "director":
        return ALLOWED
    return _NOT_PUBLISHER
