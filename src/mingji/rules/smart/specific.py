"""S: a deed and its object, and no word that could mean anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingji.rules.findings import Finding
from mingji.rules.smart.draft import Draft
from mingji.rules.smart.letters import Letter, letter, note
from mingji.rules.smart.reading import Reading
from mingji.rules.smart.words import Found
from mingji.rules.text import Text

_CLAUSE = re.compile(r"[，,；;。、\n]|(?<=[a-z]) and (?=[a-z])|并且|同时|并(?=[\u3400-\u9fff])")


def specific(draft: Draft, read: Reading) -> Letter:
    """A verb and an object; a vague word is fine once an amount or the metric says it."""
    return letter("S", _faults(draft, read), _good(draft, read))


def _faults(draft: Draft, read: Reading) -> Iterator[Finding]:
    if not read.text.strip():
        yield note(
            "title_missing",
            "title",
            Text("目标还没有写", "there is no title yet"),
            Text(
                "写一句话：动词、对象、做到什么程度", "write a sentence: a verb, an object, how far"
            ),
        )
        return
    if not read.has_object:
        yield note(
            "no_object",
            "title",
            Text("看不出做的是什么", "it does not say what is acted on"),
            Text("写出对象，例如“官网线索”“渠道伙伴”", "name it, such as “website leads”"),
        )
    if not read.words and _needs_verb(draft, read):
        yield note(
            "no_verb",
            "title",
            Text("没有动词，看不出要做什么", "there is no verb that says what will be done"),
            Text(
                "用动词开头，例如“签约”“上线”“把…降到…”", "begin with a verb: sign, launch, cut …"
            ),
        )
    for word in read.of("weak", "vague"):
        yield _vague(word, draft, read)


def _needs_verb(draft: Draft, read: Reading) -> bool:
    """An amount with its object says what is wanted; so does the name of a metric with a target."""
    if draft.kind == "objective":
        return True
    return not read.amounts and not (read.names_metric and draft.target is not None)


def _vague(word: Found, draft: Draft, read: Reading) -> Finding:
    own = draft.title[word.start : word.end]
    measured = _measured(word, draft, read)
    if measured:
        return note(
            "vague_but_measured",
            "title",
            Text(f"“{own}”本身含糊，但后面的数字说清了", f"“{own}” is vague, but measured"),
            Text("不用改", "nothing to mend"),
            "info",
            word.start + 1,
        )
    if word.kind == "weak":
        said = Text(f"“{own}”没说做到什么程度", f"“{own}” does not say how far")
        remedy = Text(
            f"在“{own}”后面写上对象和数字，或换成做完看得见的动词（上线、签约、举办）",
            f"put an object and an amount after “{own}”, or use a verb whose end can be seen "
            "(launch, sign, hold)",
        )
    else:
        said = Text(f"“{own}”可以有各种理解", f"“{own}” can mean anything")
        remedy = Text(
            f"把“{own}”换成数量、范围或名单", f"replace “{own}” with an amount, a scope or a list"
        )
    return note("vague_word", "title", said, remedy, "warning", word.start + 1)


def _measured(word: Found, draft: Draft, read: Reading) -> bool:
    """An amount follows, or stands in the same clause, or the metric named has its target."""
    if read.names_metric and draft.target is not None:
        return True
    breaks = [match.start() for match in _CLAUSE.finditer(read.text)]
    start = max((at for at in breaks if at < word.start), default=0)
    return any(amount.start >= start for amount in read.amounts)


def _good(draft: Draft, read: Reading) -> Text:
    definite = read.of("strong") or read.words
    if not definite:
        return Text("写明了要哪个数、多少", "it names the figure that is wanted and how much of it")
    own = draft.title[definite[0].start : definite[0].end]
    return Text(f"有动作（{own}）也有对象", f"it has a deed ({own}) and an object")
