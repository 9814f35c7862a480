"""The digest as an HTML mail: tables and inline styles only; charts as CID pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from include.documents import charts
from include.documents.charts import COLOURS
from include.documents.digest import Digest, Discipline, IndicatorLine, Lag
from include.documents.digest_markup import (
    FONT,
    GROUND,
    INK,
    PAPER,
    QUIET,
    RED,
    RULE,
    badge,
    block,
    bullets,
    cell,
    image,
    row,
    section,
    style,
    table,
    text,
)
from include.documents.digest_matters import Matter
from include.documents.digest_text import digest_text, discipline_lines, letter_line, stands
from include.documents.digest_words import day
from include.records.facts import Light

__all__ = ["Picture", "digest_html", "digest_text"]

WIDE = 600


@dataclass(frozen=True, slots=True)
class Picture:
    """One inline picture of the mail."""

    cid: str
    png: bytes
    alt: str


def digest_html(digest: Digest) -> tuple[str, tuple[Picture, ...]]:
    """Lay the digest out as a mail; gives the page and its pictures, each named once by `cid:`."""
    blocks = [
        _masthead(digest),
        section("领导批示待办", bullets(digest.instructions, 14)) if digest.instructions else "",
        _overall(digest),
        _matters(digest.matters),
        section("与上月相比", bullets(digest.changes, 14)),
        _indicators(digest.indicators),
        _lagging(digest.lagging, digest.near),
        _discipline(digest.discipline),
        _letters(digest),
        section("更正", bullets(digest.corrections, 14)) if digest.corrections else "",
        _dates(digest.dates),
        _foot(digest),
    ]
    return _page(digest, blocks), _pictures(digest)


def _pictures(digest: Digest) -> tuple[Picture, ...]:
    lines, lags = digest.indicators, [lag.line for lag in digest.lagging]
    cids = [*map(_sparkline_cid, range(len(lines))), *map(_trend_cid, range(len(lags)))]
    drawings = [charts.sparkline(i.actual, i.expected, i.light) for i in lines]
    drawings += [charts.trend(i.actual, i.expected, i.light) for i in lags]
    alts = [i.alt for i in (*lines, *lags)]
    return tuple(Picture(*told) for told in zip(cids, charts.pictures(drawings), alts, strict=True))


def _sparkline_cid(number: int) -> str:
    return f"sparkline-{number + 1}@duban"


def _trend_cid(number: int) -> str:
    return f"trend-{number + 1}@duban"


# ------------------------------------------------------------------ the first screen


def _masthead(digest: Digest) -> str:
    shape = style(margin="0", font_size="22px", line_height="1.3", color=RED, font_weight="bold")
    title = f"<h1 {shape}>{escape(digest.title)}</h1>"
    subtitle = text(escape(f"{digest.place} · {digest.subtitle}"), 13, QUIET)
    marks = text(escape(" · ".join(digest.marks)), 12, QUIET) if digest.marks else ""
    head = cell(title + subtitle + marks, padding="10px 16px 6px 16px", border_bottom=f"2px solid {RED}")
    return row(head) + block("", "0 0 8px 0")


def _overall(digest: Digest) -> str:
    sentences = "".join(text(escape(s), margin_top="4px") for s in digest.overall)
    return block(_tiles(digest.lights) + sentences, "0 16px 10px 16px")


def _tiles(lights: Sequence[tuple[Light, str, int]]) -> str:
    return table([row(*(_tile(*told) for told in lights))], table_layout="fixed")


def _tile(light: Light, name: str, count: int) -> str:
    colour = COLOURS[light]
    number = text(f"<b>{count}</b>", 20, colour.ink, line_height="1.2")
    return cell(
        number + text(escape(name), 13, colour.ink),
        f'width="20%" bgcolor="{colour.tint}"',
        background_color=colour.tint,
        text_align="center",
        padding="5px 0",
        border_left=f"2px solid {PAPER}",
        border_right=f"2px solid {PAPER}",
    )


def _matters(matters: Sequence[Matter]) -> str:
    if not matters:
        return section("提请领导协调", text("本期没有提请协调的事项。"))
    return section("提请领导协调", table(_matter(n, m) for n, m in enumerate(matters, 1)))


def _matter(number: int, matter: Matter) -> str:
    what = text(f"<b>{number}. {escape(matter.agency)}</b>：{escape(matter.what)}。", 14)
    asked = text(f"{escape(matter.decision)}（{escape(matter.by)}）。", 14, RED)
    bar = f"3px solid {RED}"
    gap = f"4px solid {PAPER}"
    return row(cell(what + asked, padding="3px 0 3px 10px", border_left=bar, border_bottom=gap))


# ------------------------------------------------------------------ below it


def _indicators(lines: Sequence[IndicatorLine]) -> str:
    key = text("走势为1至12月：实线为实际，虚线为时序进度。", 12, QUIET)
    return section("指标进度", key + table(_indicator(n, line) for n, line in enumerate(lines)))


def _indicator(number: int, line: IndicatorLine) -> str:
    shape = {"vertical_align": "top", "border_bottom": f"1px solid {RULE}"}
    name = text(escape(line.name), 14, font_weight="bold") + text(
        escape(f"{line.clause} · {line.agency}"), 12, QUIET
    )
    notes = "".join(text(escape(note), 12, QUIET) for note in line.notes)
    figures = text(f"<b>{escape(line.number)}</b> / {escape(line.target)}", 13)
    drawing = image(_sparkline_cid(number), line.alt, *charts.SPARKLINE)
    return row(
        cell(name + notes, padding="8px 6px 8px 0", **shape),
        cell(figures + drawing, 'width="134"', width="134px", padding="8px 6px 8px 0", **shape),
        cell(badge(line.light, line.light_name), 'width="64"', width="64px", padding="8px 0", **shape),
    )


def _lagging(lagging: Sequence[Lag], near: Sequence[str]) -> str:
    red = table(_lag(n, lag) for n, lag in enumerate(lagging)) if lagging else text("本月没有红灯。")
    yellow = text("<b>黄灯</b>", margin_top="8px") + bullets(near, 14) if near else ""
    return section("滞后事项", red + yellow)


def _lag(number: int, lag: Lag) -> str:
    line = lag.line
    head = text(f"<b>红灯 {escape(line.name)}</b>（{escape(line.agency)}）", colour=COLOURS[Light.RED].ink)
    drawing = image(_trend_cid(number), line.alt, *charts.TREND, fluid=True)
    why = (("亮灯原因", lag.cause), ("单位说明", lag.explanation), ("已采取措施", lag.action))
    told = "".join(text(f"<b>{label}</b> {escape(words)}", 14) for label, words in why)
    return row(cell(head + text(escape(stands(lag)), 14) + drawing + told, padding="4px 0 12px 0"))


def _discipline(discipline: Discipline) -> str:
    rates, *named = discipline_lines(discipline)
    return section("报送纪律", text(escape(rates)) + bullets(named) + _months(discipline.months))


def _months(months: Sequence[tuple[str, int, int, int, int]]) -> str:
    if not months:
        return ""
    lines = zip(("", "按时", "迟报", "未报", "退回"), zip(*months, strict=True), strict=True)
    return table((_month_row(name, [str(v) for v in values]) for name, values in lines), margin_top="8px")


def _month_row(name: str, values: Sequence[str]) -> str:
    def shown(word: str) -> str:
        quiet = word == "0" or not name or word == name
        content = text(escape(word), 13, QUIET if quiet else INK)
        return cell(content, padding="4px 1px", text_align="center", border_bottom=f"1px solid {RULE}")

    return row(*map(shown, (name, *values)))


def _letters(digest: Digest) -> str:
    signed = bullets(map(letter_line, digest.letters), 14) if digest.letters else text("没有签发文书。", 14)
    waiting = (
        bullets(map(letter_line, digest.waiting), 14) if digest.waiting else text("没有待签发的文书。", 14)
    )
    since = text(f"<b>{day(digest.letters_since)}以来签发{len(digest.letters)}份</b>")
    to_sign = text(f"<b>待签发{len(digest.waiting)}份</b>", margin_top="8px")
    return section("“三书一函”", since + signed + to_sign + waiting)


def _dates(dates: Sequence[tuple[date, str]]) -> str:
    return section("近期安排", bullets(f"{day(d)} {what}" for d, what in dates)) if dates else ""


def _foot(digest: Digest) -> str:
    lines = [
        f"{digest.plan_title}。",
        f"编发：{digest.office_name}。本月报由系统按规则从已接收的报表生成，全文附PDF和Word。",
        *digest.edited,
        " · ".join(digest.marks),
    ]
    told = "".join(text(escape(line), 12, QUIET) for line in lines if line)
    return row(cell(told, padding="12px 16px 20px 16px", border_top=f"1px solid {RULE}"))


def _page(digest: Digest, blocks: Sequence[str]) -> str:
    """Wrap the rows: at most 600 px wide, centred; the comments hold Outlook to it."""
    page = table(blocks, f'width="100%" bgcolor="{PAPER}"', max_width=f"{WIDE}px", background_color=PAPER)
    before = f'<!--[if mso]><table width="{WIDE}"><tr><td><![endif]-->'
    after = "<!--[if mso]></td></tr></table><![endif]-->"
    centred = row(cell(before + page + after, 'align="center"'))
    body = table([centred], f'width="100%" bgcolor="{GROUND}"')
    shape = style(margin="0", padding="0", background_color=GROUND, font_family=FONT)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light only">'
        '<meta name="supported-color-schemes" content="light only">'
        f"<title>{escape(digest.title)}</title></head>"
        f'<body bgcolor="{GROUND}" {shape}>{body}</body></html>'
    )
