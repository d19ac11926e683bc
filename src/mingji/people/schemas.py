"""The shapes of people in the API."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema
from pydantic import Field

from mingji.kit.wire import Bilingual, Page, Paged, Sent, Words


class Found(Paged):
    """Which part of a list of people is asked for."""

    q: Words = Field("", description="Parts of a name, pinyin, initials or a team.")


class TokenTold(Schema):
    """The token of this request."""

    name: str
    writes: bool = Field(description="Whether it may write.")
    expires_on: date = Field(description="The last day on which it works.")


class Me(Schema):
    """Whose token this is."""

    code: str
    name: Bilingual
    role: Literal["director", "lead", "marketer", "hr_partner", "analyst"]
    team: str | None = Field(description="The code of the team worked in today.")
    token: TokenTold


class Preferences(Schema):
    """How a person likes to read the pages and be reminded; empty where nothing was chosen."""

    language: Literal["", "zh-hans", "en"]
    theme: Literal["", "auto", "light", "dark"]
    density: Literal["", "comfortable", "compact"]
    reminders: Literal["", "on", "off"] = Field(
        description="Whether what waits for you is told by e-mail; empty: yes."
    )


class PreferencesChange(Sent):
    """What to change; what is not sent stays."""

    language: Literal["zh-hans", "en"] | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    density: Literal["comfortable", "compact"] | None = None
    reminders: Literal["on", "off"] | None = None


class Post(Schema):
    """Where somebody works or worked."""

    title: Bilingual
    team: Bilingual
    team_code: str
    manager: Bilingual | None = Field(description="The direct manager's name.")
    starts_on: date
    ends_on: date | None = Field(description="The first day on which it no longer holds.")


class Colleague(Schema):
    """One member in a list."""

    code: str
    name: Bilingual
    title: Bilingual | None = Field(description="The post of today.")
    team: str | None = Field(description="The code of the team worked in today.")
    opens: bool = Field(description="Whether the member's record can be opened.")


class Colleagues(Page[Colleague]):
    """Members in the order of their names."""


class Member(Schema):
    """A member. Team mates get name and post; the rest is empty for them (`full` is false)."""

    code: str
    name: Bilingual
    full: bool
    post: Post | None
    email: str
    hired_on: date | None
    left_on: date | None
    history: list[Post] = Field(description="The posts held, the latest first.")


class Team(Schema):
    """A team; a department is a team with teams below it."""

    code: str
    name: Bilingual
    parent: str | None = Field(description="The code of the team above.")
    own: bool = Field(description="Whether it is your own team.")
    in_reach: bool = Field(description="Whether you may see the goals of the whole team.")


class Teams(Page[Team]):
    """Teams by code."""
