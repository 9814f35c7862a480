"""An office's own letter templates: which are used, whether they can be filled, ours to begin from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from include.documents.letters import template_of, write_letter
from include.documents.letters_phrases import write_phrases
from include.documents.letters_template import TEMPLATES
from include.documents.letters_words import fields
from include.escalation import PHRASES, STEP_NAMES, fields_told
from include.office.desk import Office, open_office
from include.office.handing_over import templates_of
from include.office.phrasing import phrases_file, phrases_of
from include.records.escalation import LetterContent


def lines(*, office: Office | None = None) -> Iterator[str]:
    """Say which template each document is filled into, and the fields a template may name."""
    office = office or open_office()
    for step, name in STEP_NAMES.items():
        yield f"{name}：{template_of(_sample(step), templates_of(office))}"
    file = phrases_file(office)
    yield f"措辞：{file if file.exists() else '系统自带'}"
    yield f"可以写的字段：{'、'.join(sorted(fields(_sample('reminder'))))}"


def check(*, office: Office | None = None) -> Iterator[str]:
    """Fill every template with a sample. Raises: SettingsError naming the template and the unknown field."""
    office = office or open_office()
    for step, name in STEP_NAMES.items():
        write_letter(_sample(step), templates=templates_of(office))
        yield f"{name}：{template_of(_sample(step), templates_of(office)).name} 可用"
    own = sum(text != PHRASES[id].text for id, text in phrases_of(office).texts.items())
    yield f"措辞：{f'{phrases_file(office).name} 可用，改动{own}句' if own else '系统自带'}"


def copy(*, office: Office | None = None) -> Iterator[str]:
    """Put our templates where an office changes them; one that is there already is left alone."""
    office = office or open_office()
    own = templates_of(office)
    own.mkdir(parents=True, exist_ok=True)
    ours = {template.name: template.read_bytes() for template in sorted(TEMPLATES.glob("*.docx"))}
    rows = ((id, phrase.used, phrase.text) for id, phrase in PHRASES.items())
    ours[phrases_file(office).name] = write_phrases(rows, fields_told())
    for name, content in ours.items():
        file = own / name
        if file.exists():
            yield f"{file} 已经有了，没有改动"
        else:
            file.write_bytes(content)
            yield f"{file}"


def _sample(step: str) -> LetterContent:
    return LetterContent(
        step=step,
        kind_name=STEP_NAMES[step],
        letter_form=True,
        office_name="样文单位",
        number="样文〔2024〕1号",
        title="关于样文的文书",
        addressee="某单位",
        paragraphs=("样文。", "事由。"),
        requirements=("第一项。内容。", "第二项。内容。"),
        legal_basis="依据。",
        signed_on=date(2024, 1, 31),
        signatory="样文单位",
        contact="某人",
        copies_to=("某某",),
        handling_mark="内部资料",
        demo=True,
        annexes=(("附表", ("甲", "乙"), (("一", "二"),)),),
    )
