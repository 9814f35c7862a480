"""Use case `rehearse`: which letters another ladder would have called for, and what differs from the year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from include.errors import PlanError, RefusedError
from include.escalation import LETTER_STATE_NAMES, RULE_NAMES, SET_ASIDE, STEP_NAMES, load_ladder
from include.office import ladders, recorded
from include.office.desk import Office, open_office
from include.office.rehearsed import ASSUMPTIONS, NOT_REPLAYED, Letter
from include.office.rehearsing import Play
from include.plan import Period
from include.workdays import SHANGHAI

_ASIDE = {LETTER_STATE_NAMES[state] for state in SET_ASIDE}
SAME, OTHER, MOVED, NEW, GONE = "same", "other-matters", "moved", "new", "gone"
NAMES = {
    SAME: "与实际相同",
    OTHER: "同日，事项不同",
    MOVED: "日期不同",
    NEW: "实际没有",
    GONE: "不再发出",
}


def run(
    plan: str,
    ladder: Path,
    *,
    first: date | None = None,
    last: date | None = None,
    now: str | None = None,
    office: Office | None = None,
) -> dict[str, Any]:
    """Rehearse the recorded year under another ladder; nothing is changed.

    Args:
        plan: the plan.
        ladder: a `ladder.yaml`.
        first: the day the other ladder begins to hold, until then the one in force does; the year's first.
        last: the last day; today or the year's last.
        now: the office clock's moment unless given.
        office: an open office.

    Returns:
        `letters` (each with how it compares: `same`, `other-matters`, `moved`, `new`, `gone`), `months` (by
        agency and month, the letters rehearsed and in fact, by step), `assumptions`, `not_replayed` (what no
        rehearsal can know), `unused` (decisions that found no case).

    Raises:
        PlanError: no such plan, or a ladder that does not load.
        RefusedError: the days are the wrong way round.
    """
    office = office or open_office()
    year = office.book(plan).year
    try:
        other = load_ladder(ladder)
    except PlanError as error:
        raise PlanError(f"递进措施{ladder.name}不能用，请按下列各处改正后再推演：\n{error}") from error
    begins = first or date(year, 1, 1)
    ends = min(office.now(now).date(), last or date(year + 1, 12, 31))
    if begins > ends:
        raise RefusedError(f"起始日{begins}晚于截止日{ends}")
    known = recorded.read(office, plan)
    old = ladders.in_force(office, known.events) or [(begins, office.ladder(plan))]
    play = Play(office, known, old, other, begins)
    play.run(date(year, 1, 1), ends)
    letters = list(_letters(office, plan, play, begins, ends))
    return {
        "plan": plan,
        "from": str(begins),
        "to": str(ends),
        "letters": letters,
        "months": _months(letters),
        "assumptions": list(ASSUMPTIONS),
        "not_replayed": list(NOT_REPLAYED),
        "unused": [f"{e.at.astimezone(SHANGHAI):%Y-%m-%d} {e.event} {e.subject}" for e in play.unused],
    }


def _letters(office: Office, plan_id: str, play: Play, begins: date, ends: date) -> Iterator[dict[str, Any]]:
    """Give every letter of the rehearsal and of the year, in order of agency and day."""
    happened = [row for row in play.known.proposed if begins <= row.drafted_on <= ends]
    left = {row.id: row for row in happened}
    mine = [x for x in play.letters if x.drafted_on >= begins]
    for letter in mine:
        if letter.recorded is not None:
            left.pop(letter.recorded.id, None)
    lines: list[dict[str, Any]] = []
    for letter in mine:
        other = letter.recorded or _nearest(play, letter, list(left.values()))
        if other is not None:
            left.pop(other.id, None)
        lines.append(_line(office, plan_id, letter, other, play))
    lines += [_gone(office, plan_id, play, row) for row in left.values()]
    yield from sorted(lines, key=lambda line: (line["agency"], line["on"] or line["happened_on"]))


def _nearest(play: Play, letter: Letter, rows: list[Row[Any]]) -> Row[Any] | None:
    """Find the letter of the year a rehearsed one stands for on another day: same agency, step and matter."""
    like = [
        row
        for row in rows
        if (row.agency_id, row.step) == (letter.agency_id, letter.step)
        and play.known.matters.get(row.id, frozenset()) & set(letter.matters)
        and row.period == str(letter.period)
    ]
    return min(like, key=lambda row: abs((row.drafted_on - letter.drafted_on).days), default=None)


def _line(office: Office, plan_id: str, letter: Letter, other: Row[Any] | None, play: Play) -> dict[str, Any]:
    happened = sorted(play.known.matters.get(other.id, ())) if other is not None else []
    matters = sorted(set(letter.matters))
    same = SAME if matters == happened else OTHER
    compared = NEW if other is None else same if letter.recorded is not None else MOVED
    return {
        "agency": letter.agency_id,
        "agency_name": _name(office, plan_id, letter.agency_id),
        "step": letter.step,
        "step_name": STEP_NAMES[letter.step],
        "compared": compared,
        "on": str(letter.drafted_on),
        "matters": matters,
        "happened_matters": happened,
        "rules": [RULE_NAMES[rule] for rule in dict.fromkeys(letter.rules)],
        "reasons": letter.reasons,
        "withdrawn_on": str(letter.withdrawn_on) if letter.withdrawn_on else None,
        **_happened(other),
    }


def _gone(office: Office, plan_id: str, play: Play, row: Row[Any]) -> dict[str, Any]:
    return {
        "agency": row.agency_id,
        "agency_name": _name(office, plan_id, row.agency_id),
        "step": row.step,
        "step_name": STEP_NAMES[row.step],
        "compared": GONE,
        "on": None,
        "matters": [],
        "happened_matters": sorted(play.known.matters.get(row.id, ())),
        "rules": [],
        "reasons": [],
        "withdrawn_on": None,
        **_happened(row),
    }


def _happened(row: Row[Any] | None) -> dict[str, Any]:
    if row is None:
        return {"letter": None, "happened_on": None, "number": None, "state": None}
    state = LETTER_STATE_NAMES[row.state]
    return {"letter": row.id, "happened_on": str(row.drafted_on), "number": row.number, "state": state}


def _name(office: Office, plan_id: str, agency_id: str) -> str:
    return office.agency(plan_id, agency_id, Period(office.book(plan_id).year, 12)).name


def _months(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count the letters by agency and month of drafting: rehearsed and in fact."""
    counted: dict[tuple[str, str, str], dict[str, Counter[str]]] = defaultdict(
        lambda: {"rehearsed": Counter(), "happened": Counter()}
    )
    for line in letters:
        aside = line["state"] in _ASIDE
        unsent = {
            "rehearsed": line["withdrawn_on"] or (aside and line["compared"] in (SAME, OTHER)),
            "happened": aside,
        }
        for key, on in (("rehearsed", line["on"]), ("happened", line["happened_on"])):
            if on:
                what = line["step_name"] + ("（未发出）" if unsent[key] else "")
                counted[line["agency"], line["agency_name"], on[:7]][key][what] += 1
    return [
        {"agency": agency, "agency_name": name, "month": month, **{k: dict(v) for k, v in counts.items()}}
        for (agency, name, month), counts in sorted(counted.items())
    ]


def told(result: dict[str, Any]) -> Iterator[str]:
    """Tell a rehearsal in lines."""
    letters = result["letters"]
    counts = Counter(line["compared"] for line in letters)
    yield f"{result['plan']}：{result['from']}至{result['to']}按新办法推演（只推演，不改动任何记录）"
    yield "　".join(f"{NAMES[how]}{counts[how]}件" for how in NAMES)
    yield ""
    yield "按单位和月份（推演 / 实际）："
    for row in result["months"]:
        both = f"{_counts(row['rehearsed'])} / {_counts(row['happened'])}"
        yield f"  {row['agency_name']} {row['month']}　{both}"
    different = [line for line in letters if line["compared"] != SAME]
    if different:
        yield ""
        yield "与实际不同的："
        yield from (f"  {_difference(line)}" for line in different)
    yield ""
    yield "假定："
    yield from (f"  {n}．{text}" for n, text in enumerate(result["assumptions"], 1))
    yield "推演不出的："
    yield from (f"  {n}．{text}" for n, text in enumerate(result["not_replayed"], 1))
    if result["unused"]:
        unused = "；".join(result["unused"])
        yield f"  有{len(result['unused'])}项人的决定在推演中没有对应的督办事项：{unused}"


def _counts(counts: dict[str, int]) -> str:
    return "、".join(f"{step}{n}件" for step, n in counts.items()) or "无"


def _difference(line: dict[str, Any]) -> str:
    head = f"{line['agency_name']} {line['step_name']}：{NAMES[line['compared']]}"
    fact = f"实际{line['happened_on']}拟稿{line['number'] or ''}（{line['state']}）" if line["letter"] else ""
    mine = f"推演{line['on']}拟稿" if line["on"] else ""
    gone = f"，{line['withdrawn_on']}事由消除撤回" if line["withdrawn_on"] else ""
    why = f"；{''.join(line['reasons'])}" if line["reasons"] else ""
    return f"{head}，{'，'.join(filter(None, (fact, mine)))}{gone}{why}"
