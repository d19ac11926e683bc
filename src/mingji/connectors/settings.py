"""Settings of sources: what a form asks for, how it is checked, and where secrets come from.

A secret never stands in the settings. They hold a reference, `env:NAME` or `file:PATH`, that is
looked up when the source is read. Because whoever may set up a source could otherwise send any
variable or file of the server to an address of their choice, only variables that begin with
`MINGJI_SOURCE_` and files below the folder `MINGJI_SECRETS` are looked up.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from mingji.rules.errors import Invalid
from mingji.rules.findings import Finding, Place
from mingji.rules.text import Text

Input = Literal["text", "long_text", "address", "secret", "integer", "choice", "zone"]
T = TypeVar("T")

_PREFIX = "MINGJI_SOURCE_"
_FOLDER = "/run/secrets"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a source wants to be told: enough to make a form field of it.

    `default` is what counts when it is left out; `choices` are the values of a `choice` with their
    labels.
    """

    name: str
    label: Text
    kind: Input
    required: bool
    default: str = ""
    help: Text = Text("", "")
    choices: Mapping[str, Text] = dataclasses.field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands; what it is only `resolve` says, and nothing prints it.

    >>> Secret("env:MINGJI_SOURCE_HUBSPOT").resolve({'MINGJI_SOURCE_HUBSPOT': 's3cret'})
    's3cret'
    """

    reference: str

    def resolve(self, environment: Mapping[str, str] | None = None) -> str:
        """The secret itself.

        Raises:
            Invalid: If there is nothing under the reference, or it may not be looked up.
        """
        environment = os.environ if environment is None else environment
        where, _, name = self.reference.partition(":")
        if where == "env" and name.startswith(_PREFIX):
            found = environment.get(name, "").strip()
        else:
            found = _file(name, environment.get("MINGJI_SECRETS") or _FOLDER)
        if found:
            return found
        raise Invalid(
            Text(f"{self.reference} 下没有密钥", f"there is no secret under {self.reference}"),
            code="no_secret",
        )


def _file(name: str, folder: str) -> str:
    path = Path(folder, name).resolve()
    if not path.is_relative_to(Path(folder).resolve()):
        message = Text(
            f"密钥文件要放在 {folder} 里", f"files with secrets are only read below {folder}"
        )
        raise Invalid(message, code="no_secret")
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def setting(
    label: Text,
    kind: Input = "text",
    *,
    default: str | None = None,
    help: Text = Text("", ""),  # noqa: A002
    choices: Mapping[str, Text] | None = None,
) -> Any:
    """A field of a settings dataclass; without a default it is required."""
    told = {"label": label, "kind": kind, "help": help, "choices": choices or {}}
    return dataclasses.field(metadata={"told": told, "default": default})


def zone_setting() -> Any:
    """The time zone in which an instant of the source is a day, as every source asks for it."""
    label = Text("时区：一天从何时算起", "Time zone in which a day begins")
    return setting(label, "zone", default="Asia/Shanghai")


def settings_of(shape: type[Any]) -> tuple[Setting, ...]:
    """What a settings dataclass asks for, in its order."""
    return tuple(
        Setting(
            name=each.name,
            required=each.metadata["default"] is None,
            default=each.metadata["default"] or "",
            **each.metadata["told"],
        )
        for each in dataclasses.fields(shape)
    )


def decoded(shape: type[T], given: Mapping[str, Any]) -> T:
    """Settings out of a mapping such as a form or a JSON object.

    Raises:
        Invalid: Naming every setting that is missing, unknown or of the wrong form.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    asked = settings_of(shape)
    for each in asked:
        text = str(given.get(each.name) or each.default).strip()
        try:
            values[each.name] = _READERS[each.kind](each, text) if text else _blank(each)
        except ValueError as error:
            findings.append(_finding(each.name, error.args[0]))
    for name in sorted(set(given) - {each.name for each in asked}):
        findings.append(_finding(name, Text("没有这项设置", "there is no such setting")))
    if findings:
        first = findings[0]
        message = Text(
            f"{first.place.path}：{first.message.zh}", f"{first.place.path}: {first.message.en}"
        )
        raise Invalid(message, code="settings", findings=tuple(findings))
    return shape(**values)


def _finding(name: str, message: Text) -> Finding:
    remedy = Text(f"改一下设置 {name}", f"change the setting {name}")
    return Finding("setting", "error", message, remedy, Place(path=name))


def _blank(asked: Setting) -> Any:
    if asked.required:
        raise ValueError(Text(f"填写“{asked.label.zh}”", f"give “{asked.label.en}”"))
    return {"secret": None, "integer": 0}.get(asked.kind, "")


def _address(_: Setting, text: str) -> str:
    """An https address; http only to this very machine, so that no secret travels in the open."""
    parts = urlsplit(text)
    open_ = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or open_):
        raise ValueError(Text("网址要以 https:// 开头", "the address must begin with https://"))
    if parts.username or parts.password:
        raise ValueError(
            Text("网址里不要写用户名和密码", "leave user name and password out of the address")
        )
    return text.rstrip("/")


def _secret(_: Setting, text: str) -> Secret:
    if re.fullmatch(rf"env:{_PREFIX}[A-Z0-9_]+|file:.+", text):
        return Secret(text)
    raise ValueError(
        Text(
            f"这里不写密钥本身，写它在哪里：env:{_PREFIX}… 或 file:…",
            f"not the secret itself but where it stands: env:{_PREFIX}… or file:…",
        )
    )


def _integer(_: Setting, text: str) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    raise ValueError(Text(f"“{text}”不是整数", f"“{text}” is not a whole number"))


def _choice(asked: Setting, text: str) -> str:
    if text in asked.choices:
        return text
    listed = ", ".join(asked.choices)
    raise ValueError(
        Text(f"“{text}”不可选，可选：{listed}", f"“{text}” is none of the choices: {listed}")
    )


def _zone(_: Setting, text: str) -> str:
    if text in available_timezones():
        return text
    raise ValueError(
        Text(
            f"没有时区“{text}”，例如 Asia/Shanghai",
            f"there is no time zone “{text}”; one is Asia/Shanghai",
        )
    )


_READERS: Mapping[Input, Callable[[Setting, str], Any]] = {
    "text": lambda _, text: text,
    "long_text": lambda _, text: text,
    "address": _address,
    "secret": _secret,
    "integer": _integer,
    "choice": _choice,
    "zone": _zone,
}
