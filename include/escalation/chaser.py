"""The words of a chaser (催报通知): a plain sheet without number or seal, signed by nobody. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from include.escalation.composing import DEMO_WORDS
from include.escalation.phrases import DEFAULT, Phrases
from include.plan.model import Plan
from include.plan.period import Period
from include.records.escalation import LetterContent

CHASER = "催报通知"


@dataclass(frozen=True, slots=True)
class ChaserOrder:
    """Everything a chaser says. `returned`: its return was sent back and awaits correction, else none came.

    `folders`: the agency's folders on the shared drive, by kind (待报, 报送, 回执).
    """

    plan: Plan
    agency: str
    period: Period
    due: str  # 2024年2月6日18:00
    returned: bool
    folders: Mapping[str, str]
    on: date
    signatory: str
    contact: str
    handling_mark: str
    phrases: Phrases = DEFAULT  # the office's own sentences over ours

    @property
    def state(self) -> str:
        """How the return stands."""
        return "已退回，尚未更正重报" if self.returned else "尚未收到"


def compose_chaser(order: ChaserOrder) -> LetterContent:
    """Put a chaser into words."""
    demo = order.plan.demo
    fields = {
        "你单位": "你单位",
        "文种": CHASER,
        "工作要点": order.plan.title,
        "月份": order.period.label,
        "截止时间": order.due,
        "报表情况": order.state,
        **{f"{kind}文件夹": order.folders[kind] for kind in ("待报", "报送", "回执")},
    }
    asked = ("chaser.correct" if order.returned else "chaser.file", "chaser.rest")
    said = (order.phrases.say(phrase, fields) for phrase in asked)
    return LetterContent(
        step="chaser",
        kind_name=CHASER,
        letter_form=True,
        office_name=order.plan.office_name,
        number="",
        title=f"{'（演示）' if demo else ''}{order.phrases.say('chaser.title', fields)}",
        addressee=order.agency,
        paragraphs=(*([DEMO_WORDS] if demo else []), order.phrases.say("chaser.opening", fields)),
        requirements=tuple(sentence for sentence in said if sentence.strip()),
        legal_basis="",
        signed_on=order.on,
        signatory=order.signatory,
        contact=order.contact,
        copies_to=(),
        handling_mark=order.handling_mark,
        demo=demo,
    )
