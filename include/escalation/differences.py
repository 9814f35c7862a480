"""What changed between two texts of a letter, paragraph by paragraph, as an approver reads it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from include.escalation.texts import literal
from include.records.escalation import LetterContent

Part = tuple[str, str]  # where it stands, such as 正文第2段, and what it says


def differences(before: LetterContent, after: LetterContent) -> tuple[str, ...]:
    """Say in Markdown what was changed, added and taken out; empty if the texts are the same.

    In a changed paragraph what went is ~~struck through~~, what came is **bold**.
    """
    old, new = list(_parts(before)), list(_parts(after))
    matcher = SequenceMatcher(a=[said for _, said in old], b=[said for _, said in new], autojunk=False)
    found: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            found += _changed(old[i1:i2], new[j1:j2])
    return tuple(found)


def _changed(old: list[Part], new: list[Part]) -> Iterator[str]:
    both = min(len(old), len(new))
    for (_, was), (where, said) in zip(old[:both], new[:both], strict=True):
        yield f"- {where}改为：{_marked(was, said)}"
    yield from (f"- 删去{where}：~~{literal(was)}~~" for where, was in old[both:])
    yield from (f"- 增加{where}：**{literal(said)}**" for where, said in new[both:])


def _marked(was: str, said: str) -> str:
    pieces: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=was, b=said, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(literal(said[j1:j2]))
            continue
        pieces += [f"~~{literal(was[i1:i2])}~~"] if i2 > i1 else []
        pieces += [f"**{literal(said[j1:j2])}**"] if j2 > j1 else []
    return "".join(pieces)


def _parts(content: LetterContent) -> Iterator[Part]:
    yield "标题", content.title
    yield "主送", content.addressee
    yield from ((f"正文第{n}段", said) for n, said in enumerate(content.paragraphs, 1))
    yield "依据", content.legal_basis
    yield from ((f"要求第{n}条", said) for n, said in enumerate(content.requirements, 1))
    yield "署名", content.signatory
    yield "联系人", content.contact
    yield "抄送", "，".join(content.copies_to)
    for n, (title, _, rows) in enumerate(content.annexes, 1):
        yield f"附件{n}标题", title
        yield from ((f"附件{n}第{m}行", "，".join(row)) for m, row in enumerate(rows, 1))
