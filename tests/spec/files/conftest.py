"""Folders of a made-up agency on a made-up drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.files import Drive


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    drive = Drive(tmp_path / "drive")
    drive.make_folders(["甲局"])
    return drive


@pytest.fixture
def inbox(drive: Drive) -> Path:
    return drive.agency_folder("甲局", "报送")


@pytest.fixture
def taken(drive: Drive) -> Path:
    return drive.taken_folder("甲局")
