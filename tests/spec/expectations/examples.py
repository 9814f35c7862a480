"""What each rule finds: one small change to a right return, and the message the official gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from include.expectations import Past
from include.plan import Period
from include.records.figures import Cell, ClauseStatus, FilledForm, Role
from tests.spec.expectations.forms import past_of, right, with_figures, with_name, with_statement

GRADE_A = "school-canteen-grade-a"
STORES = "wuyou-fresh-stores"
SAMPLING = "food-sampling"
DISPOSAL = "unqualified-disposal-rate"
TRACEABLE = "traceable-varieties"
TEXT = "本月组织检查三次，查了十二家单位，发现问题五个"


@dataclass(frozen=True, slots=True)
class Example:
    """A return with one fault. `at` is where it is told, as `sheet!cell`."""

    rule: str
    title: str
    form: FilledForm
    at: str
    message: str
    past: Past | None = None


def _office(**changes: object) -> FilledForm:
    return replace(right(), **changes)


def _figures(
    *changes: tuple[str, Role, object], explained: str = "", of: FilledForm | None = None
) -> FilledForm:
    return with_figures(of or right(), {(i, role): value for i, role, value in changes}, explained)


def _clause(clause: str, status: ClauseStatus, text: str = TEXT, **more: object) -> FilledForm:
    return with_statement(right(), clause, status=status, text=text, **more)


def examples() -> Iterator[Example]:
    """Give an example of every rule of the catalogue."""
    yield from _of_the_cover()
    yield from _of_single_figures()
    yield from _of_figures_of_one_return()
    yield from _of_two_months()
    yield from _of_two_agencies()
    yield from _of_names()
    yield from _of_texts()


def _of_the_cover() -> Iterator[Example]:
    yield Example(
        "filled-by-missing",
        "nobody says who filled the return in",
        _office(filled_by=""),
        "封面!C9",
        "封面的“填报人”没有填。",
    )
    yield Example(
        "phone-missing",
        "the telephone number is a dash",
        _office(phone="—"),
        "封面!C10",
        "封面的“联系电话”没有填。",
    )
    yield Example(
        "signed-by-missing",
        "nobody signed it off",
        _office(signed_by="  "),
        "封面!C11",
        "封面的“审核签发人”没有填。",
    )
    yield Example(
        "phone-has-digits",
        "a name stands where the telephone number should",
        _office(phone="找小王"),
        "封面!C10",
        "封面的联系电话填的是“找小王”，不像电话号码。",
    )
    yield Example(
        "signed-by-filler",
        "who filled it in signed it off",
        _office(signed_by="演示甲"),
        "封面!C11",
        "填报人和审核签发人都是“演示甲”。",
    )
    yield Example(
        "nil-return-contradicts-texts",
        "零报告 of the whole return beside a clause with news",
        replace(
            _figures((SAMPLING, Role.MONTH, 0), (SAMPLING, Role.CUMULATIVE, 1015), of=_quiet()),
            nil_return=True,
        ),
        "封面!C12",
        "封面报了零报告（本月无新进展），工作进展里却有 1 项写了进展。",
    )


def _quiet() -> FilledForm:
    """A return with nothing new this month, and news on one clause."""
    form = right()
    for s in form.statements:
        if s.clause_id != "15.1":
            form = with_statement(form, s.clause_id, status=ClauseStatus.NIL, text="")
    drugs = [("drug-sampling", Role.MONTH, 0), ("drug-sampling", Role.CUMULATIVE, 56)]
    return _figures(*drugs, of=form)


def _of_single_figures() -> Iterator[Example]:
    yield Example(
        "figure-missing",
        "a month owed is left blank",
        _figures((SAMPLING, Role.MONTH, None)),
        "指标!H21",
        "“食品监督抽检”的本月数没有填。",
    )
    yield Example(
        "cumulative-missing",
        "a month that is no number leaves the cumulative figure without one",
        _figures(
            (SAMPLING, Role.MONTH, "不适用"), (SAMPLING, Role.CUMULATIVE, None), explained="抽检委托上级机构"
        ),
        "指标!J21",
        "“食品监督抽检”的累计是空的：公式被删掉了，或者本月数填的不是数。",
    )
    yield Example(
        "nil-return-leaves-gap",
        "零报告 of the whole return says nothing about a level",
        _figures(("traceable-varieties", Role.LEVEL, None), of=_nil("agriculture")),
        "指标!H6",
        "整表报了零报告，“重点品种全程数字化追溯”的期末数没有填，本月算不出这个指标的进度。",
    )
    yield Example(
        "not-applicable-explained",
        "不适用 without a reason",
        _figures((SAMPLING, Role.MONTH, "不适用"), (SAMPLING, Role.CUMULATIVE, 1015)),
        "指标!H21",
        "“食品监督抽检”的本月数填的是“不适用”，没有说明原因。",
    )
    yield Example(
        "share-instead-of-count",
        "a ratio stands where the numerator should",
        _figures((GRADE_A, Role.NUMERATOR, "0.51")),
        "指标!F6",
        "“学校食堂A级比例”的分子填的是 0.51，看起来是比率，不是个数。",
    )
    yield Example(
        "figure-is-whole",
        "half a canteen",
        _figures((GRADE_A, Role.NUMERATOR, "141.5")),
        "指标!F6",
        "“学校食堂A级比例”的分子填的是 141.5，个数不会有小数。",
    )
    yield Example(
        "month-not-negative",
        "what is taken back is put into the month instead of the adjustment",
        _figures((STORES, Role.MONTH, -1), (STORES, Role.CUMULATIVE, 1)),
        "指标!H10",
        "“‘五优’生鲜店”的本月数是 -1，本月数不能小于 0。",
    )
    yield Example(
        "figure-not-negative",
        "fewer than none",
        _figures((GRADE_A, Role.NUMERATOR, -3)),
        "指标!F6",
        "“学校食堂A级比例”的分子是 -3，不能小于 0。",
    )
    yield Example(
        "figure-within-measure",
        "a telephone number stands where the denominator should",
        _figures((GRADE_A, Role.DENOMINATOR, 13800000000)),
        "指标!G6",
        "“学校食堂A级比例”的分母是 13800000000，大得不可能，可能把电话或编号填到了这一格。",
    )
    yield Example(
        "count-far-above-target",
        "a nought too many",
        _figures((SAMPLING, Role.MONTH, 18000), (SAMPLING, Role.CUMULATIVE, 19015)),
        "指标!J21",
        "“食品监督抽检”的累计是 19015批次，超过全年目标（1750批次）的 10 倍。",
    )


def _nil(agency: str) -> FilledForm:
    """A 零报告 of the whole return in which every level is given."""
    form = right(agency, nil=True)
    blank = {(f.indicator_id, f.role): None for f in form.figures if f.role in (Role.MONTH, Role.CUMULATIVE)}
    for s in form.statements:
        form = with_statement(form, s.clause_id, status=None, text="")
    return with_figures(form, blank)


def _of_figures_of_one_return() -> Iterator[Example]:
    yield Example(
        "ratio-numerator-within-denominator",
        "more graded canteens than canteens",
        _figures((GRADE_A, Role.NUMERATOR, 290)),
        "指标!F6",
        "“学校食堂A级比例”的分子是 290，分母是 280，分子大于分母。",
    )
    yield Example(
        "ratio-denominator-zero",
        "nothing was due and nobody says so",
        _figures((DISPOSAL, Role.NUMERATOR, 0), (DISPOSAL, Role.DENOMINATOR, 0)),
        "指标!G20",
        "“不合格食品核查处置率”的分母是 0，算不出比率。",
    )
    yield Example(
        "cumulative-adds-up",
        "the cumulative figure was typed over",
        _figures((SAMPLING, Role.CUMULATIVE, 1200)),
        "指标!J21",
        "“食品监督抽检”的累计是 1200，而上月累计 1015 + 本月数 145 + 调整数 空白 = 1160。",
    )
    yield Example(
        "cumulative-covers-month",
        "an agency without a past gives less for the year than for the month",
        _figures((SAMPLING, Role.CUMULATIVE, 100)),
        "指标!J21",
        "“食品监督抽检”的累计是 100，本月新增（含调整）就有 145，累计不会更小。",
        past=Past(),
    )
    yield Example(
        "adjustment-has-reason",
        "an adjustment without a reason",
        _figures((SAMPLING, Role.ADJUSTMENT, -5), (SAMPLING, Role.CUMULATIVE, 1155)),
        "指标!I21",
        "“食品监督抽检”填了调整数 -5，没有写原因。",
    )
    yield Example(
        "names-match-count",
        "a new store without its name",
        _figures((STORES, Role.MONTH, 1), (STORES, Role.CUMULATIVE, 3)),
        "指标!J10",
        "“‘五优’生鲜店”的累计是 3家，名单里有 2 个名称，对不上。",
    )
    yield Example(
        "pending-explained",
        "something is pending, and nobody knows what is missing",
        _figures((STORES, Role.PENDING, 2)),
        "指标!K10",
        "“‘五优’生鲜店”有待认定 2家，没有说明还缺什么。",
    )
    yield Example(
        "nil-return-contradicts-figures",
        "零报告 of the whole return beside samples taken this month",
        _figures(
            ("food-risk-samples", Role.MONTH, 60),
            ("food-risk-samples", Role.CUMULATIVE, 480),
            of=_nil("health"),
        ),
        "指标!H6",
        "整表报了零报告（本月无新进展），“食品风险监测样本强度”的本月数却是 60件。",
    )


def _of_two_months() -> Iterator[Example]:
    yield Example(
        "cumulative-never-falls",
        "less for the year than a month ago",
        _figures((SAMPLING, Role.CUMULATIVE, 900)),
        "指标!J21",
        "“食品监督抽检”的累计是 900，比上月累计 1015 还少，又没有填负的调整数。",
    )
    yield Example(
        "month-jumps",
        "the year's figure stands in the month",
        _figures((SAMPLING, Role.MONTH, 1160), (SAMPLING, Role.CUMULATIVE, 2175)),
        "指标!H21",
        "“食品监督抽检”的本月数是 1160批次，往月大约 145批次，超过 3 倍。",
    )
    yield Example(
        "month-stops",
        "samples every month, and none in this one",
        _figures((SAMPLING, Role.MONTH, 0), (SAMPLING, Role.CUMULATIVE, 1015)),
        "指标!H21",
        "“食品监督抽检”往月大约 145批次，本月是 0。",
    )
    yield Example(
        "level-falls",
        "a variety is no longer traced",
        _figures((TRACEABLE, Role.LEVEL, 9), of=right("agriculture")),
        "指标!H6",
        "“重点品种全程数字化追溯”的期末数是 9个，比上月的 10个少。",
    )
    yield Example(
        "ratio-falls",
        "fewer canteens of grade A than a month ago",
        _figures((GRADE_A, Role.NUMERATOR, 120)),
        "指标!F6",
        "“学校食堂A级比例”本月是 42.86%（120/280），上月是 50.37%，下降了。",
    )
    yield Example(
        "ratio-jumps",
        "a third of all canteens graded in a month",
        _figures((GRADE_A, Role.NUMERATOR, 260)),
        "指标!F6",
        "“学校食堂A级比例”本月是 92.86%（260/280），上月是 50.37%，一个月升了 42.49 个百分点。",
    )
    yield Example(
        "denominator-changes-much",
        "a third of the canteens vanished",
        _figures((GRADE_A, Role.NUMERATOR, 91), (GRADE_A, Role.DENOMINATOR, 180)),
        "指标!G6",
        "“学校食堂A级比例”的分母是 180，上月是 270，变化了 33.3%。",
    )
    yield Example(
        "cohort-never-shrinks",
        "the month's batches where the year's belong",
        _figures((DISPOSAL, Role.NUMERATOR, 12), (DISPOSAL, Role.DENOMINATOR, 12)),
        "指标!G20",
        "“不合格食品核查处置率”的分母是 12，比上月的 270 少；这个指标按本年累计填。",
    )
    form = right()
    first = next(e for e in form.names if e.indicator_id == STORES)
    swapped = replace(first, name="演示新开的生鲜店")
    yield Example(
        "name-dropped",
        "a name of last month was overwritten by a new one",
        replace(form, names=tuple(swapped if e is first else e for e in form.names)),
        "指标!J10",
        "“‘五优’生鲜店”的名单里少了上月有的：演示“五优”生鲜店甲号。",
    )


def _of_two_agencies() -> Iterator[Example]:
    form = right("education")
    yield Example(
        "peers-disagree",
        "education counts other canteens of grade A than market regulation",
        form,
        "指标!F6",
        "“学校食堂A级比例”的分子本单位报的是 141，市市场监管局报的是 139，两家不一致。",
        past=past_of("education", peers={(GRADE_A, Role.NUMERATOR): {"market-regulation": Decimal(139)}}),
    )


def _of_names() -> Iterator[Example]:
    grown = _figures((STORES, Role.MONTH, 1), (STORES, Role.CUMULATIVE, 3))
    lines = len(grown.names)
    yield Example(
        "name-listed-twice",
        "one store listed twice",
        with_name(grown, STORES, "演示“五优”生鲜店  甲号"),
        f"名单!D{40 + lines}",
        "“‘五优’生鲜店”名单里的“演示“五优”生鲜店  甲号”与 D6 重复。",
    )
    yield Example(
        "name-is-a-name",
        "a number stands where the name should",
        with_name(grown, STORES, "3"),
        f"名单!D{40 + lines}",
        "“‘五优’生鲜店”名单里写的是“3”，不是一个名称。",
    )
    yield Example(
        "name-has-basis",
        "a new store without address and papers",
        with_name(grown, STORES, "演示城南生鲜店", detail=""),
        f"名单!D{40 + lines}",
        "“‘五优’生鲜店”名单里的“演示城南生鲜店”没有写地址与认定依据。",
    )


def _of_texts() -> Iterator[Example]:
    row = {s.clause_id: s.cell.ref[1:] for s in right().statements}
    title = "任务15.1“风险监测哨点与核查处置”"
    status, text = f"工作进展!D{row['15.1']}", f"工作进展!E{row['15.1']}"
    s = ClauseStatus
    yield Example(
        "status-missing",
        "a text without a status",
        _clause("15.1", status=None),  # type: ignore[arg-type]
        status,
        f"{title}没有选进展状态。",
    )
    yield Example(
        "done-needs-text",
        "已完成, and not a word on what was done",
        with_statement(right(), "8.1", status=s.DONE, text="无"),
        f"工作进展!E{row['8.1']}",
        "任务8.1“食品企业主体责任与信用报告”选了“已完成”，没有写做了什么。",
    )
    yield Example(
        "advancing-needs-text",
        "正常推进, and not a word on what was done",
        _clause("15.1", s.ADVANCING, ""),
        text,
        f"{title}选了“正常推进”，没有写本月进展。",
    )
    yield Example(
        "lagging-needs-problems",
        "进度滞后, and nobody knows why",
        _clause("15.1", s.LAGGING, problems="无", next_steps="九月底前补上"),
        status,
        f"{title}选了“进度滞后”，没有写存在问题。",
    )
    yield Example(
        "lagging-needs-next-steps",
        "进度滞后 with a reason and without a way out",
        _clause("15.1", s.LAGGING, problems="检测机构排期紧"),
        status,
        f"{title}选了“进度滞后”，没有写下步打算。",
    )
    june = Period(2024, 6)
    yield Example(
        "not-started-needs-plan",
        "尚未启动, and nobody says when",
        with_statement(right(period=june), "8.1", status=s.NOT_STARTED, text=""),
        f"工作进展!D{row['8.1']}",
        "任务8.1“食品企业主体责任与信用报告”选了“尚未启动”，没有写下步打算。",
    )
    yield Example(
        "not-started-late",
        "尚未启动 in August",
        with_statement(right(), "8.1", status=s.NOT_STARTED, text="", next_steps="九月启动"),
        f"工作进展!D{row['8.1']}",
        "任务8.1“食品企业主体责任与信用报告”到 8 月还没有启动。",
    )
    yield Example(
        "text-too-short",
        "two words for a month's work",
        _clause("15.1", s.ADVANCING, "推进中"),
        text,
        f"{title}的本月进展只写了“推进中”。",
    )
    yield Example(
        "text-copied",
        "last month's text again, with another month in it",
        _clause("15.1", s.ADVANCING, "8月份，查了十二家单位，发现问题五个。"),
        text,
        f"{title}的本月进展与上月一字不差。",
        past=past_of("market-regulation", texts={"15.1": "7月份查了十二家单位，发现问题五个"}),
    )
    twice = with_statement(_clause("15.1", s.ADVANCING), "8.1", text=TEXT)
    yield Example(
        "text-repeated",
        "one text for two clauses",
        twice,
        text,
        f"{title}的本月进展与任务8.1写的一样。",
    )
    row_6_2 = right("education").statements
    cell = next(x.cell for x in row_6_2 if x.clause_id == "6.2")
    title_6_2 = "任务6.2“示范食堂与社区老年食堂”"
    yield Example(
        "done-below-target",
        "已完成 beside two of eight canteens",
        with_statement(right("education"), "6.2", status=s.DONE, text=TEXT),
        f"{cell.sheet}!{cell.ref}",
        f"{title_6_2}选了“已完成”，但“中小学‘示范食堂’”2家（目标8家），还没有达到目标。",
    )
    grown = _figures(
        ("school-model-canteens", Role.MONTH, 1),
        ("school-model-canteens", Role.CUMULATIVE, 3),
        of=with_statement(right("education"), "6.2", status=s.NIL, text=""),
    )
    yield Example(
        "status-contradicts-figures",
        "零报告 of a clause beside a new canteen",
        with_name(grown, "school-model-canteens", "演示第三小学食堂"),
        f"{cell.sheet}!{cell.ref}",
        f"{title_6_2}选了“零报告”，但本月有新数：“中小学‘示范食堂’”1家。",
    )
    april = right(period=Period(2024, 4))
    where = next(x.text_cell for x in april.statements if x.clause_id == "6.1")
    yield Example(
        "milestone-not-mentioned",
        "the month of the application, and no word of it",
        april,
        _at(where),
        "任务6.1“阳光食品作坊与省级示范作坊”本月的节点是申报，进展里没有提到。",
    )


def _at(cell: Cell) -> str:
    return f"{cell.sheet}!{cell.ref}"
