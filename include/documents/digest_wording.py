"""Sentences of a digest the office may word otherwise, and what keeps its words true to the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from include.documents.digest import Digest
from include.documents.digest_words import day, typeset
from include.records.reports import Wording

PLACES = {"overall": "总体判断", "matters": "提请领导协调", "changes": "与上月相比", "near": "黄灯指标"}
LONGEST = 300
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_FIGURE = re.compile(r"\d+(?:\.\d+)?(?:个百分点|%|‰)?")
_SPELT = re.compile(r"[〇零一二两三四五六七八九十百千万半]+(?=[项家个份条处次件成倍所座]|批次|分之)")
_JUDGING = (
    "全部",
    "均",
    "无",
    "没有",
    "多数",
    "少数",
    "已完成",
    "绿灯",
    "黄灯",
    "红灯",
    "灰灯",
    "超额",
    "落后",
    "达到",
)


def editable(digest: Digest) -> dict[str, str]:
    """Give the sentences that may be worded otherwise, by place: `overall-1`, `matters-2`, `changes-1` …."""
    texts: dict[str, Iterable[str]] = {
        "overall": digest.overall,
        "matters": (matter.decision for matter in digest.matters),
        "changes": digest.changes,
        "near": digest.near,
    }
    return {f"{part}-{n}": text for part, told in texts.items() for n, text in enumerate(told, 1)}


def place_name(place: str) -> str:
    """Name a place for users: 总体判断第1句."""
    part, _, number = place.partition("-")
    return f"{PLACES[part]}第{number}句"


def contradiction(digest: Digest, original: str, text: str) -> str:
    """Say why other words for a sentence would not say what the table says; empty if they do.

    Words may change; figures, names and judgements stay those of the rule's sentence. A day may be named.
    """
    if not text or "\n" in text or len(text) > LONGEST:
        return f"文字应为一行，1至{LONGEST}字"
    was, now = figures_in(original), figures_in(text)
    if was != now:
        wrong = [f"多出{'、'.join(sorted(now - was))}"] if now - was else []
        wrong += [f"少了{'、'.join(sorted(was - now))}"] if was - now else []
        return f"数据须与原句一致：{'；'.join(wrong)}"
    names = {n for line in digest.indicators for n in (line.name, line.agency)}
    foreign = [n for n in (*sorted(names), *_JUDGING) if n in text and n not in original]
    return f"原句没有提到：{'、'.join(foreign)}" if foreign else ""


def figures_in(text: str) -> set[str]:
    """Give the figures a sentence says, spelt ones too; days are none."""
    bare = _DAY.sub("", text)
    return {*_FIGURE.findall(bare), *_SPELT.findall(bare)}


def standing(digest: Digest, wordings: Iterable[Wording]) -> tuple[Wording, ...]:
    """Give the wordings whose sentence still says what it said when they were written."""
    now = editable(digest)
    return tuple(w for w in wordings if now.get(w.place) == w.original)


def reworded(digest: Digest, wordings: Iterable[Wording]) -> Digest:
    """Put the office's words in their places, and name who wrote them at the foot."""
    told = standing(digest, wordings)
    words = {w.place: typeset(w.text) for w in told}
    return replace(
        digest,
        overall=_words("overall", digest.overall, words),
        changes=_words("changes", digest.changes, words),
        near=_words("near", digest.near, words),
        matters=tuple(
            replace(m, decision=words.get(f"matters-{n}", m.decision))
            for n, m in enumerate(digest.matters, 1)
        ),
        edited=tuple(f"{place_name(w.place)}由{w.by}于{day(w.on)}修改文字" for w in told),
    )


def _words(part: str, sentences: Iterable[str], words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(words.get(f"{part}-{n}", text) for n, text in enumerate(sentences, 1))
