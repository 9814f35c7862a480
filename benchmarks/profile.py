"""Where the processor's time of a month goes, by what it is spent on.

    python -m benchmarks.profile FOLDER

`FOLDER` is a workload (`benchmarks.workload`); a copy of it is collected and closed in a fresh process. Every
few milliseconds each thread's own processor clock is read, and what it ran since then is put down to the
first line of `PARTS` its stack is in: what others do to the machine is hardly in it. Prints a Markdown table.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

PARTS = {  # functions by folder/file:name, or how the name begins; the first that is on the stack counts
    "import Great Expectations": ("expectations/engine:<module>",),
    "import everything else": ("<frozen importlib._bootstrap>:_find_and_load",),
    "load plans, calendars, people": ("plan/loading:load_plan", "office/desk:Office.once"),
    "look, claim, archive, arrival rows": ("office/intake:", "office/unfiled:", "store/leases:"),
    "read: asking the sandbox": ("office/judging:read_all", "office/judging:companions_first"),
    "validate: Great Expectations": ("expectations/engine:run",),
    "judge: rows for it, history, state": ("office/judging:judge",),
    "receipt: asking the sandbox": ("returns/sandbox:Sandbox.answer",),
    "receipt: what it says, archive": ("office/receipts:",),
    "settle: rows, ledger, outbox": ("office/settling:",),
    "核对稿: the workbook": ("returns/proof_sheet:write_proof",),
    "核对稿: what it says, archive, rows": ("office/proofs:",),
    "consolidated workbook": ("documents/consolidated:write_consolidated",),
    "台账 beside it": ("office/close_period:_ledger_copy",),
    "onto the drive": ("office/outbox:drain_drive", "office/outbox:_put_all"),
    "report, progress, edition": ("office/close_period:",),
}
SANDBOX = "sandbox: reading, receipts"  # in processes of their own
EVERY = 0.004  # seconds


class Sampler(threading.Thread):
    """Counts the processor seconds of every other thread of this process, by part."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.seconds = threading.Event(), defaultdict[str, float](float)
        self._clocks: dict[int, float] = {}

    def run(self) -> None:
        """Look at every thread until told to stop."""
        while not self.done.wait(EVERY):
            for thread, frame in sys._current_frames().items():
                if thread != self.ident:
                    self.seconds[part_of(frame)] += self._since(thread)

    def _since(self, thread: int) -> float:
        """Give what a thread ran since the last look; nothing for one that has just ended."""
        try:
            now = time.clock_gettime(time.pthread_getcpuclockid(thread))
        except OSError:
            return 0.0
        before, self._clocks[thread] = self._clocks.get(thread, now), now
        return max(0.0, now - before)


def part_of(frame: FrameType | None) -> str:
    """Name the part a stack is in."""
    names = list(_names(frame))
    for part, marks in PARTS.items():
        if any(name.startswith(marks) for name in names):
            return part
    return "everything else"


def _names(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        code = frame.f_code
        yield f"{'/'.join(code.co_filename.removesuffix('.py').split('/')[-2:])}:{code.co_qualname}"
        frame = frame.f_back


def main(folder: Path) -> None:
    """Drop every return into a copy of the workload, then profile it in a process of its own."""
    from benchmarks import scene, workload  # noqa: PLC0415 - what they import is no part of the month
    from include.office.desk import open_office  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary, "home")
        shutil.copytree(folder / "home", home)
        workload.drop(folder, open_office(scene.settings_of(folder, home)))
        subprocess.run([sys.executable, "-m", "benchmarks.profile", folder, home], check=True)  # noqa: S603


def profile(folder: Path, home: Path) -> None:
    """Run the month under the sampler and print."""
    sampler = Sampler()
    sampler.start()
    from benchmarks import pipeline  # noqa: PLC0415 - what it imports counts

    pipeline.main(folder, home, home / "benchmark.json")
    sampler.done.set()
    sampler.join()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    sampler.seconds[SANDBOX] = children.ru_utime + children.ru_stime
    together = sum(sampler.seconds.values())
    print("| part | CPU s | % |\n| --- | --- | --- |")
    for part, spent in sorted(sampler.seconds.items(), key=lambda entry: -entry[1]):
        print(f"| {part} | {spent:.2f} | {100 * spent / together:.1f} |")
    print(f"| together | {together:.2f} | 100 |")


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) == 2 else profile(Path(sys.argv[1]), Path(sys.argv[2]))
