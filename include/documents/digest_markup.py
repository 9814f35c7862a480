"""The few pieces of HTML a mail can rely on: nested tables, inline styles, `bgcolor`. Arguments are HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from include.documents.charts import COLOURS
from include.records.facts import Light

FONT = "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
INK, QUIET, RULE, PAPER, GROUND, RED = "#1f2329", "#5b616b", "#e3e5e9", "#ffffff", "#f3f4f6", "#b3261e"


def style(**rules: object) -> str:
    """Give a style attribute: `font_size="14px"` becomes `font-size:14px`."""
    return 'style="' + ";".join(f"{name.replace('_', '-')}:{value}" for name, value in rules.items()) + '"'


def table(rows: Iterable[str], attributes: str = 'width="100%"', **rules: object) -> str:
    """Give a table that only lays out, as wide as its place unless said otherwise."""
    wide = {"width": "100%", "border_collapse": "collapse"} if 'width="100%"' in attributes else {}
    head = f'<table role="presentation" cellpadding="0" cellspacing="0" border="0" {attributes}'
    return f"{head} {style(**{**wide, **rules})}>{''.join(rows)}</table>"


def row(*cells: str) -> str:
    """Give a row."""
    return f"<tr>{''.join(cells)}</tr>"


def cell(content: str, attributes: str = "", **rules: object) -> str:
    """Give a cell; Outlook inherits no font into tables, so each names it."""
    return f"<td {attributes} {style(font_family=FONT, **rules)}>{content}</td>"


def text(content: str, size: int = 15, colour: str = INK, **rules: object) -> str:
    """Give a paragraph."""
    shape = {"margin": "0", "font_size": f"{size}px", "line_height": "1.5", "color": colour}
    return f"<p {style(**{**shape, **rules})}>{content}</p>"


def block(content: str, padding: str = "0 16px 14px 16px") -> str:
    """Give a row of the page."""
    return row(cell(content, padding=padding))


def section(title: str, content: str) -> str:
    """Give a row of the page with its heading."""
    shape = style(margin="0 0 6px 0", font_size="17px", line_height="1.4", color=INK, font_weight="bold")
    return block(f"<h2 {shape}>{escape(title)}</h2>{content}")


def bullets(lines: Iterable[str], size: int = 15) -> str:
    """Give lines of plain text as a list: list tags are drawn too differently to rely on."""
    return table(
        row(
            cell(text("·", size, QUIET), 'width="14"', width="14px", vertical_align="top"),
            cell(text(escape(line), size)),
        )
        for line in lines
    )


def badge(light: Light, name: str) -> str:
    """Name a light on its colour; the word says it without the colour."""
    colour = COLOURS[light]
    shown = text(escape(name).replace("·", "<br>"), 13, colour.ink, font_weight="bold")
    place = f'bgcolor="{colour.tint}"'
    inside = cell(shown, place, background_color=colour.tint, padding="3px 6px", text_align="center")
    return table([row(inside)], 'align="right"')


def image(cid: str, alt: str, width: int, height: int, *, fluid: bool = False) -> str:
    """Give an inline picture with its words; a fluid one shrinks with the screen."""
    shown = "100%" if fluid else f"{width}px"
    shape = style(display="block", border="0", width=shown, max_width=f"{width}px", height="auto")
    return f'<img src="cid:{cid}" alt="{escape(alt)}" width="{width}" height="{height}" {shape}>'
