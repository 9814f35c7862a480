"""The Chinese fonts: found, named, fetched where there are none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from include.documents.fonts import PACKAGE, STAND_INS, cjk_fonts, drawn_with, ensure_cjk_fonts
from include.errors import SettingsError
from tests.needs import miss


@pytest.fixture
def chinese_font(tmp_path: Path) -> Path:
    """One Chinese font file of this machine."""
    fonts = cjk_fonts(tmp_path / "other")
    return fonts.files[0] if fonts else miss("there is no Chinese font on this machine")


def test_every_font_official_documents_name_is_drawn_with_a_family_that_is_there(
    chinese_font: Path, tmp_path: Path
) -> None:
    fonts = cjk_fonts(tmp_path)
    assert chinese_font in fonts.files
    assert set(fonts.stands_in) == set(STAND_INS)
    assert all(fonts.family(name) in fonts.families for name in STAND_INS)
    assert all(file.is_file() for file in fonts.files)


def test_a_font_of_the_office_in_its_fonts_folder_is_found(chinese_font: Path, tmp_path: Path) -> None:
    assert not cjk_fonts(tmp_path, ())
    (tmp_path / "fonts").mkdir()
    shutil.copy(chinese_font, tmp_path / "fonts")
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"no font")
    fonts = cjk_fonts(tmp_path, ())
    assert fonts
    assert all(file.parent == tmp_path / "fonts" for file in fonts.files)


def test_fontconfig_is_told_what_stands_in(
    chinese_font: Path, tmp_path: Path, need: Callable[[str], Path]
) -> None:
    need("fc-match")
    fonts = cjk_fonts(tmp_path)
    assert chinese_font in fonts.files
    for name in STAND_INS:
        answer = subprocess.run(
            ["fc-match", "-f", "%{family}", name],
            env={**os.environ, **fonts.environment},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert fonts.family(name) in answer.split(",")


def test_figures_are_never_set_in_a_face_wider_than_the_text(
    chinese_font: Path, tmp_path: Path, need: Callable[[str], Path]
) -> None:
    need("fc-match")
    fonts = cjk_fonts(tmp_path)
    wanted = {"Times New Roman", "Liberation Serif", "Tinos", "Nimbus Roman", fonts.family("仿宋_GB2312")}
    assert drawn_with("Times New Roman", fonts) in wanted


def test_where_a_font_is_nothing_is_fetched(chinese_font: Path, tmp_path: Path) -> None:
    said: list[str] = []
    assert chinese_font in ensure_cjk_fonts(tmp_path, said.append).files
    assert said == []
    assert not (tmp_path / "fonts").exists()


def test_without_font_and_package_manager_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=f"apt-get install {PACKAGE}"):
        ensure_cjk_fonts(tmp_path, print, folders=())


def test_a_package_that_cannot_be_fetched_leaves_no_half_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need: Callable[[str], Path]
) -> None:
    need("apt-get")
    monkeypatch.setenv("APT_CONFIG", str(apt_settings(tmp_path, "")))
    with pytest.raises(SettingsError, match="没有成功"):
        ensure_cjk_fonts(tmp_path / "home", print, folders=())
    assert not (tmp_path / "home" / "fonts").exists()


def test_the_package_is_unpacked_where_no_font_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, need: Callable[[str], Path], chinese_font: Path
) -> None:
    need("apt-get")
    need("dpkg-deb")
    monkeypatch.setenv("APT_CONFIG", str(repository_with(chinese_font, tmp_path)))
    said: list[str] = []
    fonts = ensure_cjk_fonts(tmp_path / "home", said.append, folders=())
    assert {file.parent for file in fonts.files} == {tmp_path / "home" / "fonts"}
    assert fonts.environment["FONTCONFIG_FILE"] == str(tmp_path / "home" / "fonts.conf")
    assert PACKAGE in said[0]


def repository_with(font: Path, folder: Path) -> Path:
    """Build a real package of this font and a folder apt-get takes it from; gives apt's settings."""
    tree, pool = folder / "tree", folder / "pool"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/share/fonts").mkdir(parents=True)
    pool.mkdir()
    shutil.copy(font, tree / "usr/share/fonts")
    control = (
        f"Package: {PACKAGE}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@localhost>\nDescription: x\n"
    )
    (tree / "DEBIAN/control").write_text(control)
    deb = pool / f"{PACKAGE}_1_all.deb"
    subprocess.run(["dpkg-deb", "-Znone", "-b", str(tree), str(deb)], check=True, capture_output=True)
    sums = subprocess.run(["sha256sum", str(deb)], check=True, capture_output=True, text=True).stdout
    entry = f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\nSHA256: {sums.split()[0]}\n"
    (pool / "Packages").write_text(control + entry)
    settings = apt_settings(folder, f"deb [trusted=yes] copy:{pool} ./\n")
    environment = {**os.environ, "APT_CONFIG": str(settings)}
    subprocess.run(["apt-get", "update"], check=True, capture_output=True, env=environment)
    return settings


def apt_settings(folder: Path, sources: str) -> Path:
    """Write settings under which apt-get knows these sources only and needs no right of root."""
    apt = folder / "apt"
    for part in ("lists/partial", "cache/archives/partial", "parts"):
        (apt / part).mkdir(parents=True)
    (apt / "sources.list").write_text(sources)
    (apt / "status").write_text("")
    settings = apt / "apt.conf"
    settings.write_text(
        f'Dir::Etc::sourcelist "{apt}/sources.list";\nDir::Etc::sourceparts "{apt}/parts";\n'
        f'Dir::State::lists "{apt}/lists";\nDir::State::status "{apt}/status";\n'
        f'Dir::Cache "{apt}/cache";\nAPT::Sandbox::User "";\n'
    )
    return settings
