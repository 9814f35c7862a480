"""The sandbox's child process: `python -m include.returns.child`, asked over its pipes, one thing at a time.

It has little memory, no environment but what it needs, and nothing to lose: when a file kills it, the parent
starts another. Its standard output is the pipe; anything else goes to standard error.
"""

from __future__ import annotations

import math
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

from include.returns.layout import Layout
from include.returns.reading import Job, is_companion, read_file
from include.returns.receipt import answer
from include.returns.wire import MEMORY, SECONDS_A_FILE, framed, order_from, receive


def main() -> None:
    """Answer until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    _send(answers, {"ready": True})
    while (message := receive(questions)) is not None:
        _limit_processor_time()
        if "glance" in message:
            _send(answers, {"companion": is_companion(Path(message["glance"]), message["file_name"])})
        elif "order" in message:
            written = answer(order_from(message["order"]))
            _send(answers, {"workbook": written.workbook, "text": written.text})
        else:
            _read(message, questions, answers)


def _limit_processor_time() -> None:
    """Let the kernel end a file that computes without end, even while the parent cannot look at its clock."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + SECONDS_A_FILE), resource.RLIM_INFINITY))


def _read(message: dict[str, Any], questions: BinaryIO, answers: BinaryIO) -> None:
    def layout_of(period: str) -> Layout | None:
        _send(answers, {"period": period})
        said = receive(questions)
        return Layout.from_json(said["layout"]) if said and said["layout"] else None

    reading = read_file(Path(message["path"]), Job(**message["job"]), layout_of)
    _send(answers, {"reading": reading})


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(framed(message))
    answers.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the parent is gone, and with it whoever waited for an answer
        os._exit(0)
