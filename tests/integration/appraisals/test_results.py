"""Computing, releasing, reading and proving results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import builders
from mingji.rules.errors import NotAllowedNow


def compute(cycle: Any) -> int:
    from mingji.appraisals import actions

    return actions.compute("system", cycle.code, at=builders.NOW)


def release(cycle: Any) -> int:
    from mingji.appraisals import actions

    return actions.release("system", cycle.code, at=builders.NOW)


@pytest.fixture
def computed(quarter: Any) -> Any:
    """A cycle in which everybody was reviewed at level 3 and computed."""
    cycle = quarter.open()
    quarter.reviewed(cycle)
    compute(cycle)
    return cycle


def test_the_score_is_the_arithmetic_of_the_scheme(quarter: Any, computed: Any) -> None:
    result = quarter.of_subject(computed)

    # 92 of 100 MQLs at weight 60, level 3 of 5 at weight 40
    assert result.total == Decimal("92") * 60 / 100 + Decimal("60") * 40 / 100
    assert result.grade == "B"


def test_a_measured_item_without_data_gives_its_weight_away_and_says_so(
    quarter: Any, computed: Any
) -> None:
    result = computed.appraisals.get(member=quarter.company.peer)

    assert result.total == Decimal(60)
    assert "redistributed" in result.result


def test_the_self_review_is_shown_and_does_not_count(quarter: Any) -> None:
    cycle = quarter.open()
    appraisal = quarter.of_subject(cycle)
    quarter.review(quarter.company.subject, appraisal, "5")
    quarter.review(quarter.company.manager, appraisal, "3")

    compute(cycle)

    assert quarter.of_subject(cycle).total == Decimal("79.2")


def test_results_cannot_be_released_before_all_are_computed(quarter: Any) -> None:
    cycle = quarter.open()
    quarter.review(quarter.company.subject, quarter.of_subject(cycle), "3")

    with pytest.raises(NotAllowedNow, match="have no result yet"):
        release(cycle)
    with pytest.raises(NotAllowedNow, match="No manager review is in yet"):
        compute(cycle)


def test_a_released_result_is_never_computed_again(quarter: Any, computed: Any) -> None:
    release(computed)

    with pytest.raises(NotAllowedNow):
        compute(computed)
    with pytest.raises(NotAllowedNow, match="released already"):
        release(computed)


def test_the_member_sees_the_score_from_the_release_on(
    quarter: Any, computed: Any, page: Any
) -> None:
    number = quarter.of_subject(computed).pk
    subject, manager = quarter.company.subject, quarter.company.manager

    before = page(subject, f"/appraisals/{number}/").content.decode()
    assert "79.2" not in before
    assert "一个例子" in before  # the own self-review, not the manager's
    assert page(subject, f"/appraisals/{number}/why/").status_code == 404
    assert "79.2" in page(manager, f"/appraisals/{number}/").content.decode()

    release(computed)

    assert "79.2" in page(subject, f"/appraisals/{number}/").content.decode()
    assert page(subject, f"/appraisals/{number}/why/").status_code == 200


def test_every_number_opens_down_to_its_source(quarter: Any, computed: Any, page: Any) -> None:
    number = quarter.of_subject(computed).pk
    start = f"/appraisals/{number}/why/"

    opened = page(quarter.company.manager, start).content.decode()
    path = "total/result/mql_count"
    item = page(quarter.company.manager, f"{start}?path={path}")
    absent = page(quarter.company.manager, f"{start}?path=no/such/number")

    assert "path=total" in opened
    assert item.status_code == 200
    assert "92" in item.content.decode()
    assert absent.status_code == 404


def test_the_bounds_of_the_grades_stand_from_the_best_down(
    quarter: Any, computed: Any, page: Any
) -> None:
    number = quarter.of_subject(computed).pk

    opened = page(quarter.company.manager, f"/appraisals/{number}/why/").content.decode()

    bounds = [opened.rindex(words) for words in ("≥ 95", "≥ 85", "≥ 70", "≥ 60", "其余")]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("peer", 404),
        ("other_manager", 404),
        ("ex_manager", 404),
        ("other_hr_partner", 404),
        ("analyst", 404),
        ("manager", 200),
        ("director", 200),
        ("hr_partner", 200),
    ],
)
def test_who_reads_a_computed_scorecard(
    quarter: Any, computed: Any, page: Any, who: str, status: int
) -> None:
    number = quarter.of_subject(computed).pk

    answer = page(getattr(quarter.company, who), f"/appraisals/{number}/")

    assert answer.status_code == status


def test_the_list_of_a_cycle_holds_only_what_concerns_the_reader(
    quarter: Any, computed: Any, page: Any
) -> None:
    subject_name, hr_partner = quarter.company.subject.name, quarter.company.company_hr_partner

    assert subject_name not in page(quarter.company.peer, "/appraisals/cycles/q3/").content.decode()
    assert subject_name in page(hr_partner, "/appraisals/cycles/q3/").content.decode()


def test_a_cycle_proves_itself_to_the_byte(quarter: Any, computed: Any) -> None:
    from mingji.appraisals.proof import prove

    proofs = list(prove("q3"))

    assert len(proofs) == 9
    assert [proof.problem for proof in proofs] == [None] * 9


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"total": Decimal("99.00")}, "in the lists differs"),
        ({"grade": "S"}, "in the lists differs"),
        ({"facts": {}}, "were changed"),
    ],
)
def test_a_score_changed_behind_the_products_back_is_found(
    quarter: Any, computed: Any, change: dict[str, Any], says: str
) -> None:
    from mingji.appraisals.models import Appraisal
    from mingji.appraisals.proof import prove

    number = quarter.of_subject(computed).pk
    if "facts" in change:
        facts = quarter.of_subject(computed).facts
        facts["items"]["mql_count"]["target"] = {"decimal": "80"}
        change = {"facts": facts}
    Appraisal.objects.filter(pk=number).update(**change)

    problems = {proof.member: proof.problem for proof in prove("q3") if proof.problem}

    assert list(problems) == ["subject"]
    assert says in problems["subject"].en


def test_a_result_and_its_figures_replaced_together_still_differ_from_the_trail(
    quarter: Any, computed: Any
) -> None:
    from mingji.appraisals.models import Appraisal, Rating
    from mingji.appraisals.proof import prove
    from mingji.appraisals.queries import for_scoring
    from mingji.appraisals.scored import results_of
    from mingji.appraisals.snapshot import result_text

    subject = quarter.of_subject(computed)
    Rating.objects.filter(review__appraisal=subject, review__kind="manager").update(choice="5")
    forged = results_of(list(for_scoring(computed)))[subject.pk]
    Appraisal.objects.filter(pk=subject.pk).update(
        result=result_text(forged), total=forged.total, grade=forged.grade
    )

    problems = [proof.problem for proof in prove("q3") if proof.problem]

    assert len(problems) == 1
    assert "audit trail" in problems[0].en


def test_a_long_cycle_is_read_page_by_page(quarter: Any, page: Any) -> None:
    from mingji.appraisals import queries

    builders.many_members(230, manager="director")
    cycle = quarter.open()
    viewer = builders.a_viewer(quarter.company.company_hr_partner)

    pages = [queries.cycle_page(viewer, cycle)]
    while pages[-1].next:
        pages.append(queries.cycle_page(viewer, cycle, pages[-1].next))

    ids = [line.id for each in pages for line in each.lines]
    assert [len(each.lines) for each in pages] == [100, 100, 39]
    assert len(set(ids)) == 239
    assert (
        "下一页"
        in page(quarter.company.company_hr_partner, "/appraisals/cycles/q3/").content.decode()
    )


def test_a_total_with_endless_digits_is_proved_too(quarter: Any) -> None:
    from mingji.appraisals.proof import prove

    shared = quarter.under("blend: {mode: none}", "blend: {team: mean_of_members}")
    cycle = shared.open("shared")
    for appraisal in cycle.appraisals.select_related("member", "reviewer"):
        level = "4" if appraisal.member == quarter.company.peer else "3"
        shared.review(appraisal.member, appraisal, level)
        shared.review(appraisal.reviewer, appraisal, level)
    compute(cycle)

    # the team's mean is (79.2 + 60 + 80) / 3, of which the subject takes three tenths
    assert quarter.of_subject(cycle).total == Decimal("77.360000")
    assert [proof.problem for proof in prove("shared")] == [None] * 9
