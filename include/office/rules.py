"""The one catalogue of rules: what the reader finds and what Great Expectations finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from include.expectations import RULES as CONTENT
from include.office.desk import Office, open_office
from include.plan import Period
from include.plan.limits import Limits
from include.records.findings import Severity
from include.records.rules import FoundBy, Rule, RuleKind
from include.returns.rules import RULES as STRUCTURE

SEVERITIES = {
    Severity.ERROR: "错误：退回，改好再报",
    Severity.WARNING: "需说明：照常接收，请在指明的格里写明原因",
    Severity.BETA: "供了解：只告诉食药安办，回执里没有",
}
FOUND_BY = {FoundBy.READER: "读取文件时", FoundBy.GX: "校验内容时（Great Expectations）"}
_FILLED = re.compile(r"\{\w+\}")


def catalogue() -> tuple[Rule, ...]:
    """Give every rule: of structure first, then of content."""
    return (*STRUCTURE, *CONTENT)


def catalogue_json() -> list[dict[str, Any]]:
    """Give the catalogue as plain JSON values."""
    return [{key: str(value) for key, value in asdict(rule).items()} for rule in catalogue()]


def thresholds(office: Office | None = None) -> Iterator[tuple[str, str, int]]:
    """Give the thresholds of every plan of the installation as (plan id and key, words, value)."""
    office = office or open_office()
    for plan_id in office.plan_ids:
        book = office.book(plan_id)
        for key, words, value in book.at(Period(book.year, 12)).limits.shown():
            yield f"{plan_id}/{key}", words, value


def catalogue_markdown() -> str:
    """Give the catalogue as the page `docs/rules.md`, kind by kind; what a message quotes is shown as …."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    rules = catalogue()
    yield "# 校验规则"
    yield ""
    yield f"共 {len(rules)} 条。本页由 `duban rules --markdown` 生成，不要手改。“…”处是报表里的内容。"
    yield "需说明的，写明原因后不再提示，原因随数据或进展一起保存。"
    yield from ("", "## 门槛", "")
    yield "写在 `plans/<工作要点>/plan.yaml` 的 `limits` 里；下面是没有另写时的值，都待确认。"
    yield from ("", "| 门槛 | 值 | 名称 |", "| --- | --- | --- |")
    yield from (f"| {words} | {value:,} | `{key}` |" for key, words, value in Limits().shown())
    for kind in RuleKind:
        yield from ("", f"## {kind}")
        for rule in (r for r in rules if r.kind is kind):
            yield from _entry(rule)


def _entry(rule: Rule) -> Iterator[str]:
    yield from ("", f"### {_read(rule.title)}", "")
    yield f"`{rule.id}` · {SEVERITIES[rule.severity]} · {FOUND_BY[rule.found_by]}"
    yield ""
    for label, text in (
        ("提示", rule.message),
        ("应当是", rule.expected),
        ("怎么改", rule.fix),
        ("为什么", rule.why),
    ):
        yield f"- {label}：{_read(text)}"


def _read(template: str) -> str:
    return _FILLED.sub("…", template).replace("{{", "{").replace("}}", "}")
