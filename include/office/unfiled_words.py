"""What an official is told of a workbook left in 待报 or 回执: three lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from include.office.desk import demo_mark
from include.plan import Period


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A workbook somebody worked in and did not file. `lacking` are the people its cover does not name."""

    agency: str
    folder: str  # 待报 or 回执
    file: str
    sha256: str
    period: Period
    due: str  # the due moment as it is shown
    accepted: bool  # a return of the period was accepted before
    lacking: tuple[str, ...]
    taken: bool  # filed from where it lies


def note_name(found: Unfiled) -> str:
    """Give the note's name in 回执: `提醒 尚未报送 2024-08 填报模板.txt`."""
    stem = PurePosixPath(found.file).stem.removeprefix(f"{found.period} ")
    return f"提醒 {'已代为放入报送' if found.taken else '尚未报送'} {found.period} {stem}.txt"


def note_text(found: Unfiled, *, demo: bool, clock_note: str) -> str:
    """Say what was seen, what to do, and that nothing was touched."""
    head = f"{demo_mark(demo)}{clock_note}".strip()
    return "\n".join((f"{head}{_seen(found)}", _to_do(found), _assurance(found)))


def _seen(found: Unfiled) -> str:
    where = f"{found.agency}：“{found.folder}”文件夹里的“{found.file}”"
    if found.taken:
        return f"{where}已填好并有审核签发人，已作为{found.period.label}报表收取，稍后看回执。"
    if found.accepted:
        return f"{where}有改动，与已接收的{found.period.label}报表不同。"
    return f"{where}已经填写，但没有放入“报送”文件夹，还不算报送。"


def _to_do(found: Unfiled) -> str:
    if found.taken:
        return "不用再做什么；如果还没有填完，填好后放入“报送”文件夹，以最后一次为准。"
    if found.accepted:
        return "要更正的，把它放入“报送”文件夹，以最后一次为准；不更正的，不用理会。"
    lacking = f"封面还缺{'、'.join(found.lacking)}。" if found.lacking else ""
    return f"填好后把它放入“报送”文件夹，截止时间{found.due}。{lacking}还在填的，不用理会。"


def _assurance(found: Unfiled) -> str:
    return "系统收取的是副本，这份文件仍在原处，没有改动。" if found.taken else "这份文件仍在原处，没有改动。"
