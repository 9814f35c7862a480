"""The words of a chaser (催报通知): a plain sheet without number or seal, signed by nobody. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from include.escalation.composing import DEMO_WORDS
from include.plan.model import Plan
from include.plan.period import Period
from include.records.escalation import LetterContent

CHASER = "催报通知"


@dataclass(frozen=True, slots=True)
class ChaserOrder:
    """Everything a chaser says. `state` and `ask`: how the return stands, and what to do now."""

    plan: Plan
    agency: str
    period: Period
    due: str  # 2024年2月6日18:00
    state: str
    ask: Sequence[str]
    on: date
    signatory: str
    contact: str
    handling_mark: str


def compose_chaser(order: ChaserOrder) -> LetterContent:
    """Put a chaser into words."""
    demo = order.plan.demo
    return LetterContent(
        step="chaser",
        kind_name=CHASER,
        letter_form=True,
        office_name=order.plan.office_name,
        number="",
        title=f"{'（演示）' if demo else ''}关于报送{order.period.label}食品安全工作报表的{CHASER}",
        addressee=order.agency,
        paragraphs=(
            *([DEMO_WORDS] if demo else []),
            f"按照《{order.plan.title}》的月度报送安排，{order.period.label}报表的截止时间为{order.due}。"
            f"你单位的报表{order.state}，请抓紧报送。",
        ),
        requirements=tuple(order.ask),
        legal_basis="",
        signed_on=order.on,
        signatory=order.signatory,
        contact=order.contact,
        copies_to=(),
        handling_mark=order.handling_mark,
        demo=demo,
    )
