"""Names from outside never become paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.files import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("8月报表.xlsx", "8月报表.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\报表.xlsx", "C__报表.xlsx"),
        ("报表\x00.xlsx", "报表_.xlsx"),
        ("报表\n第二行.xlsx", "报表_第二行.xlsx"),
        ("报表\u202exslx.exe", "报表_xslx.exe"),
        ("报表\u200b.xlsx", "报表_.xlsx"),
        ("broken\udcff.xlsx", "broken_.xlsx"),
        (".hidden", "hidden"),
        ("..", "未命名"),
        ("", "未命名"),
        ("   ", "未命名"),
        ("trailing. ", "trailing"),
        ("CON.xlsx", "_CON.xlsx"),
        ("com1", "_com1"),
        ("Concert.xlsx", "Concert.xlsx"),
        ("e\u0301.xlsx", "\u00e9.xlsx"),
        ("\U00030edd字局.xlsx", "\U00030edd字局.xlsx"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    cut = safe_name("很长的名字" * 60 + ".xlsx")
    assert cut.endswith(".xlsx")
    assert len(cut.encode()) <= 180
    assert len(safe_name("没有后缀" * 60).encode()) <= 180
    assert len(safe_name("x." + "y" * 500).encode()) <= 180


@given(st.text(max_size=300) | st.text(alphabet="./\\ ~$:\x00\u202e\udc80a局", max_size=60))
@settings(max_examples=500, derandomize=True)
def test_whatever_stands_there_becomes_one_plain_file_name(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert safe not in {".", ".."}
    assert not safe.startswith(".")
    assert not set(safe) & set('<>:"/\\|?*\x00\n\r\u202e')
    assert len(safe.encode()) <= 180
    assert safe_name(safe) == safe
