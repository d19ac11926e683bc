"""People in the API: oneself, members, the directory, teams."""

from __future__ import annotations

from typing import Any

from ninja import Path, Query, Router, Status

from mingji.kit import clock
from mingji.kit.wire import READING, WRITING, Code, Paged, Problem
from mingji.people import actions, queries
from mingji.people.directory import (
    DirectoryPage,
    directory,
    members_in_reach,
    profile_for,
    teams_page,
)
from mingji.people.http import ApiRequest
from mingji.people.schemas import (
    Colleagues,
    Found,
    Me,
    Member,
    Preferences,
    PreferencesChange,
    Teams,
)

router = Router(tags=["people"])


@router.get("/me", response={200: Me, READING: Problem}, summary="Who you are")
def me(request: ApiRequest) -> dict[str, Any]:
    """Whose token this is, in which role, and how long the token works."""
    viewer = request.viewer
    team = queries.own_team(viewer)
    return {
        "code": viewer.code,
        "name": {"zh": viewer.name, "en": viewer.name_en},
        "role": viewer.role,
        "team": team.code if team else None,
        "token": request.auth.token,
    }


@router.get(
    "/me/preferences", response={200: Preferences, READING: Problem}, summary="How you like to read"
)
def preferences(request: ApiRequest) -> object:
    """The language, theme and density of your pages, and whether you are reminded by e-mail."""
    return queries.login_of(request.viewer)


@router.patch(
    "/me/preferences",
    response={200: Preferences, WRITING: Problem},
    summary="Change how you like to read",
)
def change_preferences(request: ApiRequest, change: PreferencesChange) -> object:
    """Set language, theme or density of your pages, or reminders; what is not sent stays."""
    actions.set_preferences(request.viewer, **change.model_dump(), at=clock.now())
    return queries.login_of(request.viewer)


@router.delete("/me/token", response={204: None, WRITING: Problem}, summary="Revoke this token")
def revoke_this_token(request: ApiRequest) -> Status[None]:
    """Stop the token of this request at once, for instance because it leaked."""
    actions.revoke_token(request.viewer, request.auth.token.pk, at=clock.now())
    return Status(204, None)


@router.get(
    "/members", response={200: Colleagues, READING: Problem}, summary="Members in your reach"
)
def members(request: ApiRequest, asked: Query[Found]) -> dict[str, Any]:
    """Yourself, those below you, and those of the teams that you serve as HR partner."""
    return _listed(members_in_reach(request.viewer, asked.q, asked.after, asked.limit))


@router.get("/members/{code}", response={200: Member, READING: Problem}, summary="One member")
def member(request: ApiRequest, code: Path[Code]) -> object:
    """A member in your reach with all posts; of a team mate, name and post."""
    return profile_for(request.viewer, code)


@router.get("/directory", response={200: Colleagues, READING: Problem}, summary="The directory")
def directory_list(request: ApiRequest, asked: Query[Found]) -> dict[str, Any]:
    """Everybody who works here today: names, posts and teams."""
    return _listed(directory(request.viewer, asked.q, asked.after, limit=asked.limit))


@router.get("/teams", response={200: Teams, READING: Problem}, summary="Teams")
def teams(request: ApiRequest, asked: Query[Paged]) -> dict[str, Any]:
    """Every team with the team above it."""
    found, following = teams_page(request.viewer, asked.after, asked.limit)
    return {"items": found, "next": following}


def _listed(page: DirectoryPage) -> dict[str, Any]:
    return {
        "items": [
            {
                "code": entry.code,
                "name": entry.name,
                "title": entry.post.title if entry.post else None,
                "team": entry.post.team_code if entry.post else None,
                "opens": entry.opens,
            }
            for entry in page.entries
        ],
        "next": page.next,
    }
