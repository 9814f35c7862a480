"""The sheet 指标: every figure of every indicator, with its explanation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from include.records.figures import Cell, Figure, FigureState, Role
from include.returns.gathering import Gathering
from include.returns.headings import Content
from include.returns.layout import NOT_DUE, Duty, Row
from include.returns.locate import Place, column_findings, match_rows, missing_rows
from include.returns.numbers import MISSING, SHARE_UNIT, Amount, amount
from include.returns.prefilled import Prefilled, ask_about_altered, last_figure
from include.returns.words import plain

NEEDED = (
    "numerator",
    "denominator",
    "amount",
)  # columns no return can do without, if a row has figures there
_PARTS = (Role.NUMERATOR, Role.DENOMINATOR)
_NONE_IS_ZERO = (Role.MONTH, Role.ADJUSTMENT, Role.PENDING)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sheet says; explanations by indicator id."""

    figures: tuple[Figure, ...]
    explanations: dict[str, Cell]


def read_figures(place: Place, prefilled: Prefilled, gathering: Gathering) -> Figures:
    """Read the table of indicators."""
    needed = tuple(c for c in NEEDED if any(row.role(c) for row in place.table.rows if row.due))
    match = match_rows(place, "name")
    gathering.findings += [
        *column_findings(place, needed),
        *match.findings,
        *missing_rows(place, match),
    ]
    _note_extra(place, match.extra, gathering)
    figures: list[Figure] = []
    explanations: dict[str, Cell] = {}
    for row in place.table.rows:
        if row.key in match.rows:
            ask_about_altered(place, row, match.rows[row.key], prefilled, gathering)
            last = last_figure(prefilled, place, row)
            reader = _RowReader(place, row, match.rows[row.key], last, gathering)
            figures += reader.figures()
            explanations[row.key] = reader.explanation
    return Figures(tuple(figures), explanations)


def _note_extra(place: Place, extra: tuple[int, ...], gathering: Gathering) -> None:
    title = place.sheet.title
    for row in extra:
        if place.filled(row):
            gathering.note("不是模板里的行（如合计、备注），其中的内容没有计入", f"{title} 第 {row + 1} 行")


class _RowReader:
    """Reads one indicator's row."""

    def __init__(
        self, place: Place, row: Row, number: int, last: Decimal | None, gathering: Gathering
    ) -> None:
        self.place, self.row, self.number, self.gathering = place, row, number, gathering
        self.prefilled_last = last
        self.sheet, self.columns = place.sheet, place.header.columns
        self.explanation = self._cell("explanation")

    def figures(self) -> list[Figure]:
        """Give the row's figures: none applies if nothing is due and nothing is written."""
        if self._not_due():
            return [
                self._figure(column, role, Amount(FigureState.NOT_APPLICABLE))
                for column, role in self.row.figures
            ]
        amounts = {
            role: self._input(column, role) for column, role in self.row.figures if not self._computed(column)
        }
        computed = {
            role: self._cumulative(column, amounts)
            for column, role in self.row.figures
            if self._computed(column)
        }
        both = amounts | computed
        return [self._figure(column, role, both[role]) for column, role in self.row.figures]

    def _computed(self, column: str) -> bool:
        return self.place.table.column(column).content is Content.COMPUTED

    def _not_due(self) -> bool:
        inputs = [column for column, _ in self.row.figures if not self._computed(column)]
        texts = [self.place.text(self.number, column) for column in inputs]
        if not any(plain(text) == NOT_DUE for text in texts):
            return not self.row.due and not any(texts)
        if self.row.due and self.row.duty is Duty.REPORT:
            at = inputs[[plain(text) == NOT_DUE for text in texts].index(True)]
            self.gathering.find("due-marked-not-due", self._cell(at), self.row.key, row=self.row.label)
        elif any(text and plain(text) != NOT_DUE for text in texts):
            self.gathering.note(f"写着“{NOT_DUE}”，同一行的其他数没有计入", self._where(inputs[0]))
        return True

    def _input(self, column: str, role: Role) -> Amount:
        """Read an input cell; what is wrong with it becomes a finding, what was converted a note."""
        at = self.columns.get(column)
        if at is None:
            return MISSING
        if self._merged(at):
            return MISSING
        content = self.sheet.content(self.number, at)
        unit = "" if role in _PARTS else self.row.unit
        if self.row.unit == SHARE_UNIT and role not in _PARTS:
            unit = SHARE_UNIT
        read = amount(content, unit, none_is_zero=role in _NONE_IS_ZERO)
        if read.fault:
            self._find(read, column)
        elif read.note and read.value is not None:
            self._note(read, column)
        elif read.note:
            self.gathering.note(read.note, self._where(column))
        if content.formula and read.value is not None:
            read = self._of_formula(content.formula, read, column)
        return read

    def _of_formula(self, formula: str, read: Amount, column: str) -> Amount:
        """Say of a figure that a formula made it; one that looks into another file is to be explained."""
        if "[" in formula and self.explanation.raw.strip():
            self.gathering.note("引用了别的文件，情况说明里已有解释，取上次存下的结果", self._where(column))
        elif "[" in formula:
            self.gathering.find(
                "formula-external", self._cell(column), self.row.key,
                row=self.row.label, column=self._header(column), value=_shown(read.value),
            )  # fmt: skip
        else:
            self.gathering.note("是单位自己写的公式，取它的计算结果", self._where(column))
        return replace(read, note="、".join(n for n in (read.note, "公式的结果") if n))

    def _merged(self, at: int) -> bool:
        """Tell whether an input is merged with another, so that nobody knows whose the figure is."""
        merge = self.sheet.merge_at(self.number, at)
        if merge is None:
            return False
        inputs = [
            self.columns[c.key]
            for c in self.place.table.columns
            if c.key in self.columns and c.content is Content.NUMBER
        ]
        several = sum(merge.left <= c <= merge.right for c in inputs) > 1 or merge.bottom > merge.top
        text = self.sheet.content(merge.top, merge.left).text
        if several and text and (merge.top, merge.left) == (self.number, at):
            self.gathering.find(
                "cell-merged", self.sheet.cell(self.number, at), self.row.key, range=str(merge)
            )
        return several

    def _cumulative(self, column: str, amounts: dict[Role, Amount]) -> Amount:
        """Take the computed figure as the file has it; else compute it as the template's formula does.

        A formula does not see a figure written as text, so then it is computed too. What is wrong with the
        parts is said there, never here.
        """
        month, adjustment = amounts.get(Role.MONTH, MISSING), amounts.get(Role.ADJUSTMENT, MISSING)
        at = self.columns.get(column)
        written = (
            MISSING if at is None else amount(self.sheet.content(self.number, at), "", none_is_zero=False)
        )
        unseen = any(
            amounts[role].value is not None and self._as_text(column)
            for column, role in self.row.figures
            if role in amounts
        )
        if written.value is not None and not unseen and not self._follows_altered(written.value, amounts):
            return written
        last = self._last()
        if month.value is None or month.fault or adjustment.fault or last is None:
            return MISSING
        total = last + month.value + (adjustment.value or Decimal(0))
        self.gathering.note("文件里没有算好的累计数，由系统按“上月数+本月数+调整数”计算", self._where(column))
        state = FigureState.REPORTED if total else FigureState.CONFIRMED_ZERO
        return Amount(state, total, "由上月数、本月数、调整数计算")

    def _follows_altered(self, written: Decimal, amounts: dict[Role, Amount]) -> bool:
        """Tell whether a cumulative figure was computed from a 上月数 that is not the one filled in."""
        said = self._last_as_it_stands()
        if self.prefilled_last is None or said is None or said == self.prefilled_last:
            return False
        parts = (amounts.get(role, MISSING).value for role in (Role.MONTH, Role.ADJUSTMENT))
        return written == sum((part or Decimal(0) for part in parts), said)

    def _as_text(self, column: str) -> bool:
        at = self.columns.get(column)
        return (
            at is not None
            and bool(plain(self.sheet.text(self.number, at)))
            and isinstance(self.sheet.value(self.number, at), str)
        )

    def _last(self) -> Decimal | None:
        """Give last month's figure, the office's own first; a blank one counts as 0, as in the formula."""
        return self._last_as_it_stands() if self.prefilled_last is None else self.prefilled_last

    def _last_as_it_stands(self) -> Decimal | None:
        at = self.columns.get("last")
        read = MISSING if at is None else amount(self.sheet.content(self.number, at), "", none_is_zero=True)
        return None if read.fault else read.value or Decimal(0)

    def _find(self, read: Amount, column: str) -> None:
        fills = {"row": self.row.label, "column": self._header(column), "why": read.why, "error": read.why}
        self.gathering.find(read.fault, self._cell(column), self.row.key, **fills)

    def _note(self, read: Amount, column: str) -> None:
        raw = self._cell(column).raw.strip()
        if read.note == "文本格式":
            self.gathering.note("是文本格式的数字，已按数字读取", self._where(column))
        else:
            self.gathering.note(f"“{raw}”（{read.note}）按 {_shown(read.value)} 读取", self._where(column))

    def _figure(self, column: str, role: Role, read: Amount) -> Figure:
        return Figure(
            self.row.key,
            role,
            read.state,
            read.value,
            self._cell(column),
            self.explanation.raw.strip(),
            read.note,
        )

    def _cell(self, column: str) -> Cell:
        return self.sheet.cell(self.number, self.columns.get(column))

    def _where(self, column: str) -> str:
        return f"{self.sheet.title} {self._cell(column).ref}"

    def _header(self, column: str) -> str:
        return self.place.table.column(column).header


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
