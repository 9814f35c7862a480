"""The sentences of the letters in an installation: an office's own, from its Word file, over duban's."""

from __future__ import annotations

from pathlib import Path

from include.documents.letters_phrases import read_phrases
from include.escalation import Phrases, own_phrases
from include.office.desk import Office


def phrases_file(office: Office) -> Path:
    """Give the file an office words its letters in; it need not be there."""
    return office.settings.home / "templates" / "文书措辞.docx"


def phrases_of(office: Office) -> Phrases:
    """Give the sentences of the letters. Raises: SettingsError naming file, row, sentence and fault."""
    return office.once(phrases_file(office), "phrases", _read)


def _read(file: Path) -> Phrases:
    return own_phrases(read_phrases(file) if file.exists() else (), file.name)
