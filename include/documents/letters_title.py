"""How wide a text is, and where a title is broken into lines."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

LINE_OF_TITLE = 20  # 2号 characters between the margins
_WORDS = re.findall(
    r"\S+",
    "关于 报送 食品药品 食品安全 药品安全 工作 情况 进展 进度 月度 报表 重点 指标 滞后 问题 限期 整改 "
    "通知书 提醒敦促函 联系函 更正函 约谈 挂牌 督办 解除 实施 开展 落实 校园 重大 风险 隐患 失灵 完成 目标 "
    "任务",
)  # not to be broken: a line of a title ends with a whole word
_NEVER_FIRST = "的、，。；：）》〕”"
_NEVER_LAST = "（《〔“"
_ONE_PIECE = re.compile(
    r"[0-9A-Za-z.][0-9A-Za-z.%年月日]|[年月][0-9]"
)  # what stands around a break within a number or a date


def columns(text: str) -> float:
    """Measure a text in Chinese characters: half-width signs count half."""
    return sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def drawn(text: str) -> float:
    """Measure a line of a title in Chinese characters, a little on the safe side.

    Latin signs of a heavy face are wider than half, and a gap stands where they meet Chinese ones.
    """
    narrow = [unicodedata.east_asian_width(sign) not in "WFA" for sign in text]
    meetings = sum(here != there for here, there in pairwise(narrow))
    return columns(text) + 0.1 * sum(narrow) + 0.25 * meetings


def title_lines(title: str) -> list[str]:
    """Break a long title into lines of about one length, between words and never inside a number."""
    lines: list[str] = []
    while drawn(title) > LINE_OF_TITLE:
        aim = drawn(title) / -(-drawn(title) // LINE_OF_TITLE)
        cut = min(_breaks(title), key=lambda place: _cost(title, place, aim))
        lines.append(title[:cut])
        title = title[cut:]
    return [*lines, title]


def _breaks(title: str) -> list[int]:
    """Give the places a title may be broken at; the last that fits if there is none."""
    fitting = [place for place in range(1, 2 * LINE_OF_TITLE + 1) if drawn(title[:place]) <= LINE_OF_TITLE]
    allowed = [place for place in fitting if _allowed(title, place)]
    return allowed or fitting[-1:]


def _allowed(title: str, place: int) -> bool:
    before, after = title[place - 1], title[place]
    return after not in _NEVER_FIRST and before not in _NEVER_LAST and not _ONE_PIECE.match(before + after)


def _cost(title: str, place: int, aim: float) -> tuple[float, int]:
    """Weigh a break: far from even, inside a word, inside a quotation; of equals the longer first line."""
    quoted = title[:place].count("“") > title[:place].count("”")
    return abs(drawn(title[:place]) - aim) + 3 * _splits_word(title, place) + 3 * quoted, -place


def _splits_word(title: str, place: int) -> bool:
    return any(
        title[place - cut : place - cut + len(word)] == word for word in _WORDS for cut in range(1, len(word))
    )
