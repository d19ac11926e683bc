"""Linking a goal with the work that is done for it, wherever that work is kept."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from mingji.goals import queries
from mingji.goals.actions import writing
from mingji.goals.models import WorkLink
from mingji.people.viewer import Viewer
from mingji.rules.errors import Invalid, NotFound
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

# More than anybody would look through; it keeps the page of a goal short.
MOST = 30


@transaction.atomic
def link_work(actor: Viewer, goal_id: int, *, title: str, address: str, at: datetime) -> None:
    """Say where work for a goal is found; either side may, at any stage.

    Raises:
        NotFound: no such goal for the actor.
        NotAllowed: the actor sits on neither side of it.
        Invalid: no title, no web address, linked already, or too many links.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    title, address = title.strip(), address.strip()
    wrong = _wrong(title, address, set(goal.work.values_list("address", flat=True)))
    if wrong:
        raise Invalid(wrong.message, code=wrong.code, findings=(wrong,))
    WorkLink.objects.create(goal=goal, title=title, address=address, by=actor.code, at=at)
    told = {"goal": goal.item, "title": title, "address": address}
    writing.record(actor.code, "link_work", goal.agreement, at, evidence=told)


@transaction.atomic
def unlink_work(actor: Viewer, goal_id: int, link_id: int, *, at: datetime) -> None:
    """Take a link away again; either side may.

    Raises:
        NotFound: no such goal for the actor, or no such link at it.
        NotAllowed: the actor sits on neither side of it.
    """
    goal = queries.goal_for(actor, goal_id, to="report", lock=True)
    link = goal.work.filter(pk=link_id).first()
    if link is None:
        raise NotFound(_NO_LINK, code="no_link")
    told = {"goal": goal.item, "title": link.title, "address": link.address}
    link.delete()
    writing.record(actor.code, "unlink_work", goal.agreement, at, evidence=told)


def _wrong(title: str, address: str, linked: set[str]) -> Finding | None:
    parts = urlsplit(address)
    if not title or len(title) > 120:
        return _TITLE
    if parts.scheme not in ("http", "https") or not parts.netloc or len(address) > 500:
        return _ADDRESS
    if address in linked:
        return _TWICE
    return _MANY if len(linked) >= MOST else None


def _finding(code: str, path: str, message: Text, remedy: Text) -> Finding:
    return Finding(code, "error", message, remedy, Place(path=path))


_NO_LINK = Text(zh="这个目标没有这条关联。", en="This goal has no such link.")
_TITLE = _finding(
    "no_title",
    "title",
    Text("没有写名称，或超过 120 字。", "There is no title, or it is over 120 characters."),
    Text("用几个字说明是什么工作。", "Say in a few words what work it is."),
)
_ADDRESS = _finding(
    "no_address",
    "address",
    Text("不是网址。", "This is not a web address."),
    Text(
        "填以 https:// 或 http:// 开头的网址。", "Write one that begins with https:// or http://."
    ),
)
_TWICE = _finding(
    "linked_already",
    "address",
    Text("这个网址已经关联过了。", "This address is linked already."),
    Text("换一个网址，或先移除原来的。", "Choose another, or take the first away."),
)
_MANY = _finding(
    "too_many_links",
    "",
    Text(f"一个目标最多关联 {MOST} 项工作。", f"A goal has {MOST} links at most."),
    Text("先移除不再需要的。", "Take away what is no longer needed."),
)
