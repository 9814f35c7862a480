"""The states of a submission (报送件) as one table: what each event makes of each state.

A file is taken once and settled once. What it is settled as never changes: an agency that corrects its return
sends another file, which is another submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from include.records.life import Life
from include.records.submissions import SubmissionState


class SubmissionEvent(StrEnum):
    """What can happen to a submission."""

    ACCEPT = "accept"  # read and without error
    RETURN = "return"  # read, with errors to correct
    FAIL_TO_READ = "fail-to-read"  # encrypted, corrupt, hostile, not a template
    FIND_DUPLICATE = "find-duplicate"  # the same bytes as the submission that counts
    FIND_FOREIGN = "find-foreign"  # another agency's, period's or plan's workbook
    FIND_LOCKED = "find-locked"  # its period is locked and no late filing was allowed
    FIND_COMPANION = "find-companion"  # a scan, picture or document
    FIND_PROOF = "find-proof"  # a 核对稿 that came back


_S, _E = SubmissionState, SubmissionEvent

TRANSITIONS: Mapping[tuple[SubmissionState, str], SubmissionState] = MappingProxyType(
    {
        (_S.TAKEN, _E.ACCEPT): _S.ACCEPTED,
        (_S.TAKEN, _E.RETURN): _S.RETURNED,
        (_S.TAKEN, _E.FAIL_TO_READ): _S.UNREADABLE,
        (_S.TAKEN, _E.FIND_DUPLICATE): _S.DUPLICATE,
        (_S.TAKEN, _E.FIND_FOREIGN): _S.FOREIGN,
        (_S.TAKEN, _E.FIND_LOCKED): _S.TOO_LATE,
        (_S.TAKEN, _E.FIND_COMPANION): _S.COMPANION,
        (_S.TAKEN, _E.FIND_PROOF): _S.OBJECTION,
    }
)
SUBMISSION_LIFE = Life(
    "submission",
    "报送件",
    _S.TAKEN,
    MappingProxyType(
        {
            "taken": "已收取",
            "accepted": "已接收",
            "returned": "已退回",
            "unreadable": "无法读取",
            "duplicate": "重复",
            "foreign": "非本单位本期报表",
            "too-late": "已锁定不收",
            "companion": "随附材料",
            "objection": "核对意见",
        }
    ),
    MappingProxyType(
        {
            "accept": "接收",
            "return": "退回",
            "fail-to-read": "读取失败",
            "find-duplicate": "与所计报送件相同",
            "find-foreign": "认出是别的报表",
            "find-locked": "报送月份已锁定",
            "find-companion": "认出是扫描件或佐证材料",
            "find-proof": "认出是放回的核对稿",
        }
    ),
    TRANSITIONS,
)
settle = SUBMISSION_LIFE.move  # a settled file stays as it is: a correction is a new submission
