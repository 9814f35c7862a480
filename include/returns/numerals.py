"""Chinese numerals (三十二, 一百零五, 一万二千): read only if written in the one regular way."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_SMALL = ((1000, "千"), (100, "百"), (10, "十"))
_VARIANTS = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千")
SIGNS = frozenset("〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟")
_MOST = 100_000_000


def numeral(text: str) -> int | None:
    """Give the number below 亿 a numeral stands for; None if it is none, or irregular (一百二)."""
    regular = text.translate(_VARIANTS)
    value = _value(regular)
    return value if value is not None and regular in _spellings(value) else None


def _value(text: str) -> int | None:
    if not text or not set(text) <= SIGNS:
        return None
    total = section = digit = 0
    scale = {sign: size for size, sign in _SMALL}
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in scale:
            section, digit = section + (digit or 1) * scale[sign], 0
        else:  # 万
            total, section, digit = (section + digit) * 10_000, 0, 0
    return total + section + digit


def _spellings(value: int) -> tuple[str, ...]:
    """Give the regular ways to write a number: 十二 is as regular as 一十二."""
    if value >= _MOST:
        return ()
    full = spelled(value)
    return (full, full.removeprefix("一")) if full.startswith("一十") else (full,)


def spelled(value: int) -> str:
    """Write a number from 0 below 亿 out in full."""
    if value == 0:
        return _DIGITS[0]
    high, low = divmod(value, 10_000)
    if not high:
        return _section(low)
    gap = _DIGITS[0] if 0 < low < 1000 else ""
    return f"{_section(high)}万{gap}{_section(low) if low else ''}"


def _section(value: int) -> str:
    """Write 1 … 9999."""
    written, gap = "", False
    for size, sign in (*_SMALL, (1, "")):
        digit, value = divmod(value, size)
        if digit:
            written += (_DIGITS[0] if gap and written else "") + _DIGITS[digit] + sign
            gap = False
        else:
            gap = True
    return written
