"""Printed documents: a Typst template and its data become a PDF, the same bytes each time.

A template (`<app>/documents/<name>.typ`) begins with `#import "/kit/documents/paper.typ": *`, which
gives it the page, the words and the tables of our documents, and `data`. Whatever is printed comes
in as data, never as markup. The font is put beside this module by `make assets`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingji.rules.errors import NotAllowedNow
from mingji.rules.text import Text

if TYPE_CHECKING:
    import typst

# In which languages a document can be had: one of them, or both side by side.
LANGUAGES: dict[str, tuple[str, ...]] = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
_ROOT = Path(__file__).parents[1]
_FONTS = Path(__file__).parent / "fonts"
_NO_FONT = Text(
    zh="这个安装缺少打印用的字体，暂时不能生成 PDF。让管理员运行 make assets。",
    en="The font for printing is missing in this installation, so there is no PDF. Ask those who "
    "run it for “make assets”.",
)


def pdf(template: str, data: Mapping[str, object], languages: Sequence[str]) -> bytes:
    """The document that a template, named from the package on, makes of its data.

    Each `Text` in the data reaches the template as a list of its words in these languages, the
    first of which is that of the document. No clock, locale or font of the machine gets into it:
    same data, same bytes.

    Raises:
        NotAllowedNow: the installation has no font to print with.
    """
    import typst

    told = json.dumps({"lang": languages[0]} | _told(data, languages), ensure_ascii=False)
    made = typst.compile(
        str(_ROOT / template),
        root=str(_ROOT),
        font_paths=_fonts(),
        sys_inputs={"data": told},
        format="pdf",
    )
    assert isinstance(made, bytes)
    return made


def _told(value: Any, languages: Sequence[str]) -> Any:
    """Data with each `Text` in its languages, once where it reads alike in all of them.

    >>> _told({"weight": Text("权重", "Weight"), "code": Text.same("CC010")}, ("zh", "en"))
    {'weight': ['权重', 'Weight'], 'code': ['CC010']}
    """
    match value:
        case Text():
            return list(dict.fromkeys(value.in_(language) for language in languages))
        case Mapping():
            return {name: _told(each, languages) for name, each in value.items()}
        case list() | tuple():
            return [_told(each, languages) for each in value]
    return value


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The one font of our documents, read once."""
    import typst

    if not any(_FONTS.glob("*.ttf")):
        raise NotAllowedNow(_NO_FONT, code="no_font")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )
