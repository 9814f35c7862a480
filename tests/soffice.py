"""LibreOffice as an official's program: it opens workbooks, computes them and saves them again."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook


def saved_by_libreoffice(books: Mapping[str, bytes], soffice: Path, folder: Path) -> dict[str, bytes]:
    """Give the workbooks as LibreOffice saves them, all in one run of it. `folder` is a scratch folder."""
    return _converted(books, "xlsx:Calc MS Excel 2007 XML", "xlsx", soffice, folder)


def _converted(
    books: Mapping[str, bytes], to: str, ending: str, soffice: Path, folder: Path
) -> dict[str, bytes]:
    out = folder / "saved"
    sources = [folder / f"{name}.xlsx" for name in books]
    for source, data in zip(sources, books.values(), strict=True):
        source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["--headless", "--convert-to", to, "--outdir", str(out)]
    command = [str(soffice), profile, *convert, *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: (out / f"{name}.{ending}").read_bytes() for name in books}


def without_cached_values(data: bytes) -> bytes:
    """Give the workbook with its formulas uncomputed, so that whoever opens it has to compute them."""
    book, out = load_workbook(BytesIO(data)), BytesIO()
    book.save(out)
    return out.getvalue()


def pdfs_by_libreoffice(books: Mapping[str, bytes], soffice: Path, folder: Path) -> dict[str, bytes]:
    """Give the workbooks as LibreOffice prints them, all in one run of it. `folder` is a scratch folder."""
    return _converted(books, "pdf", "pdf", soffice, folder)
