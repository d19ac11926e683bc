"""The check of the catalogues finds what a reader would stumble over."""

from __future__ import annotations

from mingji.web.translations import catalogues, in_python, in_template


def test_the_messages_of_a_template_are_found_in_every_form():
    template = """{% translate "Plain" %}{% translate 'As' as words %}
        {% translate "Left" context "side" %}
        {% blocktranslate with name=user %}Hello {{ name }}{% endblocktranslate %}
        {% blocktranslate count n=rows %}one row{% plural %}{{ n }} rows{% endblocktranslate %}
        {% if title == _("Title") %}{% endif %}"""

    assert set(in_template(template)) == {
        "Plain",
        "As",
        "Left",
        "Hello %(name)s",
        "one row",
        "Title",
    }


def test_the_messages_of_a_module_are_found_and_nothing_else():
    module = '_("E-mail"); pgettext("side", "Left"); ngettext("a", "b", 2); print("no"); _(name)'

    assert set(in_python(module)) == {"E-mail", "Left", "a"}


def test_words_that_the_glossary_rules_out_are_in_no_catalogue():
    ruled_out = ("您", "签到", "打卡", "关键成果")
    found = [
        f"{path}: {word}"
        for path in catalogues()
        for word in ruled_out
        if word in path.read_text(encoding="utf-8")
    ]

    assert found == []
