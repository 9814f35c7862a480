"""How things stand now, in lines a person reads: who is missing, lights, letters waiting, where files are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from include.errors import PlanError, SettingsError
from include.indicators import show
from include.office.desk import Office, open_office, selected
from include.office.standings import YearStandings, year_standings
from include.office.working_days import sources
from include.office.year_progress import year_progress
from include.plan import Period, Plan
from include.records.escalation import LetterState
from include.records.reports import LIGHT_NAMES
from include.records.submissions import Filing, ReturnStanding, Timeliness
from include.store import cases
from include.workdays import SHANGHAI


def lines(
    plan: str | None = None, now: datetime | None = None, *, office: Office | None = None
) -> Iterator[str]:
    """Say how each plan stands."""
    office = office or open_office()
    moment = office.now(now)
    yield office.clock_note(moment) or f"截至 {moment:%Y-%m-%d %H:%M}"
    for plan_id in selected(office, plan):
        try:
            yield from _plan_lines(office, plan_id, moment)
        except (PlanError, SettingsError) as error:
            if plan:
                raise
            yield f"{plan_id}：{error}"  # the other places' standing is not to wait for it
    yield ""
    yield f"共享盘：{office.drive.root}"
    yield f"  汇总报表 {office.drive.office_path('汇总')}/  工作月报 {office.drive.office_path('月报')}/"
    yield f"  文书 {office.drive.office_path('文书')}/  各单位的模板、回执、文书 责任单位/<单位>/"
    if office.settings.mail_mode == "eml":
        yield f"邮件未真正发出，写成了文件：{office.settings.home / 'mail'}"


def _plan_lines(office: Office, plan_id: str, now: datetime) -> Iterator[str]:
    standings = year_standings(office, plan_id, now)
    periods = sorted({period for _, period in standings})
    if not periods:
        yield f"{plan_id}：还没有开启任何月份（duban open）"
        return
    plan = office.plan(plan_id, periods[-1])
    yield ""
    yield f"{plan.title}{'(演示数据)' if plan.demo else ''}"
    for period in periods[-2:]:
        yield from _period_lines(plan, period, standings, now)
    due = [p for p in periods if any(s.period == p and s.due_at < now for s in standings.values())]
    if due:
        yield from _light_lines(office, plan_id, due[-1], now)
    yield from _letter_lines(office, plan_id)
    yield "  工作日历："
    yield from (f"    {line}" for line in sources(office, plan_id, now))


def _period_lines(plan: Plan, period: Period, standings: YearStandings, now: datetime) -> Iterator[str]:
    here = [s for (_, p), s in standings.items() if p == period and s.filing is not Filing.EXEMPT]
    due = min((s.due_at for s in here), default=now).astimezone(SHANGHAI)  # extensions aside
    accepted = sum(s.filing is Filing.ACCEPTED for s in here)
    state = "已锁定" if all(s.locked for s in here) else "已截止" if due < now else "填报中"
    mark = max((s.due_mark for s in here), default="")
    yield f"  {period.label}（截止 {due:%m-%d %H:%M}{mark}，{state}）：应报 {len(here)}，已报 {accepted}"
    for what, chosen in (
        ("未报", [s for s in here if s.timeliness is Timeliness.MISSING and s.filing is Filing.NONE]),
        ("迟报", [s for s in here if s.timeliness is Timeliness.LATE]),
        ("退回未更正", [s for s in here if s.filing is Filing.RETURNED]),
    ):
        if chosen:
            yield f"    {what}：{_names(plan, chosen)}"


def _names(plan: Plan, chosen: list[ReturnStanding]) -> str:
    wanted = {s.agency_id for s in chosen}
    return "、".join(agency.name for agency in plan.filers if agency.id in wanted)


def _light_lines(office: Office, plan_id: str, period: Period, now: datetime) -> Iterator[str]:
    plan = office.plan(plan_id, period)
    yield f"  指标进度（{period.label}）："
    for progress in year_progress(office, plan_id, period, now)[period].values():
        indicator = plan.indicator(progress.indicator_id)
        light = LIGHT_NAMES[progress.light.value] + (f"（{progress.grey.value}）" if progress.grey else "")
        value = show(progress.value, indicator.unit) if progress.value is not None else "—"
        if progress.pending:
            value += f"，另待认定{show(progress.pending, indicator.unit.partition('/')[0])}"
        target = f"{indicator.comparator.value}{show(indicator.target, indicator.unit)}"
        yield f"    {light:<8} {indicator.name}：{value}（目标 {target}）"


def _letter_lines(office: Office, plan_id: str) -> Iterator[str]:
    with office.store.reading() as connection:
        rows = cases.letters(connection, plan_id)
    waiting = [row for row in rows if row.state == LetterState.WAITING]
    issued = [row for row in rows if row.number]
    yield f"  文书：已签发 {len(issued)} 份，待签发 {len(waiting)} 份"
    for row in waiting:
        agency = office.plan(plan_id, Period.parse(row.period)).agency(row.agency_id).name
        yield f"    待签发 {row.id}：{row.content['kind_name']} → {agency}（签发人 {row.approver}）"
