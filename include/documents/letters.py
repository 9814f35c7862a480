"""Letters as .docx in the form of GB/T 9704-2012, from templates an office can edit in Word or WPS."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from include import foreign
from include.documents import letters_fit
from include.documents.letters_pack import EPOCH, steady
from include.documents.letters_template import TEMPLATES
from include.documents.letters_words import clean, fields
from include.errors import SettingsError
from include.files.names import safe_name
from include.records.escalation import LetterContent

_LONGEST_PROPERTY = 255


def write_letter(content: LetterContent, *, unsealed: bool = False, templates: Path = TEMPLATES) -> bytes:
    """Write a letter as .docx; the same content gives the same bytes.

    A letter without a number is a draft and is marked 拟稿. A numbered one is laid out for the seal;
    `unsealed` marks a copy 未用印 and sets its signature as GB/T 9704 has it without one. `templates` is a
    folder with an office's own templates: one of a step (`interview.docx`) goes before `letter.docx` or
    `document.docx`; what it lacks is taken from ours.

    Raises:
        SettingsError: a template names a field that does not exist, or cannot be read.
    """
    words = fields(content, unsealed=unsealed)
    letter = _filled(template_of(content, templates), words)
    letters_fit.fit(letter, words, unsealed=unsealed)
    _describe(letter, content)
    out = io.BytesIO()
    letter.save(out)
    return steady(out.getvalue())


def template_of(content: LetterContent, templates: Path = TEMPLATES) -> Path:
    """Give the template a letter is filled into."""
    form = "letter.docx" if content.letter_form else "document.docx"
    own = (templates / name for name in (f"{content.step}.docx", form))
    return next((file for file in own if file.is_file()), TEMPLATES / form)


def template_hash(content: LetterContent, templates: Path = TEMPLATES) -> str:
    """Give the sha256 of the template a letter is filled into."""
    return hashlib.sha256(template_of(content, templates).read_bytes()).hexdigest()


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
            f"文书模板 {file} 不能使用：{foreign.words(error)}；请在 Word 或 WPS 中改正，"
            f"或删去它改用系统自带的。可用的字段：{'、'.join(sorted(words))}"
        ) from error
    out = io.BytesIO()
    template.save(out)
    return Document(out)  # read again: docxtpl puts new header parts beside the ones python-docx holds


def _describe(letter: Any, content: LetterContent) -> None:
    """Set the file's properties; none of them tells when or on what machine it was made."""
    properties = letter.core_properties
    properties.title = clean(content.title)[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = clean(content.office_name)[:_LONGEST_PROPERTY]
    properties.revision = 1
    day = content.signed_on.timetuple()[:3] if content.signed_on else EPOCH[:3]
    properties.created = properties.modified = datetime(*day, tzinfo=UTC)
