"""Files made to do harm, or that do it by accident: answered in time, and the next one is read."""

from __future__ import annotations

import io
import os
import resource
import signal
import struct
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from include.records.figures import Role
from include.records.readings import Reading, ReadOutcome
from include.records.submissions import SubmissionState
from include.returns.layout import Layout
from include.returns.process import ChildStartError
from include.returns.receipt import alone, answer
from include.returns.sandbox import Sandbox
from include.returns.template import write_template
from tests.corpus import education as e
from tests.corpus.faults import with_part
from tests.orders import faulty_return, receipt_order, template_order

Read = Callable[..., Reading]
WARM = set[int]()
BOMB = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def rules(reading: Reading) -> list[str]:
    return [finding.rule for finding in reading.findings]


def in_part(ending: str, change: Callable[[bytes], bytes]) -> bytes:
    return e.repacked(lambda name, content: change(content) if name.endswith(ending) else content)


def declared(content: bytes) -> bytes:
    return BOMB + content[content.index(b"?>") + 2 :] if content.startswith(b"<?xml") else BOMB + content


@pytest.mark.parametrize("part", ["sheet2.xml", "workbook.xml", "styles.xml", "workbook.xml.rels"])
def test_declared_entities_are_refused_wherever_they_stand(part: str, read: Read) -> None:
    assert rules(read(in_part(part, declared))) == ["file-hostile"]


def test_declared_entities_are_refused_in_the_shared_strings_and_in_utf_16(read: Read) -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    data = e.repacked(lambda name, content: None if name.endswith("sharedStrings.xml") else content)
    for content in (BOMB + strings, (BOMB + strings).decode().encode("utf-16")):
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a") as package:
            package.writestr("xl/sharedStrings.xml", content)
        assert rules(read(out.getvalue())) == ["file-hostile"]


def test_a_zip_bomb_is_told_by_its_directory(read: Read) -> None:
    assert rules(read(with_part("xl/worksheets/sheet9.xml", bytes(90 << 20)))) == ["file-hostile"]
    many = io.BytesIO(e.filled())
    with zipfile.ZipFile(many, "a") as package:
        for number in range(2_500):
            package.writestr(f"xl/media/{number}.png", b"")
    assert rules(read(many.getvalue())) == ["file-hostile"]


def test_a_directory_that_lies_about_a_size_is_found_out(read: Read) -> None:
    data = bytearray(in_part("sheet2.xml", lambda content: content + b" " * (30 << 20)))
    at = data.rindex(b"xl/worksheets/sheet2.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert read(bytes(data)).outcome is ReadOutcome.UNREADABLE


def test_overlapping_parts_are_told_by_the_directory(read: Read) -> None:
    data = bytearray(e.filled())
    at = data.rindex(b"PK\x01\x02")
    data[at + 20 : at + 24] = struct.pack("<I", len(data))
    assert rules(read(bytes(data))) == ["file-hostile"]


def test_a_million_empty_formatted_rows_are_no_fault(read: Read) -> None:
    def widen(content: bytes) -> bytes:
        rows = b"".join(
            b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n)
            for n in range(30, 1_048_576)
        )
        return content.replace(b"</sheetData>", rows + b"</sheetData>")

    begun = time.monotonic()
    reading = read(in_part("sheet2.xml", widen))
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())
    assert time.monotonic() - begun < 20, "twice the deadline: it was not tried a second time"


def test_formulas_nested_ten_thousand_deep_are_never_computed(read: Read) -> None:
    deep = b"<f>" + b"SUM(" * 10_000 + b"1" + b")" * 10_000 + b"</f><v>1</v>"
    ref = e.place(e.COUNT, "amount").encode()

    def put(content: bytes) -> bytes:
        start = content.index(b'<c r="' + ref + b'"')
        return content[: content.index(b"<v>", start)] + deep + content[content.index(b"</c>", start) :]

    reading = read(in_part("sheet2.xml", put))
    assert (reading.outcome, reading.findings) == (ReadOutcome.FORM, ())


def test_elements_nested_a_hundred_thousand_deep_are_answered(read: Read) -> None:
    deep = b"<x>" * 100_000 + b"</x>" * 100_000
    reading = read(
        in_part("sheet2.xml", lambda content: content.replace(b"</sheetData>", b"</sheetData>" + deep))
    )
    assert reading.outcome in (ReadOutcome.FORM, ReadOutcome.UNREADABLE)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\evil.xml", "xl/\x01.xml"])
def test_paths_that_lead_outside_are_never_followed(name: str, read: Read, tmp_path: Path) -> None:
    assert read(with_part(name, b"root")).outcome is ReadOutcome.FORM
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0f3a"]


def test_a_sheet_whose_part_lies_elsewhere_is_no_way_out(read: Read) -> None:
    def turn(content: bytes) -> bytes:
        return content.replace(b"/xl/worksheets/sheet2.xml", b"../../../etc/worksheets/passwd").replace(
            b'"worksheets/sheet2.xml', b'"../../../etc/worksheets/passwd'
        )

    assert rules(read(in_part("workbook.xml.rels", turn))) == ["file-corrupt"]


def test_a_text_of_any_length_is_no_number(read: Read) -> None:
    assert rules(read(e.filled({(e.COUNT, Role.MONTH): "九" * 32_000}))) == ["number-unreadable"]
    assert rules(read(e.filled({(e.COUNT, Role.MONTH): "9" * 32_000}))) == ["number-unreadable"]


def endless_ods(tables: int, rows: int) -> bytes:
    """Give a tiny .ods that says, in each table, one value fills so many rows of a thousand columns."""
    cell = (
        b'<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    )
    row = b'<table:table-row table:number-rows-repeated="%d">' % rows + cell + b"</table:table-row>"
    named = b"".join(b"<table:table table:name='%d'>" % n + row + b"</table:table>" for n in range(tables))
    spaces = b"".join(
        b' xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (name, name)
        for name in (b"office", b"table")
    )
    opening = b"<office:document-content" + spaces + b"><office:body><office:spreadsheet>"
    closing = b"</office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", opening + named + closing)
    return out.getvalue()


def test_a_value_repeated_without_end_is_told_before_it_is_unfolded(read: Read) -> None:
    assert rules(read(endless_ods(tables=1, rows=90_000), "2024-08.ods")) == ["cell-far-away"]


class Stopper(threading.Thread):
    """Sends a signal to every reader's child of this process as long as it runs."""

    def __init__(self, what: int) -> None:
        super().__init__(daemon=True)
        self.what, self.done = what, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            for child in children():
                os.kill(child, self.what)


def children() -> list[int]:
    """Give the process ids of the children this process has since the test began."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    found = [int(line.split()[0]) for line in listed.stdout.splitlines() if "include.returns.child" in line]
    return [child for child in found if child not in WARM]


@pytest.fixture(autouse=True)
def those_before() -> None:
    """Note the child other tests of this folder keep warm, which is none of ours."""
    WARM.clear()
    WARM.update(children())


def file_of(tmp_path: Path, data: bytes, name: str = "a") -> Path:
    file = tmp_path / name
    file.write_bytes(data)
    return file


def test_a_file_that_kills_the_child_twice_is_unreadable_and_the_next_one_is_read(tmp_path: Path) -> None:
    good, expect = file_of(tmp_path, e.filled()), e.expect()

    def deadly(period: str) -> Layout | None:  # asked for in the middle of reading
        for child in children():
            os.kill(child, signal.SIGKILL)
        return expect.layouts(period)

    with Sandbox() as sandbox:
        lost = sandbox.read(good, replace(expect, layouts=deadly))
        after = sandbox.read(good, expect)
    assert (lost.outcome, rules(lost)) == (ReadOutcome.UNREADABLE, ["file-defeats-reader"])
    assert (after.outcome, after.findings) == (ReadOutcome.FORM, ())


def test_a_child_that_cannot_start_is_no_fault_of_a_file(tmp_path: Path) -> None:
    stopper = Stopper(signal.SIGKILL)
    stopper.start()
    with Sandbox() as sandbox, pytest.raises(ChildStartError, match="文件没有办理"):
        sandbox.read(file_of(tmp_path, e.filled()), e.expect())
    stopper.done.set()
    stopper.join()


def test_a_child_that_does_not_answer_is_killed_at_the_deadline(tmp_path: Path) -> None:
    good = file_of(tmp_path, e.filled())
    with Sandbox(seconds=0.0) as sandbox:
        lost = sandbox.read(good, e.expect())
        assert rules(lost) == ["file-defeats-reader"]
        assert "超过 0 秒" in lost.findings[0].message
        assert children() == []


def test_a_child_that_died_between_two_files_costs_nobody_anything(tmp_path: Path) -> None:
    good = file_of(tmp_path, e.filled())
    with Sandbox() as sandbox:
        assert sandbox.read(good, e.expect()).outcome is ReadOutcome.FORM
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        assert sandbox.read(good, e.expect()).outcome is ReadOutcome.FORM


def test_the_child_ends_with_its_reader(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        sandbox.read(file_of(tmp_path, e.filled()), e.expect())
        assert len(children()) == 1
    assert children() == []


def test_a_receipt_is_written_in_the_child_as_it_would_be_here(tmp_path: Path) -> None:
    template = file_of(tmp_path, write_template(template_order()))
    with Sandbox() as sandbox:
        read = sandbox.read(file_of(tmp_path, e.filled(), "b"), e.expect())
        for order in (
            receipt_order(joint=(("2.1", "市教育局已报"),), notes=("一处数字由文本读出",)),
            receipt_order(original=b"PK, and no more", form=read.form, template=template),
            receipt_order(original=b"PK, and no more", form=read.form, template=tmp_path / "gone"),
            receipt_order(outcome=SubmissionState.UNREADABLE),
        ):
            assert sandbox.answer(order) == answer(order)


def test_a_workbook_that_is_too_much_for_the_child_is_not_given_back_and_the_next_one_is() -> None:
    deadly, good = receipt_order(original=e.repacked(e.swelling, faulty_return())), receipt_order(number=2)
    with Sandbox() as sandbox:
        assert sandbox.answer(deadly) == alone(deadly)
        assert sandbox.answer(good) == answer(good)


def test_a_receipt_that_is_not_written_in_time_does_not_give_the_workbook_back() -> None:
    with Sandbox(seconds=0.0) as sandbox:
        assert sandbox.answer(receipt_order()) == alone(receipt_order())
        assert children() == []


def test_a_child_that_takes_no_question_is_killed_at_the_deadline_too() -> None:
    long = receipt_order(notes=("一" * 100_000,))  # more than a pipe holds
    with Sandbox(seconds=4.0) as sandbox:
        assert sandbox.answer(receipt_order()) == answer(receipt_order())
        (stopped,) = children()
        os.kill(stopped, signal.SIGSTOP)
        assert sandbox.answer(long) == answer(long)
        assert stopped not in children()


def test_askers_side_by_side_share_the_children_there_are(tmp_path: Path) -> None:
    good = file_of(tmp_path, e.filled())
    with Sandbox(children=2) as sandbox, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(sandbox.read, good, e.expect()) for _ in range(12)]
        written = [pool.submit(sandbox.answer, receipt_order(number=n)) for n in range(1, 13)]
        assert {reading.result().outcome for reading in asked} == {ReadOutcome.FORM}
        assert [one.result() for one in written] == [answer(receipt_order(number=n)) for n in range(1, 13)]
        assert len(children()) == 2
    assert children() == []


def test_memory_beyond_the_limit_is_answered_and_the_next_file_is_read(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        lost = sandbox.read(file_of(tmp_path, endless_ods(tables=20, rows=2_900)), e.expect())
        after = sandbox.read(file_of(tmp_path, e.filled(), "b"), e.expect())
    assert (lost.outcome, rules(lost)) == (ReadOutcome.UNREADABLE, ["file-defeats-reader"])
    assert (after.outcome, after.findings) == (ReadOutcome.FORM, ())


def test_the_childs_memory_is_limited_and_its_environment_is_bare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://somebody:secret@127.0.0.1/x")
    with Sandbox() as sandbox:
        sandbox.read(file_of(tmp_path, e.filled()), e.expect())
        (child,) = children()
        assert resource.prlimit(child, resource.RLIMIT_AS) == (512 << 20, 512 << 20)
        assert b"secret" not in Path(f"/proc/{child}/environ").read_bytes()


def test_the_child_imports_nothing_heavy() -> None:
    script = "import sys, include.returns.child; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [str(e.ROOT / ".venv/bin/python"), "-c", script],
        capture_output=True,
        text=True,
        cwd=e.ROOT,
        check=True,
    )
    assert not {"great_expectations", "pandas", "airflow", "numpy", "sqlalchemy", "openpyxl"} & set(
        done.stdout.split()
    )


def test_what_the_office_raises_is_its_own_and_the_reader_goes_on(tmp_path: Path) -> None:
    good = file_of(tmp_path, e.filled())

    def broken(_: str) -> None:
        raise RuntimeError("the plan is gone")

    expect = e.expect()
    with Sandbox() as sandbox:
        with pytest.raises(RuntimeError, match="the plan is gone"):
            sandbox.read(good, replace(expect, layouts=broken))
        assert sandbox.read(good, expect).outcome is ReadOutcome.FORM


def test_a_file_that_is_not_there_is_the_offices_affair(tmp_path: Path) -> None:
    with Sandbox() as sandbox, pytest.raises(FileNotFoundError):
        sandbox.read(tmp_path / "nothing", e.expect())
