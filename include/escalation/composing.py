"""Composing a letter: from what is known of its matters to the words an approver reads. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from include.escalation.days import day_text
from include.escalation.names import NOTE, Step
from include.escalation.orders import ANNEX_COLUMNS, LetterOrder, Matter
from include.escalation.wording import Wording, quoted
from include.plan.model import Clause, Plan
from include.records.escalation import LetterContent, Track

Annex = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]

_ANNEX_TITLES = {
    Track.REPORTING: "未按要求报送的报表清单",
    Track.PROGRESS: "指标进度表",
    Track.MAJOR_RISK: "重大风险隐患清单",
}
_COMPARED = {">=": "不低于", "≥": "不低于", "<=": "不高于", "≤": "不高于", "==": "", "=": ""}
DEMO_WORDS = "本件由系统演示生成，所涉单位、数据和事项均为演示数据，不具有公文效力。"
_UNKNOWN = ("", "—", "未报")
_TOLD = 3  # returns told one by one; the annex lists all
_ORDINALS = "一二三四五六七八九十"


def compose(order: LetterOrder) -> LetterContent:
    """Put a letter into words: why we write, what it rests on, what is required by when, the evidence.

    Raises:
        ValueError: a letter about no matter.
    """
    if not order.matters:
        raise ValueError(f"a letter to {order.agency_id} about no matter")
    words = Wording(order)
    return LetterContent(
        step=order.step,
        kind_name=words.kind,
        letter_form=order.ladder.step(order.step).template == "letter",
        office_name=order.plan.office_name,
        number=order.number,
        title=words.title(),
        addressee=order.plan.agency(order.agency_id).name,
        paragraphs=tuple(_paragraphs(order, words)),
        requirements=words.demands(),
        legal_basis=_basis(order, words),
        signed_on=order.signed_on,
        signatory=order.signatory,
        contact=order.contact,
        copies_to=order.copies_to,
        handling_mark=order.handling_mark,
        demo=order.demo,
        annexes=tuple(_annexes(order)),
    )


def _paragraphs(order: LetterOrder, words: Wording) -> Iterator[str]:
    if order.demo:
        yield DEMO_WORDS
    yield words.opening()
    several = len(order.matters) > 1
    for n, matter in enumerate(order.matters):
        yield f"（{ordinal(n + 1)}）{_matter(order, matter)}" if several else _matter(order, matter)
    if order.earlier:
        letters = "、".join(order.earlier).replace("(", "（").replace(")", "）")
        yield words.earlier(letters)


def _matter(order: LetterOrder, matter: Matter) -> str:
    said = "".join(reason for reason in matter.reasons if not reason.startswith(NOTE))
    if matter.track is Track.PROGRESS and matter.facts:
        return f"{quoted(matter.name)}{_figures(order, matter)}{said}"
    if matter.track is Track.REPORTING:
        return said if order.step == Step.REMINDER else f"{_returns(order, matter)}{said}"
    if matter.track is Track.MAJOR_RISK and matter.facts:
        _, found_on, known = matter.facts[0]
        return f"{found_on}发现重大风险隐患{quoted(matter.name)}：{known.rstrip('。')}。{said}"
    return f"关于{quoted(matter.name)}。{said}"


def _returns(order: LetterOrder, matter: Matter) -> str:
    """Write how the returns stand out of the annex rows; a reminder's reasons say it already."""
    if not matter.facts:
        return ""
    told = [f"{month}报表（截止时间为{due}）{state}" for month, due, state in matter.facts[:_TOLD]]
    more = f"等{len(matter.facts)}期，见附件" if len(matter.facts) > _TOLD else ""
    return f"截至{day_text(order.as_of)}，{'，'.join(told)}{more}。"


def _figures(order: LetterOrder, matter: Matter) -> str:
    """Write the figures of an indicator out of its annex row."""
    _, target, path, value, *_ = matter.facts[0]
    for sign, word in _COMPARED.items():
        target = target.replace(sign, word)
    due = f"，{order.period.label}时序进度{path}" if path not in _UNKNOWN else ""
    reached = f"，实际{value}" if value not in _UNKNOWN else "，实际未报"
    return f"年度目标{target}{due}{reached}。"


def _basis(order: LetterOrder, words: Wording) -> str:
    clauses = {m.clause_id: m for m in order.matters if m.clause_id}
    cited = "、".join(_cite(m.clause_id, m.clause_title, m.clause_text) for m in clauses.values())
    mechanism = _clause(order.plan, order.ladder.mechanism_clause)
    by = f"第{mechanism.id}项推行的“三书一函”工作机制" if mechanism else "“三书一函”工作机制"
    return words.basis(cited, by)


def _cite(clause_id: str, title: str, text: str | None) -> str:
    wording = f"（原文：{quoted(text)}）" if text else ""
    return f"第{clause_id}项{quoted(title)}{wording}"


def _clause(plan: Plan, clause_id: str) -> Clause | None:
    return next((c for c in plan.clauses if c.id == clause_id), None)


def _annexes(order: LetterOrder) -> Iterator[Annex]:
    for track, columns in ANNEX_COLUMNS.items():
        rows = tuple(tuple(map(_signs, row)) for m in order.matters if m.track is track for row in m.facts)
        if rows:
            yield _ANNEX_TITLES[track], columns, rows


def _signs(cell: str) -> str:
    """Write comparison signs as in print."""
    return cell.replace(">=", "≥").replace("<=", "≤")


def ordinal(n: int) -> str:
    """Write 1 … 99 in Chinese."""
    tens, ones = divmod(n, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_ORDINALS[tens - 1]}十"
    return ten + (_ORDINALS[ones - 1] if ones else "")
