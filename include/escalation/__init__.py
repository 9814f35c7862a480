"""三书一函: the ladder as data, the decision of what it says today, the life of a letter, its text. Pure."""

from include.escalation.chaser import ChaserOrder, compose_chaser
from include.escalation.composing import compose
from include.escalation.conditions import RULE_NAMES, condition_title
from include.escalation.correcting import correct, edited
from include.escalation.days import (
    SET_ASIDE,
    UNSERVED,
    chasers_due,
    clock_ends_on,
    day_text,
    done_due,
    may_be_dated,
    reply_due,
)
from include.escalation.deadlines import Deadline, dated, deadlines
from include.escalation.deciding import decide
from include.escalation.differences import differences
from include.escalation.ladder import Ladder
from include.escalation.loading import load_ladder
from include.escalation.names import (
    APPROVER_NAMES,
    CASE_STATE_NAMES,
    LETTER_STATE_NAMES,
    STANDING_NAMES,
    STEP_NAMES,
    TRACK_NAMES,
    Action,
    Approver,
    Step,
)
from include.escalation.numbers import LetterNumber, gaps, mentioned, plain, read_number
from include.escalation.orders import ANNEX_COLUMNS, LetterOrder, Matter
from include.escalation.phrases import PHRASES, Phrases, fields_told, own_phrases
from include.escalation.rounds import run_id
from include.escalation.states import (
    CASE_EVENTS,
    CASE_LIFE,
    CASE_MOVES,
    LETTER_EVENTS,
    LETTER_LIFE,
    LETTER_MOVES,
    move_case,
    move_letter,
)
from include.escalation.texts import letter_text, literal

__all__ = [
    "ANNEX_COLUMNS",
    "APPROVER_NAMES",
    "CASE_EVENTS",
    "CASE_LIFE",
    "CASE_MOVES",
    "CASE_STATE_NAMES",
    "LETTER_EVENTS",
    "LETTER_LIFE",
    "LETTER_MOVES",
    "LETTER_STATE_NAMES",
    "PHRASES",
    "RULE_NAMES",
    "SET_ASIDE",
    "STANDING_NAMES",
    "STEP_NAMES",
    "TRACK_NAMES",
    "UNSERVED",
    "Action",
    "Approver",
    "ChaserOrder",
    "Deadline",
    "Ladder",
    "LetterNumber",
    "LetterOrder",
    "Matter",
    "Phrases",
    "Step",
    "chasers_due",
    "clock_ends_on",
    "compose",
    "compose_chaser",
    "condition_title",
    "correct",
    "dated",
    "day_text",
    "deadlines",
    "decide",
    "differences",
    "done_due",
    "edited",
    "fields_told",
    "gaps",
    "letter_text",
    "literal",
    "load_ladder",
    "may_be_dated",
    "mentioned",
    "move_case",
    "move_letter",
    "own_phrases",
    "plain",
    "read_number",
    "reply_due",
    "run_id",
]
