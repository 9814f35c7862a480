"""What a cell says as a figure: what is certain is converted and noted, what is not is asked about.

Blank, 0 and 不适用 are three things: MISSING, CONFIRMED_ZERO, NOT_APPLICABLE.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from include.records.figures import FigureState
from include.returns.layout import NOT_APPLICABLE, NOT_DUE
from include.returns.number_format import PERCENT
from include.returns.numerals import SIGNS, numeral
from include.returns.sheets import CellContent, Value, is_picture
from include.returns.words import plain

SHARE_UNIT = "%"


@dataclass(frozen=True, slots=True)
class Amount:
    """What came of reading one cell: a state and value, or the rule it breaks."""

    state: FigureState
    value: Decimal | None = None
    note: str = ""  # how it was converted, in Chinese
    fault: str = ""  # id of the rule it breaks
    why: str = ""


MISSING = Amount(FigureState.MISSING)
_NOT_APPLICABLE = Amount(FigureState.NOT_APPLICABLE)

_NONE_WORDS = frozenset({"无", "没有", "零", "无新增", "无变化"})
_NOT_APPLICABLE_WORDS = frozenset(
    {"/", "\\", "-", "--", "—", "——", "–", "―", "n/a", "na", "不涉及", NOT_APPLICABLE, NOT_DUE}
)
_COUNTERS = frozenset("个家批次件人户所间份起只种项例处座场名")
_COUNTER_WORDS = frozenset({"批次", "家次", "人次", "件次", "户次", "起次", "场次", *_COUNTERS})
_TIMES = {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}
_MINUS = str.maketrans(dict.fromkeys("−﹣‐‑‒", "-"))

_VAGUE = re.compile(
    r"约|近|余|多|几|来|大概|大致|左右|上下|不到|将近|接近|以上|以下|超|至少|至多|不少于|不低于|[≥≤<>~≈±?]|估"
)
_RANGE = re.compile(r"\d[%万]?(-|—|–|至|到|~)\d")
_SUM = re.compile(r"\d[+*/×、]\d")
_DATE = re.compile(
    r"(19|20)\d\d(年\d{1,2}(月(\d{1,2}[日号]?)?)?|[-/.]\d{1,2}[-/.]\d{1,2}(日|T?[\d:]*)?)|\d{1,2}月(\d{1,2}[日号]?)?"
)
_NUMBER = re.compile(
    r"(?P<sign>[+-]|负)?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<times>百万|千万|千|万|亿)?(?P<share>[%‰])?(?P<unit>[^\d.,%‰+\-]*)"
)
_LONGEST_NUMBER = 24  # signs, its unit with it; a cell holds no more than 15 digits
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?")


def amount(content: CellContent, unit: str, *, none_is_zero: bool) -> Amount:
    """Read one cell.

    Args:
        content: the cell.
        unit: what the figure is counted in, `家`; `%` if it is itself a share, 0–100; empty if anything goes.
        none_is_zero: 无 means 0 (what a month adds); otherwise it may as well mean that nobody knows.
    """
    if is_picture(content.formula) or (isinstance(content.value, str) and is_picture(content.value)):
        return Amount(FigureState.MISSING, note="是单元格图片，里面没有可读的数字")
    if content.error:
        return _fault("formula-error", content.error)
    value = content.value
    if isinstance(value, bool):
        return _fault("number-unreadable")
    if isinstance(value, int | float):
        return _of_number(value, unit, content.format)
    if isinstance(value, str):
        return _of_text(value, unit, none_is_zero) if value.strip() else _of_blank(content)
    return _of_other(value)


def _of_blank(content: CellContent) -> Amount:
    return _fault("formula-without-value") if content.formula else MISSING


def _of_other(value: Value) -> Amount:
    assert isinstance(value, date | time | timedelta)  # noqa: S101 - nothing else is left
    return _fault("number-is-date")


def _of_number(value: float, unit: str, shown_as: str) -> Amount:
    number = Decimal(f"{value:.15g}")  # what Excel shows of a double
    if not number.is_finite():
        return _fault("number-unreadable")
    if shown_as == PERCENT:
        return _of_share(number * 100, unit, "百分比格式")
    if shown_as == "“%”":
        return _of_share(number, unit, "格式里的“%”")
    if shown_as:
        return _fault(
            "number-ambiguous", f"存的是 {_shown(number)}，显示时后面加了{shown_as}，看不出是哪一个"
        )
    return _bare_share(number) if unit == SHARE_UNIT else _certain(number)


def _of_share(number: Decimal, unit: str, note: str) -> Amount:
    """Take a figure that says itself it is a percentage."""
    return _certain(number, note) if unit == SHARE_UNIT else _fault("number-is-share")


def _bare_share(number: Decimal, note: str = "") -> Amount:
    """Take a figure of a share without a sign: 50 is certain, 0.5 may be 0.5 % or 50 %."""
    if 0 < abs(number) <= 1:
        either = f"是 {_shown(number)}% 还是 {_shown(number * 100)}%"
        return _fault("number-ambiguous", f"看不出{either}")
    return _certain(number, note)


def _of_text(raw: str, unit: str, none_is_zero: bool) -> Amount:
    text = plain(raw).translate(_MINUS)
    word = text.rstrip("。").rstrip(";").casefold()
    if not word:
        return MISSING
    if word in _NOT_APPLICABLE_WORDS:
        return _NOT_APPLICABLE
    if word in _NONE_WORDS:
        return (
            _certain(Decimal(0), f"“{word}”") if none_is_zero else _fault("number-ambiguous", _NONE_UNCLEAR)
        )
    return _doubtful(raw, word) or _of_words(raw, word, unit)


_NONE_UNCLEAR = "“无”可能是 0，也可能是没有数据；没有发生填 0，不适用填“不适用”"


def _doubtful(raw: str, word: str) -> Amount | None:
    """Give the fault of what is no exact number."""
    if any(unicodedata.category(c) in ("No", "Nl") for c in raw):  # ½, ①, Ⅲ
        return _fault("number-unreadable")
    if _DATE.fullmatch(word):
        return _fault("number-is-date")
    for pattern, why in ((_RANGE, "写的是一个范围"), (_SUM, "写的是一个算式"), (_VAGUE, "写的是约数或范围")):
        if pattern.search(word):
            return _fault("number-ambiguous", why)
    spaced = unicodedata.normalize("NFKC", raw).strip()
    if re.search(r"\d\s+\d", spaced) and not _SPACED.match(spaced):
        return _fault("number-ambiguous", "数字中间有空格")
    return None


def _of_words(raw: str, word: str, unit: str) -> Amount:
    match = _NUMBER.fullmatch(word)
    if match is None or len(word) > _LONGEST_NUMBER:
        return _of_numeral(word, unit)
    refused = _refused_unit(match["unit"], unit)
    if refused:
        return refused
    number = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    number = number.scaleb(_TIMES.get(match["times"] or "", 0)) * (-1 if match["sign"] in ("-", "负") else 1)
    note = _conversion(raw, match)
    if match["share"]:
        return _of_share(number / 10 if match["share"] == "‰" else number, unit, note)
    return _bare_share(number, note) if unit == SHARE_UNIT else _certain(number, note)


def _refused_unit(written: str, unit: str) -> Amount | None:
    """Give the fault if what is written behind the number is not what the figure is counted in."""
    own = "" if unit == SHARE_UNIT else unit.partition("/")[0]
    if not written or written in (own, "个") or (not own and written in _COUNTER_WORDS):
        return None
    if written in _COUNTER_WORDS or written == unit:
        return _fault("number-ambiguous", f"写的单位是“{written}”，这一项的单位是“{own or unit}”")
    return _fault("number-unreadable")


def _of_numeral(word: str, unit: str) -> Amount:
    digits = "".join(c for c in word if c in SIGNS)
    number = numeral(digits) if word.startswith(digits) else None
    if number is None:
        return _fault("number-unreadable")
    refused = _refused_unit(word[len(digits) :], unit)
    if refused:
        return refused
    return (
        _bare_share(Decimal(number), "中文数字")
        if unit == SHARE_UNIT
        else _certain(Decimal(number), "中文数字")
    )


def _conversion(raw: str, match: re.Match[str]) -> str:
    """Say what had to be done to a text to make it a number."""
    done = ["文本格式"]
    bare = raw.strip()
    if unicodedata.normalize("NFKC", bare) != bare:
        done.append("全角字符")
    if "," in match["whole"] or re.search(r"\d\s+\d", bare):
        done.append("千位分隔")
    done += [f"“{match[name]}”" for name in ("times", "share", "unit") if match[name]]
    return "、".join(done)


def _certain(value: Decimal, note: str = "") -> Amount:
    state = FigureState.REPORTED if value else FigureState.CONFIRMED_ZERO
    return Amount(state, Decimal(_shown(value)) if value else Decimal(0), note)  # 12000, not 1.2E+4


def _fault(rule: str, why: str = "") -> Amount:
    return Amount(FigureState.MISSING, fault=rule, why=why)


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
