"""The page, and the drawer, in which a number opens into its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from mingji.kit import numbers, words
from mingji.kit.i18n import locale
from mingji.rules.errors import NotFound
from mingji.rules.explanation import Node, Parameter, Source
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A node as the page shows it: its address, and its rule in words."""

    node: Node
    href: str
    rule: Text

    @property
    def number(self) -> Decimal | None:
        """The value if it is a number; words and "no data" have none."""
        return self.node.value if isinstance(self.node.value, Decimal) else None

    @property
    def word(self) -> str:
        """The value if it is a word, such as a grade or a level."""
        return self.node.value if isinstance(self.node.value, str) else ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as the page shows it: its kind in words, its address if it can be opened, and the
    condition that its rows meet."""

    source: Source
    kind: Text
    href: str | None
    condition: Text


#: What a parameter of a node says in words, by its name and what was given; None: as it stands.
Naming = Callable[[Node, str, str], Text | None]


def explanation_response(
    request: HttpRequest,
    tree: Node,
    path: str,
    *,
    base_url: str,
    title: Text,
    rows_url: Callable[[Source], str | None],
    asides: Sequence[tuple[Text, str]] = (),
    named: Naming = lambda node, name, given: None,
) -> HttpResponse:
    """Why the number at `path` of `tree` is what it is: a page, or its drawer for htmx.

    `base_url` is this page's address without the path (it may carry a query); `title` names the
    whole (`Scorecard of Li Ming, Q3 2026`); `rows_url` gives the address of what a source refers
    to, or None if there is nothing to open or it isn't open to the reader. `asides` are words with
    an address each: what else can be done about this number. `named` says what people call what a
    parameter names by its id.

    Raises:
        NotFound: the tree has no node at this path.
    """
    node = node_at(tree, path)
    in_drawer = request.headers.get("HX-Request") == "true"
    keys = [key for key in path.split("/") if key]
    context = {
        "title": title,
        "reason": _reason(node, base_url, keys),
        "crumbs": _crumbs(tree, base_url, keys),
        "inputs": [_reason(child, base_url, [*keys, child.key]) for child in node.inputs],
        "parameters": _parameters(node, named),
        "sources": [
            Origin(
                source,
                words.worded(words.SOURCES, source.kind),
                rows_url(source),
                named(node, "filter", source.filter) or Text.same(source.filter),
            )
            for source in node.sources
        ],
        "flags": [words.flag_words(flag) for flag in node.flags],
        "rounding": words.rounding_words(node.rounding),
        "exact": _exact(node),
        "asides": asides,
        "in_drawer": in_drawer,
    }
    template = "components/explanation.html" if in_drawer else "web/explanation.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def node_at(tree: Node, path: str) -> Node:
    """The node of an explanation at a path; the empty path is the root.

    Raises:
        NotFound: the tree has no node there.
    """
    node = tree.find(path)
    if node is None:
        raise NotFound(
            Text("这个数字的解释里没有这一项。", "This number's explanation has no such part."),
            code="no_such_node",
        )
    return node


def explanation_address(base_url: str, path: str) -> str:
    """The address of the explanation of the node at `path`; the empty path is the root."""
    if not path:
        return base_url
    return f"{base_url}{'&' if '?' in base_url else '?'}path={quote(path)}"


def _reason(node: Node, base_url: str, keys: list[str]) -> Reason:
    address = explanation_address(base_url, "/".join(keys))
    return Reason(node, address, words.worded(words.RULES, node.rule))


def _crumbs(tree: Node, base_url: str, keys: list[str]) -> list[Reason]:
    """The nodes above the one shown, from the root."""
    above = []
    for depth in range(len(keys)):
        node = tree.find("/".join(keys[:depth]))
        if node:
            above.append(_reason(node, base_url, keys[:depth]))
    return above


def _parameters(node: Node, named: Naming) -> list[tuple[Text, Text]]:
    """What was set beforehand, in words; the bounds of grades from the best grade down."""
    if node.rule == "grade.by_score":
        return _bounds(node.parameters)
    return [
        (
            words.worded(words.PARAMETERS, name),
            (named(node, name, given) if isinstance(given, str) else None) or _parameter(given),
        )
        for name, given in node.parameters.items()
    ]


def _bounds(grades: Mapping[str, Parameter]) -> list[tuple[Text, Text]]:
    least = {name: bound for name, bound in grades.items() if isinstance(bound, Decimal)}
    falling = sorted(least, key=lambda name: least[name], reverse=True)
    return [
        *((Text.same(name), Text.same(f"≥ {numbers.written(least[name])}")) for name in falling),
        *((Text.same(name), Text("其余", "below")) for name in grades if name not in least),
    ]


def _parameter(given: Parameter) -> Text:
    if given is None:
        return Text("不设", "none")
    if isinstance(given, Decimal):
        return Text.same(numbers.written(given))
    return words.worded(words.VALUES, str(given).lower() if isinstance(given, bool) else given)


def _exact(node: Node) -> str:
    if not isinstance(node.value, Decimal):
        return ""
    return numbers.show(node.value, node.unit, locale()).exact
