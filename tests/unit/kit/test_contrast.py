"""The tokens keep every text readable (WCAG 2.2 AA) in the light and in the dark theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parents[3] / "assets" / "theme.css"
TEXT = 4.5
GRAPHIC = 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "muted", "accent") for ground in ("paper", "surface")),
    *((ink, "sunken", TEXT) for ink in ("ink", "muted")),
    *((ink, "accent-soft", TEXT) for ink in ("ink", "muted", "accent")),
    ("on-accent", "accent", TEXT),
    ("seal", "paper", TEXT),
    ("seal", "surface", TEXT),
    ("fall", "paper", TEXT),
    ("fall", "surface", TEXT),
    *((look, f"{look}-soft", TEXT) for look in ("good", "warn", "bad")),
    *((look, ground, TEXT) for look in ("good", "warn", "bad") for ground in ("paper", "surface")),
    *((mark, ground, GRAPHIC) for mark in ("border",) for ground in ("paper", "surface")),
    *(("accent", band, GRAPHIC) for band in ("band-1", "band-2", "band-3")),
]  # fmt: skip


def tokens(theme: str) -> dict[str, str]:
    head = {"light": ":root {", "dark": ':root[data-theme="dark"] {'}[theme]
    block = THEME.read_text(encoding="utf-8").split(head, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_a_token_is_readable_on_its_ground(
    theme: str, front: str, ground: str, least: float
) -> None:
    colours = tokens(theme)

    assert contrast(colours[front], colours[ground]) >= least


def test_the_chosen_dark_and_the_system_dark_are_the_same() -> None:
    system = THEME.read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)[1]

    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", system.split("}", 1)[0]))

    assert found == tokens("dark")
