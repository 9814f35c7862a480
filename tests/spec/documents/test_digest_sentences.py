"""What the digest says, and when: every sentence follows a rule, and none goes beyond the table."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.documents.digest import digest_of
from include.documents.digest_matters import matters
from include.documents.digest_sentences import changes, overall
from include.documents.digest_words import figure, typeset
from include.plan.period import Period
from include.records.facts import Grey, Light
from include.records.reports import CorrectionRow, IndicatorRow, MonthReport, ReconciliationRow
from include.records.submissions import Filing, Timeliness
from tests.reports import STANDINGS, empty_report, sample_report


def indicator(light: str, grey: Grey | None = None, *, number: int = 1, **changed: Any) -> IndicatorRow:
    """One indicator with a light: 60 of a target of 100, where the path wants 80."""
    row = sample_report().indicators[0]
    value, gap = (None, None) if light == "grey" else (Decimal(60), Decimal(-20))
    progress = replace(
        row.progress,
        **{
            "light": Light(light),
            "grey": grey,
            "value": value,
            "target": Decimal(100),
            "path_value": Decimal(80),
            "gap": gap,
            **{name: told for name, told in changed.items() if name in ("gap", "path_confirmed")},
        },
    )
    words = {name: told for name, told in changed.items() if name not in ("gap", "path_confirmed")}
    named = {"name": f"指标{number}", "answerable": "甲局", "unit": "家", "last_light": ""}
    return replace(row, progress=progress, **{**named, **words})


def report(*rows: IndicatorRow, **changed: Any) -> MonthReport:
    return replace(empty_report(), indicators=rows, **changed)


# ------------------------------------------------------------------ the overall judgement


@pytest.mark.parametrize(
    ("lights", "said"),
    [
        ("gggd", "8月可判断的指标全部达到时序进度：可判断的4项中达到时序或已完成4项。"),
        ("gggy", "8月多数指标按时序推进，1项略低于时序：可判断的4项中达到时序或已完成3项、黄灯1项。"),
        ("gggr", "8月多数指标按时序推进，1项明显落后：可判断的4项中达到时序或已完成3项、红灯1项。"),
        ("gyyr", "8月1项明显落后：可判断的4项中达到时序或已完成1项、黄灯2项、红灯1项。"),
        ("rr", "8月2项明显落后：可判断的2项中红灯2项。"),
        ("gxx", "8月多数指标暂不作判断：可判断的1项中达到时序或已完成1项。"),
        ("xx", "8月2项指标均暂不作判断。"),
    ],
)
def test_the_first_sentence_judges_by_the_counts_of_lights(lights: str, said: str):
    names = {"g": "green", "d": "done", "y": "yellow", "r": "red", "x": "grey"}
    rows = [indicator(names[c], Grey.NOT_DUE if c == "x" else None, number=n) for n, c in enumerate(lights)]
    assert overall(report(*rows))[0] == said


def test_the_second_names_red_lights_by_agency_the_farthest_behind_first():
    rows = [
        indicator("red", number=1, gap=Decimal(-20)),
        indicator("red", number=2, gap=Decimal(-60), answerable="乙局"),
        indicator("red", number=3, gap=Decimal(-10), answerable="乙局"),
    ]
    assert overall(report(*rows))[1] == "红灯：乙局“指标2”“指标3”、甲局“指标1”。"


def test_without_red_it_names_the_yellow_ones_and_without_both_nothing():
    assert overall(report(indicator("yellow"), indicator("green")))[1] == "黄灯：甲局“指标1”。"
    assert len(overall(report(indicator("green")))) == 1


def test_what_is_unknown_is_said_apart_from_what_is_not_due():
    rows = [
        indicator("grey", Grey.NOT_REPORTED),
        indicator("grey", Grey.NO_BASELINE),
        indicator("grey", Grey.NO_BASELINE),
        indicator("grey", Grey.NOT_DUE),
        indicator("green"),
    ]
    assert (
        overall(report(*rows))[-1]
        == "3项指标无法判断（未报1项、待补基期2项）；1项本月不作判断（未到期1项）。"
    )


def test_a_path_nobody_confirmed_is_named():
    rows = [indicator("green"), indicator("yellow", path_confirmed=False)]
    assert overall(report(*rows))[-1] == "1项的时序进度待确认，亮灯仅供参考。"


LIGHTS = st.sampled_from(["green", "yellow", "red", "done", *(f"grey:{g.value}" for g in Grey)])


@settings(deadline=None, derandomize=True)
@given(st.lists(LIGHTS, min_size=1, max_size=30))
def test_no_count_in_a_sentence_contradicts_the_table(told: list[str]):
    rows = [
        indicator(t.split(":")[0], Grey(t.split(":")[1]) if ":" in t else None, number=n)
        for n, t in enumerate(told)
    ]
    digest = digest_of(report(*rows))
    counts = Counter(line.light for line in digest.indicators)
    assert {light: n for light, _, n in digest.lights} == {light: counts[light] for light in Light}
    assert len(digest.overall) <= 3
    said = digest.overall[0]
    assert said_count(said, "红灯") == counts[Light.RED]
    assert said_count(said, "黄灯") == counts[Light.YELLOW]
    assert said_count(said, "达到时序或已完成") == counts[Light.GREEN] + counts[Light.DONE]
    for grey in Grey:
        in_table = sum(line.light_name == f"灰·{grey.value}" for line in digest.indicators)
        assert sum(said_count(s, grey.value) for s in digest.overall[1:]) == in_table
    assert [lag.line.light for lag in digest.lagging] == [Light.RED] * counts[Light.RED]
    assert len(digest.near) == counts[Light.YELLOW]


def said_count(sentence: str, word: str) -> int:
    found = re.search(rf"{word}(\d+)项", sentence)
    return int(found[1]) if found else 0


# ------------------------------------------------------------------ what changed


def test_lights_that_turned_are_told_worse_first_with_both_lights():
    rows = [
        indicator("green", number=1, last_light="yellow"),
        indicator("red", number=2, last_light="yellow"),
        indicator("done", number=3, last_light="green"),
        indicator("green", number=4, last_light="green"),
        indicator("grey", Grey.NOT_REPORTED, number=5, last_light="green"),
    ]
    assert changes(report(*rows)) == (
        "亮灯转差1项：指标2（黄→红）。",
        "新完成年度目标1项：指标3。",
        "亮灯转好1项：指标1（黄→绿）。",
        "另有1项转为灰灯：指标5（未报）。",
    )


def test_nothing_turned_is_said_and_nothing_known_is_said():
    assert changes(report(indicator("green", last_light="green"))) == ("各项亮灯与上月相同。",)
    assert changes(report(indicator("green"))) == ("没有上月可比的亮灯和报送情况。",)


def test_corrections_name_what_was_and_what_is():
    rows = tuple(CorrectionRow(Period(2024, m), "抽检", "1批次", "2批次", "") for m in (5, 6, 7))
    assert changes(report(corrections=rows)) == (
        "更正3处：5月抽检1批次改为2批次、6月抽检1批次改为2批次等3项。",
    )


def test_on_time_returns_are_compared_only_once_both_months_are_due():
    full = sample_report()
    assert "按时报送19家，上月21家。" in changes(full)
    pending = tuple(
        replace(
            a,
            filings=tuple(
                replace(f, timeliness=Timeliness.PENDING) if f.period == full.period else f for f in a.filings
            ),
        )
        for a in full.agencies
    )
    assert not any("按时报送" in line for line in changes(replace(full, agencies=pending)))


# ------------------------------------------------------------------ matters for coordination


def test_there_are_at_most_three_one_of_each_kind_before_a_second_of_any():
    told = matters(sample_report())
    assert [m.agency for m in told] == ["市演示二局", "市演示一局", "市市场监管局、市教育局"]
    assert [m.by for m in told] == ["10月12日前", "9月24日前", "9月24日前"]


def test_a_red_light_on_an_unconfirmed_path_is_shown_and_asks_nothing_of_a_leader():
    unsure = report(indicator("red", path_confirmed=False, office_action=""))
    assert matters(unsure) == ()
    assert digest_of(unsure).lagging[0].action == typeset("时序进度待确认，暂不立项督办")


def test_one_missing_month_is_the_office_s_business_two_running_are_a_leader_s():
    full = sample_report()
    silent = next(a for a in full.agencies if a.name == "市演示一局")
    once = replace(silent, filings=silent.filings[:5] + silent.filings[7:])
    assert matters(replace(empty_report(), agencies=(once,))) == ()
    assert matters(replace(empty_report(), agencies=(silent,)))[0].what == "月度报表连续3个月未报"


def test_only_an_undecided_contradiction_is_put_before_a_leader():
    row = ReconciliationRow("i", "门店数", (("甲局", "3"), ("乙局", "2")), "待核定", "")
    assert (
        matters(replace(empty_report(), reconciliations=(row,)))[0].what == "“门店数”数据不一致：甲局3、乙局2"
    )
    assert matters(replace(empty_report(), reconciliations=(replace(row, decision="3"),))) == ()


def test_a_matter_without_a_known_date_waits_for_the_next_digest():
    row = indicator("red")
    assert matters(report(row))[0].by == "下期月报前"
    dated = report(row, next_dates=((date(2024, 9, 1), "截止"), (date(2024, 9, 24), "锁定")))
    assert matters(dated)[0].by == "9月24日前"  # a day that is past is no deadline


# ------------------------------------------------------------------ lagging, discipline, letters


def test_a_red_line_tells_distance_cause_explanation_and_action_or_that_there_is_none():
    lag = digest_of(report(indicator("red", explanation="", office_action=""))).lagging[0]
    assert lag.distance.startswith("落后时序20家")
    assert (lag.explanation, lag.action) == ("未作说明", "尚未采取措施")


def test_missing_and_late_agencies_stand_in_their_order_with_the_months_running():
    told = digest_of(sample_report()).discipline
    assert told.missing == (typeset("市演示一局（连续3个月）"),)
    assert told.late == ("市商务局", "市财政局")
    assert told.months[-1] == ("8月", 19, 2, 1, 0)


def test_a_return_sent_back_and_not_corrected_is_named():
    agency = sample_report().agencies[0]
    for timeliness in (Timeliness.PENDING, Timeliness.MISSING):
        last = replace(agency.filings[-1], filing=Filing.RETURNED, timeliness=timeliness)
        changed = replace(sample_report(), agencies=(replace(agency, filings=(last,)),))
        told = digest_of(changed).discipline
        assert told.returned == ("市食药安办",)
        assert told.missing == (), "who sent a file is not said to have sent none"
        assert told.months == (("8月", 0, 0, 0, 1),)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(STANDINGS), st.sampled_from(STANDINGS)), min_size=1, max_size=12))
def test_whoever_is_named_for_how_it_reported_is_counted_so_in_the_months(told: list[Any]):
    one = sample_report().agencies[0]
    agencies = tuple(
        replace(
            one,
            name=f"第{n}局",
            filings=tuple(
                replace(filing, filing=how, timeliness=when)
                for filing, (how, when) in zip(one.filings[-2:], months, strict=True)
            ),
        )
        for n, months in enumerate(told)
    )
    said = digest_of(replace(empty_report(), agencies=agencies)).discipline
    named = [name.partition("（")[0] for name in (*said.missing, *said.late, *said.returned)]
    assert len(named) == len(set(named)), "nobody is named for two things"
    assert said.months[-1][2:] == (len(said.late), len(said.missing), len(said.returned))
    assert [int(re.findall(r"\d+", n)[0]) for n in said.missing] == sorted(
        n for n, (_, now) in enumerate(told) if now == (Filing.NONE, Timeliness.MISSING)
    ), "in 机构序列"


def test_months_running_without_a_usable_return_say_which_were_sent_back():
    silent = next(a for a in sample_report().agencies if a.name == "市演示一局")
    back = replace(silent.filings[-1], filing=Filing.RETURNED)
    mixed = replace(silent, filings=(*silent.filings[:-1], back))
    (asked,) = matters(replace(empty_report(), agencies=(mixed,)))
    assert asked.what == "月度报表连续3个月未报或退回未更正（退回1个月）"


def test_agencies_are_ranked_only_where_the_plan_lets_them():
    assert digest_of(sample_report()).discipline.ranking == ""
    told = digest_of(replace(sample_report(), ranked=True)).discipline.ranking
    assert told.startswith("本年按时报送（次/应报次）：市食药安办8/8、")
    assert told.endswith("市演示一局5/8。")


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(999, 1000, "99%"), (1, 1000, "1%"), (0, 5, "0%"), (5, 5, "100%")]
)
def test_a_rate_is_whole_only_where_nothing_is_wanting(part: int, whole: int, said: str):
    told = digest_of(replace(empty_report(), completeness=(part, whole), timeliness=(part, whole)))
    assert f"报送率{said}" in told.discipline.sentence


def test_letters_are_those_signed_since_the_month_began_and_those_waiting():
    digest = digest_of(sample_report())
    assert [letter.number for letter in digest.letters] == ["演示〔2024〕2号", "演示〔2024〕3号"]
    assert [letter.agency for letter in digest.waiting] == ["市演示一局", "市演示二局"]
    assert "已过期限未回复" in digest.letters[0].when
    assert "已过期限未回复" not in digest.letters[1].when


def test_dates_that_are_past_are_left_out():
    told = replace(
        empty_report(),
        next_dates=((date(2024, 9, 1), "甲"), (date(2024, 9, 30), "乙"), (date(2024, 9, 20), "丙")),
    )
    assert [what for _, what in digest_of(told).dates] == ["丙", "乙"]


# ------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("value", "against", "said"),
    [
        ("99.496", "99.5", "99.496%"),
        ("99.5", "99.5", "99.5%"),
        ("33.3333", "50", "33.33%"),
        ("1000", "1750", "1000%"),
        ("0", "1", "0%"),
    ],
)
def test_a_figure_is_never_rounded_up_to_the_target_it_misses(value: str, against: str, said: str):
    assert figure(Decimal(value), "%", against=Decimal(against)) == said


def test_punctuation_beside_chinese_is_full_width_and_times_stay():
    assert typeset("截至18:00，甲（乙，丙）：共1,000家") == "截至18:00，甲（乙，丙）：共1,000家"
    assert typeset("f(x), see a:b") == "f(x), see a:b"
