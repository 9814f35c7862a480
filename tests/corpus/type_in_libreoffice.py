"""Run by the system's own Python: `python3 type_in_libreoffice.py SOFFICE SOURCE TARGET STEPS`.

LibreOffice opens SOURCE; each of STEPS (JSON) types a text into a cell (`[sheet, cell, text]`) or looks
what a cell shows (`[sheet, cell]`); then it saves TARGET as xlsx. What was looked at is printed as a JSON
list. Typing into a locked cell fails, as it does for an official.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import Popen

from save_with_password import connected, save, value


def main(soffice: str, source: Path, target: Path, steps: list[list[str]]) -> list[str]:
    pipe, profile = f"duban{target.parent.stat().st_ino}", target.parent / "profile"
    own = f"-env:UserInstallation=file://{profile}"
    office = Popen([soffice, "--headless", "--norestore", own, f"--accept=pipe,name={pipe};urp;"])
    try:
        document = connected(pipe).loadComponentFromURL(
            source.as_uri(), "_blank", 0, (value("Hidden", True),)
        )
        shown = [text for step in steps if (text := do(document, *step)) is not None]
        save(document, target, "Calc MS Excel 2007 XML")
        document.close(True)
        return shown
    finally:
        office.terminate()
        office.wait(30)


def do(document: object, title: str, ref: str, text: str | None = None) -> str | None:
    cell = document.Sheets.getByName(title).getCellRangeByName(ref)
    if text is None:
        return cell.String
    if cell.CellProtection.IsLocked:
        raise SystemExit(f"{title} {ref} is locked")
    cell.setFormula(text)
    return None


if __name__ == "__main__":
    arguments = (sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), json.loads(sys.argv[4]))
    print(json.dumps(main(*arguments), ensure_ascii=False))
