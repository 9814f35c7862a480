"""Structured logs: what a line is about (`plan`, `period`, `agency`, `job`) goes with it as fields.

The context is structlog's, as Airflow's logs read it: there the fields stand beside the message. In a shell
`DUBAN_LOG` says how lines are written: `json`, one object a line, or `text`; unset, only warnings are.

Lines carry ids and counts, never a person's name or address, and no secret; what the words of an error bring
along that looks like an address or a login is taken out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars

_LOGIN = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_OURS = "include"


@contextmanager
def about(**what: object) -> Iterator[None]:
    """Let the lines of a block carry what they are about; what is None or empty is left out."""
    with bound_contextvars(**{name: str(value) for name, value in what.items() if value}):
        yield


def set_up(style: str, to: TextIO | None = None) -> None:
    """Write the log of this process to a stream, standard error by default; called again, anew.

    Args:
        style: `json`, `text`, or empty: warnings only.
        to: the stream.
    """
    render = structlog.processors.JSONRenderer(ensure_ascii=False) if style == "json" else _as_text
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_people, render],
        )
    )
    handler.set_name(_OURS)
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    for old in [one for one in root.handlers if one.get_name() == _OURS]:
        root.removeHandler(old)
    root.addHandler(handler)
    logging.getLogger(_OURS).setLevel(logging.INFO if style else logging.WARNING)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Let ours through as set up, of everybody else's only what is at least a warning.

    What Python warns the developers of a library about is not for whoever runs a command.
    """
    if record.name == "py.warnings":
        return False
    return record.name.split(".")[0] == _OURS or record.levelno >= logging.WARNING


def _without_people(
    _logger: object, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _ADDRESS.sub("…", _LOGIN.sub("…", value))
    return line


def _as_text(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
    level, event, name = str(line.pop("level")).upper(), line.pop("event"), line.pop("logger")
    raised = line.pop("exception", "")
    line.pop("timestamp")
    fields = "".join(f" {key}={value}" for key, value in sorted(line.items()))
    return f"{level} {name}: {event}{fields}" + (f"\n{raised}" if raised else "")
