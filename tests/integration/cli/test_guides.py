"""The guides: the one for a new county works as it is written; every command a document names is one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from include.cli.main import app
from include.settings import ROOT
from tests.warm import WarmDuban

DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    \S.*\n)+", re.MULTILINE)
SPAN = re.compile(r"`(duban [^`\n]+)`")
MARK = "@@ block "


def blocks_of(name: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))


def test_a_second_county_goes_live_as_the_guide_says(tmp_path: Path) -> None:
    blocks = blocks_of("new-county.md")
    commands = [text for kind, text in blocks if kind == "bash"]
    script = "set -euo pipefail\n" + "\n".join(f"echo '{MARK}{n}'\n{text}" for n, text in enumerate(commands))
    (bin_ := tmp_path / "bin").mkdir()
    (here := tmp_path / "here").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DUBAN_")}
    environment |= {"PATH": f"{bin_}:{environment['PATH']}", "DUBAN_STABLE_SECONDS": "0.1"}
    with WarmDuban(bin_):
        ran = subprocess.run(
            ["bash", "-c", script], cwd=here, env=environment, text=True, check=False, timeout=300,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    printed = re.split(rf"^{MARK}\d+\n", ran.stdout, flags=re.MULTILINE)[1:]
    assert len(printed) == len(commands)
    n = -1
    for kind, text in blocks:
        if kind == "bash":
            n += 1
            continue
        for line in text.splitlines():
            assert line in printed[n], f"{line!r} is not printed by:\n{commands[n]}\n{printed[n]}"


def commands_in(document: Path) -> Iterator[str]:
    """Give every command line a document shows: in code blocks, indented blocks and in the text."""
    text = document.read_text(encoding="utf-8")
    lines = [line for _, block in BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    lines += [line for block in INDENTED.findall(BLOCK.sub("", text)) for line in block.splitlines()]
    for line in lines:
        yield from (f"duban {rest}" for rest in re.split(r"(?:^|\s)duban (?=[a-z])", line)[1:])
    yield from SPAN.findall(BLOCK.sub("", text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_command_a_document_names_is_one(document: Path) -> None:
    wrong = [f"{command}: {why}" for command in commands_in(document) if (why := fault(command))]
    assert wrong == []


def test_the_reader_of_documents_sees_what_is_wrong() -> None:
    assert sum(1 for document in DOCUMENTS for _ in commands_in(document)) > 100
    assert fault("duban plan chekc pinghu-2024")
    assert fault("duban letters approve 12 --showm 1a2b3c4d")
    assert fault("duban drive bind now")
    assert fault("duban open|colect")
    assert not fault("duban letters approve 12 --shown 1a2b3c4d --user office-head   # 签发")


def fault(line: str) -> str:
    """Say what is wrong with a command line; empty: nothing. `a|b` names several, `…` stands for the rest."""
    words = shlex.split(re.split(r"  | #|（| > ", line)[0])[1:]
    for name in words[0].split("|"):
        if why := _fault(typer.main.get_command(app), [name, *words[1:]]):
            return why
    return ""


def _fault(command: Any, words: list[str]) -> str:
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return f"no command {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    options = {name: option for option in command.params for name in option.opts}
    places = sum(1000 if p.nargs == -1 else 1 for p in command.params if p.param_type_name == "argument")
    given = 0
    while words:
        word, words = words[0], words[1:]
        if word.startswith("--"):
            if word not in options:
                return f"no option {word}"
            words = words if options[word].is_flag else words[1:]
        elif word not in ("…", ";", "|", "&&", ">"):
            given += 1
    return f"{given} arguments, expected {places} at most" if given > places else ""


def test_the_run_book_quotes_what_the_system_really_says() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    sections = re.split(r"^## \d+ ", text, flags=re.MULTILINE)[1:]
    assert len(sections) == 10
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "include").rglob("*.py"))
    for section in sections:
        assert all(f"**{part}" in section for part in ("看到**", "查", "确认**")), section[:20]
        (seen,) = re.findall(r"^\*\*看到\*\* (.+)$", section, flags=re.MULTILINE)
        quoted = [part for quote in re.findall(r"`([^`]+)`", seen) for part in quote.split("…") if part]
        assert quoted
        assert [part for part in quoted if part not in source] == []


def test_the_upgrade_notes_name_every_step_of_the_schema() -> None:
    text = (ROOT / "docs" / "upgrade.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (\d{4}) \| [^|]*\w[^|]* \| [^|]*\w[^|]* \|$", text, flags=re.MULTILINE)
    versions = ROOT / "include" / "store" / "migrations" / "versions"
    assert named == sorted(file.stem[:4] for file in versions.glob("*.py"))
    assert f"结构 {named[-1]}，已是最新" in text
