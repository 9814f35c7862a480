"""What users read in Chinese is punctuated as Chinese."""

from __future__ import annotations

import re

import pytest

from tests.punctuation import ROOT, mended, mended_python, mended_text, unmended


def test_chinese_text_has_full_width_punctuation() -> None:
    assert [str(file.relative_to(ROOT)) for file, _ in unmended()] == [], "python -m tests.punctuation --fix"


TRIPLE = '"' * 3


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("已接收，谢谢", "已接收\uff0c谢谢"),
        ("共3处（见下）", "共3处\uff08见下\uff09"),
        ("‘指标’!F6 的 1,234", "‘指标’!F6 的 1,234"),
        ("三书一函, which", "三书一函, which"),
        ("08:30", "08:30"),
    ],
)
def test_only_signs_of_chinese_text_are_widened(typed: str, right: str) -> None:
    assert mended(typed) == right


def test_placeholders_formulas_and_english_docstrings_stay() -> None:
    lines = [
        "def f(a):",
        f"    {TRIPLE}Say 甲, 乙.{TRIPLE}",
        """    return f"甲{a:>8}乙,丙", '=IF(A1="","缺,无","")'""",
        "",
    ]
    source = "\n".join(lines)
    assert mended_python(source) == source.replace("乙,丙", "乙\uff0c丙")


def test_the_sign_a_chinese_line_ends_with_is_widened_behind_code_and_figures_too() -> None:
    source = f"DOC = {TRIPLE}\n放入 `汇总/`;\n每天 07:30:\nin `a/`;\n{TRIPLE}\n"
    assert mended_python(source) == source.replace("/`;\n每", "/`\uff1b\n每").replace("30:", "30\uff1a")


def test_the_address_of_a_link_stays_and_leads_somewhere() -> None:
    assert mended_text("见[说明](docs/a.md)。") == "见[说明](docs/a.md)。"
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))]
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []
