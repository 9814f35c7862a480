"""Small charts as SVG, drawn once for every form, and their pictures as PNG."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import typst

from include.records.facts import Light

Curve = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Colour:
    """Colours of a light: `ink` for text and lines (4.5 : 1 on white and on its tint), `tint` for areas."""

    ink: str
    tint: str


COLOURS = {
    Light.DONE: Colour("#0b5394", "#dbe8f6"),
    Light.GREEN: Colour("#1b6e3c", "#dcefe2"),
    Light.YELLOW: Colour("#8a5a00", "#fdf0cc"),
    Light.RED: Colour("#b3261e", "#fbdfdc"),
    Light.GREY: Colour("#5b616b", "#e9ebee"),
}
SPARKLINE, TREND = (108, 28), (356, 112)  # width and height; one unit is one point, and one pixel of a mail
PATH_INK, GRID_INK, TEXT_INK = "#8b929c", "#d9dce1", "#4a4f57"
# What each ink is for, as a class: a page with a dark side draws in its own colours.
_CLASSES = {PATH_INK: "path", GRID_INK: "grid", TEXT_INK: "text"} | {
    colour.ink: f"light-{light.value}" for light, colour in COLOURS.items()
}


def sparkline(actual: Curve, expected: Curve, light: Light, thick: float = 1) -> str:
    """Draw a year's line: the path dashed, what was reached solid, a dot where it stands.

    `thick` makes up in the lines for what a picture loses when it is set smaller than it was drawn.
    """
    width, height = SPARKLINE
    scale = _Scale(SPARKLINE, (actual, expected), margin=4)
    path = scale.lines(expected, PATH_INK, 1.2 * thick, "3 2")
    return _svg(width, height, [*path, *scale.actual(actual, light, 1.8 * thick, 2.6 * thick)])


def trend(actual: Curve, expected: Curve, light: Light) -> str:
    """Draw a lagging indicator month by month, with its axis and the last figures named."""
    width, height = TREND
    scale = _Scale(TREND, (actual, expected, (0.0,)), margin=9, right=40, below=18)
    floor = height - 16
    ticks = [_text(scale.x(m), height - 3, str(m + 1), "middle") for m in range(12)]
    return _svg(
        width,
        height,
        [
            _line([(scale.x(0), floor - 2), (scale.x(11), floor - 2)], GRID_INK, 1),
            *ticks,
            *scale.lines(expected, PATH_INK, 1.6, "5 4"),
            *scale.actual(actual, light, 2.6, 4),
            *_ends(scale, actual, expected, light),
        ],
    )


def pictures(svgs: Sequence[str], ppi: float = 192) -> tuple[bytes, ...]:
    """Turn drawings into PNG pictures, in one run; one SVG unit is one point, 72 to the inch."""
    if not svgs:
        return ()
    made = _compiler().compile(
        _PAGES, format="png", ppi=ppi, sys_inputs={"drawings": json.dumps([_sized(s) for s in svgs])}
    )
    return (made,) if isinstance(made, bytes) else tuple(made or ())


_PAGES = b"""#set page(margin: 0pt, width: auto, height: auto)
#for drawing in json(bytes(sys.inputs.drawings)) {
  page(image(bytes(drawing.svg), format: "svg", width: drawing.width * 1pt, height: drawing.height * 1pt))
}
"""


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_PAGES)


def _sized(svg: str) -> dict[str, object]:
    width, height = (int(svg.split(f'{side}="')[1].split('"', maxsplit=1)[0]) for side in ("width", "height"))
    return {"svg": svg, "width": width, "height": height}


class _Scale:
    """Puts months and figures into the drawing's box."""

    def __init__(
        self,
        size: tuple[int, int],
        curves: Iterable[Curve],
        margin: float,
        right: float = 0,
        below: float = 0,
    ) -> None:
        known = [v for curve in curves for v in curve if v is not None] or [0.0]
        self.high = max(known)
        self.low = min(*known, self.high * 0.9)  # a dip from 100 to 98 is not drawn as a fall to the ground
        self.left, self.wide = margin, size[0] - 2 * margin - right
        self.top, self.tall = margin, size[1] - 2 * margin - below

    def x(self, month: int) -> float:
        return self.left + self.wide * month / 11

    def y(self, value: float) -> float:
        if self.high == self.low:
            return self.top + self.tall / 2
        return self.top + self.tall * (self.high - value) / (self.high - self.low)

    def points(self, curve: Curve) -> list[list[tuple[float, float]]]:
        """Give the stretches without a gap."""
        stretches: list[list[tuple[float, float]]] = [[]]
        for month, value in enumerate(curve):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append((self.x(month), self.y(value)))
        return [s for s in stretches if s]

    def lines(self, curve: Curve, ink: str, thick: float, dash: str = "") -> list[str]:
        return [_line(s, ink, thick, dash) for s in self.points(curve) if len(s) > 1]

    def actual(self, curve: Curve, light: Light, thick: float, dot: float) -> list[str]:
        ink = COLOURS[light].ink
        ends = [s[-1] for s in self.points(curve)][-1:]
        dots = [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot}" fill="{ink}" class="{_CLASSES[ink]}"/>'
            for x, y in ends
        ]
        return [*self.lines(curve, ink, thick), *dots]


def _ends(scale: _Scale, actual: Curve, expected: Curve, light: Light) -> list[str]:
    """Name the last figure reached, what was due then, and the year's end of the path."""
    shapes: list[str] = []
    reached = [(m, v) for m, v in enumerate(actual) if v is not None][-1:]
    for month, value in reached:
        shapes.append(
            _text(
                scale.x(month) + 8, scale.y(value) + 4, f"{value:g}", "start", COLOURS[light].ink, bold=True
            )
        )
        due = expected[month]
        if due is not None:
            shapes.append(_text(scale.x(month) - 6, scale.y(due) - 6, f"{due:g}", "end"))
    if expected and expected[-1] is not None:
        shapes.append(_text(scale.x(11) + 8, scale.y(expected[-1]) + 5, f"{expected[-1]:g}", "start"))
    return shapes


def _svg(width: int, height: int, shapes: Iterable[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(shapes)}</svg>'


def _line(points: Sequence[tuple[float, float]], ink: str, thick: float, dash: str = "") -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline class="{_CLASSES[ink]}" points="{told}" fill="none" stroke="{ink}" stroke-width="{thick}"'
        f' stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
    )


def _text(x: float, y: float, text: str, anchor: str, ink: str = TEXT_INK, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text class="{_CLASSES[ink]}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}"'
        f' font-size="11" font-family="Noto Sans CJK SC, DejaVu Sans Mono, sans-serif"{weight}>{text}</text>'
    )
