"""Letters whose clock ran out unanswered (逾期): marked in their own row, for the ledger and for people.

Deciding does not wait for it: a case steps up by its letters' days, marked or not.
"""

from __future__ import annotations

from include.escalation import move_letter
from include.office.desk import Asked, Office, record
from include.office.matters import Situation, answer_missed
from include.records.escalation import LetterState
from include.store import cases


def expire(office: Office, plan_id: str, now: Situation, asked: Asked) -> int:
    """Mark every served letter whose answer is overdue as of the day asked; gives how many.

    A letter is overdue only once somebody looked for its answer after the last day for it.
    """
    with office.store.reading() as connection:
        served = cases.letters(connection, plan_id, LetterState.SERVED)
    late = [
        row
        for row in served
        if row.reply_due_on is not None
        and row.reply_due_on < asked.as_of
        and office.ladder(plan_id).step(row.step).reply_days
        and answer_missed(row.reply_due_on, now.swept.get(row.agency_id))
    ]
    return sum(_expire(office, plan_id, row.id, row.reply_due_on.isoformat(), asked) for row in late)


def _expire(office: Office, plan_id: str, letter_id: int, due: str, asked: Asked) -> bool:
    to = move_letter(LetterState.SERVED, "expire")
    with office.store.writing() as connection:
        if not cases.change_letter(connection, letter_id, LetterState.SERVED, state=to):
            return False
        body = {"reply_due_on": due}
        record(connection, plan_id, asked.now, "letter-overdue", f"letter/{letter_id}", body)
    return True
