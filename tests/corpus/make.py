"""`python -m tests.corpus.make [CASE …]`: make the corpus anew, files and expected receipts.

Needs LibreOffice and Debian's own Python, which has UNO. A changed receipt shows in the diff: read it before
committing. `--receipts` leaves the files as they are.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.agencies import SimulatedAgency
from demo.setting import PLAN
from include.office.desk import Office
from tests import needs
from tests.corpus.office import (
    CASES,
    PERIOD,
    RECEIPT,
    Desk,
    agency_of,
    files_of,
    folder,
    layout_of,
)
from tests.corpus.returns import CASES as MAKERS
from tests.corpus.returns import Tools

_MADE_ON = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SCRIPT = Path(__file__).with_name("save_with_password.py")


def main(wanted: list[str]) -> None:
    receipts_only = "--receipts" in wanted
    cases = [name for name in wanted if not name.startswith("--")] or sorted(MAKERS)
    with TemporaryDirectory() as scratch:
        desk = Desk(Path(scratch) / "home")
        if not receipts_only:
            _make_files(desk.office, cases, Path(scratch))
        for case in cases:
            text = desk.answer(files_of(case))
            (CASES / case / RECEIPT).write_text(text, encoding="utf-8")
            sys.stdout.write(f"{case}: {text.partition(chr(10))[2].partition(chr(10))[0]}\n")


def _make_files(office: Office, cases: list[str], scratch: Path) -> None:
    tools = _tools(office, scratch)
    for case in cases:
        shutil.rmtree(CASES / case, ignore_errors=True)
        (CASES / case).mkdir(parents=True)
        for name, data in MAKERS[case](tools).items():
            (CASES / case / name).write_bytes(data)


def _tools(office: Office, scratch: Path) -> Tools:
    agency, other = agency_of(office), SimulatedAgency(office, office.plan(PLAN, PERIOD).agency("court"))
    template = next(folder(office, "待报").glob("*.xlsx")).read_bytes()

    def convert(data: bytes, to: str) -> bytes:
        return _converted(data, to, scratch)

    return Tools(
        right=dated(agency.file(PERIOD).read_bytes()),
        template=template,
        layout=layout_of(office),
        other_agency=other.file(PERIOD).read_bytes(),
        convert=convert,
        locked=cache(lambda data: _locked(data, scratch)),
    )


def dated(data: bytes) -> bytes:
    """Give a package with one date everywhere, so that the same content is the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MADE_ON.sub(b"2024-02-02T00:00:00Z", content)
            new.writestr(
                zipfile.ZipInfo(entry.filename, (2024, 2, 2, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _converted(data: bytes, to: str, scratch: Path) -> bytes:
    source, out = scratch / "source.xlsx", scratch / "converted"
    shutil.rmtree(out, ignore_errors=True)
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{scratch / 'profile'}"
    command = [str(needs.find("soffice")), profile, "--headless", "--convert-to", to, "--outdir", str(out)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    (made,) = out.iterdir()
    return made.read_bytes()


def _locked(data: bytes, scratch: Path) -> dict[str, bytes]:
    folder = scratch / "locked"
    folder.mkdir()
    source = folder / "source.xlsx"
    source.write_bytes(data)
    command = ["/usr/bin/python3", str(_SCRIPT), str(needs.find("soffice")), str(source), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {ending: (folder / f"a.{ending}").read_bytes() for ending in ("xlsx", "xls")}


if __name__ == "__main__":
    main(sys.argv[1:])
