"""The digest as plain text, for mail clients that show no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from include.documents.digest import Digest, Discipline, IndicatorLine, Lag, LetterLine
from include.documents.digest_matters import WAITING, Matter
from include.documents.digest_words import day


def digest_text(digest: Digest) -> str:
    """Write the digest in plain lines, in the order of its other forms."""
    sections = [
        ("领导批示待办", digest.instructions),
        ("总体判断", (_counts(digest), *digest.overall)),
        ("提请领导协调", list(map(matter_line, digest.matters))),
        ("与上月相比", digest.changes),
        ("指标进度", map(_indicator, digest.indicators)),
        ("滞后事项", [*map(_lag, digest.lagging), *(f"黄灯 {line}" for line in digest.near)]),
        ("报送纪律", discipline_lines(digest.discipline)),
        (f"{day(digest.letters_since)}以来签发文书", map(letter_line, digest.letters)),
        ("待签发文书", map(letter_line, digest.waiting)),
        ("更正", digest.corrections),
        ("近期安排", [f"{day(d)} {what}" for d, what in digest.dates]),
        ("文字修改", digest.edited),
    ]
    head = [digest.title, f"{digest.place} · {digest.subtitle}", " · ".join(digest.marks)]
    body = [line for title, lines in sections for line in _section(title, lines)]
    return "\n".join([*filter(None, head), *body, "", f"编发：{digest.office_name}"]) + "\n"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", f"【{title}】", *(f"- {line}" for line in told))


def _counts(digest: Digest) -> str:
    return "、".join(f"{name}{count}项" for _, name, count in digest.lights)


def _indicator(line: IndicatorLine) -> str:
    notes = f"（{'；'.join(line.notes)}）" if line.notes else ""
    return f"[{line.light_name}] {line.name} {line.value}，目标{line.target}，{line.agency}{notes}"


def _lag(lag: Lag) -> str:
    line = lag.line
    why = (("亮灯原因", lag.cause), ("单位说明", lag.explanation), ("已采取措施", lag.action))
    told = "".join(f"{label}：{text.rstrip('。')}。" for label, text in why)
    return f"红灯 {line.name}（{line.agency}）：{stands(lag)}{told}"


def discipline_lines(discipline: Discipline) -> list[str]:
    """Say how the month was reported: the rates, then who is missing, late or has not corrected."""
    return [discipline.sentence, *named(discipline), *filter(None, [discipline.silence, discipline.ranking])]


def letter_line(letter: LetterLine) -> str:
    """Say one letter in one line."""
    kind = "" if letter.kind in letter.summary else letter.kind
    state = "" if letter.state == WAITING else letter.state
    told = "，".join(filter(None, (kind, letter.number, letter.when, state)))
    return f"{letter.agency}：{letter.summary}（{told}）"


def matter_line(matter: Matter) -> str:
    """Say one matter for coordination in one line."""
    return f"{matter.agency}：{matter.what}。{matter.decision}（{matter.by}）。"


def stands(lag: Lag) -> str:
    """Say where a lagging indicator stands: value, target, distance."""
    return f"{lag.line.value}，目标{lag.line.target}；{lag.distance}。"


def named(discipline: Discipline) -> list[str]:
    """Name the agencies that are missing, late or have not corrected, a line for each kind."""
    kinds = (("未报", discipline.missing), ("迟报", discipline.late), ("退回未更正", discipline.returned))
    return [f"{what}{len(who)}家：{'、'.join(who)}。" for what, who in kinds if who]
