"""The digest's sentences: made from the report's data by rules, never beyond what the table shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from include.documents.digest_words import counted, listed, quoted
from include.plan.period import Period
from include.records.facts import Grey, Light
from include.records.reports import IndicatorRow, MonthReport
from include.records.submissions import Timeliness

IDLE = (Grey.NOT_DUE, Grey.NOT_STARTED, Grey.NOT_APPLICABLE, Grey.EXEMPT)  # no light is wanted yet
UNKNOWN = tuple(g for g in Grey if g not in IDLE)  # a light is wanted and cannot be given
RANK = {Light.DONE: 0, Light.GREEN: 1, Light.YELLOW: 2, Light.RED: 3}  # best first


def of_light(report: MonthReport, *lights: Light) -> list[IndicatorRow]:
    """Give the indicators with one of the lights, in plan order."""
    return [row for row in report.indicators if row.progress.light in lights]


def overall(report: MonthReport) -> tuple[str, ...]:
    """Judge the month in at most three sentences: how it stands, what is behind, what is unknown."""
    return tuple(s for s in (_standing(report), _behind(report), _unknown(report)) if s)


def _standing(report: MonthReport) -> str:
    lights = Counter(row.progress.light for row in report.indicators)
    judged = sum(lights.values()) - lights[Light.GREY]
    month = f"{report.period.month}月"
    if not judged:
        return f"{month}{len(report.indicators)}项指标均暂不作判断。"
    fine = lights[Light.GREEN] + lights[Light.DONE]
    counts = counted(
        [("达到时序或已完成", fine), ("黄灯", lights[Light.YELLOW]), ("红灯", lights[Light.RED])]
    )
    return f"{month}{_verdict(judged, fine, lights)}：可判断的{judged}项中{counts}。"


def _verdict(judged: int, fine: int, lights: Counter[Light]) -> str:
    if judged < lights[Light.GREY]:
        return "多数指标暂不作判断"
    if fine == judged:
        return "可判断的指标全部达到时序进度"
    behind = f"{lights[Light.RED]}项明显落后" if lights[Light.RED] else f"{lights[Light.YELLOW]}项略低于时序"
    return f"多数指标按时序推进，{behind}" if fine * 2 > judged else behind


def _behind(report: MonthReport) -> str:
    red, yellow = of_light(report, Light.RED), of_light(report, Light.YELLOW)
    if red:
        return f"红灯：{_by_agency(worst_first(red))}。"
    if yellow:
        return f"黄灯：{_by_agency(worst_first(yellow))}。"
    return ""


def _by_agency(rows: Sequence[IndicatorRow]) -> str:
    """Name indicators, those of one agency together: 甲“一”“二”、乙“三”."""
    shown: dict[str, str] = {}
    for row in rows[:3]:
        shown[row.answerable] = shown.get(row.answerable, "") + quoted(row.name)
    named = "、".join(agency + names for agency, names in shown.items())
    return named + (f"等{len(rows)}项" if len(rows) > 3 else "")


def worst_first(rows: Sequence[IndicatorRow]) -> list[IndicatorRow]:
    """Sort by how far behind the path, as a share of it; the same distance keeps plan order."""
    return sorted(rows, key=_distance, reverse=True)


def _distance(row: IndicatorRow) -> Decimal:
    gap, due = row.progress.gap, row.progress.path_value
    return -gap / due if gap is not None and due else Decimal(0)


def _unknown(report: MonthReport) -> str:
    greys = Counter(row.progress.grey for row in report.indicators if row.progress.light is Light.GREY)
    parts: list[str] = []
    if unknown := sum(greys[g] for g in UNKNOWN):
        why = "、".join(f"{g.value}{greys[g]}项" for g in UNKNOWN if greys[g])
        parts.append(f"{unknown}项指标无法判断（{why}）")
    if idle := sum(greys[g] for g in IDLE):
        why = "、".join(f"{g.value}{greys[g]}项" for g in IDLE if greys[g])
        parts.append(f"{idle}项本月不作判断（{why}）")
    unconfirmed = sum(
        not row.progress.path_confirmed for row in report.indicators if row.progress.light is not Light.GREY
    )
    if unconfirmed:
        parts.append(f"{unconfirmed}项的时序进度待确认，亮灯仅供参考")
    return "；".join(parts) + "。" if parts else ""


def changes(report: MonthReport) -> tuple[str, ...]:
    """Say what changed since last time: lights that turned, reporting, corrections."""
    told = [*_turned(report), *_reported(report), *_corrected(report)]
    return tuple(told) or ("没有上月可比的亮灯和报送情况。",)


def _corrected(report: MonthReport) -> list[str]:
    if not report.corrections:
        return []
    told = [f"{c.period.month}月{c.what}{c.before}改为{c.after}" for c in report.corrections]
    return [f"更正{len(told)}处：{listed(told, at_most=2)}。"]


def _turned(report: MonthReport) -> list[str]:
    pairs = [(row, Light(row.last_light), row.progress.light) for row in report.indicators if row.last_light]
    known = [(row, was, now) for row, was, now in pairs if was in RANK and now in RANK]
    worse = [row for row, was, now in known if RANK[now] > RANK[was]]
    done = [row for row, was, now in known if now is Light.DONE and was is not Light.DONE]
    better = [row for row, was, now in known if RANK[now] < RANK[was] and now is not Light.DONE]
    told = [("亮灯转差", worse), ("新完成年度目标", done), ("亮灯转好", better)]
    lines = [f"{what}{len(rows)}项：{listed(map(_turn, rows))}。" for what, rows in told if rows]
    dark = [row for row, was, now in pairs if was in RANK and now is Light.GREY]
    if dark:
        lines.append(f"另有{len(dark)}项转为灰灯：{listed(map(_darkened, dark))}。")
    return lines or (["各项亮灯与上月相同。"] if pairs else [])


def _darkened(row: IndicatorRow) -> str:
    return f"{row.name}（{row.progress.grey.value}）" if row.progress.grey else row.name


def _turn(row: IndicatorRow) -> str:
    words = {"green": "绿", "yellow": "黄", "red": "红", "done": "完成"}
    if row.progress.light is Light.DONE:
        return row.name
    return f"{row.name}（{words[row.last_light]}→{words[row.progress.light.value]}）"


def _reported(report: MonthReport) -> list[str]:
    now, before = (_on_time(report, p) for p in (report.period, report.period.previous))
    if before is None or now is None:
        return []
    return [f"按时报送{now}家，上月{before}家。"]


def _on_time(report: MonthReport, period: Period) -> int | None:
    told = [f.timeliness for agency in report.agencies for f in agency.filings if f.period == period]
    if not told or Timeliness.PENDING in told:
        return None
    return sum(t is Timeliness.ON_TIME for t in told)
