"""The sheets behind the overview: each a table of the month's report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from include.documents.charts import COLOURS
from include.documents.consolidated_book import HEADER_ROW, Book, Column, Kind, Value
from include.documents.consolidated_passports import FACTS, Passports
from include.documents.digest_words import COMPARATORS, figure, light_name
from include.plan.period import Period
from include.records.facts import Light
from include.records.figures import FigureState, Role
from include.records.reports import LIGHT_NAMES, AgencyRow, FactRow, IndicatorRow, LetterRow
from include.records.submissions import Filing, ReturnStanding, Timeliness

TIMELINESS = {
    Timeliness.ON_TIME: "按时",
    Timeliness.LATE: "迟报",
    Timeliness.MISSING: "未报",
    Timeliness.PENDING: "未到期",
    Timeliness.EXEMPT: "免报",
}
ROLES = {
    Role.MONTH: "本月数",
    Role.ADJUSTMENT: "调整数",
    Role.CUMULATIVE: "累计数",
    Role.NUMERATOR: "分子",
    Role.DENOMINATOR: "分母",
    Role.LEVEL: "期末数",
    Role.PENDING: "待认定",
}
STATES = {
    FigureState.REPORTED: "已报",
    FigureState.CONFIRMED_ZERO: "确认为零",
    FigureState.NOT_APPLICABLE: "不适用",
    FigureState.MISSING: "未填",
}

# ------------------------------------------------------------------ 指标

INDICATORS = (
    Column("条款", 6, Kind.CENTRED),
    Column("指标", 26),
    Column("答责单位", 11),
    Column("报送单位", 12),
    Column("计量单位", 8, Kind.CENTRED),
    Column("完成值", 9, Kind.NUMBER),
    Column("目标", 8, Kind.CENTRED),
    Column("时序应达", 9, Kind.NUMBER),
    Column("完成率%", 9, Kind.NUMBER),
    Column("与时序差距", 9, Kind.NUMBER),
    Column("亮灯", 13, Kind.CENTRED),
    Column("今后每月需", 9, Kind.NUMBER),
    Column("上月值", 9, Kind.NUMBER),
    Column("走势", 14),
    Column("变动说明", 24),
    Column("亮灯原因", 26),
    Column("标记", 10),
    Column("提示", 16),
    Column("单位说明", 30),
    Column("已采取措施", 22),
)
LIGHT_COLUMN, SHARE_COLUMN, GAP_COLUMN, LINE_COLUMN = (
    [c.title for c in INDICATORS].index(title) for title in ("亮灯", "完成率%", "与时序差距", "走势")
)
FIRST_MONTH = len(
    INDICATORS
)  # the months' figures stand right of the printed table: the sparklines draw on them


def write_indicators(book: Book, passports: Passports) -> None:
    """Write 指标: every indicator with its lights, paths and reasons; its figures lead to their 数据项."""
    report = book.report
    months = tuple(Column(f"{month}月", 8, Kind.NUMBER) for month in range(1, 13))
    rows = (_indicator(row, passports) for row in report.indicators)
    sheet, count = book.table(
        "指标", (*INDICATORS, *months), rows, note="指标名称和数据可点到它的来源（数据项）；右侧为各月完成值"
    )
    first, last = HEADER_ROW + 1, HEADER_ROW + max(count, 1)
    sheet.print_area(0, 0, last, len(INDICATORS) - 1)
    sheet.freeze_panes(first, 2)
    sheet.set_print_scale(78)  # two pages side by side, figures and words, each with the indicator's name
    sheet.set_v_pagebreaks([LINE_COLUMN + 1])
    sheet.repeat_columns(0, 1)
    book.colour_lights(sheet, first, last, LIGHT_COLUMN, LIGHT_COLUMN)
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": "#a9c7e8",
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 100,
    }
    sheet.conditional_format(first, SHARE_COLUMN, last, SHARE_COLUMN, bar)
    behind = {
        "type": "cell",
        "criteria": "<",
        "value": 0,
        "format": book.format(font_color=COLOURS[Light.RED].ink),
    }
    sheet.conditional_format(first, GAP_COLUMN, last, GAP_COLUMN, behind)
    for row in range(first, HEADER_ROW + count + 1):
        cells = f"{xl_rowcol_to_cell(row, FIRST_MONTH)}:{xl_rowcol_to_cell(row, FIRST_MONTH + 11)}"
        sheet.add_sparkline(
            row,
            LINE_COLUMN,
            {"range": f"'指标'!{cells}", "last_point": True, "series_color": "#2f6fa8", "weight": 1.5},
        )


def _indicator(row: IndicatorRow, passports: Passports) -> tuple[Value, ...]:
    progress = row.progress
    period, indicator = progress.period, progress.indicator_id
    of = progress.from_period or period

    def led(figure: Decimal | None, month: Period = of) -> Value:
        newest = passports.newest(indicator, month)
        return None if figure is None else passports.link(figure, indicator, newest)

    origin = (
        [f"为{progress.from_period.label}数"] if progress.from_period not in (None, progress.period) else []
    )
    target = f"{COMPARATORS.get(row.comparator, row.comparator)}{figure(progress.target)}"
    unsure = [] if progress.path_confirmed else ["时序进度待确认"]
    return (
        row.clause_id,
        passports.link(row.name, indicator, passports.newest(indicator, period)),
        row.answerable,
        "、".join(row.sources),
        row.unit,
        led(progress.value),
        passports.link(target, indicator, passports.newest(indicator, of)),
        led(progress.path_value),
        led(progress.share_pct),
        led(progress.gap),
        light_name(progress),
        led(progress.pace_needed),
        led(progress.last_value, period.previous),
        None,
        row.change,
        progress.reason,
        "、".join([*origin, *row.marks, *unsure]),
        row.remark,
        row.explanation,
        row.office_action,
        *(led(value, Period(period.year, month)) for month, value in enumerate(row.series, 1)),
    )


# ------------------------------------------------------------------ 单位


def write_agencies(book: Book) -> None:
    """Write 单位: how each agency reported month by month, its own indicators, open cases and silences."""
    report = book.report
    periods = sorted({f.period for agency in report.agencies for f in agency.filings})
    columns = (
        Column("单位", 20),
        *(Column(f"{p.month}月", 7, Kind.CENTRED) for p in periods),
        Column("迟报次数", 7, Kind.NUMBER),
        Column("未报次数", 7, Kind.NUMBER),
        Column("退回未更正", 7, Kind.NUMBER),
        Column("答责指标（亮灯）", 34),
        Column("未销号督办事项", 34),
        Column("未填进展的任务", 16),
        Column("本期报送说明", 26),
    )
    names = {row.progress.indicator_id: row.name for row in report.indicators}
    rows = (
        (*_agency_months(agency, periods), *_agency_rest(agency, names), _notes_of(agency, report.period))
        for agency in report.agencies
    )
    sheet, count = book.table(
        "单位", columns, rows, note="按机构序列排列" + ("" if report.ranked else "，不作排名")
    )
    for word, light in (
        ("按时", Light.GREEN),
        ("迟报", Light.YELLOW),
        ("未报", Light.RED),
        ("退回", Light.RED),
        ("未到期", Light.GREY),
        ("免报", Light.GREY),
    ):
        rule = {"type": "text", "criteria": "begins with", "value": word, "format": book.light_format(light)}
        sheet.conditional_format(HEADER_ROW + 1, 1, HEADER_ROW + max(count, 1), max(len(periods), 1), rule)


def _agency_months(agency: AgencyRow, periods: Sequence[Period]) -> Iterator[Value]:
    filings = {f.period: f for f in agency.filings}
    yield agency.name + ("（演示单位）" if agency.made_up else "")
    yield from (filing_word(filings.get(p)) for p in periods)


def filing_word(standing: ReturnStanding | None) -> str:
    """Name how a return stands: 按时, 迟报, 未报, 未到期, 免报, or 退回 while it waits for correction."""
    if standing is None:
        return ""
    if standing.filing is Filing.RETURNED:
        return "退回"
    beside = "、".join(word for word, _ in standing.notes if word in ("补报", "代填"))
    return TIMELINESS[standing.timeliness] + (f"（{beside}）" if beside else "")


def _notes_of(agency: AgencyRow, period: Period) -> str:
    """Give what is out of the ordinary about the month's return, with its reason: `代填：电话报数`."""
    notes = [note for f in agency.filings if f.period == period for note in f.notes]
    return "\n".join(f"{word}：{reason}" for word, reason in notes)


def _agency_rest(agency: AgencyRow, names: dict[str, str]) -> Iterator[Value]:
    told = [f.timeliness for f in agency.filings]
    yield told.count(Timeliness.LATE)
    yield sum(f.unfiled for f in agency.filings)
    yield sum(f.uncorrected for f in agency.filings)
    yield "\n".join(f"{names.get(i, i)}：{LIGHT_NAMES.get(light, light)}" for i, light in agency.lights)
    yield "\n".join(agency.open_cases)
    yield "、".join(agency.silent_clauses)


# ------------------------------------------------------------------ texts, corrections, letters


def write_clauses(book: Book) -> None:
    """Write 工作进展: what each agency said on each clause."""
    columns = (
        Column("条款", 6, Kind.CENTRED),
        Column("具体任务", 22),
        Column("单位", 14),
        Column("状态", 10, Kind.CENTRED),
        Column("进展", 48),
        Column("问题", 26),
        Column("下步打算", 26),
        Column("情况说明", 20),
    )
    rows = (
        (c.clause_id, c.title, c.agency, c.status, c.text, c.problems, c.next_steps, c.explanation)
        for c in book.report.clauses
    )
    sheet, count = book.table("工作进展", columns, rows)
    for word, light in (("未填", Light.RED), ("进度滞后", Light.YELLOW), ("已完成", Light.DONE)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.light_format(light)}
        sheet.conditional_format(HEADER_ROW + 1, 3, HEADER_ROW + max(count, 1), 3, rule)


def write_joint_duties(book: Book) -> None:
    """Write 共同任务: for every clause several agencies share, who of them filed and who is silent."""
    columns = (
        Column("条款", 6, Kind.CENTRED),
        Column("具体任务", 30),
        Column("共同承担", 8, Kind.NUMBER),
        Column("已填", 7, Kind.NUMBER),
        Column("各单位", 56),
        Column("未填或未报", 34),
    )
    rows = (
        (
            r.clause_id,
            r.title,
            len(r.states),
            len(r.filed),
            "\n".join(f"{agency}：{state}" for agency, state in r.states),
            "、".join(r.silent),
        )
        for r in book.report.joint_duties
    )
    book.table("共同任务", columns, rows, note="按职责分工共同负责的任务，逐个单位列出")


def write_corrections(book: Book, passports: Passports) -> None:
    """Write 更正: published figures that changed since."""
    columns = (
        Column("月份", 10, Kind.CENTRED),
        Column("指标", 30),
        Column("原数", 18),
        Column("更正为", 18),
        Column("原因", 50),
    )
    ids = {row.name: row.progress.indicator_id for row in book.report.indicators}
    rows = (
        (
            str(c.period),
            c.what,
            passports.link(c.before, ids.get(c.what, ""), c.period),
            passports.link(c.after, ids.get(c.what, ""), c.period),
            c.why,
        )
        for c in book.report.corrections
    )
    book.table("更正", columns, rows)


def write_reconciliations(book: Book, passports: Passports) -> None:
    """Write 核对: figures two agencies report differently, and the decision."""
    columns = (
        Column("指标", 30),
        Column("各单位报数", 44),
        Column("核定数", 16, Kind.CENTRED),
        Column("依据", 44),
    )
    rows = (
        (
            r.name,
            passports.link(
                "；".join(f"{agency}：{told}" for agency, told in r.figures),  # a link may break no line
                r.indicator_id,
                book.report.period,
            ),
            passports.link(r.decision, r.indicator_id, book.report.period),
            r.reason,
        )
        for r in book.report.reconciliations
    )
    book.table("核对", columns, rows)


def write_objections(book: Book, passports: Passports) -> None:
    """Write 核对异议: what agencies objected to before publication, beside the figure."""
    columns = (
        Column("指标", 30),
        Column("发布数", 14, Kind.CENTRED),
        Column("提出单位", 16),
        Column("异议", 50),
        Column("提出时间", 17, Kind.MOMENT),
        Column("逾期提出", 10, Kind.CENTRED),
        Column("答复", 40),
    )
    rows = (
        (
            r.name,
            passports.link(r.figure, r.indicator_id, book.report.period),
            r.agency,
            r.words,
            r.raised_at,
            "" if r.in_time else "逾期",
            r.answer or "待答复",
        )
        for r in book.report.objections
    )
    book.table("核对异议", columns, rows)


LETTERS = (
    Column("编码", 9, Kind.CENTRED),
    Column("文书类型", 12, Kind.CENTRED),
    Column("文号", 18),
    Column("制发单位", 14),
    Column("接收单位", 14),
    Column("内容摘要", 32),
    Column("状态", 9, Kind.CENTRED),
    *(Column(name, 11, Kind.DAY) for name in ("拟稿", "签发", "印发", "送达", "接收", "答复期限")),
    Column("整改情况", 20),
    Column("审核意见", 14),
    Column("归档", 9, Kind.CENTRED),
    Column("督办事项", 16),
)


def write_letters(book: Book) -> None:
    """Write 文书台账: every letter of the year with its days, in the columns an office's ledger has."""
    rows = (
        (*_letter_words(r), *_letter_days(r), r.rectification, r.review, r.filed, r.matters)
        for r in book.report.letters
    )
    book.table("文书台账", LETTERS, rows)


def _letter_words(row: LetterRow) -> tuple[Value, ...]:
    return row.code, row.kind_name, row.number, row.issuer, row.agency, row.summary, row.state


def _letter_days(row: LetterRow) -> tuple[Value, ...]:
    days = (row.drafted_on, row.signed_on, row.issued_on, row.served_on)
    return *days, row.received_on, row.reply_due_on


def write_decisions(book: Book) -> None:
    """Write 待决事项: what the office has to settle, and the assumption used until then."""
    columns = (Column("涉及", 24), Column("待决问题", 56), Column("暂按", 56))
    book.table("待决事项", columns, book.report.decisions)


def write_remarks(book: Book) -> None:
    """Write 供了解: what validation tells the office alone; no agency has been asked about it."""
    columns = (Column("单位", 16), Column("什么情况", 24), Column("具体", 90))
    book.table("供了解", columns, book.report.remarks)


# ------------------------------------------------------------------ 数据项

FACT_COLUMNS = (
    Column("指标", 24),
    Column("单位", 16),
    Column("月份", 9, Kind.CENTRED),
    Column("数据", 9, Kind.CENTRED),
    Column("状态", 9, Kind.CENTRED),
    Column("数值", 12, Kind.NUMBER),
    Column("原文", 14),
    Column("说明", 24),
    Column("文件", 26),
    Column("第几次报送", 8, Kind.NUMBER),
    Column("工作表", 12),
    Column("单元格", 8, Kind.CENTRED),
    Column("到达时间", 17, Kind.MOMENT),
    Column("签批人", 12),
    Column("标记", 10, Kind.CENTRED),
    Column("指标编号", 26),
)


def write_facts(book: Book, facts: list[FactRow]) -> None:
    """Write 数据项: every accepted figure with file, sheet and cell; named 数据项表 for pivoting."""
    _, count = book.table(
        FACTS,
        FACT_COLUMNS,
        map(fact_values, facts),
        note="每个数据的来源：文件、工作表、单元格；透视表可用名称“数据项表”",
        wrap=False,
    )
    corner = xl_rowcol_to_cell(HEADER_ROW + max(count, 1), len(FACT_COLUMNS) - 1, row_abs=True, col_abs=True)
    book.workbook.define_name("数据项表", f"='{FACTS}'!$A${HEADER_ROW + 1}:{corner}")


def fact_values(row: FactRow) -> tuple[Value, ...]:
    """Give the cells of one figure, as FACT_COLUMNS names them."""
    fact = row.fact
    return (
        row.indicator,
        row.agency,
        str(fact.period),
        ROLES[fact.role],
        STATES[fact.state],
        fact.value,
        fact.raw,
        fact.explanation,
        row.file,
        row.submission_number,
        fact.sheet,
        fact.ref,
        row.arrived_at,
        row.signed_by,
        row.marks,
        fact.indicator_id,
    )
