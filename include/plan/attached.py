"""The official wording beside a plan in `DUBAN_HOME`: attached once, quoted from then on."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from include.errors import PlanError
from include.foreign import words
from include.plan.model import Plan
from include.plan.official_text import split_text

_DOCUMENT, _CLAUSES = "official.txt", "official.json"


@dataclass(frozen=True, slots=True)
class AttachReport:
    """What came of attaching, as clause ids.

    `matched` have their hash, `differing` another one; `missing` the document lacks, `extra` the plan lacks.
    """

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
    text = read_document(document)
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
        raise PlanError(f"{document}：没有一条与工作要点{plan.id}相符，没有附上；核对是不是这份文件")
    home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(document, home / _DOCUMENT)
    quoted = {i: published[i].text for i in matched}
    part = home / f".~{_CLAUSES}"  # every step reads it: it is there whole or not at all
    part.write_text(json.dumps(quoted, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(home / _CLAUSES)
    return report


def read_document(document: Path) -> str:
    """Read text as UTF-8 or, as older Chinese programs save it, GB 18030."""
    try:
        data = document.read_bytes()
    except OSError as error:
        raise PlanError(f"{document}：不能读取：{words(error)}；核对文件名和位置") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError(f"{document}：不是纯文本；把公布的网页另存为纯文本（UTF-8）")


def attached_texts(home: Path) -> dict[str, str]:
    """Give the attached wording by clause; empty if none is attached. Raises: PlanError if it is damaged."""
    file = home / _CLAUSES
    try:
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError as error:
        raise PlanError(f"{file}：已损坏；用 duban plan attach-text 重新附上正式文本") from error
