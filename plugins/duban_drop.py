"""The folder-drop trigger: watches the agencies' 报送 folders and says that something came.

An event is a hint, never the truth: `collect_returns` looks into the folders itself, and sweeps them on a
schedule too, so that nothing is lost that was dropped while no triggerer was running.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

QUIET_LOOKS = 1  # how many equal looks make a folder quiet
PATIENCE_LOOKS = 10  # say it anyway after so many: among many agencies something is always being copied


class Stillness:
    """Tells when a watched fingerprint has changed and come to rest.

    An empty fingerprint means that nothing is waiting, so nothing is said about it.
    """

    def __init__(self) -> None:
        self._told = ""
        self._last = ""
        self._quiet = 0
        self._waited = 0

    def look(self, fingerprint: str) -> bool:
        """Take one look; true when this fingerprint is news that should be told now."""
        self._quiet = self._quiet + 1 if fingerprint == self._last else 0
        self._last = fingerprint
        if fingerprint == self._told or not fingerprint:
            self._told, self._waited = fingerprint, 0
            return False
        self._waited += 1
        if self._quiet < QUIET_LOOKS and self._waited < PATIENCE_LOOKS:
            return False
        self._told, self._waited = fingerprint, 0
        return True


def _signature() -> str:
    """Look at the folders. Imported here: the dag-processor loads this module and needs none of it."""
    from include.office import drop  # noqa: PLC0415

    return drop.signature()


class FolderDropTrigger(BaseEventTrigger):
    """Fires when files came into the 报送 or 回复 folders.

    Polling sees what arrives over SMB and NFS as well, and is as fast as the scheduler's own loop.
    """

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__()
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give what Airflow stores."""
        return "duban_drop.FolderDropTrigger", {"seconds": self.seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever. What is already waiting when it starts is news."""
        stillness = Stillness()
        while True:
            if stillness.look(await self._look()):
                yield TriggerEvent({})
            await asyncio.sleep(self.seconds)

    async def _look(self) -> str:
        """Take one look in a thread. A drive that is away is tried again: a watcher that dies stays dead."""
        try:
            return await asyncio.to_thread(_signature)
        except Exception:
            self.log.exception("cannot look into the folders; trying again")
            await asyncio.sleep(self.seconds * 10)
            return ""
