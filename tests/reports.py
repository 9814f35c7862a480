"""A made-up month's report over the real plan: every figure, explanation and letter in it is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from include.plan import Indicator, Period, Plan, load_plan
from include.plan.model import Behaviour, Kind, PathBasis
from include.records.facts import Fact, Grey, Light, Progress
from include.records.figures import FigureState, Role
from include.records.reports import (
    AgencyRow,
    ClauseRow,
    CorrectionRow,
    FactRow,
    IndicatorRow,
    LetterRow,
    MonthReport,
    ReconciliationRow,
)
from include.records.submissions import Filing, ReturnStanding, Timeliness

ROOT = Path(__file__).resolve().parent.parent
PERIOD = Period(2024, 8)
SILENT, LAGGING = "市演示一局", "市演示二局"  # invented agencies, as in the demo
MONTHS = range(1, 9)
STANDINGS = (  # how a return can stand, on time first
    (Filing.ACCEPTED, Timeliness.ON_TIME),
    (Filing.ACCEPTED, Timeliness.LATE),
    (Filing.NONE, Timeliness.MISSING),
    (Filing.RETURNED, Timeliness.MISSING),
    (Filing.RETURNED, Timeliness.PENDING),
    (Filing.NONE, Timeliness.PENDING),
    (Filing.EXEMPT, Timeliness.EXEMPT),
)

# indicator id -> figures January … August, light, last month's light
_FIGURES: dict[str, tuple[str, str, str]] = {
    "school-canteen-grade-a": ("38 38 38.5 39 40 41.2 42 43.6", "green", "green"),
    "eldercare-canteen-grade-b": ("31 33 36 39 41 43 45 46.9", "yellow", "green"),
    "elderly-canteen-licensed": ("71 76 80 86 92 97 100 100", "done", "yellow"),
    "wuyou-fresh-stores": ("0 0 0 1 2 3 5 6", "green", "green"),
    "school-model-canteens": ("0 0 1 2 3 4 5 5", "green", "green"),
    "new-community-elderly-canteens": ("0 0 0 1 1 2 3 3", "done", "green"),
    "baobao-rectification-rate": ("100 100 98 100 100 100 100 100", "green", "green"),
    "traceable-varieties": ("0 0 2 4 6 8 9 10", "done", "green"),
    "key-subjects-on-chain": ("52 55 60 64 68 72 75 78.4", "yellow", "yellow"),
    "sentinel-sites": ("0 0 4 9 13 17 22 27", "green", "green"),
    "unqualified-disposal-rate": ("100 100 100 100 100 100 100 100", "green", "green"),
    "food-sampling": ("0 20 95 214 392 588 801 1042", "green", "green"),
    "drug-sampling": ("0 0 6 16 30 44 55 61", "yellow", "green"),
    "essential-drug-pass-rate": ("- - 100 100 100 100 100 100", "green", "green"),
    "agri-quantitative-monitoring": ("0 .06 .16 .31 .49 .7 .93 1.15", "green", "yellow"),
    "food-risk-samples": ("0 0 .06 .13 .24 .36 .51 .64", "green", "green"),
    "green-food": ("0 0 0 0 1 2 2 3", "green", "green"),
}
_GREY: dict[str, Grey] = {
    "sunshine-delivery": Grey.NO_BASELINE,
    "provincial-model-workshop": Grey.NOT_DUE,
    "baobao-supervision-rate": Grey.NOT_DUE,
    "key-varieties-on-chain": Grey.NO_BASELINE,
    "provincial-production-bases": Grey.NOT_STARTED,
}
_BASELINES = {
    "school-canteen-grade-a": 38,
    "eldercare-canteen-grade-b": 30,
    "elderly-canteen-licensed": 68,
    "key-subjects-on-chain": 50,
}
_EXPLAINED = {
    "eldercare-canteen-grade-b": "两家新开业机构尚未评级，按口径计入分母，9月底前完成评级。",
    "key-subjects-on-chain": "小散主体激活慢，已分镇街排出上门辅导计划。",
    "drug-sampling": "检验机构8月设备检修一周，检品顺延到9月上旬出报告。",
}


@cache
def real_plan() -> Plan:
    """The official plan as it stands in the repository."""
    return load_plan(ROOT / "plans" / "pinghu-2024").at(PERIOD)


def sample_report() -> MonthReport:
    """August 2024 as a leader might see it: two red lights, a silent agency, two figures that disagree."""
    plan = real_plan()
    return MonthReport(
        plan_id=plan.id,
        plan_title=plan.title,
        place=plan.place,
        office_name=plan.office_name,
        period=PERIOD,
        as_of=date(2024, 9, 13),
        edition=1,
        issue_number=8,
        locked=False,
        demo=True,
        clock_note="演示时钟 2024-09-13 09:00",
        handling_mark="内部资料",
        completeness=(21, 22),
        timeliness=(19, 22),
        indicators=(*(_indicator_row(plan, i) for i in plan.indicators), *_made_up_indicators()),
        agencies=tuple(_agency_rows(plan)),
        clauses=tuple(_clause_rows(plan)),
        corrections=(
            CorrectionRow(
                Period(2024, 6), "食品监督抽检", "580批次", "588批次", "责任单位更正报数：补入夜间专项8批次"
            ),
        ),
        reconciliations=(
            ReconciliationRow(
                "school-canteen-grade-a",
                "学校食堂A级比例（分母）",
                (("市市场监管局", "117"), ("市教育局", "121")),
                "待核定",
                "",
            ),
            ReconciliationRow(
                "new-community-elderly-canteens",
                "新增社区老年食堂",
                (("市民政局", "3"), ("市市场监管局", "2")),
                "3",
                "以民政局验收名单为准，许可证在办",
            ),
        ),
        letters=_letters(),
        decisions=tuple((_about(plan, d.about), d.question, d.assumption) for d in plan.decisions),
        facts=tuple(_fact_rows(plan)),
        next_dates=(
            (date(2024, 9, 24), "2024年8月报表锁定"),
            (date(2024, 9, 30), "2024年9月填报模板下发"),
            (date(2024, 10, 12), "2024年9月报表18:00截止"),
            (date(2024, 10, 21), "2024年9月工作月报印发"),
        ),
    )


def empty_report() -> MonthReport:
    """A month of which nothing is known."""
    return replace(
        sample_report(),
        indicators=(),
        agencies=(),
        clauses=(),
        corrections=(),
        reconciliations=(),
        letters=(),
        decisions=(),
        facts=(),
        next_dates=(),
        completeness=(0, 0),
        timeliness=(0, 0),
    )


def larger_report(agencies: int, facts_each: int = 30) -> MonthReport:
    """The same month with as many agencies' facts."""
    report = sample_report()
    one = report.facts[0]
    rows = (
        replace(one, agency=f"第{n}号单位", fact=replace(one.fact, ref=f"D{k + 5}", value=Decimal(n * k) / 7))
        for n in range(agencies)
        for k in range(facts_each)
    )
    return replace(report, facts=tuple(rows))


def _about(plan: Plan, about: str) -> str:
    names = {i.id: i.name for i in plan.indicators} | {c.id: f"第{c.id}条" for c in plan.clauses}
    return names.get(about, "全文")


def _series(text: str) -> tuple[Decimal | None, ...]:
    told = [None if word == "-" else Decimal(word) for word in text.split()]
    return (*told, *[None] * (12 - len(told)))


def _path(indicator: Indicator) -> tuple[Decimal | None, ...]:
    low = Decimal(_BASELINES.get(indicator.id, 0))
    share = {
        PathBasis.VALUE: lambda p: p,
        PathBasis.TARGET_SHARE: lambda p: p * indicator.target / 100,
        PathBasis.GAP_SHARE: lambda p: low + p * (indicator.target - low) / 100,
    }[indicator.path.basis]
    if indicator.path.basis is PathBasis.GAP_SHARE and indicator.id not in _BASELINES:
        return (None,) * 12
    return tuple(None if p is None else share(p) for p in indicator.path.points)


def _indicator_row(plan: Plan, indicator: Indicator) -> IndicatorRow:
    figures, light, last_light = _FIGURES.get(indicator.id, ("- - - - - - - -", "grey", "grey"))
    series, path = _series(figures), _path(indicator)
    progress = _progress(indicator, series, path, Light(light))
    return IndicatorRow(
        progress=progress,
        clause_id=indicator.clause,
        name=indicator.name,
        unit=indicator.unit,
        comparator=indicator.comparator.value,
        answerable=plan.agency(indicator.answerable).name,
        sources=tuple(plan.agency(s).name for s in indicator.sources),
        series=series,
        path=path,
        explanation=_EXPLAINED.get(indicator.id, ""),
        office_action="8月14日电话提醒" if light == "yellow" else "",
        change=_change(plan, indicator, progress),
        remark="年度约90批次，1批次不合格即达不到99.5%" if indicator.id == "essential-drug-pass-rate" else "",
        marks=("核对异议",) if indicator.id == "school-canteen-grade-a" else (),
        last_light=last_light,
    )


def _progress(
    indicator: Indicator, series: tuple[Decimal | None, ...], path: tuple[Decimal | None, ...], light: Light
) -> Progress:
    value, due = series[7], path[7]
    gap = value - due if value is not None and due is not None else None
    return Progress(
        indicator_id=indicator.id,
        period=PERIOD,
        light=light,
        grey=_GREY.get(indicator.id, Grey.NOT_REPORTED) if light is Light.GREY else None,
        value=value,
        numerator=Decimal(round(value * 117 / 100))
        if value is not None and indicator.kind is Kind.RATIO
        else None,
        denominator=Decimal(117) if value is not None and indicator.kind is Kind.RATIO else None,
        target=indicator.target,
        path_value=due,
        share_pct=value / indicator.target * 100 if value is not None else None,
        gap=gap,
        pace_needed=max(indicator.target - value, Decimal(0)) / 4 if value is not None else None,
        pending=None,
        last_value=series[6],
        path_confirmed=True,
        reason=_reason(indicator, light, gap),
    )


def _reason(indicator: Indicator, light: Light, gap: Decimal | None) -> str:
    return {
        Light.GREEN: "达到本月时序进度。",
        Light.YELLOW: f"低于本月时序进度{abs(gap or 0):.4g}{indicator.unit}，差距在一成以内。",
        Light.RED: f"低于本月时序进度{abs(gap or 0):.4g}{indicator.unit}，差距超过一成。",
        Light.GREY: f"{_GREY.get(indicator.id, Grey.NOT_REPORTED)}，不判断进度。",
        Light.DONE: "已达到年度目标。",
    }[light]


def _change(plan: Plan, indicator: Indicator, progress: Progress) -> str:
    if progress.value is None or progress.last_value is None or progress.value == progress.last_value:
        return ""
    source = plan.agency(indicator.sources[0]).name
    return f"较上月增加{progress.value - progress.last_value}{indicator.unit}（{source}报数）"


def _made_up_indicators() -> Iterator[IndicatorRow]:
    told = (
        (
            "demo-booths",
            "演示：科普宣传点位建设",
            "个",
            40,
            "0 2 4 6 8 9 10 11",
            (0, 3, 6, 10, 14, 18, 22, 26, 30, 34, 38, 40),
            "点位选址与街道意见未统一，5个点位待定。",
            "7月12日提醒敦促函（已回复）；9月11日整改通知书（待签发）",
        ),
        (
            "demo-training",
            "演示：协管员培训",
            "人次",
            600,
            "0 40 80 120 160 180 190 205",
            (0, 50, 100, 150, 200, 250, 300, 350, 420, 500, 560, 600),
            "",
            "9月10日提醒敦促函（已送达）",
        ),
    )
    for identity, name, unit, target, figures, path, said, done in told:
        series = _series(figures)
        value, due = series[7], Decimal(path[7])
        assert value is not None
        yield IndicatorRow(
            progress=Progress(
                indicator_id=identity,
                period=PERIOD,
                light=Light.RED,
                grey=None,
                value=value,
                numerator=None,
                denominator=None,
                target=Decimal(target),
                path_value=due,
                share_pct=value / target * 100,
                gap=value - due,
                pace_needed=(target - value) / 4,
                pending=Decimal(2) if unit == "个" else None,
                last_value=series[6],
                path_confirmed=True,
                reason=f"低于本月时序进度{due - value}{unit}，差距超过一成。",
            ),
            clause_id="21.1",
            name=name,
            unit=unit,
            comparator=">=",
            answerable=LAGGING,
            sources=(LAGGING,),
            series=series,
            path=tuple(Decimal(p) for p in path),
            explanation=said,
            office_action=done,
            change=f"较上月增加{value - (series[6] or 0)}{unit}（{LAGGING}报数）",
            marks=("待认定 2个",) if unit == "个" else (),
            last_light="red" if unit == "个" else "yellow",
        )
    yield IndicatorRow(
        progress=Progress(
            indicator_id="demo-hotline",
            period=PERIOD,
            light=Light.GREY,
            grey=Grey.NOT_REPORTED,
            value=None,
            numerator=None,
            denominator=None,
            target=Decimal(100),
            path_value=Decimal(100),
            share_pct=None,
            gap=None,
            pace_needed=None,
            pending=None,
            last_value=None,
            path_confirmed=True,
            reason="本月未报，不判断进度。",
            missing_sources=(SILENT,),
        ),
        clause_id="22.1",
        name="演示：热线按期办结率",
        unit="%",
        comparator=">=",
        answerable=SILENT,
        sources=(SILENT,),
        series=_series("100 98 97 99 97 - - -"),
        path=(Decimal(100),) * 12,
        explanation="",
        office_action="",
        last_light="grey",
    )


def _agency_rows(plan: Plan) -> Iterator[AgencyRow]:
    for agency in plan.filers:
        late = {"commerce": (3, 8), "finance": (8,), "education": (5,)}.get(agency.id, ())
        yield AgencyRow(
            agency_id=agency.id,
            name=agency.name,
            filings=tuple(_standing(agency.id, m, "late" if m in late else "on-time") for m in MONTHS),
            lights=tuple(
                (i.id, _FIGURES.get(i.id, ("", "grey", ""))[1])
                for i in plan.indicators
                if i.answerable == agency.id
            ),
            open_cases=(),
            silent_clauses=("7.2", "22.1") if agency.id in ("finance", "culture-tourism") else (),
        )
    yield AgencyRow(
        "demo-silent",
        SILENT,
        tuple(_standing("demo-silent", m, "missing" if m > 5 else "on-time") for m in MONTHS),
        (("demo-hotline", "grey"),),
        ("月度报送：整改通知书待签发（7月9日起）",),
        ("21.1", "22.1"),
        made_up=True,
    )
    yield AgencyRow(
        "demo-lagging",
        LAGGING,
        tuple(_standing("demo-lagging", m, "on-time") for m in MONTHS),
        (("demo-booths", "red"), ("demo-training", "red")),
        (
            "演示：科普宣传点位建设：整改通知书待签发（7月12日起）",
            "演示：协管员培训：提醒敦促函送达（9月10日起）",
        ),
        (),
        made_up=True,
    )


def _standing(agency_id: str, month: int, timeliness: str) -> ReturnStanding:
    due = datetime(2024, month + 1, 7, 10, tzinfo=UTC)
    came = None if timeliness == "missing" else due + timedelta(days=2 if timeliness == "late" else -1)
    return ReturnStanding(
        agency_id=agency_id,
        period=Period(2024, month),
        due_at=due,
        filing=Filing.NONE if came is None else Filing.ACCEPTED,
        timeliness=Timeliness(timeliness),
        locked=month < 8,
        first_accepted_at=came,
        last_returned_at=None,
        submissions=0 if came is None else 1,
    )


def _clause_rows(plan: Plan) -> Iterator[ClauseRow]:
    for clause in plan.clauses[:16]:
        for agency_id in plan.owners(clause.id)[:2]:
            yield ClauseRow(
                clause_id=clause.id,
                title=clause.title,
                agency=plan.agency(agency_id).name,
                status="正常推进",
                text=f"围绕{clause.title}开展检查指导12家次，发现问题5个，已督促整改4个（演示文字）。",
                problems="个别主体台账不全。" if clause.item % 3 == 0 else "",
                next_steps="9月组织一次回头看。",
            )
    yield ClauseRow("21.1", "食药安全科普宣传", SILENT, "未填", "", "", "")


def _letters() -> tuple[LetterRow, ...]:
    def day(month: int, number: int) -> date:
        return date(2024, month, number)

    return (
        LetterRow(
            "提醒敦促函",
            "演示〔2024〕1号",
            LAGGING,
            "关于科普宣传点位建设进度的提醒敦促函",
            "已回复",
            day(7, 9),
            day(7, 12),
            day(7, 12),
            day(7, 19),
            "督办事项1",
        ),
        LetterRow(
            "提醒敦促函",
            "演示〔2024〕2号",
            SILENT,
            "关于按时报送月度报表的提醒敦促函",
            "已送达",
            day(8, 9),
            day(8, 13),
            day(8, 13),
            day(8, 20),
            "督办事项2",
        ),
        LetterRow(
            "提醒敦促函",
            "演示〔2024〕3号",
            LAGGING,
            "关于协管员培训进度的提醒敦促函",
            "已送达",
            day(9, 9),
            day(9, 10),
            day(9, 10),
            day(9, 18),
            "督办事项3",
        ),
        LetterRow(
            "整改通知书",
            "",
            SILENT,
            "关于限期补报月度报表的整改通知书",
            "待签发",
            day(9, 9),
            None,
            None,
            None,
            "督办事项2",
        ),
        LetterRow(
            "整改通知书",
            "",
            LAGGING,
            "关于限期完成科普宣传点位建设的整改通知书",
            "待签发",
            day(9, 11),
            None,
            None,
            None,
            "督办事项1",
        ),
    )


def _fact_rows(plan: Plan) -> Iterator[FactRow]:
    for indicator in plan.indicators:
        for source in indicator.sources:
            for month in MONTHS:
                yield from _facts_of(plan, indicator, source, month)


def _facts_of(plan: Plan, indicator: Indicator, source: str, month: int) -> Iterator[FactRow]:
    value = _series(_FIGURES.get(indicator.id, ("- - - - - - - -", "", ""))[0])[month - 1]
    if value is None:
        return
    if indicator.kind is Kind.RATIO:
        figures = [(Role.NUMERATOR, Decimal(round(value * 117 / 100))), (Role.DENOMINATOR, Decimal(117))]
    else:
        figures = [(Role.LEVEL if indicator.behaviour is Behaviour.BUILD_UP else Role.CUMULATIVE, value)]
    for row, (role, figure) in enumerate(figures):
        zero = FigureState.CONFIRMED_ZERO if figure == 0 else FigureState.REPORTED
        yield FactRow(
            fact=Fact(
                source,
                Period(2024, month),
                indicator.id,
                role,
                zero,
                figure,
                month * 100 + row,
                "指标填报",
                f"E{8 + row}",
                str(figure),
            ),
            agency=plan.agency(source).name,
            indicator=indicator.name,
            file=f"2024-{month:02d} 填报.xlsx",
            submission_number=1,
            arrived_at=datetime(2024, month + 1, 5, 7, 30, tzinfo=UTC),
            signed_by="王某某（演示）",
        )
