"""How Chinese names sort and are found: by pinyin, with the readings that surnames have."""

from __future__ import annotations

# Readings that differ from the character's common one when it is a surname.
SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "澹台": "tan tai",
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "朴": "piao",
    "盖": "ge",
    "翟": "zhai",
    "冼": "xian",
    "缪": "miao",
    "乐": "yue",
    "种": "chong",
    "秘": "bi",
    "员": "yun",
    "教": "jiao",
    "洗": "xian",
    "折": "she",
    "覃": "qin",
    "尹": "yin",
    "逄": "pang",
    "郇": "huan",
}


def sort_key(name: str) -> str:
    """The pinyin of a name, a syllable each, for sorting.

    >>> sort_key("曾小曼"), sort_key("Anna Snelling")
    ('zeng xiao man', 'anna snelling')
    """
    from pypinyin import lazy_pinyin  # 0.1 s to import; only writes and searches need it

    surname = next((name[:size] for size in (2, 1) if name[:size] in SURNAMES), "")
    rest = " ".join(lazy_pinyin(name[len(surname) :]))
    return " ".join(f"{SURNAMES.get(surname, '')} {rest}".lower().split())[:160]


def search_text(name: str, name_en: str) -> str:
    """Everything by which a person may be looked up: name, pinyin, initials, English name.

    >>> search_text("张伟", "Wei Zhang")
    '张伟 zhangwei zw wei zhang'
    """
    syllables = sort_key(name).split()
    initials = "".join(syllable[0] for syllable in syllables)
    return f"{name.lower()} {''.join(syllables)} {initials} {name_en.lower()}"[:400]
