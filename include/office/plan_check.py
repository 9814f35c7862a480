"""Use case `plan check`: what keeps a plan from being used (错误), and what it still lacks (提示).

Every point says where it is (file and line), what is wrong, and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from include.errors import DubanError
from include.escalation import Ladder
from include.files import AwayError
from include.office.desk import Office, open_office, selected
from include.plan import Agency, Indicator, People, Period, Plan, PlanBook, people_file
from include.plan.model import Kind, PathBasis
from include.store import numbers

ERROR, ADVICE = "错误", "提示"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing found; `severity` is ERROR or ADVICE."""

    severity: str
    where: str
    what: str
    mend: str


def check(plan_id: str, now: datetime | str | None = None, *, office: Office | None = None) -> list[Point]:
    """Look through everything a plan is made of: errors first, all that can be told at once.

    Raises:
        PlanError: there is no such plan.
    """
    office = office or open_office()
    list(selected(office, plan_id))
    today = office.now(now).date()
    parts: tuple[Callable[[str], Any], ...] = (office.book, office.ladder, office.calendar, office.people)
    errors = [point for load in parts for point in _errors(load, plan_id)]
    if errors:
        return errors
    asked = _Asked(office, plan_id, today)
    return [Point(ADVICE, *said) for look in _LOOKS for said in look(asked)]


def _errors(load: Callable[[str], Any], plan_id: str) -> Iterator[Point]:
    try:
        load(plan_id)
    except DubanError as error:
        for line in str(error).splitlines():
            yield Point(ERROR, *_taken_apart(line))


def _taken_apart(line: str) -> tuple[str, str, str]:
    """Split an error of the loaders, `file:line：what was found；what to do`."""
    found = re.fullmatch(r"(.+?\.\w+(?::\d+)?)：(.*)", line)
    where, said = (found[1], found[2]) if found else ("", line)
    what, _, mend = said.rpartition("；")
    return (where, what, mend) if what else (where, said, "按说明改正")


Said = Iterator[tuple[str, str, str]]  # where, what, what to do


class _Asked:
    """The plan looked at, and where its parts stand."""

    def __init__(self, office: Office, plan_id: str, today: date) -> None:
        self.office, self.plan_id, self.today = office, plan_id, today
        self.book: PlanBook = office.book(plan_id)
        self.plan: Plan = office.plan(plan_id, Period(self.book.year, 12))
        self.people: People = office.people(plan_id)
        self.ladder: Ladder = office.ladder(plan_id)

    def head(self, key: str) -> str:
        return self.book.raw.where([key])

    def entry(self, kind: str, key: str, *rest: str) -> str:
        """Give the place of an entry; one that an amendment added stands in no file of the folder."""
        if (kind, key) in self.book.raw.places:
            return self.book.raw.where_is(kind, key, *rest)
        return f"{self.plan_id} amendments, {kind} {key}"

    def person(self, *loc: str) -> str:
        """Give the place in `people.yaml`."""
        file = self.office.settings.people_file
        content = people_file(file, self.plan_id)
        return content.at([self.plan_id, *loc]) if content else str(file)


def _of_head(asked: _Asked) -> Said:
    plan = asked.plan
    if plan.document_no is None or plan.issued_on is None:
        yield (
            asked.head("document_no"),
            "没有文号或印发日期，文书只写工作要点的名称",
            "核实后填写 document_no、issued_on",
        )
    named = asked.plan_id.rpartition("-")[2]
    if named.isdecimal() and int(named) != plan.year:
        yield (
            asked.head("year"),
            f"年度是{plan.year}，与编号“{asked.plan_id}”不合",
            f"核对；应为 {named} 的改正",
        )
    others = [p for p in asked.office.plan_ids if p != asked.plan_id]
    if not plan.drive_folder and others:
        yield (
            asked.head("drive_folder"),
            f"没有自己的共享盘文件夹，而系统里还有 {'、'.join(others)}",
            f"填写 drive_folder，如 {plan.place}",
        )
    if not any(clause.text for clause in plan.clauses):
        mend = f"在 clauses.yaml 填写 text_hash 后运行 duban plan attach-text {asked.plan_id} 正式文本.txt"
        yield asked.entry("clauses", plan.clauses[0].id), "没有附上正式文本，文书、模板只引用概括的标题", mend


def _of_drive(asked: _Asked) -> Said:
    drive = asked.office.drive_of(asked.plan_id)
    try:
        drive.folder.check()
    except AwayError as error:
        yield str(drive.root), str(error), "挂载共享盘，再运行 duban drive bind"
        return
    if not drive.root.is_dir():
        yield (
            str(drive.root),
            "共享盘上还没有本地区的文件夹",
            f"开启第一个月份时建立：duban open --plan {asked.plan_id}",
        )


def _of_agencies(asked: _Asked) -> Said:
    for agency in asked.plan.filers:
        contacts = asked.people.working_contacts_of(agency.id, asked.today)
        where = asked.person("contacts", agency.id)
        if not any(person.email for person in contacts):
            yield (
                where,
                f"{agency.name}没有联系人邮箱，只能靠共享盘文件夹收到模板和回执",
                "填写联系人姓名、role 和 email",
            )
        for person in contacts:
            if person.email and not asked.people.may_receive(person.email):
                yield (
                    where,
                    f"{agency.name}联系人的邮箱不在允许名单，不会发出",
                    "把地址或域名加入 mail_allowed",
                )
        if not _has_a_part(asked.plan, agency):
            where = asked.entry("agencies", agency.id)
            yield (
                where,
                f"{agency.name}没有任何任务和指标，没有可报的",
                "在 clauses.yaml 分给任务，或删去这个单位",
            )


def _has_a_part(plan: Plan, agency: Agency) -> bool:
    return bool(plan.clauses_of(agency.id) or plan.indicators_of(agency.id))


def _of_people(asked: _Asked) -> Said:
    people = asked.people
    if not any(p.email and p.serves(asked.today) for p in people.leaders):
        yield asked.person("leaders"), "没有收工作月报的领导", "填写 leaders 的姓名和邮箱"
    if not any(p.email and p.serves(asked.today) for p in people.administrators):
        yield asked.person("administrators"), "没有收系统提醒的管理员", "填写 administrators 的姓名和邮箱"
    steps = asked.ladder.steps.values()
    for role in dict.fromkeys(rule.approver.value for rule in steps):
        if not people.approvers.get(role):
            documents = "、".join(rule.document for rule in steps if rule.approver.value == role)
            yield (
                asked.person("approvers", role),
                f"没有人能签发{documents}",
                f"在 approvers 的 {role} 填写登录用户名",
            )
    if not people.office_contact:
        yield asked.person("office_contact"), "文书上没有联系人、电话", "填写 office_contact"


def _of_numbers(asked: _Asked) -> Said:
    with asked.office.store.reading() as connection:
        given = {(row.prefix, row.year) for row in numbers.blocks(connection, asked.plan_id)}
    year = asked.today.year if asked.today.year >= asked.plan.year else asked.plan.year
    for prefix in dict.fromkeys(rule.prefix for rule in asked.ladder.steps.values()):
        if (prefix, year) not in given:
            command = f"duban letters numbers --plan {asked.plan_id} --prefix {prefix} --year {year}"
            yield (
                f"{asked.plan_id} 文号",
                f"{prefix}〔{year}〕没有登记号段，签发后要按发文登记簿逐份取号",
                f"{command} --first 1 --last 50 --user 您的用户名",
            )


def _of_indicators(asked: _Asked) -> Said:
    if not asked.plan.indicators:
        yield (
            asked.entry("clauses", asked.plan.clauses[0].id),
            "没有数字指标，只报文字进展",
            "在 indicators.yaml 填写",
        )
    for indicator in asked.plan.indicators:
        for key, what, mend in _of_indicator(indicator):
            yield asked.entry("indicators", indicator.id, key), f"指标“{indicator.name}”{what}", mend


def _of_indicator(indicator: Indicator) -> Said:
    path = indicator.path
    if all(point is None for point in path.points):
        yield "path", "没有时序进度，全年不亮灯", "填写 path 的 points"
    elif not path.confirmed:
        yield "path", "的时序进度未确认，只亮灯，不立督办事项", "核实后在 path 写 confirmed: true"
    if path.basis is PathBasis.GAP_SHARE and indicator.baseline is None:
        yield "baseline", "没有基期，按差距算不出进度，亮灰灯", "填写上年末的数 baseline"
    if indicator.kind is Kind.RATE and indicator.population is None:
        yield "population", "没有人口数，算不出每千人数，亮灰灯", "填写 population"
    if indicator.kind is Kind.RATIO and 0 < indicator.target < 1:
        yield "target", f"的目标值是 {indicator.target}%，像是把比率写成了小数", "写 0 到 100 的数，如 60"
    wanted = [point for point in path.points if point is not None]
    if path.basis is not PathBasis.VALUE and wanted != sorted(wanted):
        yield "path", "的时序进度有一个月比前面的月份少", "累计到各月末的百分数，应逐月不减；核对 points"
    if indicator.definition == indicator.name:
        yield "definition", "没有统计口径，各单位会各算各的", "写明什么算、什么不算"


def _of_calendar(asked: _Asked) -> Said:
    calendar, year = asked.office.calendar(asked.plan_id), asked.plan.year
    for of in (year, year + 1):
        if calendar.is_provisional(of) and of <= max(asked.today.year, year) + 1:
            when = "十二月的报表截止日落在这一年；" if of > year else ""
            yield (
                str(asked.office.calendar_file(asked.plan_id)),
                f"{of}年的放假安排尚未公布，{when}日期注明“暂定”，落在这一年的文书不能落款",
                "公布后升级 chinesecalendar，或填写 overrides.yaml 的 settled_years、holidays、workdays",
            )


def _of_decisions(asked: _Asked) -> Said:
    for decision in asked.plan.decisions:
        if decision.status == "待确认":
            where = asked.entry("decisions", decision.id)
            yield (
                where,
                f"待决：{decision.question}（现按：{decision.assumption}）",
                "定下后把 status 改为“已定”",
            )


_LOOKS: tuple[Callable[[_Asked], Said], ...] = (
    _of_head,
    _of_drive,
    _of_agencies,
    _of_people,
    _of_numbers,
    _of_indicators,
    _of_calendar,
    _of_decisions,
)
