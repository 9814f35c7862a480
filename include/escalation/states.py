"""The life of a letter and of a case: one table each, and an answer for every pair that is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from include.escalation.names import CASE_STATE_NAMES, LETTER_STATE_NAMES
from include.records.escalation import CaseState, LetterState
from include.records.life import Life

_L, _C = LetterState, CaseState

# What can happen to a letter. 印发 is the moment it is handed over under its seal: before it a letter is 撤回
# (`withdraw`), after it 撤销 (`revoke`); a number once taken stays in the ledger either way.
LETTER_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "submit": "送签",  # a draft is put before its approver
        "redraft": "改稿",  # the text changes; a waiting letter waits again, under its new hash
        "return": "退回",  # the approver wants it changed, with a reason
        "waive": "免发",  # it is not sent this time, with a reason
        "review": "核稿",  # somebody else read the text; the next change asks for it anew
        "sign": "签发",  # the approver signs; the day dates the letter
        "number": "取号",  # it takes its number
        "seal": "用印",  # the sealed scan is attached; where delivery counts as service, it may come after it
        "serve": "送达",  # how, to whom, when; an office without paper serves an unsealed letter
        "answer": "答复",  # a reply arrived, late or not: the clock stops
        "expire": "逾期",  # its clock ran out
        "accept": "认可",  # what it asked for is done, or the reply is good enough
        "refuse": "不予认可",  # the reply is not
        "correct": "更正",  # a 更正函 corrects it; it stands
        "withdraw": "撤回",  # taken back before 印发
        "revoke": "撤销",  # taken back after 印发
    }
)

LETTER_MOVES: Mapping[tuple[LetterState, str], LetterState] = MappingProxyType(
    {
        (_L.DRAFT, "submit"): _L.WAITING,
        (_L.DRAFT, "redraft"): _L.DRAFT,
        (_L.DRAFT, "review"): _L.DRAFT,
        (_L.DRAFT, "waive"): _L.WAIVED,
        (_L.DRAFT, "withdraw"): _L.WITHDRAWN,
        (_L.WAITING, "redraft"): _L.WAITING,
        (_L.WAITING, "review"): _L.WAITING,
        (_L.WAITING, "return"): _L.DRAFT,
        (_L.WAITING, "waive"): _L.WAIVED,
        (_L.WAITING, "withdraw"): _L.WITHDRAWN,
        (_L.WAITING, "sign"): _L.SIGNED,
        (_L.SIGNED, "number"): _L.NUMBERED,
        (_L.SIGNED, "withdraw"): _L.WITHDRAWN,
        (_L.NUMBERED, "seal"): _L.SEALED,
        (_L.NUMBERED, "serve"): _L.SERVED,
        (_L.NUMBERED, "withdraw"): _L.WITHDRAWN,
        (_L.SEALED, "serve"): _L.SERVED,
        (_L.SEALED, "withdraw"): _L.WITHDRAWN,
        (_L.SERVED, "answer"): _L.ANSWERED,
        (_L.SERVED, "expire"): _L.OVERDUE,
        (_L.SERVED, "accept"): _L.ACCEPTED,
        (_L.SERVED, "seal"): _L.SERVED,
        (_L.SERVED, "correct"): _L.SERVED,
        (_L.SERVED, "revoke"): _L.REVOKED,
        (_L.ANSWERED, "accept"): _L.ACCEPTED,
        (_L.ANSWERED, "refuse"): _L.OVERDUE,
        (_L.ANSWERED, "seal"): _L.ANSWERED,
        (_L.ANSWERED, "correct"): _L.ANSWERED,
        (_L.ANSWERED, "revoke"): _L.REVOKED,
        (_L.OVERDUE, "answer"): _L.ANSWERED,
        (_L.OVERDUE, "accept"): _L.ACCEPTED,
        (_L.OVERDUE, "seal"): _L.OVERDUE,
        (_L.OVERDUE, "correct"): _L.OVERDUE,
        (_L.OVERDUE, "revoke"): _L.REVOKED,
        (_L.ACCEPTED, "seal"): _L.ACCEPTED,
        (_L.ACCEPTED, "correct"): _L.ACCEPTED,
        (_L.ACCEPTED, "revoke"): _L.REVOKED,
    }
)

CASE_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "step": "采取措施",  # a step is taken, or taken again
        "extend": "延期",  # until a day: no step while it holds
        "accept-reason": "认可正当理由",  # no step up while it stands
        "withdraw-reason": "撤销认可",  # the reason stands no longer
        "take-plan": "收到方案",  # a 整改方案 came in
        "refuse-plan": "退回方案",  # it is not good enough
        "add-co-owner": "增加抄送",  # a co-owner gets the letters in copy
        "drop-co-owner": "取消抄送",
        "lift": "解除",  # the major risk is removed, or the listing has served its end
        "fulfil": "销号",  # what it asked for is done, with evidence
        "waive": "免予督办",  # the office lets it be, with a reason
        "merge": "并入",  # it goes on in another case
        "take-over": "承接",  # another case was merged into it
    }
)

CASE_MOVES: Mapping[tuple[CaseState, str], CaseState] = MappingProxyType(
    {(_C.OPEN, event): _C.OPEN for event in CASE_EVENTS}
    | {
        (_C.OPEN, "fulfil"): _C.FULFILLED,
        (_C.OPEN, "waive"): _C.WAIVED,
        (_C.OPEN, "merge"): _C.MERGED,
    }
)

LETTER_LIFE = Life("letter", "文书", _L.DRAFT, LETTER_STATE_NAMES, LETTER_EVENTS, LETTER_MOVES)
CASE_LIFE = Life("case", "督办事项", _C.OPEN, CASE_STATE_NAMES, CASE_EVENTS, CASE_MOVES)
move_letter, move_case = LETTER_LIFE.move, CASE_LIFE.move
