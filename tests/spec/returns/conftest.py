"""One warm sandbox for all tests of this folder, as the office has one for a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from include.records.readings import Reading
from include.returns.sandbox import Sandbox
from tests.corpus import education as e


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def read(sandbox: Sandbox, tmp_path: Path) -> Callable[..., Reading]:
    """`read(data, file_name, agency)`: the file as the archive keeps it, without a telling name."""

    def read(data: bytes, file_name: str = e.FILE_NAME, agency: str = e.AGENCY) -> Reading:
        file = tmp_path / "0f3a"
        file.write_bytes(data)
        return sandbox.read(file, e.expect(file_name, agency))

    return read
