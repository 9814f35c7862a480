"""The official wording beside a plan in `DUBAN_HOME`: attached once, quoted from then on."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from include.errors import PlanError
from include.plan.model import Plan
from include.plan.official_text import split_text

_DOCUMENT, _CLAUSES = "official.txt", "official.json"


@dataclass(frozen=True, slots=True)
class AttachReport:
    """What came of attaching: clauses that match their hash, that differ, that the document lacks or has beyond."""

    matched: tuple[str, ...]
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True if every clause matches."""
        return not (self.differing or self.missing or self.extra)


def attach_text(plan: Plan, home: Path, document: Path) -> AttachReport:
    """Put the published document beside the plan; clauses whose hash matches are quoted from then on.

    Raises:
        PlanError: the file cannot be read as text, or nothing in it matches the plan.
    """
    try:
        text = document.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{document}: cannot be read as UTF-8 text: {error}") from error
    hashes = {c.id: c.text_hash for c in plan.clauses if c.text_hash}
    published = {c.id: c for c in split_text(text)}
    matched = tuple(i for i in hashes if i in published and published[i].text_hash == hashes[i])
    report = AttachReport(
        matched=matched,
        differing=tuple(i for i in hashes if i in published and i not in matched),
        missing=tuple(i for i in hashes if i not in published),
        extra=tuple(i for i in published if i not in hashes),
    )
    if not matched:
        raise PlanError(f"{document}: no clause of it matches plan {plan.id}; is it the right document?")
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(document, home / _DOCUMENT)
    quoted = {i: published[i].text for i in matched}
    (home / _CLAUSES).write_text(json.dumps(quoted, ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def attached_texts(home: Path) -> dict[str, str]:
    """Give the attached wording by clause; empty if none is attached."""
    file = home / _CLAUSES
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
