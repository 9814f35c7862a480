"""Whether the installation is well, in one word, for monitors; and how much waits in it, for metrics."""

from __future__ import annotations

from typing import Any

from include.office import alarm_checks, alarms
from include.office.alarm_checks import AlarmKind
from include.office.desk import Office
from include.records.escalation import LetterState
from include.records.messages import MessageState
from include.settings import settings
from include.store import cases, outbox

_ILL_IF_STANDING = {AlarmKind.BACKUP.name, AlarmKind.LEDGER.name}  # looked at once a day
_WAITING = (MessageState.PENDING, MessageState.RENDERING, MessageState.SENDING)


def token_of_monitors() -> str:
    """Give what a monitor has to show; empty: none is let in."""
    return settings().health_token.get_secret_value()


def troubles(office: Office) -> list[str]:
    """Give what is broken now: the installation looked over anew, backup and ledger as last looked at.

    What waits for a person (a letter, a mail, next year's calendar) is no illness.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer.
    """
    standing = [a["text"] for a in alarms.standing(office=office) if a["kind"] in _ILL_IF_STANDING]
    return [*standing, *(text for look in alarm_checks.OF_INSTALLATION.values() for _, text in look(office))]


def waiting(office: Office, plan_id: str) -> dict[str, Any]:
    """Count what waits in a plan: messages to leave, those a person has to look at, letters to sign."""
    with office.store.reading() as connection:
        counted = outbox.counts(connection, plan_id)
        stuck = outbox.needing_a_person(connection, plan_id)
        letters = cases.letters(connection, plan_id, LetterState.WAITING)
    return {
        "outbox waiting": sum(counted.get(state, 0) for state in _WAITING),
        "outbox stuck": len(stuck),
        "letters waiting": len(letters),
    }
