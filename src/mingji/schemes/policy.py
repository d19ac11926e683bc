"""Who may read schemes and who may put a new version in force."""

from __future__ import annotations

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people.viewer import Actor
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "list": "Every member: by which rules people are appraised is no secret.",
    "version": "Every member.",
    "publish": "HR partners and the director.",
}

_NOT_PUBLISHER = Verdict(
    "not_scheme_publisher",
    Text(
        zh="只有人力资源伙伴和市场总监可以发布绩效方案。",
        en="Only HR partners and the director publish performance schemes.",
    ),
)


def may_publish(actor: Actor) -> Verdict:
    """Put a new version of a scheme in force: HR partners, the director, and set-up.

    The director is the member above whom nobody stands and to whom somebody reports.
    """
    if isinstance(actor, str) or actor.hr_teams or (actor.top and actor.depth):
        return ALLOWED
    return _NOT_PUBLISHER
