"""Every KPI of the library on numbers worked by hand, from files through the warehouse.

Each case says the arithmetic beside the value. The rows stand in `tests/kpi_rows.py`; who is in
which team when, in `conftest.py`.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from mingji.engine.observe import observe
from mingji.engine.values import published
from mingji.engine.warehouse import Warehouse

Q3, Q2, Q1 = "2026Q3", "2026Q2", "2026Q1"

#: number, metric, slice, value, how it is worked out
CASES = (
    # Market and money
    (1, "market_share", Q3, "1/4", "1000 of 4000"),
    (1, "market_share", f"{Q3} product=A", "2/5", "A: 300 + 100 of 1000"),
    (1, "market_share", f"{Q3} member=ann", "2/5", "ann's orders 400 of her market 1000"),
    (1, "market_share", Q2, None, "0 of a market of 0; B's is blank"),
    (2, "market_share_growth", Q3, "-3/8", "(1000/4000 − 800/2000) ÷ 800/2000"),
    (2, "market_share_growth", f"{Q3} team=ads", "7/25", "(800/1000 − 500/800) ÷ 500/800"),
    (2, "market_share_growth", Q2, None, "no share in 2026Q2, none in 2025Q2"),
    (3, "market_share_change", f"{Q3} product=A", "-22.5", "400/1000 − 500/800, in points"),
    (3, "market_share_change", f"{Q3} product=B", "-5", "600/3000 − 300/1200, in points"),
    (3, "market_share_change", Q1, None, "no share in either year"),
    (4, "revenue_growth", Q3, "1/4", "(1000 − 800) ÷ 800"),
    (4, "revenue_growth", f"{Q3} member=ann", "-1/5", "(400 − 500) ÷ 500"),
    (4, "revenue_growth", Q2, None, "2025Q2 had none"),
    (5, "sales_target_attainment", Q3, "4/5", "1000 of 1250"),
    (5, "sales_target_attainment", f"{Q3} team=ads", "16/25", "ann 400 + cy's o3 400 of 1250"),
    (5, "sales_target_attainment", Q2, None, "0 of 0"),
    (6, "won_revenue", Q3, "800", "d1 500 + d2 300; d4 is sales' own, d7 closed in Q2"),
    (6, "won_revenue", f"{Q3} member=cy", "300", "d2; its blank source counts as marketing"),
    (6, "won_revenue", Q2, "100", "d7"),
    (7, "sourced_revenue_share", Q3, "4/5", "800 of 1000 (d4 200 is sales' own)"),
    (7, "sourced_revenue_share", f"{Q3} team=events", "0", "0 of d4's 200"),
    (7, "sourced_revenue_share", Q1, None, "nothing was won"),
    (8, "influenced_revenue", Q3, "450.5", "300 + 150.50; t3 is blank"),
    (9, "qualified_pipeline", Q3, "2300", "d1 500 + d2 300 + d3 400 + d4 200 + d6 900"),
    (9, "qualified_pipeline", f"{Q3} team=events", "600", "d3 400 (cy, 25 Aug) + d4 200"),
    (10, "pipeline_coverage", Q3, "5/4", "(4000 created − 1500 closed to date) ÷ 2000"),
    (10, "pipeline_coverage", Q2, "0", "(100 − 100) ÷ 1250"),
    (10, "pipeline_coverage", Q1, None, "no opportunity yet, and a next target of 0"),
    (11, "gross_margin", Q3, "5/16", "(120 + 30 + 100) of (300 + 100 + 400); o4's cost is blank"),
    (11, "gross_margin", Q2, None, "no order has a cost"),
    (12, "new_product_margin", Q3, "3/8", "(120 + 30) of (300 + 100)"),
    (12, "new_product_margin", Q2, None, "no new product was sold"),
    (13, "new_product_share", Q3, "2/5", "400 of 1000; o5 says neither new nor old"),
    (13, "new_product_share", Q2, None, "the only order says neither"),
    (14, "collection_rate", Q3, "9/20", "100 + 0 + 80 of 400"),
    (14, "collection_rate", f"{Q3} member=cy", "0", "0 of 200: y2 has not come in"),
    (14, "collection_rate", Q2, None, "0 fell due"),
    (15, "selling_expense_ratio", Q3, "1/5", "150 + 50 of 1000; administration stays out"),
    (15, "selling_expense_ratio", Q2, None, "10 over revenue of 0"),
    (16, "marketing_expense_ratio", Q3, "1/20", "50 of 1000"),
    (16, "marketing_expense_ratio", Q2, None, "revenue of 0"),
    (17, "budget_variance", Q3, "1/5", "|200 − 250| of 250: under"),
    (17, "budget_variance", Q1, "1/2", "|150 − 100| of 100: over"),
    (17, "budget_variance", Q2, None, "a budget of 0"),
    (18, "marketing_roi", Q3, "1/2", "(200 + 100 − 200) ÷ 200"),
    (18, "marketing_roi", f"{Q3} member=cy", "0", "(100 − 100) ÷ 100"),
    (18, "marketing_roi", Q2, None, "d7's gross profit is blank"),
    # Advertising
    (19, "ad_roas", Q3, "15/8", "300 ÷ 160; the event's 40 is no advertising"),
    (19, "ad_roas", Q1, None, "no spend of Q1 is advertising"),
    (23, "impressions", Q3, "16000", "10,000 + 6,000; the event has none"),
    (24, "cost_per_mille", Q3, "10", "160 ÷ 16,000 × 1000"),
    (24, "cost_per_mille", Q2, None, "0 impressions"),
    (25, "click_through_rate", Q3, "1/200", "80 of 16,000"),
    (25, "click_through_rate", Q2, None, "0 impressions"),
    (26, "cost_per_click", Q3, "2", "160 ÷ 80"),
    (26, "cost_per_click", f"{Q3} team=ads", "2", "the same: both advertisements ran in ads"),
    (26, "cost_per_click", Q2, None, "0 clicks"),
    (27, "conversion_rate", Q3, "3/16", "15 of 80"),
    (27, "conversion_rate", Q2, None, "0 clicks"),
    (28, "cost_per_conversion", Q3, "32/3", "160 ÷ 15"),
    (28, "cost_per_conversion", Q2, None, "0 conversions"),
    (29, "cost_per_lead", Q3, "25", "200 ÷ 8"),
    (29, "cost_per_lead", f"{Q3} team=events", "10", "40 ÷ 4 (l5, l6 of cy after the move)"),
    (29, "cost_per_lead", Q1, None, "no lead"),
    (30, "invalid_click_rate", Q3, "1/10", "5 of 50; s2 was not checked"),
    (30, "invalid_click_rate", Q2, None, "0 clicks"),
    (30, "invalid_lead_rate", Q3, "1/6", "l4 of six judged; l5 and l8 are not"),
    (30, "invalid_lead_rate", Q2, None, "no lead was judged"),
    (31, "keyword_quality_score", Q3, "7", "(8 + 6) ÷ 2; one is blank"),
    (31, "keyword_quality_score", Q2, None, "no keyword was scored"),
    # Demand and pipeline
    (32, "leads_created", Q3, "8", "l1 … l8"),
    (32, "leads_created", f"{Q3} team=ads", "4", "l1, l2, l3 of ann, l4 of cy on 1 August"),
    (32, "leads_created", f"{Q3} team=events", "4", "l5, l6 of cy after 15 August, l7, l8 of bo"),
    (33, "mql_count", Q3, "5", "l1 … l5, by the day they qualified"),
    (33, "mql_count", f"{Q3} team=events", "1", "l5 on 1 September"),
    (34, "lead_qualification_rate", Q3, "5/8", "5 of 8"),
    (34, "lead_qualification_rate", Q1, None, "no lead"),
    (35, "mql_to_sql_rate", Q3, "2/5", "l1, l3 of 5"),
    (35, "mql_to_sql_rate", Q2, None, "no lead qualified"),
    (36, "lead_to_customer_rate", Q3, "1/8", "l1 of 8; l3 was won after 394 days, not within 365"),
    (36, "lead_to_customer_rate", f"{Q3} team=ads", "1/4", "l1 of l1, l2, l3, l4"),
    (36, "lead_to_customer_rate", Q2, "0", "none of l9"),
    (36, "lead_to_customer_rate", Q1, None, "no lead"),
    (37, "win_rate", Q3, "2/3", "d1, d2 of d1, d2, d3; d4 is sales' own"),
    (37, "win_rate", f"{Q3} team=events", "0", "d3 was lost after cy's move"),
    (37, "win_rate", Q1, None, "nothing closed"),
    (38, "cost_per_sqo", Q3, "40", "200 ÷ 5 (d1, d2, d3, d4, d6)"),
    (38, "cost_per_sqo", Q1, None, "none qualified"),
    (39, "median_hours_to_first_response", Q3, "4", "2, 4, 10; f4 has no answer yet"),
    (39, "median_hours_to_first_response", f"{Q3} member=ann", "3", "(2 + 4) ÷ 2"),
    (40, "lead_sla_rate", Q3, "1/2", "f1, f2 of 4: without an answer is not in time"),
    (40, "lead_sla_rate", Q2, None, "none was assigned"),
    (41, "lead_rejection_rate", Q3, "1/5", "l2 of 5"),
    (41, "lead_rejection_rate", Q2, None, "no lead qualified"),
    (42, "source_tag_accuracy", Q3, "47/50", "47 of 50; au2 has no result"),
    (42, "source_tag_accuracy", Q2, None, "0 sampled"),
    # Brand and reputation
    (43, "aided_awareness", Q3, "3/4", "b1, b2, b4 of 4"),
    (43, "aided_awareness", Q2, None, "the only sheet is blank"),
    (44, "top_of_mind", Q3, "1/4", "b1 of 4"),
    (44, "top_of_mind", Q2, None, "the only sheet is blank"),
    (45, "favourability_rate", Q3, "2/3", "b1, b4 of three who judged; b3 did not"),
    (45, "favourability_rate", Q2, None, "the only sheet is blank"),
    (46, "loyalty_rate", Q3, "1/3", "a2 of a1, a2, a4"),
    (46, "loyalty_rate", Q1, None, "nobody bought"),
    (47, "brand_search_growth", Q3, "1/5", "((110 + 130) ÷ 2 − 100) ÷ 100; i3 is blank"),
    (47, "brand_search_growth", Q2, None, "no index"),
    (48, "share_of_voice", Q3, "1/5", "(30 + 20) of (200 + 50), not the mean of 15 % and 40 %"),
    (48, "share_of_voice", Q2, None, "0 of 0"),
    (49, "net_sentiment", Q3, "1/4", "(2 − 1) of 4"),
    (49, "net_sentiment", f"{Q3} member=cy", "-1/2", "(0 − 1) of 2"),
    (49, "net_sentiment", Q2, None, "no mention"),
    (50, "positive_mention_share", Q3, "1/2", "z1, z2 of 4"),
    (50, "positive_mention_share", Q2, None, "no mention"),
    (51, "weighted_coverage", Q3, "4.5", "core 2 + 1 + 1 + z4's own weight 0.5"),
    (52, "crisis_response_hours", Q3, "6.5", "the slower of 2 and 6.5"),
    (52, "crisis_response_hours", Q2, None, "a quiet period was logged; nothing to answer"),
    (53, "major_negative_events", Q3, "1", "j2"),
    (53, "major_negative_events", Q2, "0", "a quiet period was logged: none, not no data"),
    (53, "major_negative_events", Q1, None, "nobody logged anything"),
    (54, "new_core_media", Q3, "2", "Weekly, Monthly; Daily is not core"),
    (54, "new_core_media", Q2, "0", "Blog is not core"),
    # Customers
    (20, "customer_acquisition_cost", Q3, "100", "200 ÷ 2 (c5, c6)"),
    (20, "customer_acquisition_cost", Q2, None, "nobody was won"),
    (21, "ltv_to_cac", Q3, "9.375", "937.50 ÷ 100"),
    (21, "ltv_to_cac", Q2, None, "nobody was won or lost"),
    (22, "cac_payback", Q3, "3", "100 ÷ (100 ÷ 3 customer-months); cm4 is blank"),
    (22, "cac_payback", Q2, None, "nobody was won"),
    (55, "nps", Q3, "25", "(2 − 1) of 4 × 100; the blank answer is none"),
    (55, "nps", f"{Q3} member=cy", "-50", "(0 − 1) of 2 × 100"),
    (55, "nps", Q2, None, "one blank answer"),
    (56, "csat", Q3, "4.5", "(5 + 4) ÷ 2; one is blank"),
    (57, "retention_rate", Q3, "2/3", "(6 − 2 lost − 2 new) of c1, c2, c3"),
    (57, "retention_rate", Q2, "1", "nobody left: (4 − 1) of 3"),
    (57, "retention_rate", f"{Q3} team=events", None, "nobody's customer at the start"),
    (58, "churn_rate", Q3, "1/3", "c3 of c1, c2, c3"),
    (58, "churn_rate", Q2, "0", "nobody left: 0 of 3, which is not no data"),
    (58, "churn_rate", Q1, "1/4", "c4 of 4"),
    (58, "churn_rate", f"{Q3} team=events", None, "nobody's customer at the start"),
    (59, "repurchase_rate", Q3, "2/3", "c1, c3 of c1, c2, c3; c4's order says no number"),
    (59, "repurchase_rate", Q2, None, "the only order says no number"),
    (60, "purchase_frequency", Q3, "5/4", "5 orders ÷ 4 buyers"),
    (60, "purchase_frequency", Q1, None, "nobody bought"),
    (61, "average_order_value", Q3, "250", "1000 ÷ 4; o5's amount is blank"),
    (61, "average_order_value", Q1, None, "nobody bought"),
    (62, "customer_lifetime_value", Q3, "937.5", "250 × 5/4 × (3 customers ÷ 1 lost)"),
    (62, "customer_lifetime_value", Q2, None, "nobody was lost"),
    (63, "member_activity_rate", Q3, "2/5", "80 of 200; g2 did not count the active"),
    (63, "member_activity_rate", Q2, None, "0 members"),
    (64, "referral_coefficient", Q3, "1/10", "8 ÷ 80"),
    (64, "referral_coefficient", Q2, None, "0 active"),
    (65, "owned_audience_adds", Q3, "80", "50 + 30"),
    (65, "owned_audience_adds", f"{Q3} team=events", "30", "g2 of cy on 31 August"),
    (66, "owned_audience_conversion", Q3, "1/40", "10 of 400; e2's buyers are not known yet"),
    (66, "owned_audience_conversion", Q2, None, "0 reached"),
    # Content and web
    (67, "content_views", Q3, "2000", "1000 + 500 + 500"),
    (68, "content_engagement_rate", Q3, "3/100", "60 of 2000"),
    (68, "content_engagement_rate", Q2, None, "0 views"),
    (69, "net_followers", Q3, "65", "50 + 30 − 10 − 5"),
    (70, "original_output_rate", Q3, "1/2", "k1, k3 of 4 planned; k2 is reposted"),
    (70, "original_output_rate", Q2, None, "0 planned"),
    (71, "content_quality", Q3, "85", "(80 + 90) ÷ 2; k3 was not judged"),
    (71, "content_quality", Q2, None, "k4 was not judged"),
    (72, "content_leads", Q3, "4", "3 + 1; k3 is blank"),
    (73, "organic_traffic_growth", Q3, "1/4", "(600 + 400 − 800) ÷ 800"),
    (73, "organic_traffic_growth", Q2, None, "2025Q2 had none"),
    (74, "first_page_rate", Q3, "1/2", "places 3, 10 of 3, 10, 11, none"),
    (74, "first_page_rate", Q2, None, "nothing was checked"),
    (75, "asset_conversion_rate", Q3, "1/20", "25 of 500; the home page has no downloads"),
    (75, "asset_conversion_rate", Q2, None, "0 visits"),
    # Events
    (76, "event_delivery_rate", Q3, "1/2", "2 of 4"),
    (76, "event_delivery_rate", Q2, None, "none was planned"),
    (77, "event_show_up_rate", Q3, "3/4", "60 of 80"),
    (77, "event_show_up_rate", f"{Q3} team=ads", "3/5", "h1 on 10 July: 30 of 50"),
    (77, "event_show_up_rate", Q2, None, "nobody registered"),
    (78, "qualified_event_leads", Q3, "10", "6 + 4"),
    (79, "event_cost_per_lead", Q3, "15", "150 ÷ 10"),
    (79, "event_cost_per_lead", Q2, None, "no qualified lead"),
    (80, "event_roi", Q3, "1", "(300 − 150) ÷ 150: d2; d8 was won 234 days after"),
    (80, "event_roi", Q2, None, "the event cost 0"),
    (81, "event_satisfaction", Q3, "4.5", "(4 + 5) ÷ 2"),
    (81, "event_satisfaction", f"{Q3} team=events", "5", "the answer of 5 September"),
    # Partners
    (82, "partners_activated", Q3, "1", "pa3; pa4 is signed only"),
    (83, "coverage_rate", Q3, "2/3", "co1, co2 of three checked; co4 was not"),
    (83, "coverage_rate", Q2, None, "nothing was checked"),
    (84, "partner_churn_rate", Q3, "1/2", "pa2 of pa1, pa2; pa5 never went active"),
    (84, "partner_churn_rate", Q2, "0", "none ended of pa1, pa2"),
    (84, "partner_churn_rate", f"{Q3} team=events", None, "no partner went active there"),
    (84, "partner_churn_rate", "2025Q3", "0", "none ended of the one active before July: pa1"),
    (85, "partner_satisfaction", Q3, "3.5", "(4 + 3) ÷ 2"),
    # Work
    (86, "launch_on_time_rate", Q3, "1/3", "de1 of 3; de3 is not done"),
    (86, "launch_on_time_rate", Q2, None, "no launch fell due"),
    (87, "research_on_time_rate", Q3, "1/3", "de4 of 3"),
    (87, "research_on_time_rate", Q2, None, "no research fell due"),
    (87, "research_adoption_rate", Q3, "1/2", "de4 of the two delivered"),
    (87, "research_adoption_rate", Q2, None, "none was delivered"),
    (88, "enablement_satisfaction", Q3, "4", "(5 + 4 + 3) ÷ 3; one is blank"),
    (88, "enablement_satisfaction", Q2, None, "sales was not asked"),
    (88, "material_accuracy", Q3, "19/20", "19 of 20"),
    (88, "material_accuracy", Q2, None, "0 sampled"),
)


@pytest.mark.parametrize(
    ("number", "metric", "where", "value", "how"),
    CASES,
    ids=[f"{case[0]}-{case[1]}-{case[2]}" for case in CASES],
)
def test_the_engine_gives_what_a_hand_works_out(look, library, number, metric, where, value, how):
    found = look(metric, where)

    wanted = None if value is None else published(Fraction(value), library.metrics[metric])
    assert found.value == wanted, how
    assert library.metrics[metric].kpi.number == number
    assert found.node.value == found.value
    assert ("no_data" in found.node.flags) == (value is None)


def test_every_kpi_has_a_case_and_every_quotient_one_without_a_value(library):
    kpis = {metric.id for metric in library.metrics.values() if metric.kpi}
    divided = {name for name in kpis if library.metrics[name].type != "simple"} - {"net_followers"}

    assert {case[1] for case in CASES if case[3] is not None} == kpis
    assert {case[1] for case in CASES if case[3] is None} >= divided


def test_a_year_without_a_row_has_no_data_in_any_kpi(warehouse, library):
    kpis = [metric.id for metric in library.metrics.values() if metric.kpi]
    answer = observe(warehouse, library, metrics=kpis, by=("quarter",), periods=["2024Q1"])

    assert len(answer.rows) == len(kpis)
    assert [row.metric for row in answer.rows if row.value is not None] == []


def test_an_empty_warehouse_has_no_data_in_any_kpi(tmp_path, library, people):
    kpis = [metric.id for metric in library.metrics.values() if metric.kpi]
    answer = observe(
        Warehouse(tmp_path), library, metrics=kpis, by=("quarter",), periods=[Q3], identity=people
    )

    assert len(answer.rows) == len(kpis)
    assert [row.metric for row in answer.rows if row.value is not None] == []


def test_blank_cells_that_a_value_leaves_out_are_flagged(look):
    assert "values_missing" in look("influenced_revenue", Q3).node.flags
    assert "values_missing" in look("gross_margin", Q3).node.find("gross_profit").flags
    assert "values_missing" not in look("market_share", Q3).node.find("market_sales").flags
