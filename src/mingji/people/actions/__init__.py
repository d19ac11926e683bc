"""Writing people. Each action checks, applies the rule, writes and records, or does nothing."""

from __future__ import annotations

from mingji.people.actions.access import (
    checked_preferences,
    give_duty,
    give_login,
    set_preferences,
)
from mingji.people.actions.loading import Change, Loaded, load_roster
from mingji.people.actions.passwords import set_password
from mingji.people.actions.reporting import rebuild_reporting_lines
from mingji.people.actions.signing_in import sign_in, sign_in_as
from mingji.people.actions.staffing import NewPost, hire, leave, make_team, post
from mingji.people.actions.tokens import (
    LONGEST,
    Bearer,
    NewToken,
    create_token,
    recognise,
    revoke_token,
)

__all__ = [
    "LONGEST",
    "Bearer",
    "Change",
    "Loaded",
    "NewPost",
    "NewToken",
    "checked_preferences",
    "create_token",
    "give_duty",
    "give_login",
    "hire",
    "leave",
    "load_roster",
    "make_team",
    "post",
    "rebuild_reporting_lines",
    "recognise",
    "revoke_token",
    "set_password",
    "set_preferences",
    "sign_in",
    "sign_in_as",
]
