"""The digest as PDF, set by typst. All text travels as data (JSON), so none of it can be markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst

from include.documents import charts
from include.documents.digest import Digest, IndicatorLine, Lag, digest_name
from include.documents.digest_text import discipline_lines, letter_line
from include.documents.digest_words import day
from include.documents.fonts import STAND_INS

TEMPLATE = Path(__file__).with_name("digest.typ")
FACES = {"title": "方正小标宋简体", "body": "仿宋_GB2312", "plain": "黑体"}


def digest_pdf(digest: Digest, font_paths: Sequence[Path] = ()) -> bytes:
    """Set the digest on A4 pages; `font_paths` are folders of fonts beside the machine's own."""
    made = _compiler(tuple(font_paths)).compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"digest": json.dumps(_content(digest), ensure_ascii=False)},
        timestamp=datetime(digest.as_of.year, digest.as_of.month, digest.as_of.day, tzinfo=UTC),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one PDF, not a list of pages
    return made


@lru_cache(maxsize=4)
def _compiler(font_paths: tuple[Path, ...]) -> typst.Compiler:
    """Keep one compiler for each set of fonts: finding the fonts is what takes its time."""
    return typst.Compiler(b"", font_paths=cast("list[bytes]", list(font_paths)))


def _content(digest: Digest) -> dict[str, Any]:
    """Give what the template lays out: plain words and drawings."""
    return {
        "name": digest_name(digest),
        "fonts": {role: [face, *STAND_INS[face]] for role, face in FACES.items()},
        "colours": {light.value: {"ink": c.ink, "tint": c.tint} for light, c in charts.COLOURS.items()},
        "plan": digest.plan_title,
        "place": digest.place,
        "office": digest.office_name,
        "period": digest.period.label,
        "issue": digest.issue,
        "edition": digest.edition,
        "as_of": f"{digest.as_of.year}年{day(digest.as_of)}",
        "marks": digest.marks,
        "instructions": digest.instructions,
        "overall": digest.overall,
        "lights": [{"light": light.value, "name": name, "count": n} for light, name, n in digest.lights],
        "matters": [asdict(matter) for matter in digest.matters],
        "changes": digest.changes,
        "indicators": [_line(line) for line in digest.indicators],
        "lagging": [_lag(lag) for lag in digest.lagging],
        "near": digest.near,
        "discipline": discipline_lines(digest.discipline),
        "months": digest.discipline.months,
        "letters_title": f"{day(digest.letters_since)}以来签发{len(digest.letters)}份",
        "letters": [letter_line(letter) for letter in digest.letters],
        "waiting": [letter_line(letter) for letter in digest.waiting],
        "corrections": digest.corrections,
        "edited": digest.edited,
        "dates": [{"day": day(d), "what": what} for d, what in digest.dates],
    }


def _lag(lag: Lag) -> dict[str, Any]:
    line = lag.line
    return {
        **_line(line),
        "distance": lag.distance,
        "cause": lag.cause,
        "said": lag.explanation,
        "action": lag.action,
        "trend": charts.trend(line.actual, line.expected, line.light),
    }


def _line(line: IndicatorLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "clause": line.clause,
        "agency": line.agency,
        "light": line.light.value,
        "light_name": line.light_name,
        "value": line.value,
        "target": line.target,
        "due": line.expected_now,
        "notes": line.notes,
        "sparkline": charts.sparkline(line.actual, line.expected, line.light),
        "alt": line.alt,
    }
