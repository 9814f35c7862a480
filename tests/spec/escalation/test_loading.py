"""`ladder.yaml` is loaded strictly: a fault is named with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from include.errors import PlanError
from include.escalation import RULE_NAMES, STEP_NAMES, load_ladder
from include.plan.model import Standing
from include.records.escalation import Track
from tests.spec.escalation.procedure import LADDER, PLAN

TEXT = (PLAN / "ladder.yaml").read_text(encoding="utf-8")
BRANCH = next(line for line in TEXT.splitlines(True) if line.startswith("  branch: "))
Changed = Callable[..., Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Give a ladder.yaml with some of the real one's words replaced."""

    def write(*pairs: tuple[str, str]) -> Path:
        text = TEXT
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        file = tmp_path / "ladder.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def line_of(words: str) -> int:
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if words in line)


def fault(file: Path) -> str:
    with pytest.raises(PlanError) as refused:
        load_ladder(file)
    return str(refused.value)


def test_the_plans_own_ladder_has_the_steps_clocks_and_approvers_of_the_procedure():
    clocks = {step.value: (r.reply_days, r.done_days, r.notice_days) for step, r in LADDER.steps.items()}
    assert clocks == {
        "reminder": (5, 0, 0), "rectification": (5, 20, 0), "interview": (5, 0, 3), "listing": (5, 60, 0),
        "lifting": (0, 0, 0),
    }  # fmt: skip
    assert {step.value: r.approver.value for step, r in LADDER.steps.items()} == {
        "reminder": "office-deputy", "rectification": "office-head", "interview": "office-head",
        "listing": "commission", "lifting": "commission",
    }  # fmt: skip
    assert [rung.step for rung in LADDER.rungs(Track.REPORTING)] == ["reminder", "rectification"]
    assert [rung.step for rung in LADDER.rungs(Track.PROGRESS)] == ["reminder", "rectification", "interview"]
    assert not any(rule.automatic for rule in LADDER.steps.values())


def test_every_step_and_rule_of_the_ladder_has_a_chinese_name():
    assert {step.value for step in LADDER.steps} | {"chaser"} == set(STEP_NAMES)
    used = {c.rule for rungs in LADDER.tracks.values() for rung in rungs for c in rung.when}
    assert used <= set(RULE_NAMES)


def test_whatever_no_rule_settles_is_marked_for_the_office_to_confirm():
    """Every value of the ladder but the names of documents: no public rule for food safety fixes any."""
    _, _, values = TEXT.partition("settings:")
    told = [line.strip() for line in values.splitlines() if ":" in line.split("#")[0]]
    named = ("document:", "- step:", "when:", "only_if:")
    settled = [
        line for line in told if not line.startswith(named) and not line.split("#")[0].rstrip().endswith(":")
    ]
    assert len(settled) > 40
    assert [line for line in settled if "待确认" not in line] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("done_days: 20", "done_dayz: 20", "Extra inputs are not permitted"),
        ("reply_days: 5 ", "reply_days: five ", "valid integer"),
        ("reply_days: 5 ", "reply_days: '5' ", "valid integer"),
        ("automatic: false", "automatic: 'no'", "valid boolean"),
        ("approver: office-deputy", "approver: mayor", "office-deputy"),
        ("branch: {highest: reminder}", "branch: {highest: jail}", "'reminder', 'rectification'"),
        ("branch: {highest: reminder}", "clan: {highest: reminder}", "'government', 'party'"),
        ("{rule: light-red}", "{rule: light-pink}", "unknown rule 'light-pink'"),
        ("{rule: light-red}", "{rule: late-running, periods: 2}", "says nothing on the track 'progress'"),
        ("{rule: light-red}", "{rule: light-red, periods: 3}", "takes no periods"),
        ("{rule: return-overdue, working_days: 1}", "{rule: return-overdue}", "needs working_days"),
        ("document: 整改通知书", "automatic: true\n    document: 整改通知书", "always waits"),
        ("working_days_before: [2, 0]", "working_days_before: [2, -1]", "before or on the due date"),
        ("only_if: interview_on_reporting", "only_if: it_rains", "interview_on_reporting"),
        ("template: letter", "template: telegram", "'letter' or 'document'"),
        ("extension_ask_days: 20", "extension_ask_days: 60", "could never be asked for"),
        ("host: {highest: listing, approver: commission}", "host: {highest: listing}", "outside it"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_named_with_its_line(changed: Changed, old: str, new: str, said: str):
    message = fault(changed((old, new)))
    assert said in message
    near = line_of(old.splitlines()[0].strip())
    assert any(f"ladder.yaml:{line}: " in message for line in (near - 1, near, near + 1))


def test_an_unknown_key_at_the_top_is_named_with_its_line(changed: Changed):
    message = fault(changed(("chaser:", "bribes: 3\nchaser:")))
    assert f"ladder.yaml:{line_of('chaser:')}: bribes" in message


def test_a_standing_without_a_cap_is_refused(changed: Changed):
    message = fault(changed((BRANCH, "")))
    assert f"ladder.yaml:{line_of('standings:')}: no cap for 'branch' (派出机构)" in message


@pytest.mark.parametrize("standing", list(Standing))
def test_each_standing_needs_its_cap(changed: Changed, standing: Standing):
    line = next(line for line in TEXT.splitlines() if line.startswith(f"  {standing.value}: {{"))
    assert f"no cap for {standing.value!r}" in fault(changed((line + "\n", "")))


def test_a_ladder_that_skips_a_step_is_refused(changed: Changed):
    progress = TEXT.index("  progress:")
    start = TEXT.index("    - step: rectification", progress)
    end = TEXT.index("    - step: interview", start)
    message = fault(changed((TEXT[start:end], "")))
    assert "the ladder skips a step: 'interview' can be reached without 'rectification'" in message
    assert f"ladder.yaml:{line_of('  progress:')}: " in message


def test_a_step_switched_off_under_one_that_is_on_is_a_skipped_step(changed: Changed):
    interview = TEXT.index("    - step: interview", TEXT.index("  progress:"))
    rung = TEXT[interview : TEXT.index("    - step: listing", interview)]
    switched = rung.replace("when:", "only_if: interview_on_reporting\n      when:")
    on = ("listing_after_interview: false", "listing_after_interview: true")
    assert "'listing' can be reached without 'interview'" in fault(changed(on, (rung, switched)))


def test_a_ladder_that_loops_is_refused(changed: Changed):
    message = fault(changed(("step: interview", "step: reminder")))
    assert "the ladder loops: 'reminder' was passed already" in message


@pytest.mark.parametrize(
    ("track", "step", "left"),
    [
        ("reporting", "rectification", "late-running, periods: 2"),  # answers every letter, files nothing
        ("reporting", "rectification", "reply-overdue"),  # a reply that was refused would be the end of it
        ("progress", "rectification", "still-red, new_figures: true"),  # no figures, no light, no step
        ("progress", "rectification", "reply-refused"),  # no answer, no step
        ("progress", "interview", "red-running, periods: 3"),
    ],
)
def test_a_ladder_that_could_stand_still_for_ever_is_refused(
    changed: Changed, track: str, step: str, left: str
):
    rung = TEXT.index(f"    - step: {step}", TEXT.index(f"  {track}:\n    - step"))
    when = TEXT.index("      when:\n", rung) + len("      when:\n")
    end = min(
        n for n in (TEXT.find(f"\n{mark}", when) for mark in ("    - step", "  progress", "  major")) if n > 0
    )
    head, conditions = TEXT[rung:when], TEXT[when:end]
    message = fault(changed((head + conditions, f"{head}        - {{rule: {left}}}")))
    assert (
        f"the ladder may never end: {step!r} needs not-accepted, or reply-overdue with reply-refused"
        in message
    )
    assert f"ladder.yaml:{TEXT[:rung].count(chr(10)) + 1}: " in message


def test_a_clock_that_never_runs_out_or_runs_backwards_is_refused(changed: Changed):
    assert "its clock would never run out" in fault(changed(("reply_days: 5 ", "reply_days: 0 ")))
    assert "to be done before its answer is due" in fault(changed(("done_days: 20", "done_days: 3")))


def test_a_first_step_that_waits_for_a_letter_is_refused(changed: Changed):
    message = fault(changed(("{rule: light-red}", "{rule: reply-overdue}")))
    assert "needs conditions that hold with no letter before it" in message


def test_lifting_is_no_step_up(changed: Changed):
    assert "'lifting' is no step of the track 'progress'" in fault(
        changed(("    - step: listing\n      only_if", "    - step: lifting\n      only_if"))
    )
    assert "'lifting' ends a listing" in fault(
        changed(("branch: {highest: reminder}", "branch: {highest: lifting}"))
    )


def test_a_step_or_a_track_left_out_is_refused(changed: Changed):
    start = TEXT.index("  lifting:")
    assert "no step 'lifting'" in fault(changed((TEXT[start : TEXT.index("# Any one condition")], "")))
    start = TEXT.index("  reporting:")
    assert "no track 'reporting'" in fault(changed((TEXT[start : TEXT.index("  progress:")], "")))


def test_a_major_risk_goes_to_its_listing_and_nowhere_else(changed: Changed):
    start = TEXT.index("  major-risk:")
    message = fault(changed((TEXT[start:], TEXT[start:].replace("step: listing", "step: interview", 1))))
    assert "'interview' is no step of the track 'major-risk'" in message


def test_an_instruction_of_a_leader_stands_outside_the_ladder(changed: Changed):
    message = fault(changed(("  major-risk: ", "  instruction: ")))
    assert "an instruction （批示） has a date of its own, outside the ladder" in message


def test_the_track_of_major_risks_may_be_left_out(changed: Changed):
    start, end = TEXT.index("  major-risk:"), TEXT.index("# The highest step")
    assert Track.MAJOR_RISK not in load_ladder(changed((TEXT[start:end], ""))).tracks


def test_a_file_that_is_missing_or_no_yaml_is_named(tmp_path: Path):
    assert "cannot be read" in fault(tmp_path / "ladder.yaml")
    (tmp_path / "ladder.yaml").write_text("steps: [", encoding="utf-8")
    assert "not YAML" in fault(tmp_path / "ladder.yaml")
    (tmp_path / "ladder.yaml").write_text("settings: 2024-01-01\n", encoding="utf-8")
    assert "ladder.yaml:1" in fault(tmp_path / "ladder.yaml")
