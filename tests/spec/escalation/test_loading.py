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
        ("done_days: 20", "done_dayz: 20", "不是这里的项目"),
        ("reply_days: 5 ", "reply_days: five ", "写的是“five”；应为整数"),
        ("reply_days: 5 ", "reply_days: '5' ", "写的是“5”；应为整数，不加引号"),
        ("automatic: false", "automatic: 'no'", "应为 true 或 false"),
        ("approver: office-deputy", "approver: mayor", "office-deputy、office-head、commission"),
        ("branch: {highest: reminder}", "branch: {highest: jail}", "reminder、rectification"),
        ("branch: {highest: reminder}", "clan: {highest: reminder}", "government、party"),
        ("{rule: light-red}", "{rule: light-pink}", "没有“light-pink”这种条件"),
        ("{rule: light-red}", "{rule: late-running, periods: 2}", "不用于进度"),
        ("{rule: light-red}", "{rule: light-red, periods: 3}", "不要 periods"),
        ("{rule: return-overdue, working_days: 1}", "{rule: return-overdue}", "没有写 working_days"),
        ("document: 整改通知书", "automatic: true\n    document: 整改通知书", "不能自动发出"),
        ("working_days_before: [2, 0]", "working_days_before: [2, -1]", "催报写在截止日以后"),
        ("only_if: interview_on_reporting", "only_if: it_rains", "应为以下之一：interview_on_reporting"),
        ("template: letter", "template: telegram", "letter、document"),
        ("extension_ask_days: 20", "extension_ask_days: 60", "来不及申请延期"),
        ("host: {highest: listing, approver: commission}", "host: {highest: listing}", "以外的人签发"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_named_with_its_line(changed: Changed, old: str, new: str, said: str):
    message = fault(changed((old, new)))
    assert said in message
    near = line_of(old.splitlines()[0].strip())
    assert any(f"ladder.yaml:{line}：" in message for line in (near - 1, near, near + 1))


def test_an_unknown_key_at_the_top_is_named_with_its_line(changed: Changed):
    message = fault(changed(("chaser:", "bribes: 3\nchaser:")))
    assert f"ladder.yaml:{line_of('chaser:')}：bribes" in message


def test_a_standing_without_a_cap_is_refused(changed: Changed):
    message = fault(changed((BRANCH, "")))
    assert f"ladder.yaml:{line_of('standings:')}：缺 branch（派出机构）最高到哪一步" in message


@pytest.mark.parametrize("standing", list(Standing))
def test_each_standing_needs_its_cap(changed: Changed, standing: Standing):
    line = next(line for line in TEXT.splitlines() if line.startswith(f"  {standing.value}: {{"))
    assert f"缺 {standing.value}（" in fault(changed((line + "\n", "")))


def test_a_ladder_that_skips_a_step_is_refused(changed: Changed):
    progress = TEXT.index("  progress:")
    start = TEXT.index("    - step: rectification", progress)
    end = TEXT.index("    - step: interview", start)
    message = fault(changed((TEXT[start:end], "")))
    assert "跳过了rectification（整改通知书）就到interview（约谈通知书）" in message
    assert f"ladder.yaml:{line_of('  progress:')}：" in message


def test_a_step_switched_off_under_one_that_is_on_is_a_skipped_step(changed: Changed):
    interview = TEXT.index("    - step: interview", TEXT.index("  progress:"))
    rung = TEXT[interview : TEXT.index("    - step: listing", interview)]
    switched = rung.replace("when:", "only_if: interview_on_reporting\n      when:")
    on = ("listing_after_interview: false", "listing_after_interview: true")
    assert "跳过了interview（约谈通知书）就到listing" in fault(changed(on, (rung, switched)))


def test_a_ladder_that_loops_is_refused(changed: Changed):
    message = fault(changed(("step: interview", "step: reminder")))
    assert "reminder（提醒敦促函）前面已经有了，会循环" in message


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
    assert f"{step}（{STEP_NAMES[step]}）的条件可能永远不成立" in message
    assert "加上 not-accepted，或 reply-overdue 和 reply-refused 两条" in message
    assert f"ladder.yaml:{TEXT[:rung].count(chr(10)) + 1}：" in message


def test_a_clock_that_never_runs_out_or_runs_backwards_is_refused(changed: Changed):
    assert "没有答复期限，永远不会到期" in fault(changed(("reply_days: 5 ", "reply_days: 0 ")))
    assert "办结早于答复（5 日）" in fault(changed(("done_days: 20", "done_days: 3")))


def test_a_first_step_that_waits_for_a_letter_is_refused(changed: Changed):
    message = fault(changed(("{rule: light-red}", "{rule: reply-overdue}")))
    assert "第一步的条件要等上一份文书" in message


def test_lifting_is_no_step_up(changed: Changed):
    assert "进度没有lifting（解除通知书）这一步" in fault(
        changed(("    - step: listing\n      only_if", "    - step: lifting\n      only_if"))
    )
    assert "lifting（解除通知书）是挂牌的结束" in fault(
        changed(("branch: {highest: reminder}", "branch: {highest: lifting}"))
    )


def test_a_step_or_a_track_left_out_is_refused(changed: Changed):
    start = TEXT.index("  lifting:")
    assert "缺 lifting（解除通知书）" in fault(changed((TEXT[start : TEXT.index("# Any one condition")], "")))
    start = TEXT.index("  reporting:")
    assert "缺 reporting（报送）" in fault(changed((TEXT[start : TEXT.index("  progress:")], "")))


def test_a_major_risk_goes_to_its_listing_and_nowhere_else(changed: Changed):
    start = TEXT.index("  major-risk:")
    message = fault(changed((TEXT[start:], TEXT[start:].replace("step: listing", "step: interview", 1))))
    assert "重大风险隐患没有interview（约谈通知书）这一步" in message


def test_an_instruction_of_a_leader_stands_outside_the_ladder(changed: Changed):
    message = fault(changed(("  major-risk: ", "  instruction: ")))
    assert "批示各有自己的期限，不在递进措施里" in message


def test_the_track_of_major_risks_may_be_left_out(changed: Changed):
    start, end = TEXT.index("  major-risk:"), TEXT.index("# The highest step")
    assert Track.MAJOR_RISK not in load_ladder(changed((TEXT[start:end], ""))).tracks


def test_a_file_that_is_missing_or_no_yaml_is_named(tmp_path: Path):
    assert "不能读取：没有这个文件" in fault(tmp_path / "ladder.yaml")
    (tmp_path / "ladder.yaml").write_text("steps: [", encoding="utf-8")
    assert "不合 YAML 格式" in fault(tmp_path / "ladder.yaml")
    (tmp_path / "ladder.yaml").write_text("settings: 2024-01-01\n", encoding="utf-8")
    assert "ladder.yaml:1：有一处写成了日期" in fault(tmp_path / "ladder.yaml")
