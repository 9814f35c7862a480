"""文号: taken from a block the office gave, or typed in from its register; unique, gaps explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from include.errors import RefusedError
from include.escalation import LetterNumber, Step, gaps, read_number
from include.office.desk import Moment, Office, open_office, record, selected
from include.office.evidence import reason_given
from include.plan import Period
from include.store import numbers

DEMO_PREFIX = "演示"


def assign(
    office: Office, connection: Connection, row: Row[Any], signed_on: date, typed: str
) -> LetterNumber | None:
    """Give a letter's number inside the caller's transaction: the one typed in, or the next of the block.

    None where the office gave no block: the letter waits for a number of its register.

    Raises:
        RefusedError: not a number of this letter's series and year, taken already, or the block is used up.
    """
    prefix = _prefix(office, row)
    used = _used(connection, row.plan_id)[prefix, signed_on.year]
    if typed.strip():
        number = read_number(typed)
        if (number.prefix, number.year) != (prefix, signed_on.year):
            raise RefusedError(f"{number}不是本文书的文号；应为 {prefix}〔{signed_on.year}〕…号")
        if number.n in used:
            raise RefusedError(f"{number}已经用过，请另写一个文号，或不写而从号段中取")
        return number
    if numbers.block(connection, row.plan_id, prefix, signed_on.year) is None:
        return None
    n = numbers.take_next(connection, row.plan_id, prefix, signed_on.year, used)
    if n is None:
        raise RefusedError(
            f"{prefix}〔{signed_on.year}〕没有可用的文号；请先登记号段（duban letters numbers），或写明文号"
        )
    return LetterNumber(prefix, signed_on.year, n)


def _prefix(office: Office, row: Row[Any]) -> str:
    """Give the 代字 of a letter: its step's; a 更正函 is a 函, whatever it corrects."""
    if office.plan(row.plan_id, Period.parse(row.period)).demo:
        return DEMO_PREFIX
    return office.ladder(row.plan_id).step(Step.REMINDER if row.corrects else row.step).prefix


def _used(connection: Connection, plan_id: str) -> Mapping[tuple[str, int], set[int]]:
    used: dict[tuple[str, int], set[int]] = defaultdict(set)
    for text in numbers.taken(connection, plan_id):
        with suppress(RefusedError):
            number = read_number(text)
            used[number.prefix, number.year].add(number.n)
    return used


def give_numbers(
    plan_id: str,
    prefix: str,
    year: int,
    first: int,
    last: int,
    *,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Give duban a block of numbers of the office's register. Raises: RefusedError."""
    office = office or open_office()
    list(selected(office, plan_id))
    if not 1 <= first <= last:
        raise RefusedError(f"{first}–{last}不是号段：起号至少为1，止号不小于起号")
    with office.store.writing() as connection:
        standing = numbers.give_block(connection, plan_id, prefix, year, first, last)
        if standing is not None:
            rest = f"，还有{standing.next}号至{standing.last}号" if standing.next <= standing.last else ""
            raise RefusedError(f"{prefix}〔{year}〕已有号段，到{standing.last}号{rest}")
        body = {"prefix": prefix, "year": year, "first": first, "last": last}
        record(connection, plan_id, office.now(now), "numbers-given", prefix, body, actor=user)


def unexplained(plan: str | None = None, *, office: Office | None = None) -> list[dict[str, Any]]:
    """Give the numbers no letter has and nobody explained: `plan`, `prefix`, `year`, `first`, `last`.

    A series begins at the first number given to duban, or else at the lowest it has used.
    """
    office = office or open_office()
    found: list[dict[str, Any]] = []
    for plan_id in selected(office, plan):
        with office.store.reading() as connection:
            used = _used(connection, plan_id)
            begins = {(b.prefix, b.year): b.first for b in numbers.blocks(connection, plan_id)}
            told = numbers.explained(connection, plan_id)
        for (prefix, year), taken in sorted(used.items()):
            known = {
                n for g in told if (g.prefix, g.year) == (prefix, year) for n in range(g.first, g.last + 1)
            }
            begin = min(taken | ({begins[prefix, year]} if (prefix, year) in begins else set()))
            series = {"plan": plan_id, "prefix": prefix, "year": year}
            missing = gaps(begin, taken | {n for n in known if n < max(taken)})
            found += [{**series, "first": gap.start, "last": gap.stop - 1} for gap in missing]
    return found


def explain(
    plan_id: str,
    prefix: str,
    year: int,
    first: int,
    last: int,
    *,
    reason: str,
    user: str,
    now: Moment = None,
    office: Office | None = None,
) -> None:
    """Record why numbers are on no letter of ours. Raises: RefusedError."""
    office = office or open_office()
    moment, why = office.now(now), reason_given(reason)
    open_gaps = [g for g in unexplained(plan_id, office=office) if (g["prefix"], g["year"]) == (prefix, year)]
    if first > last or not any(g["first"] <= first and last <= g["last"] for g in open_gaps):
        raise RefusedError(f"{prefix}〔{year}〕{first}号至{last}号不是待说明的空号（duban letters gaps）")
    values = {"plan_id": plan_id, "prefix": prefix, "year": year, "first": first, "last": last, "reason": why}
    with office.store.writing() as connection:
        numbers.explain(connection, values | {"explained_by": user, "explained_at": moment})
        body = {"prefix": prefix, "year": year, "first": first, "last": last, "reason": why}
        record(connection, plan_id, moment, "number-gap-explained", prefix, body, actor=user)
