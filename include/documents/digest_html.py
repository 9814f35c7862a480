"""The digest as an HTML mail: tables and inline styles only, readable at 390 px and in Outlook, charts as CID pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from include.documents import charts
from include.documents.charts import COLOURS
from include.documents.digest import Digest, Discipline, IndicatorLine, Lag, LetterLine
from include.documents.digest_matters import Matter
from include.documents.digest_text import digest_text
from include.documents.digest_words import day
from include.records.facts import Light

__all__ = ["Picture", "digest_html", "digest_text"]

FONT = "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
INK, QUIET, RULE, PAPER, MASTHEAD = "#1f2329", "#5b616b", "#e3e5e9", "#ffffff", "#b3261e"
TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
WIDE = 640


@dataclass(frozen=True, slots=True)
class Picture:
    """One inline picture of the mail."""

    cid: str
    png: bytes
    alt: str


def digest_html(digest: Digest) -> tuple[str, tuple[Picture, ...]]:
    """Lay the digest out as a mail; gives the page and its pictures, each named once by `cid:`."""
    pictures = _pictures(digest)
    blocks = [
        _masthead(digest),
        _instructions(digest.instructions),
        _overall(digest),
        _matters(digest.matters),
        _changes(digest.changes),
        _indicators(digest.indicators),
        _lagging(digest.lagging, digest.near),
        _discipline(digest.discipline),
        _letters(digest),
        _corrections(digest.corrections),
        _dates(digest.dates),
        _foot(digest),
    ]
    return _page(digest, "".join(blocks)), pictures


def _pictures(digest: Digest) -> tuple[Picture, ...]:
    lines = [_sparkline_cid(n) for n in range(len(digest.indicators))] + [_trend_cid(n) for n in range(len(digest.lagging))]
    drawings = [charts.sparkline(i.actual, i.expected, i.light) for i in digest.indicators]
    drawings += [charts.trend(lag.line.actual, lag.line.expected, lag.line.light) for lag in digest.lagging]
    alts = [i.alt for i in digest.indicators] + [lag.line.alt for lag in digest.lagging]
    return tuple(Picture(*told) for told in zip(lines, charts.pictures(drawings), alts, strict=True))


def _sparkline_cid(number: int) -> str:
    return f"sparkline-{number + 1}@duban"


def _trend_cid(number: int) -> str:
    return f"trend-{number + 1}@duban"


# ------------------------------------------------------------------ pieces


def _style(**rules: object) -> str:
    return 'style="' + ";".join(f"{name.replace('_', '-')}:{value}" for name, value in rules.items()) + '"'


def _text(content: str, size: int = 15, colour: str = INK, **rules: object) -> str:
    """Give a paragraph; `content` is HTML already."""
    style = _style(margin="0", font_size=f"{size}px", line_height="1.55", color=colour, **rules)
    return f"<p {style}>{content}</p>"


def _block(content: str, padding: str = "0 16px 18px 16px") -> str:
    return f"<tr><td {_style(padding=padding, font_family=FONT)}>{content}</td></tr>"


def _section(title: str, content: str) -> str:
    heading = (
        f"<h2 {_style(margin='0 0 8px 0', font_size='17px', line_height='1.4', color=INK, font_weight='bold')}>"
        f"{escape(title)}</h2>"
    )
    return _block(heading + content)


def _rows(rows: Iterable[str]) -> str:
    return f'<table {TABLE} width="100%" {_style(width="100%", border_collapse="collapse")}>{"".join(rows)}</table>'


def _badge(light: Light, name: str) -> str:
    """Name a light on its colour; the word says it without the colour."""
    colour = COLOURS[light]
    style = _style(background_color=colour.tint, color=colour.ink, font_size="13px", font_weight="bold", line_height="1.3",
                   padding="4px 6px", text_align="center", font_family=FONT)  # fmt: skip
    shown = escape(name).replace("·", "<br>")
    return f'<table {TABLE} align="right"><tr><td bgcolor="{colour.tint}" {style}>{shown}</td></tr></table>'


def _image(cid: str, alt: str, width: int, height: int, *, fluid: bool = False) -> str:
    size = _style(display="block", border="0", width="100%" if fluid else f"{width}px", height="auto", max_width=f"{width}px")
    return f'<img src="cid:{cid}" alt="{escape(alt)}" width="{width}" height="{height}" {size}>'


# ------------------------------------------------------------------ the first screen


def _masthead(digest: Digest) -> str:
    left = f"<h1 {_style(margin='0', font_size='22px', line_height='1.3', color=MASTHEAD, font_weight='bold')}>{escape(digest.title)}</h1>"
    marks = _text(escape(" · ".join(digest.marks)), 12, QUIET) if digest.marks else ""
    subtitle = _text(escape(f"{digest.place} · {digest.subtitle}"), 13, QUIET)
    cell = _style(padding="14px 16px 8px 16px", border_bottom=f"2px solid {MASTHEAD}", font_family=FONT)
    return f"<tr><td {cell}>{left}{subtitle}{marks}</td></tr>" + _block("", "0 0 10px 0")


def _instructions(instructions: Sequence[str]) -> str:
    return _section("领导批示待办", _list(instructions)) if instructions else ""


def _overall(digest: Digest) -> str:
    sentences = "".join(_text(escape(s), margin_top="6px") for s in digest.overall)
    return _block(_tiles(digest.lights) + sentences, "0 16px 14px 16px")


def _tiles(lights: Sequence[tuple[Light, str, int]]) -> str:
    cells = "".join(_tile(light, name, count, first=n == 0) for n, (light, name, count) in enumerate(lights))
    return f'<table {TABLE} width="100%" {_style(width="100%", table_layout="fixed")}><tr>{cells}</tr></table>'


def _tile(light: Light, name: str, count: int, *, first: bool) -> str:
    colour = COLOURS[light]
    border = "0" if first else f"4px solid {PAPER}"
    style = _style(background_color=colour.tint, color=colour.ink, text_align="center", padding="5px 0", border_left=border)
    number = f"<b {_style(font_size='20px', line_height='1.2')}>{count}</b>"
    return f'<td width="20%" bgcolor="{colour.tint}" {style}>{number}<br><span {_style(font_size="13px")}>{escape(name)}</span></td>'


def _matters(matters: Sequence[Matter]) -> str:
    if not matters:
        return _section("提请领导协调", _text("本期没有提请协调的事项。"))
    return _section("提请领导协调", _rows(_matter(n, m) for n, m in enumerate(matters, 1)))


def _matter(number: int, matter: Matter) -> str:
    told = _text(f"<b>{number}. {escape(matter.agency)}</b>:{escape(matter.what)}。")
    asked = _text(f"{escape(matter.decision)}({escape(matter.by)})。", colour=MASTHEAD)
    style = _style(padding="6px 0 7px 10px", border_left=f"3px solid {MASTHEAD}", border_bottom=f"4px solid {PAPER}", font_family=FONT)
    return f"<tr><td {style}>{told}{asked}</td></tr>"


def _changes(changes: Sequence[str]) -> str:
    return _section("与上月相比", _list(changes))


def _list(lines: Iterable[str], size: int = 15) -> str:
    def row(line: str) -> str:
        dot = _style(width="14px", vertical_align="top", font_size=f"{size}px", line_height="1.55", color=QUIET, font_family=FONT)
        return f'<tr><td width="14" {dot}>·</td><td {_style(font_family=FONT)}>{_text(escape(line), size)}</td></tr>'

    return _rows(map(row, lines))


# ------------------------------------------------------------------ below it


def _indicators(lines: Sequence[IndicatorLine]) -> str:
    key = _text("左为指标和答责单位,中为完成值、目标和走势(实线为实际,虚线为时序进度),右为亮灯。", 12, QUIET)
    return _section("指标进度", key + _rows(_indicator(n, line) for n, line in enumerate(lines)))


def _indicator(number: int, line: IndicatorLine) -> str:
    cell = {"padding": "8px 6px 8px 0", "border_bottom": f"1px solid {RULE}", "vertical_align": "top", "font_family": FONT}
    notes = "".join(_text(escape(note), 12, QUIET) for note in line.notes)
    name = _text(escape(line.name), 14, font_weight="bold") + _text(escape(f"{line.clause} · {line.agency}"), 12, QUIET) + notes
    figures = _text(f"<b>{escape(line.value)}</b> / {escape(line.target)}", 13) + _image(_sparkline_cid(number), line.alt, 108, 28)
    return (
        f"<tr><td {_style(**cell)}>{name}</td>"
        f'<td width="122" {_style(**cell, width="122px")}>{figures}</td>'
        f'<td width="64" {_style(**{**cell, "padding": "8px 0"}, width="64px")}>{_badge(line.light, line.light_name)}</td></tr>'
    )


def _lagging(lagging: Sequence[Lag], near: Sequence[str]) -> str:
    red = _rows(_lag(n, lag) for n, lag in enumerate(lagging)) if lagging else _text("本月没有红灯。")
    yellow = _text("<b>黄灯</b>", 15, margin_top="8px") + _list(near, 14) if near else ""
    return _section("滞后事项", red + yellow)


def _lag(number: int, lag: Lag) -> str:
    line = lag.line
    head = _text(f"<b>红灯 {escape(line.name)}</b>({escape(line.agency)})", 15, COLOURS[Light.RED].ink)
    stand = _text(escape(f"{line.value},目标{line.target};{lag.distance}。"), 14)
    told = "".join(
        _text(f"<b>{label}</b> {escape(text)}", 14)
        for label, text in (("亮灯原因", lag.cause), ("单位说明", lag.explanation), ("已采取措施", lag.action))
    )
    style = _style(padding="4px 0 12px 0", font_family=FONT)
    return f"<tr><td {style}>{head}{stand}{_image(_trend_cid(number), line.alt, 560, 150, fluid=True)}{told}</td></tr>"


def _discipline(discipline: Discipline) -> str:
    named = (("未报", discipline.missing), ("迟报", discipline.late), ("退回未更正", discipline.returned))
    lines = [f"{what}{len(who)}家:{'、'.join(who)}。" for what, who in named if who]
    silence = [discipline.silence] if discipline.silence else []
    return _section("报送纪律", _text(escape(discipline.sentence)) + _list([*lines, *silence]) + _months(discipline.months))


def _months(months: Sequence[tuple[str, int, int, int]]) -> str:
    if not months:
        return ""
    rows = [("", *(m for m, *_ in months))]
    rows += [(name, *(str(m[n]) for m in months)) for n, name in enumerate(("按时", "迟报", "未报"), 1)]
    return f'<table cellpadding="0" cellspacing="0" border="0" width="100%" {_style(width="100%", margin_top="8px", border_collapse="collapse")}>{"".join(map(_month_row, rows))}</table>'


def _month_row(cells: Sequence[str]) -> str:
    def cell(text: str, *, head: bool) -> str:
        colour = QUIET if head or text == "0" else INK
        style = _style(padding="4px 1px", font_size="13px", text_align="center", color=colour, border_bottom=f"1px solid {RULE}", font_family=FONT)
        return f"<td {style}>{escape(text)}</td>"

    return "<tr>" + "".join(cell(text, head=n == 0 or cells[0] == "") for n, text in enumerate(cells)) + "</tr>"


def _letters(digest: Digest) -> str:
    signed = _list(map(_letter, digest.letters), 14) if digest.letters else _text("没有签发文书。", 14)
    waiting = _list(map(_letter, digest.waiting), 14) if digest.waiting else _text("没有待签发的文书。", 14)
    return _section(
        "“三书一函”",
        _text(f"<b>{escape(day(digest.letters_since))}以来签发{len(digest.letters)}份</b>") + signed
        + _text(f"<b>待签发{len(digest.waiting)}份</b>", margin_top="8px") + waiting,
    )  # fmt: skip


def _letter(letter: LetterLine) -> str:
    number = f" {letter.number}" if letter.number else ""
    return f"{letter.agency}:{letter.summary}({letter.kind}{number},{letter.when},{letter.state})"


def _corrections(corrections: Sequence[str]) -> str:
    return _section("更正", _list(corrections, 14)) if corrections else ""


def _dates(dates: Sequence[tuple[date, str]]) -> str:
    return _section("近期安排", _list([f"{day(d)} {what}" for d, what in dates])) if dates else ""


def _foot(digest: Digest) -> str:
    lines = [f"{digest.plan_title}。", f"编发:{digest.office_name}。本月报由系统按规则从已接收的报表生成,全文附PDF和Word。", " · ".join(digest.marks)]
    style = _style(padding="12px 16px 20px 16px", border_top=f"1px solid {RULE}", font_family=FONT)
    return f"<tr><td {style}>{''.join(_text(escape(line), 12, QUIET) for line in lines if line)}</td></tr>"


def _page(digest: Digest, rows: str) -> str:
    body = f'<table {TABLE} width="100%" bgcolor="{PAPER}" {_style(width="100%", max_width=f"{WIDE}px", background_color=PAPER)}>{rows}</table>'
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(digest.title)}</title></head>"
        f'<body {_style(margin="0", padding="0", background_color="#f3f4f6")}>'
        f'<table {TABLE} width="100%" bgcolor="#f3f4f6" {_style(width="100%")}><tr><td align="center">'
        f'<!--[if mso]><table {TABLE} width="{WIDE}"><tr><td><![endif]-->{body}<!--[if mso]></td></tr></table><![endif]-->'
        "</td></tr></table></body></html>"
    )
