"""How the team's result enters the individual one, and what it does not give away."""

from __future__ import annotations

from decimal import Decimal

from mingji.rules.explanation import to_json
from mingji.rules.facts import MemberFacts, TeamFacts
from mingji.rules.form import form_for
from mingji.rules.recompute import mismatches
from mingji.rules.scheme import BlendRule, TeamCoefficient
from mingji.rules.scoring import score, score_all
from unit.rules.forms import a_dimension, a_member, a_scheme, an_item, reached

D = Decimal


def test_the_individual_share_of_the_level_blends_with_the_mean_of_the_team() -> None:
    scheme = a_scheme(blend=BlendRule(), dimensions=(a_dimension("r", 100, an_item("won", 100)),))
    members = [
        MemberFacts(member="a", team="t", items={"won": reached(90)}),
        MemberFacts(member="b", team="t", level="lead", items={"won": reached(70)}),
    ]

    specialist, lead = score_all(scheme, members)

    assert specialist.team == D(80)
    assert specialist.total == D("0.7") * 90 + D("0.3") * 80
    assert lead.total == D("0.5") * 70 + D("0.5") * 80


def test_the_explanation_of_a_team_mean_names_nobody() -> None:
    scheme = a_scheme(blend=BlendRule(), dimensions=(a_dimension("r", 100, an_item("won", 100)),))
    members = [
        MemberFacts(member=name, name=name, team="t", items={"won": reached(80 + n)})
        for n, name in enumerate(("chenxi", "wangfang", "liujie"))
    ]

    first = score_all(scheme, members)[0]

    assert "wangfang" not in to_json(first.node)
    assert "liujie" not in to_json(first.node)


def test_a_team_may_have_items_of_its_own_or_a_given_score() -> None:
    dimensions = (a_dimension("r", 100, an_item("won", 100)),)
    blend = BlendRule(team="team_items")
    scheme = a_scheme(blend=blend, dimensions=dimensions, team_items=(an_item("share", 100),))
    member = MemberFacts(member="a", team="t", items={"won": reached(90)})

    by_items = score_all(scheme, [member], [TeamFacts(team="t", items={"share": reached(60)})])
    given = score_all(scheme, [member], [TeamFacts(team="t", score=D(100))])

    assert (by_items[0].total, given[0].total) == (D("81.00"), D("93.00"))


def test_without_a_team_score_the_individual_one_stands_and_is_flagged() -> None:
    scheme = a_scheme(blend=BlendRule())

    result = score(form_for(scheme), a_member())

    assert result.total == result.individual
    assert "no_team_score" in result.flags


def test_the_team_coefficient_multiplies() -> None:
    table = (
        TeamCoefficient(at_least=D(0), coefficient=D("0.9")),
        TeamCoefficient(at_least=D(90), coefficient=D("1.1")),
    )
    scheme = a_scheme(blend=BlendRule(mode="coefficient", coefficients=table))

    results = score_all(scheme, [a_member(team="t")], [TeamFacts(team="t", score=D(95))])

    assert results[0].total == D("81.2") * D("1.1")
    assert mismatches(results[0].node) == ()
