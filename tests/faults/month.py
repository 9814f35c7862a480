"""A whole month of the county: what the agencies drop, when the system takes its steps, disturbed or not."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from include.office import deliver_outbox, mailroom
from include.office.outbox import message_id
from tests.faults.county import CIVIL, FARMS, MARKET, PLAN, POLICE, SCHOOLS, County
from tests.faults.steps import Ended, take
from tests.faults.whole import Told, told
from tests.mailbox import Mailbox


def _first_returns(county: County) -> None:
    county.file(MARKET)
    county.file(FARMS)
    county.file(SCHOOLS, "unsigned")


def _corrected(county: County) -> None:
    county.file(SCHOOLS)
    county.drop(SCHOOLS, "报送", "2024-01 盖章扫描件.pdf", b"%PDF-1.4 a scan")


def _late(county: County) -> None:
    county.file(CIVIL)
    for n, agency in ((1, POLICE), (3, FARMS)):
        county.drop(agency, "回复", f"对虚食药安办函〔2024〕{n}号的回复.txt", "已研究落实（虚构）。".encode())


def _an_hour_passes(county: County) -> None:
    """Make what was left half done as old as it is when the night's housekeeping comes."""
    for left in county.office.settings.home.rglob(".~*"):
        os.utime(left, (0, 0))


MONTH: tuple[tuple[str, Callable[[County], None] | None, tuple[str, ...]], ...] = (
    ("2024-01-31T08:30", None, ("open", "deliver")),
    ("2024-02-02T11:00", _first_returns, ("collect", "deliver")),
    ("2024-02-05T11:00", _corrected, ("collect", "deliver")),
    ("2024-02-06T18:10", None, ("collect", "close", "deliver")),
    ("2024-02-07T09:10", None, ("escalate",)),
    ("2024-02-07T15:00", None, ("sign", "deliver")),
    ("2024-02-08T11:00", _late, ("collect", "close", "escalate", "deliver")),
    ("2024-02-26T10:00", None, ("close", "digest", "escalate", "deliver")),
    ("2024-02-27T10:00", None, ("close", "escalate", "deliver")),
    ("2024-02-28T06:30", _an_hour_passes, ("housekeeping",)),
)


@dataclass
class Played:
    """What happened in a month: how each step that ended did, and where it was killed before."""

    steps: list[Ended] = field(default_factory=list[Ended])
    told: list[Told] = field(default_factory=list[Told])  # after each moment
    kills: list[str] = field(default_factory=list[str])
    by_a_person: int = 0  # formal mails a person had to look after


_LONG = 100  # instants
Taken = Callable[
    [County, str, int], Iterator[str]
]  # takes a step, of this place in the month, until it is done


def play(county: County, mailbox: Mailbox, taken: Taken | None = None, moments: int = len(MONTH)) -> Played:
    """Play the month, or its first moments; by `taken`, which gives the kills it took, or undisturbed."""
    played = Played()
    for moment, drop, steps in MONTH[:moments]:
        county.at(moment)
        if drop:
            drop(county)
        for step in steps:
            if taken:
                played.kills += taken(county, step, len(played.steps))
                if step == "housekeeping":  # what it left itself when it was killed is for another night
                    _an_hour_passes(county)
            played.steps.append(take(county.office.settings, step, county.diary))
            if step == "deliver":
                played.by_a_person += look_after(county, mailbox)
        played.told.append(told(county))
    return played


def look_after(county: County, mailbox: Mailbox) -> int:
    """Do what a person does about a mail whose sending was cut off: ask whether it came, then decide."""
    uncertain = list(mailroom.overview(PLAN, ["uncertain"], office=county.office))
    arrived = {str(received.message["Message-ID"]) for received in mailbox.received}
    who: dict[str, Any] = {"reason": "已电话核实（虚构）", "user": "administrator", "office": county.office}
    for message in uncertain:
        if message_id(PLAN, message["key"]) in arrived:
            mailroom.settle(message["id"], outcome="sent", **who)
        else:
            mailroom.resend(message["id"], **who)
    if uncertain:
        deliver_outbox.run(office=county.office)
    return len(uncertain)


def killed(seed: int, undisturbed: Played, a_step: int) -> Taken:
    """Kill each step so often, a long one once more: at one of its instants, or after part of its time."""
    dice = random.Random(f"duban-faults-{seed}")  # noqa: S311 - what was drawn can be drawn again

    def taken(county: County, step: str, place: int) -> Iterator[str]:
        alone = undisturbed.steps[place]
        for n in range(a_step + (alone.instants > _LONG)):
            kill: dict[str, Any] = {"die_at": dice.randint(1, max(1, alone.instants // (n + 1)))}
            if (place + n) % 3 == 2:
                kill = {"kill_after": dice.uniform(0, alone.seconds)}
            ended = take(county.office.settings, step, county.diary, **kill)
            if ended.killed:
                yield f"{step}: {ended.diary}"

    return taken
