"""`python -m live up | down | status | prune DAYS`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from include.errors import DubanError
from live.history import prune
from live.system import down, status, up

USAGE = "用法：python -m live up | down | status | prune 天数"


def main(arguments: list[str]) -> int:
    """Do what was asked; give the exit code."""
    work: Callable[[], object]
    match arguments:
        case ["up"]:
            work = up
        case ["down"]:
            work = down
        case ["status"]:
            work = _show
        case ["prune", days] if days.isdecimal():
            work = partial(prune, int(days))
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    try:
        work()
    except DubanError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _show() -> None:
    for name, pid in status().items():
        print(f"{name:14} {pid or '没有在运行'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
