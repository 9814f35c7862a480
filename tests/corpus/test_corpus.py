"""Every file of the corpus through the collect use case: the answer is the one written beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.office import CASES, RECEIPT, Desk, case_ids, files_of
from tests.corpus.returns import CASES as MAKERS

LARGEST = 2 << 20  # bytes of the whole folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("corpus") / "home")


@pytest.mark.parametrize("case", case_ids())
def test_a_file_gets_the_answer_written_beside_it(case: str, desk: Desk) -> None:
    expected = (CASES / case / RECEIPT).read_text(encoding="utf-8")
    assert desk.answer(files_of(case)) == expected


def test_every_case_can_be_made_again_and_the_folder_stays_small() -> None:
    assert case_ids() == sorted(MAKERS)
    files = [file for file in CASES.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < LARGEST


def test_nothing_was_written_where_a_hostile_file_pointed(desk: Desk) -> None:
    desk.answer(files_of("hostile-paths-inside"))
    assert not Path("/tmp/duban-was-here").exists()  # noqa: S108 - it must not
