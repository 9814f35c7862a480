"""The folder-drop trigger: what is news and when it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from airflow.serialization.serialized_objects import BaseSerialization
from hypothesis import given
from hypothesis import strategies as st

from duban_drop import PATIENCE_LOOKS, FolderDropTrigger, Stillness
from include.files import Drive
from include.settings import Settings


def looks(*fingerprints: str) -> list[bool]:
    stillness = Stillness()
    return [stillness.look(fingerprint) for fingerprint in fingerprints]


def test_nothing_waiting_is_no_news() -> None:
    assert not any(looks("", "", ""))


def test_a_file_is_told_once_when_it_has_come_to_rest() -> None:
    assert looks("", "a", "a", "a", "a") == [False, False, True, False, False]


def test_a_file_still_growing_is_waited_for() -> None:
    assert looks("", "a1", "a2", "a3", "a3") == [False, False, False, False, True]


def test_what_already_waits_at_the_start_is_news() -> None:
    assert looks("a", "a") == [False, True]


def test_the_same_file_dropped_again_after_it_was_taken_is_news_again() -> None:
    assert looks("a", "a", "", "a", "a") == [False, True, False, False, True]


def test_a_folder_that_never_rests_is_told_all_the_same() -> None:
    told = looks(*(f"a{n}" for n in range(PATIENCE_LOOKS)))
    assert told == [False] * (PATIENCE_LOOKS - 1) + [True]


@given(st.lists(st.sampled_from(["", "a", "b", "c"])))
def test_whatever_rests_in_the_end_was_told(fingerprints: list[str]) -> None:
    stillness = Stillness()
    told = ""
    for fingerprint in [*fingerprints, "last", "last"]:
        if stillness.look(fingerprint):
            told = fingerprint
    assert told == "last"


def test_the_trigger_is_stored_by_a_name_airflow_can_load() -> None:
    where, arguments = FolderDropTrigger(seconds=2.0).serialize()
    assert where == "duban_drop.FolderDropTrigger"
    assert FolderDropTrigger(**arguments).serialize() == (where, arguments)
    assert BaseSerialization.deserialize(BaseSerialization.serialize(arguments)) == arguments


async def _first(trigger: FolderDropTrigger, drop: Any) -> Any:
    waiting = asyncio.ensure_future(anext(trigger.run()))
    await asyncio.sleep(0.3)
    assert not waiting.done(), "nothing was dropped yet"
    drop()
    return await asyncio.wait_for(waiting, timeout=30)


def test_a_workbook_dropped_in_a_folder_fires_the_trigger(home: Settings) -> None:
    inbox = Drive(home.drive).agency_folder("市教育局", "报送")
    Path(inbox).mkdir(parents=True, exist_ok=True)
    trigger = FolderDropTrigger(seconds=0.05)
    event = asyncio.run(_first(trigger, lambda: (inbox / "2024-08.xlsx").write_bytes(b"PK")))
    assert event.payload == {}


@pytest.mark.parametrize("name", ["~$2024-08.xlsx", ".~lock.2024-08.xlsx#"])
def test_a_lock_file_is_not_a_drop(home: Settings, name: str) -> None:
    from include.office import drop  # noqa: PLC0415

    inbox = Drive(home.drive).agency_folder("市教育局", "报送")
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / name).write_bytes(b"lock")
    assert drop.signature() == ""
