"""What the child says arrives as it was said."""

from __future__ import annotations

import io
import json
from decimal import Decimal

from include.records.figures import (
    Cell,
    ClauseStatus,
    Figure,
    FigureState,
    FilledForm,
    Identity,
    NamedEntry,
    Role,
    Statement,
)
from include.records.readings import Reading, ReadOutcome
from include.returns.rules import BY_ID
from include.returns.wire import framed, reading_from, receive

CELL = Cell("指标", "F6", "１２")
FORM = FilledForm(
    identity=Identity("pinghu-2024", "education", "2024-08", "1", "abc"),
    filled_by="甲",
    signed_by="乙",
    phone="0573",
    nil_return=True,
    figures=(
        Figure("a", Role.MONTH, FigureState.REPORTED, Decimal("12.50"), CELL, "说明", "文本格式"),
        Figure("a", Role.PENDING, FigureState.MISSING, None, CELL),
    ),
    names=(NamedEntry("a", "店", "路", CELL),),
    statements=(
        Statement("3.1", ClauseStatus.DONE, "文", "", "", "甲", CELL, CELL),
        Statement("3.2", None, "", "", "", "", CELL, CELL),
    ),
    notes=("一", "二"),
    explanations={"a": CELL},
    cover={"phone": CELL},
)


def test_a_reading_survives_the_wire_whole() -> None:
    reading = Reading(ReadOutcome.FORM, FORM, (BY_ID["file-macro"].finding(CELL, "a"),), "盖章扫描件")
    message = receive(io.BytesIO(framed({"reading": reading})))
    assert message is not None
    back = reading_from(message["reading"])
    assert back == reading
    assert back.form
    assert [type(f.value) for f in back.form.figures] == [Decimal, type(None)]
    assert back.form.statements[0].status is ClauseStatus.DONE


def test_a_reading_without_a_form_survives_too() -> None:
    reading = Reading(ReadOutcome.UNREADABLE, None, (BY_ID["file-empty"].finding(),))
    assert reading_from(json.loads(framed({"reading": reading})[4:])["reading"]) == reading


def test_a_message_cut_short_is_the_end() -> None:
    assert receive(io.BytesIO(b"")) is None
    assert receive(io.BytesIO(b"\x00\x00")) is None
