"""The words of a letter, ready for its template: nothing here knows of pages or files."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from include.documents.letters_title import title_lines
from include.records.escalation import LetterContent

_NUMERALS = "一二三四五六七八九十"
_NUMBERED = re.compile(r"^\s*([一二三四五六七八九十]+[、是]|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．])")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufdd0-\ufdef\ud800-\udfff]|[\ufffe\uffff]"
)
_SPACE = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """Take out what XML cannot hold or what hides in a line: control signs, direction marks, line breaks."""
    return _SPACE.sub(" ", _UNPRINTABLE.sub("", text)).strip()


def fields(content: LetterContent, *, unsealed: bool = False) -> dict[str, Any]:
    """Give every field a template may name."""
    return {
        "office": clean(content.office_name),
        "kind": clean(content.kind_name),
        "number": "〔　　〕　　号" if content.number is None else clean(content.number),
        "handling_mark": clean(content.handling_mark),
        "marks": "　".join(marks(content, unsealed=unsealed)),
        "demo": content.demo,
        "title": "\n".join(title_lines(clean(content.title))),
        "addressee": clean(content.addressee).rstrip(":").rstrip("："),
        "paragraphs": [clean(text) for text in (*content.paragraphs, content.legal_basis) if clean(text)],
        "facts": [clean(text) for text in content.paragraphs if clean(text)],
        "basis": clean(content.legal_basis),
        "requirements": requirements([clean(text) for text in content.requirements if clean(text)]),
        "annex_list": annex_list([clean(title) for title, _, _ in content.annexes]),
        "annexes": annexes(content),
        "signature": clean(content.signatory) or clean(content.office_name),
        "date": date_words(content.signed_on),
        "contact": clean(content.contact).strip("()").strip("（）"),
        "copies_to": "，".join(clean(name) for name in content.copies_to),
    }


def marks(content: LetterContent, *, unsealed: bool) -> list[str]:
    """Say in the head of every page what this copy is not: real, issued, sealed."""
    said = []
    if content.demo:
        said.append("演示数据，不具有公文效力")
    if content.number is None:
        said.append("拟稿")
    elif unsealed and content.number:
        said.append("未用印")
    return said


def date_words(day: date | None) -> str:
    """Write a date as in 成文日期: Arabic figures, no leading zeros; blanks while there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"


def requirements(texts: list[str]) -> list[dict[str, str]]:
    """Put a number before each requirement; the first sentence of a longer one leads it in 黑体."""
    if len(texts) == 1 or any(_NUMBERED.match(text) for text in texts):
        return [{"lead": "", "rest": text} for text in texts]
    return [_requirement(numeral(place), text) for place, text in enumerate(texts, 1)]


def _requirement(number: str, text: str) -> dict[str, str]:
    lead, stop, rest = text.partition("。")
    if rest and len(lead) <= 20:
        return {"lead": f"{number}、{lead}{stop}", "rest": rest}
    return {"lead": f"{number}、", "rest": text}


def numeral(number: int) -> str:
    """Write 1 … 99 in Chinese."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else ("十" if tens == 1 else _NUMERALS[tens - 1] + "十")
    return ten + (_NUMERALS[ones - 1] if ones else "")


def annex_list(titles: list[str]) -> list[str]:
    """List the annexes under the text; one alone has no number."""
    if len(titles) < 2:
        return [f"附件：{title}" for title in titles]
    return [f"{'附件：' if place == 1 else '　　　'}{place}.{title}" for place, title in enumerate(titles, 1)]


def annexes(content: LetterContent) -> list[dict[str, Any]]:
    """Give each annex its label, title and table; a short row is filled up with blanks."""
    several = len(content.annexes) > 1
    return [
        {
            "label": f"附件{place}" if several else "附件",
            "title": clean(title),
            "header": [clean(heading) for heading in header],
            "rows": [[clean(cell) for cell in (*row, *[""] * len(header))[: len(header)]] for row in rows],
        }
        for place, (title, header, rows) in enumerate(content.annexes, 1)
    ]
