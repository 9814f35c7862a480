"""The live checks: formulas that say, while one types, what is missing or does not add up.

Only functions Excel 2007 knows. Each check is a text: `缺…` something is missing, `√…` right, `—` nothing to
do, anything else is to be put right. A formula comes with its value in a fresh template, for viewers that do
not compute.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.plan.model import Behaviour
from include.records.figures import ClauseStatus
from include.returns.layout import NOT_APPLICABLE, NOT_DUE, YES, Duty, Layout, Row, Table

NOTHING = "—"
_LEVELS = (Behaviour.BUILD_UP, Behaviour.HOLD)  # what is not expected to fall; rates over a cohort may


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with its value in a fresh template."""

    text: str
    cached: str = ""


def chosen(*cases: tuple[str, str], otherwise: str) -> str:
    """Give nested IFs: the value of the first condition that holds."""
    return "".join(f"IF({when},{then}," for when, then in cases) + otherwise + ")" * len(cases)


def quoted(text: str) -> str:
    """Give a text as a literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def indicator_check(layout: Layout, table: Table, row: Row, names: str) -> Formula:
    """Check one indicator's row. `names` are the cells of its named list, empty if it has none."""
    at = _Cells(table, row)
    if row.role("numerator"):
        first, missing = at("numerator"), "缺：分子、分母"
        cases = _ratio_cases(at, row)
    else:
        first = at("amount")
        missing = "缺：本月数" if row.role("result") else "缺：期末数"
        cases = _sum_cases(at, names) if row.role("result") else _level_cases(at, row)
    owed = row.due and row.duty is Duty.REPORT
    blank = f"LEN({at('numerator')}&{at('denominator')}&{at('amount')}&{at('adjustment')})=0"
    opening = (blank, _unless_nil(layout, missing) if owed else quoted(NOTHING))
    not_due = (f"{first}={quoted(NOT_DUE)}", quoted("本月需要填报" if owed else NOTHING))
    text = "=" + chosen(opening, not_due, *cases, otherwise=quoted("√"))
    return Formula(text, missing if owed else NOTHING)


def _ratio_cases(at: _Cells, row: Row) -> list[tuple[str, str]]:
    part, whole, last, said = at("numerator"), at("denominator"), at("last"), at("explanation")
    cases = [
        (
            f"OR({part}={quoted(NOT_APPLICABLE)},{whole}={quoted(NOT_APPLICABLE)})",
            _explained(said, "不适用，请说明"),
        ),
        (f"LEN({part})=0", quoted("缺：分子")),
        (f"LEN({whole})=0", quoted("缺：分母")),
        (f"NOT(AND(ISNUMBER({part}),ISNUMBER({whole})))", quoted("请填数字")),
        (f"OR({part}<0,{whole}<0)", quoted("不能小于0")),
        (f"{part}>{whole}", quoted("分子大于分母")),
        (f"{whole}=0", _explained(said, "分母为0，请说明")),
    ]
    if row.behaviour in _LEVELS:
        cases.append((_fell(f"{part}/{whole}", last), _explained(said, "低于上月，请说明")))
    return cases


def _sum_cases(at: _Cells, names: str) -> list[tuple[str, str]]:
    month, change, said = at("amount"), at("adjustment"), at("explanation")
    cases = [
        (f"LEN({month})=0", quoted("缺：本月数")),
        *_number_cases(month, said, "不能小于0，减少请填调整数"),
        (f"AND(LEN({change})>0,NOT(ISNUMBER({change})))", quoted("调整数请填数字")),
        (f"AND(N({change})<>0,LEN({said})=0)", quoted("调整数要说明原因")),
        (f"{at('result')}<0", quoted("累计小于0")),
    ]
    if names:
        listed = f"COUNTA({names})"
        cases.append((f"{listed}<>{at('result')}", f'"名单"&{listed}&"个，累计"&{at("result")}&"个"'))
    return cases


def _level_cases(at: _Cells, row: Row) -> list[tuple[str, str]]:
    level, said = at("amount"), at("explanation")
    cases = _number_cases(level, said, "不能小于0")
    if row.behaviour in _LEVELS:
        cases.append((_fell(level, at("last")), _explained(said, "低于上月，请说明")))
    return cases


def _number_cases(cell: str, said: str, negative: str) -> list[tuple[str, str]]:
    return [
        (f"{cell}={quoted(NOT_APPLICABLE)}", _explained(said, "不适用，请说明")),
        (f"NOT(ISNUMBER({cell}))", quoted("请填数字")),
        (f"{cell}<0", quoted(negative)),
    ]


def _fell(now: str, last: str) -> str:
    """Below last month's by more than the rounding of a division."""
    return f"AND(ISNUMBER({last}),{now}<N({last})-0.0000001)"


def _explained(said: str, otherwise: str) -> str:
    return f"IF(LEN({said})=0,{quoted(otherwise)},{quoted('√ 已说明')})"


def _unless_nil(layout: Layout, missing: str) -> str:
    nil = f"'{layout.cover.title}'!{_fixed(layout.cover.field('nil_return').ref)}"
    return f"IF({nil}={quoted(YES)},{quoted('√ 零报告')},{quoted(missing)})"


def result_formula(table: Table, row: Row) -> Formula | None:
    """Compute a ratio, or a cumulative figure; None where there is neither."""
    at = _Cells(table, row)
    if row.role("numerator"):
        part, whole = at("numerator"), at("denominator")
        return Formula(
            f'=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}=0,"分母为0",{part}/{whole}),"")'
        )
    if row.role("result"):
        month = at("amount")
        return Formula(f'=IF(ISNUMBER({month}),N({at("last")})+{month}+N({at("adjustment")}),"")')
    return None


def name_check(table: Table, row: Row, last_row: int, since: str) -> Formula:
    """Check one line of a named list. `since` says when the name was first listed, empty for a new line."""
    at = _Cells(table, row)
    name, detail = at("name"), at("detail")

    def same(key: str) -> str:
        letter = table.column(key).letter
        return f"(${letter}${table.header_row + 1}:${letter}${last_row}={at(key)})"

    text = chosen(
        (f"LEN({name}&{detail})=0", quoted("")),
        (f"LEN({name})=0", quoted("缺：名称")),
        (f"SUMPRODUCT({same('id')}*{same('name')})>1", quoted("名称重复")),
        (f"LEN({detail})=0", quoted("缺：地址与认定依据")),
        otherwise=quoted(f"√ {since}".rstrip()),
    )
    return Formula("=" + text)


def clause_check(layout: Layout, table: Table, row: Row) -> Formula:
    """Check what is said on one clause."""
    at = _Cells(table, row)
    status, text = at("status"), at("text")
    missing = "缺：状态和进展"
    lagging = f"{status}={quoted(ClauseStatus.LAGGING)}"
    formula = chosen(
        (f"{status}={quoted(NOT_DUE)}", quoted("本月需要填报" if row.due else NOTHING)),
        (
            f"AND(LEN({status})=0,LEN({text})=0)",
            _unless_nil(layout, missing) if row.due else quoted(NOTHING),
        ),
        (f"LEN({status})=0", quoted("缺：进展状态")),
        (f"{status}={quoted(ClauseStatus.NIL)}", quoted("√ 零报告")),
        (f"LEN(TRIM({text}))=0", quoted("缺：本月进展")),
        (f"AND({lagging},LEN(TRIM({at('problems')}))=0)", quoted("进度滞后，请写存在问题")),
        (f"AND({lagging},LEN(TRIM({at('next_steps')}))=0)", quoted("进度滞后，请写下步打算")),
        otherwise=quoted("√"),
    )
    return Formula("=" + formula, missing if row.due else NOTHING)


def cover_check(layout: Layout) -> Formula:
    """Check that the people on the cover are named."""
    wanted = [field for field in layout.cover.fields if field.required]
    missing = "&".join(f'IF(LEN({_fixed(field.ref)})=0,"、{field.label}","")' for field in wanted)
    text = f'=IF(LEN({missing})=0,"√ 已填好","缺："&MID({missing},2,50))'
    return Formula(text, "缺：" + "、".join(field.label for field in wanted))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The addresses of a row's cells, column fixed."""

    table: Table
    row: Row

    def __call__(self, key: str) -> str:
        return f"${self.table.column(key).letter}{self.row.row}"


def _fixed(ref: str) -> str:
    return f"${ref[0]}${ref[1:]}"
