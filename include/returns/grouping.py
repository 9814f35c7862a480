"""Equal faults as one: what one and the same change mends is told in one line, with every cell it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from include.records.findings import Finding, Severity
from include.returns.wording import clean

MOST_NAMED = 24  # cells of a group that are named one by one
_COLUMN = re.compile(r"[A-Z]+")
_OWN_CELL = re.compile(r"（[A-Z]{1,2}\d+）")  # in advice that names the cell of one row
_MAY_PART = "“”，。：；、（）"  # where two sentences may part without tearing a word or a figure


@dataclass(frozen=True, slots=True)
class Group:
    """Faults of one rule in one column of a sheet that are put right in the same way."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The fault a link leads to."""
        return self.findings[0]

    @property
    def error(self) -> bool:
        """Whether it returns the submission."""
        return self.first.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """Say where: `指标 F6、F8，共 2 处`."""
        refs = [f.ref for f in self.findings if f.ref]
        if not refs:
            return self.first.sheet or "整个文件"
        named = "、".join(refs[:MOST_NAMED]) + ("等" if len(refs) > MOST_NAMED else "")
        return f"{self.first.sheet} {named}" + (f"，共 {len(refs)} 处" if len(refs) > 1 else "")

    @property
    def message(self) -> str:
        """Say what is wrong, all in one sentence."""
        return merged([f.message for f in self.findings])

    @property
    def found(self) -> str:
        """Say what stands there."""
        return self._each([f.found or ("（空）" if f.ref else "") for f in self.findings])

    @property
    def expected(self) -> str:
        """Say what should."""
        return self._each([f.expected for f in self.findings])

    @property
    def fix(self) -> str:
        """Say how to put it right."""
        return self.first.fix if len(self.findings) == 1 else _alike(self.first.fix)

    def _each(self, texts: Sequence[str]) -> str:
        if len(set(texts)) == 1:
            return texts[0]
        return "；".join(f"{f.ref}：{text}" for f, text in zip(self.findings, texts, strict=True))


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Group findings, in the order of the first of each."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        column = _COLUMN.match(finding.ref)
        where = (finding.sheet, column[0] if column else "")
        groups.setdefault((finding.rule, finding.severity, *where, _alike(finding.fix)), []).append(finding)
    return tuple(Group(tuple(same)) for same in groups.values())


def merged(sentences: Sequence[str]) -> str:
    """Join sentences that differ in one stretch: `“甲”、“乙”的分子没有填`."""
    sentences = [clean(sentence) for sentence in dict.fromkeys(sentences)]
    if len(sentences) == 1:
        return sentences[0]
    head = _in_common(sentences)
    tails = [sentence[len(head) :] for sentence in sentences]
    tail = _in_common([t[::-1] for t in tails])[::-1]
    middles = [t[: len(t) - len(tail)] for t in tails]
    if not all(middles) or not tail.strip("。"):
        return "".join(sentences)
    opening = "“" if head.endswith("“") else ""
    closing = "”" if tail.startswith("”") else ""
    between = "；" if any("，" in m for m in middles) else "、"
    return f"{head}{(closing + between + opening).join(middles)}{tail}"


def _in_common(texts: Sequence[str]) -> str:
    """Give how all texts begin, up to where a text may part."""
    common = "".join(same[0] for same in takewhile(lambda t: len(set(t)) == 1, zip(*texts, strict=False)))
    return common[: 1 + max(common.rfind(mark) for mark in _MAY_PART)]


def _alike(fix: str) -> str:
    return _OWN_CELL.sub("", fix)
