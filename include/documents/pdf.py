"""PDF from office documents, by LibreOffice: one process a batch."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from include.documents.fonts import cjk_fonts

START_SECONDS = 90  # a first start on a slow disk, with a new profile
DOCUMENT_SECONDS = 20


def libreoffice() -> str | None:
    """Find the LibreOffice program; None where it is absent."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(documents: Sequence[bytes], suffix: str = ".docx", *, home: Path) -> list[bytes | None]:
    """Convert documents of one kind to PDF, in their order.

    None stands where LibreOffice is absent or could not convert that document: it is then issued without
    a PDF, and the caller says so. What a batch leaves out (it may have died on a document) is tried once
    more, alone.
    """
    program = libreoffice()
    if program is None or not documents:
        return [None] * len(documents)
    environment = cjk_fonts(home).environment
    home.mkdir(parents=True, exist_ok=True)
    made = _batch(program, documents, suffix, home, environment)
    return [
        pdf
        if pdf is not None or len(documents) == 1
        else _batch(program, [document], suffix, home, environment)[0]
        for document, pdf in zip(documents, made, strict=True)
    ]


def _batch(
    program: str, documents: Sequence[bytes], suffix: str, home: Path, environment: Mapping[str, str]
) -> list[bytes | None]:
    """Run LibreOffice once over these documents, in a scratch folder of its own with a profile of its own.

    A shared profile would hand the work to whichever LibreOffice already runs with it, a person's too.
    """
    with tempfile.TemporaryDirectory(prefix="libreoffice-", dir=home, ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        sources = [scratch / f"{number:05}{suffix}" for number in range(len(documents))]
        for source, document in zip(sources, documents, strict=True):
            source.write_bytes(document)
        command = [
            program,
            f"-env:UserInstallation={(scratch / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf", "--outdir", str(scratch)),
            *map(str, sources),
        ]
        _run(command, {**os.environ, **environment}, START_SECONDS + DOCUMENT_SECONDS * len(documents))
        return [_read(source.with_suffix(".pdf")) for source in sources]


def _run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> None:
    """Run to the end or to the deadline; the program is a script whose children must end with it."""
    with subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _read(pdf: Path) -> bytes | None:
    data = pdf.read_bytes() if pdf.is_file() else b""
    return data if data.rstrip().endswith(b"%%EOF") else None
