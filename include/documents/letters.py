"""Letters as .docx in the form of GB/T 9704-2012, from templates an office can edit in Word or WPS."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from include.documents import letters_fit
from include.documents.letters_template import TEMPLATES
from include.documents.letters_words import fields
from include.errors import SettingsError
from include.files.names import safe_name
from include.records.escalation import LetterContent

_EPOCH = (2024, 1, 1, 0, 0, 0)  # the moment every entry of the file carries: same content, same bytes


def write_letter(content: LetterContent, *, unsealed: bool = False, templates: Path = TEMPLATES) -> bytes:
    """Write a letter as .docx; the same content gives the same bytes.

    A letter without a number is a draft and is marked 拟稿. A numbered one is laid out for the seal; `unsealed`
    marks a copy 未用印 and sets its signature as GB/T 9704 has it without one. `templates` is the folder with
    `letter.docx` and `document.docx`.

    Raises:
        SettingsError: a template names a field that does not exist, or cannot be read.
    """
    file = templates / ("letter.docx" if content.letter_form else "document.docx")
    words = fields(content, unsealed=unsealed)
    letter = _filled(file, words)
    letters_fit.fit(letter, words, unsealed=unsealed)
    out = io.BytesIO()
    letter.save(out)
    return _steady(out.getvalue())


def letter_name(content: LetterContent, agency: str) -> str:
    """Name a letter's file, without ending, such as `演示〔2024〕1号 提醒敦促函 市教育局`."""
    return safe_name(f"{content.number or '拟稿'} {content.kind_name} {agency}")


def _filled(file: Path, words: dict[str, Any]) -> Any:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        template = DocxTemplate(io.BytesIO(file.read_bytes()))
        template.render(words, environment)
    except (TemplateError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise SettingsError(
            f"The letter template {file} cannot be used: {error}. Correct it in Word or WPS, or take the one "
            f"that comes with duban; fields it may name: {', '.join(sorted(words))}."
        ) from error
    out = io.BytesIO()
    template.save(out)
    return Document(out)  # read again: docxtpl puts new header parts beside the ones python-docx holds


def _steady(data: bytes) -> bytes:
    """Pack the file again with one fixed moment on every entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
