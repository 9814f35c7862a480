"""`python -m live up | down | status`."""

from __future__ import annotations

import sys

from include.errors import DubanError
from live.system import down, status, up


def main(arguments: list[str]) -> int:
    """Do what was asked; give the exit code."""
    doing = {"up": up, "down": down, "status": _show}
    if len(arguments) != 1 or arguments[0] not in doing:
        print("用法：python -m live up | down | status", file=sys.stderr)
        return 2
    try:
        doing[arguments[0]]()
    except DubanError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _show() -> None:
    for name, pid in status().items():
        print(f"{name:14} {pid or '没有在运行'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
