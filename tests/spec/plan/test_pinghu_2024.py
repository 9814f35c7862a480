"""The plan as data: `plans/pinghu-2024` against the design's table of targets, path by path."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from include.indicators import path_values
from include.plan import Plan, load_plan
from include.plan.model import Comparator, Relation, Standing
from include.plan.period import Period

PLANS = Path(__file__).resolve().parents[3] / "plans"
MR, EDU, CIVIL, AGRI, HEALTH = "market-regulation", "education", "civil-affairs", "agriculture", "health"
OFFICE = "food-safety-office"
BU = (0, 0, 0, 10, 20, 30, 30, 40, 60, 80, 95, 100)
FLAT = (100,) * 12
TO_SEPTEMBER = tuple(round(min(n, 9) * 100 / 9, 1) for n in range(1, 13))
TO_NOVEMBER = tuple(round(min(n, 11) * 100 / 11, 1) for n in range(1, 13))
TO_JUNE = tuple(round(min(n, 6) * 100 / 6, 1) for n in range(1, 13))
QUARTER_ENDS = (None, None, 100) * 4
LAST_1, LAST_3 = (0,) * 11 + (1,), (0,) * 11 + (3,)

# clause, kind, behaviour, target, unit, sources, cross-check, answerable, points
TARGETS = {
    "school-canteen-grade-a": ("3.1", "ratio", "build-up", "50", "%", (MR,), (EDU,), EDU, BU),
    "eldercare-canteen-grade-b": ("3.1", "ratio", "build-up", "60", "%", (MR,), (CIVIL,), CIVIL, TO_NOVEMBER),
    "elderly-canteen-licensed": ("3.1", "ratio", "build-up", "100", "%", (CIVIL,), (MR,), CIVIL, TO_JUNE),
    "sunshine-delivery": ("3.3", "ratio", "build-up", "20", "%", (EDU,), (MR,), EDU,
                          (0, 0, 10, 20, 20, 30, 30, 30, 80, 90, 100, 100)),
    "wuyou-fresh-stores": ("5.1", "count", "named", "10", "家", (MR,), (), MR,
                           (0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 10, 10)),
    "provincial-model-workshop": ("6.1", "count", "named", "1", "家", (MR,), (), MR, LAST_1),
    "school-model-canteens": ("6.2", "count", "named", "8", "家", (EDU,), (MR,), EDU,
                              (0, 0, 1, 2, 3, 4, 4, 5, 6, 8, 8, 8)),
    "new-community-elderly-canteens": ("6.2", "count", "named", "3", "家", (CIVIL,), (MR,), CIVIL,
                                       (0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3)),
    "baobao-supervision-rate": ("7.1", "ratio", "cycle", "100", "%", (OFFICE,), (MR,), OFFICE, QUARTER_ENDS),
    "baobao-rectification-rate": ("7.1", "ratio", "due-cohort", "100", "%", (OFFICE,), (MR,), OFFICE, FLAT),
    "traceable-varieties": ("10.1", "stock", "build-up", "10", "个", (AGRI,), (MR,), AGRI,
                            (0, 0, 2, 4, 6, 8, 9, 10, 10, 10, 10, 10)),
    "key-subjects-on-chain": ("11.1", "ratio", "build-up", "85", "%", (MR, AGRI), (), MR, TO_SEPTEMBER),
    "key-varieties-on-chain": ("11.1", "ratio", "build-up", "90", "%", (MR,), (AGRI,), MR, TO_SEPTEMBER),
    "sentinel-sites": ("15.1", "count", "named", "30", "家", (MR,), (), MR,
                       (0, 0, 4, 8, 12, 16, 20, 25, 30, 30, 30, 30)),
    "unqualified-disposal-rate": ("15.1", "ratio", "due-cohort", "100", "%", (MR,), (), MR, FLAT),
    "food-sampling": ("15.3", "count", "accumulate", "1750", "批次", (MR,), (), MR,
                      (0, 0, 90, 210, 385, 580, 790, 1015, 1225, 1435, 1630, 1750)),
    "drug-sampling": ("15.3", "count", "accumulate", "90", "批次", (MR,), (), MR,
                      (0, 0, 5, 15, 28, 42, 55, 65, 75, 85, 90, 90)),
    "essential-drug-pass-rate": ("15.3", "ratio", "outcome", "99.5", "%", (MR,), (), MR, (99.5,) * 12),
    "agri-quantitative-monitoring": ("15.4", "rate", "accumulate", "1.8", "批次/千人", (AGRI,), (), AGRI,
                                     (0, 3, 8, 16, 26, 38, 50, 62, 74, 86, 95, 100)),
    "food-risk-samples": ("15.5", "rate", "accumulate", "1", "件/千人", (HEALTH,), (), HEALTH,
                          (0, 0, 5, 12, 22, 35, 50, 63, 78, 90, 100, 100)),
    "provincial-production-bases": ("16.2", "count", "named", "3", "个", (AGRI,), (), AGRI, LAST_3),
    "green-food": ("18.2", "count", "named", "5", "个", (AGRI,), (), AGRI,
                   (0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5)),
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLANS / "pinghu-2024").at(Period(2024, 1))


def test_it_has_6_sections_23_items_58_clauses_22_targets_and_every_agency(plan: Plan) -> None:
    assert (len(plan.sections), len(plan.items), len(plan.clauses), len(plan.indicators)) == (6, 23, 58, 22)
    assert len(plan.filers) == 20
    assert [a.name for a in plan.agencies if a.collective] == ["各部门", "市食药安委成员单位"]


def test_its_22_targets_stand_in_14_clauses(plan: Plan) -> None:
    kinds = [i.kind for i in plan.indicators]
    assert [kinds.count(k) for k in ("ratio", "count", "stock", "rate")] == [10, 9, 1, 2]
    assert len({i.clause for i in plan.indicators}) == 14


@pytest.mark.parametrize("indicator_id", TARGETS)
def test_a_target_stands_as_the_design_proposes_it(plan: Plan, indicator_id: str) -> None:
    indicator = plan.indicator(indicator_id)
    clause, kind, behaviour, target, unit, sources, cross_check, answerable, points = TARGETS[indicator_id]
    assert (indicator.clause, indicator.kind, indicator.behaviour) == (clause, kind, behaviour)
    assert (indicator.target, indicator.unit) == (Decimal(target), unit)
    assert (indicator.sources, indicator.cross_check) == (sources, cross_check)
    assert indicator.answerable == answerable
    assert indicator.path.points == tuple(None if p is None else Decimal(str(p)) for p in points)
    assert indicator.comparator is Comparator.AT_LEAST
    assert indicator.definition
    assert indicator.numerator


def test_the_targets_stand_in_the_order_of_their_clauses(plan: Plan) -> None:
    assert tuple(i.id for i in plan.indicators) == tuple(TARGETS)
    order = [c.id for c in plan.clauses]
    assert [order.index(i.clause) for i in plan.indicators] == sorted(
        order.index(i.clause) for i in plan.indicators
    )


def test_every_path_ends_at_its_target_and_never_falls(plan: Plan) -> None:
    for indicator in plan.indicators:
        path = path_values(indicator)
        known = [p for p in path if p is not None]
        assert path[-1] == indicator.target, indicator.id
        assert known == sorted(known), indicator.id


def test_only_the_on_chain_rate_is_summed_over_two_sources(plan: Plan) -> None:
    assert [i.id for i in plan.indicators if i.combine == "sum"] == ["key-subjects-on-chain"]


def test_milestones_stand_where_the_figure_comes_only_at_the_end(plan: Plan) -> None:
    assert {i.id: [(m.month, m.title) for m in i.milestones] for i in plan.indicators if i.milestones} == {
        "provincial-model-workshop": [(4, "申报"), (9, "改造"), (10, "核验"), (11, "验收")],
        "provincial-production-bases": [(5, "申报"), (10, "核查"), (11, "公示")],
    }


def test_whoever_answers_for_a_figure_or_reports_it_has_a_part_in_the_clause(plan: Plan) -> None:
    for indicator in plan.indicators:
        owners = {r.agency for r in plan.clause(indicator.clause).responsibilities}
        assert indicator.answerable in owners, indicator.id
        assert set(indicator.sources) <= owners, indicator.id


def test_a_clause_with_a_figure_is_owed_monthly_and_a_collective_one_every_half_year(plan: Plan) -> None:
    with_figure = {i.clause for i in plan.indicators}
    for clause in plan.clauses:
        if clause.id in with_figure:
            assert clause.cadence == "monthly", clause.id
        if any(plan.agency(r.agency).collective for r in clause.responsibilities):
            assert clause.cadence == "half-year", clause.id


def test_nothing_is_confirmed_and_every_target_has_its_decision_to_take(plan: Plan) -> None:
    about = {d.about for d in plan.decisions}
    for indicator in plan.indicators:
        assert indicator.id in about
        assert not indicator.path.confirmed
        assert indicator.baseline is None
        assert indicator.population is None
    assert all(d.status == "待确认" and d.question and d.assumption for d in plan.decisions)
    assert (plan.document_no, plan.issued_on) == (None, None)


def test_standings_tell_who_may_be_lettered_and_how_far(plan: Plan) -> None:
    standing = {a.name: a.standing for a in plan.filers}
    others = {name: s for name, s in standing.items() if s is not Standing.GOVERNMENT}
    assert others == {
        "市食药安办": Standing.OFFICE,
        "市市场监管局": Standing.HOST,
        "市生态环境分局": Standing.BRANCH,
        "市委政法委": Standing.PARTY,
        "市委宣传部": Standing.PARTY,
        "市委网信办": Standing.PARTY,
        "市法院": Standing.COURT_PROCURATORATE,
        "市检察院": Standing.COURT_PROCURATORATE,
        "国家金融监管总局平湖监管支局": Standing.VERTICAL,
    }
    assert [a.id for a in plan.filers if not a.letters] == [OFFICE]


def test_only_three_clauses_name_a_lead(plan: Plan) -> None:
    leads = {c.id: r.agency for c in plan.clauses for r in c.responsibilities if r.relation is Relation.LEAD}
    assert leads == {"4.5": "procuratorate", "21.1": OFFICE, "22.1": OFFICE}
