"""The office clock: the only reader of the system's clock in duban.

`DUBAN_CLOCK_START` (or a demo) shifts it; it then runs on from there, also across processes, by an anchor in
`DUBAN_HOME/clock.json`: {"office": ISO moment, "real": ISO moment or null while stopped}.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from include.settings import Settings, settings
from include.workdays import SHANGHAI


def now(of: Settings | None = None) -> datetime:
    """Give the office's moment, aware, in Asia/Shanghai."""
    of = of or settings()
    anchor = _anchor(of)
    real = datetime.now(UTC)
    if anchor is None:
        return real.astimezone(SHANGHAI)
    office, since = anchor
    return (office + (real - since if since else real - real)).astimezone(SHANGHAI)


def today(of: Settings | None = None) -> date:
    """Give the office's day."""
    return now(of).date()


def start(of: Settings, moment: datetime, *, stopped: bool = False) -> None:
    """Set the office clock to a moment; it runs on from there unless stopped."""
    of.home.mkdir(parents=True, exist_ok=True)
    anchor = {"office": moment.isoformat(), "real": None if stopped else datetime.now(UTC).isoformat()}
    part = of.home / "clock.json.part"
    part.write_text(json.dumps(anchor), encoding="utf-8")
    part.replace(of.home / "clock.json")


def stop(of: Settings) -> None:
    """Halt a shifted clock where it is; a clock that shows real time cannot be stopped."""
    if _anchor(of) is not None:
        start(of, now(of), stopped=True)


def resume(of: Settings) -> None:
    """Let a halted clock run on."""
    if _anchor(of) is not None:
        start(of, now(of))


def is_shifted(of: Settings) -> bool:
    """Tell whether the clock shows another time than the world's."""
    return _anchor(of) is not None


def note(of: Settings, moment: datetime | None = None) -> str:
    """Say on pages and receipts that the time is not the world's: `演示时钟 2024-09-03 09:00`, else empty."""
    if not is_shifted(of):
        return ""
    return f"演示时钟 {(moment or now(of)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def parse(text: str) -> datetime:
    """Read an ISO moment; without a zone it is Asia/Shanghai.

    Raises:
        ValueError: it is no ISO moment.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _anchor(of: Settings) -> tuple[datetime, datetime | None] | None:
    file = of.home / "clock.json"
    if not file.exists():
        if not of.clock_start:
            return None
        start(of, parse(of.clock_start))
    content = json.loads(file.read_text(encoding="utf-8"))
    return parse(content["office"]), parse(content["real"]) if content["real"] else None
