"""What `export` tells: each table described once, with the rows behind it.

Persons are left out: who filled in, signed, phoned, instructed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from include.documents.open_data import Field, Kind, Table
from include.office.desk import Office
from include.office.standings import year_standings
from include.office.year_progress import year_progress
from include.plan import Period
from include.store import returns
from include.store import schema as t

Rows = Iterator[Sequence[Any]]

_AGENCY = Field("agency_id", Kind.TEXT, "责任单位编号")
_PERIOD = Field("period", Kind.TEXT, "报送月份，如 2024-08")
_INDICATOR = Field("indicator_id", Kind.TEXT, "指标编号")
_SUBMISSION = Field("submission_id", Kind.WHOLE, "报送件编号，同 submissions.id")
_ITS = "该指标的单位"

SUBMISSIONS = Table(
    "submissions",
    "一件报送件",
    (
        Field("id", Kind.WHOLE, "报送件编号"),
        _AGENCY,
        _PERIOD,
        Field("number", Kind.WHOLE, "该单位该月的第几次报送"),
        Field("original_name", Kind.TEXT, "文件原名"),
        Field("sha256", Kind.TEXT, "文件内容的 SHA-256，档案中以此为名"),
        Field("size", Kind.WHOLE, "文件大小", "字节"),
        Field("arrived_at", Kind.MOMENT, "收到时刻"),
        Field("decided_at", Kind.MOMENT, "审核时刻"),
        Field(
            "state",
            Kind.TEXT,
            "taken 已收，accepted 已接收，returned 已退回，unreadable 打不开，duplicate 重复，"
            "foreign 非本单位本月，"
            "too-late 已锁定",
        ),
        Field("nil_return", Kind.TRUTH, "零报告"),
        Field("counts_on_time", Kind.TRUTH, "按时"),
    ),
)
FINDINGS = Table(
    "findings",
    "一条审核意见",
    (
        _SUBMISSION,
        Field("seq", Kind.WHOLE, "该报送件的第几条"),
        Field("rule", Kind.TEXT, "规则编号，见 duban rules"),
        Field("severity", Kind.TEXT, "error 退回，warning 提示，info 说明"),
        Field("sheet", Kind.TEXT, "工作表"),
        Field("ref", Kind.TEXT, "单元格"),
        Field("found", Kind.TEXT, "填的是"),
        Field("expected", Kind.TEXT, "应当是"),
        Field("message", Kind.TEXT, "问题"),
        Field("fix", Kind.TEXT, "怎样改"),
    ),
)
FACTS = Table(
    "facts",
    "一个采用的数据：各单位各月最后一次接收的报送件中的一格",
    (
        _AGENCY,
        _PERIOD,
        _INDICATOR,
        Field(
            "role",
            Kind.TEXT,
            "month 本月数，adjustment 调整数，cumulative 累计，numerator 分子，denominator 分母，"
            "level 期末数，pending 待认定",
        ),
        Field(
            "state", Kind.TEXT, "reported 已报，confirmed-zero 确认为零，not-applicable 不适用，missing 空白"
        ),
        Field("value", Kind.FIGURE, "数值；不适用和空白为空", _ITS),
        _SUBMISSION,
        Field("sheet", Kind.TEXT, "工作表"),
        Field("ref", Kind.TEXT, "单元格"),
        Field("raw", Kind.TEXT, "单元格中原来的写法"),
        Field("explanation", Kind.TEXT, "单位填写的说明"),
        Field("marks", Kind.TEXT, "补报、代填（单位尚未确认）；没有为空"),
    ),
)
PROGRESS = Table(
    "progress",
    "一项指标在一个月的进度，由 facts 按当月计划算出",
    (
        _PERIOD,
        _INDICATOR,
        Field("name", Kind.TEXT, "指标名称"),
        Field("unit", Kind.TEXT, "单位"),
        Field("light", Kind.TEXT, "green 绿，yellow 黄，red 红，grey 灰，done 已完成"),
        Field("grey", Kind.TEXT, "灰灯的原因"),
        Field("value", Kind.FIGURE, "完成值", _ITS),
        Field("numerator", Kind.FIGURE, "分子"),
        Field("denominator", Kind.FIGURE, "分母"),
        Field("target", Kind.FIGURE, "全年目标", _ITS),
        Field("path_value", Kind.FIGURE, "时序进度：此时应达到", _ITS),
        Field("share_pct", Kind.FIGURE, "完成值占目标", "%"),
        Field("gap", Kind.FIGURE, "完成值减时序进度，负数为落后", _ITS),
        Field("pace_needed", Kind.FIGURE, "剩余各月每月需完成", _ITS),
        Field("path_confirmed", Kind.TRUTH, "时序进度已由食药安办确认"),
        Field("reason", Kind.TEXT, "亮灯的理由"),
    ),
)
CASES = Table(
    "cases",
    "一件督办事项",
    (
        Field("id", Kind.WHOLE, "督办事项编号"),
        _AGENCY,
        Field("track", Kind.TEXT, "reporting 报送，progress 进度，major-risk 重大风险隐患，instruction 批示"),
        Field("matter", Kind.TEXT, "事由：指标编号，或 reporting 等"),
        Field("state", Kind.TEXT, "open 在办，fulfilled 销号，waived 免办，merged 并入他件"),
        Field("opened_on", Kind.DAY, "立项日期"),
        Field("closed_on", Kind.DAY, "办结日期"),
        Field("closed_because", Kind.TEXT, "办结理由"),
        Field("extension_until", Kind.DAY, "延期至"),
    ),
)
LETTERS = Table(
    "letters",
    "一份文书",
    (
        Field("id", Kind.WHOLE, "文书在系统中的编号"),
        _AGENCY,
        _PERIOD,
        Field("step", Kind.TEXT, "文书种类，见 ladder.yaml"),
        Field("round", Kind.WHOLE, "第几轮"),
        Field(
            "state",
            Kind.TEXT,
            "draft 拟稿，waiting 待签发，numbered 已编号，served 已送达，answered 已回复 …",
        ),
        Field("number", Kind.TEXT, "文号"),
        Field("drafted_on", Kind.DAY, "拟稿日期"),
        Field("signed_on", Kind.DAY, "签发日期"),
        Field("served_at", Kind.MOMENT, "送达时刻"),
        Field("reply_due_on", Kind.DAY, "答复期限"),
        Field("answered_on", Kind.DAY, "答复日期"),
        Field("accepted_on", Kind.DAY, "答复采纳日期"),
    ),
)


def progress_rows(office: Office, connection: Connection, plan_id: str, now: datetime) -> Rows:
    """Give the progress of every opened month whose return is due, by month, in plan order."""
    owed = returns.agency_returns(connection, plan_id)
    due = sorted({row.period for row in owed if row.due_at <= now})
    for period, months in year_progress(office, plan_id, Period.parse(due[-1]), now).items() if due else ():
        plan = office.plan(plan_id, period)
        for indicator in plan.indicators:
            told = months[indicator.id]
            known = {
                "period": period,
                "name": indicator.name,
                "unit": indicator.unit,
                "light": told.light.value,
            }
            known["grey"] = told.grey.value if told.grey else None
            yield [known[f.name] if f.name in known else getattr(told, f.name) for f in PROGRESS.fields]


def fact_rows(office: Office, connection: Connection, plan_id: str, now: datetime) -> Rows:
    """Give the facts that count, each with what must be known of the return it was taken from."""
    standings = year_standings(office, plan_id, now)
    streamed = connection.execution_options(yield_per=1000).execute(_facts(plan_id))
    for row in streamed:
        marks = standings[row.agency_id, Period.parse(row.period)].words
        yield [marks if field.name == "marks" else getattr(row, field.name) for field in FACTS.fields]


def _stored(table: Table, query: Callable[[str], Select[Any]]) -> Callable[..., Rows]:
    def rows(office: Office, connection: Connection, plan_id: str, now: datetime) -> Rows:
        streamed = connection.execution_options(yield_per=1000).execute(query(plan_id))
        for row in streamed:
            yield [getattr(row, field.name) for field in table.fields]

    return rows


def _facts(plan_id: str) -> Select[Any]:
    counts = select(returns.counting(plan_id).subquery().c.id)
    f = t.fact.c
    of = select(t.fact).where(f.submission_id.in_(counts))
    return of.order_by(f.period, f.agency_id, f.indicator_id, f.role)


def _findings(plan_id: str) -> Select[Any]:
    f, s = t.finding, t.submission.c
    return select(f).join(t.submission).where(s.plan_id == plan_id).order_by(f.c.submission_id, f.c.seq)


def _of_plan(table: Any) -> Callable[[str], Select[Any]]:
    return lambda plan_id: select(table).where(table.c.plan_id == plan_id).order_by(table.c.id)


TABLES: dict[Table, Callable[[Office, Connection, str, datetime], Rows]] = {
    FACTS: fact_rows,
    PROGRESS: progress_rows,
    CASES: _stored(CASES, _of_plan(t.matter_case)),
    LETTERS: _stored(LETTERS, _of_plan(t.letter)),
    SUBMISSIONS: _stored(SUBMISSIONS, _of_plan(t.submission)),
    FINDINGS: _stored(FINDINGS, _findings),
}
