"""A figure's passport in plain words, top-down: the figure, what it is made of, how it got here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def passport_lines(passport: dict[str, Any]) -> Iterator[str]:
    """Write what `include.office.passport` gives as lines a person reads."""
    yield f"{passport['name']}  {passport['period']}"
    yield f"{passport['plan_title']}  第{passport['clause']}条  截至 {passport['as_of']}"
    yield f"口径：{passport['definition']}"
    parts = (_figure, _facts, _rules, _differences, _objections, _versions, _published)
    for part in parts:
        lines = list(part(passport))
        if lines:
            yield ""
            yield from lines


def _figure(passport: dict[str, Any]) -> Iterator[str]:
    f = passport["figure"]
    made_of = f"（{f['made_of']}）" if f["made_of"] else ""
    carried = f"（{f['of_period']}报数）" if f["of_period"] != passport["period"] else ""
    path = f"，时序应达 {f['path']}" if f["path"] else ""
    yield f"【数】{f['value']}{made_of}{carried}，目标 {f['target']}{path}，亮灯：{f['light']}"
    yield f"    {f['reason']}"
    for mark in f["marks"]:
        yield f"    标记：{mark}"


def _facts(passport: dict[str, Any]) -> Iterator[str]:
    if not passport["facts"]:
        return
    yield "【来源】"
    for fact in passport["facts"]:
        whose = fact["agency"] + ("" if fact["counts"] else "（核对单位，不计入）")
        yield f"  {whose} {fact['figure']} {fact['value']}"
        place = f"{fact['sheet']} {fact['cell']}，原文“{fact['raw']}”"
        yield f"    第{fact['number']}次报送《{fact['file']}》 {place}，{fact['arrived_at']}到达"
        yield f"    填报人 {fact['filled_by'] or '未填'}，审核签发人 {fact['signed_by'] or '未填'}"
        yield f"    文件指纹 {fact['sha256'][:16]}…"
        for note in filter(None, (*fact["notes"], fact["confirmed"])):
            yield f"    {note}"
        if fact["explanation"]:
            yield f"    情况说明：{fact['explanation']}"


def _rules(passport: dict[str, Any]) -> Iterator[str]:
    rules = passport["rules"]
    if not rules["passed"] and not rules["found"]:
        return
    yield f"【校验】通过{len(rules['passed'])}条：{'、'.join(rules['passed'])}"
    if any(fact["explanation"] for fact in passport["facts"]):
        yield "  “需说明”的规则，单位已写情况说明的视为通过，说明见上"
    for found in rules["found"]:
        yield f"  {found['severity']}：{found['rule']}（{found['place']}）{found['message']}"
        if found["explanation"]:
            yield f"    单位说明：{found['explanation']}"


def _differences(passport: dict[str, Any]) -> Iterator[str]:
    for one in passport["differences"]:
        yield f"【核对】{one['figure']}：{'，'.join(one['reported']) or '各单位现已一致'}"
        by = f"（{one['decided_by']}，{one['decided_at']}）" if one["decided_by"] else ""
        yield f"    {one['settlement']}：{one['counts']}{by}"


def _objections(passport: dict[str, Any]) -> Iterator[str]:
    for one in passport["objections"]:
        late = "" if one["in_time"] else "（逾期提出）"
        yield f"【核对异议】{one['agency']} {one['raised_by']} {one['raised_at']}{late}：{one['words']}"
        yield f"    答复：{one['answer']}（{one['answered_by']}）" if one["answer"] else "    待答复"


def _versions(passport: dict[str, Any]) -> Iterator[str]:
    if not passport["versions"]:
        return
    yield "【历次报送】"
    for one in passport["versions"]:
        told = "，".join(one["figures"])
        same = f"，与第{one['same_as']}次相同" if one["same_as"] else ""
        counts = "，现用" if one["counts"] else ""
        head = f"  {one['agency']}第{one['number']}次 {one['arrived_at']} {one['outcome']}{same}{counts}"
        yield f"{head}：{told}" if told else head


def _published(passport: dict[str, Any]) -> Iterator[str]:
    if not passport["published"]:
        return
    yield "【已发布】"
    for one in passport["published"]:
        yield f"  {one['what']}（{one['at']}）：{one['value']}"
