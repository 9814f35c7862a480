"""Equal faults are told once, with every place they are in; different ones are never thrown together."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from include.records.findings import Finding, Severity
from include.returns.grouping import grouped, merged

MISSING = Finding(
    "figure-missing", Severity.ERROR, "指标", "F6", "", "一个数；没有发生填 0", "“甲”的分子没有填。",
    "请填上分子；确实不适用的，请在本行“情况说明”栏（L6）写明原因。", "a",
)  # fmt: skip


def at(ref: str, message: str = "", **more: str) -> Finding:
    fix = MISSING.fix.replace("L6", f"L{ref[1:]}")
    return replace(MISSING, ref=ref, message=message or MISSING.message, fix=fix, **more)


def test_the_same_fault_down_a_column_is_one_line_that_names_every_cell() -> None:
    (group,) = grouped([at("F6"), at("F8", "“乙”的分子没有填。"), at("F11", "“丙”的分子没有填。")])
    assert group.place == "指标 F6、F8、F11，共 3 处"
    assert group.message == "“甲”、“乙”、“丙”的分子没有填。"
    assert group.found == "（空）"
    assert group.fix == "请填上分子；确实不适用的，请在本行“情况说明”栏写明原因。"


def test_a_fault_alone_is_told_as_it_is() -> None:
    (group,) = grouped([at("F6")])
    assert (group.place, group.message, group.fix) == ("指标 F6", MISSING.message, MISSING.fix)


def test_another_column_sheet_rule_severity_or_change_is_another_line() -> None:
    others = [
        at("G6"),
        at("F6", sheet="名单"),
        at("F6", rule="figure-is-whole"),
        replace(MISSING, severity=Severity.WARNING),
        replace(MISSING, fix="请核对。"),
    ]
    assert [len(group.findings) for group in grouped([MISSING, *others])] == [1] * 6


def test_what_stands_there_and_what_should_is_told_cell_by_cell_where_it_differs() -> None:
    (group,) = grouped([at("F6", found="3", expected="不超过 2"), at("F7", found="9", expected="不超过 5")])
    assert (group.found, group.expected) == ("F6：3；F7：9", "F6：不超过 2；F7：不超过 5")


def test_sentences_part_where_no_word_or_figure_is_torn() -> None:
    assert merged(["任务3.1“甲”没有选进展状态。", "任务3.2“甲乙”没有选进展状态。"]) == (
        "任务3.1“甲”、任务3.2“甲乙”没有选进展状态。"
    )
    assert merged(
        ["“甲”的分子是 13，分母是 12，分子大于分母。", "“甲乙”的分子是 13，分母是 2，分子大于分母。"]
    ) == ("“甲”的分子是 13，分母是 12；“甲乙”的分子是 13，分母是 2，分子大于分母。")
    assert merged(["请填上。", "没有填。"]) == "请填上。没有填。"


@given(st.lists(st.text(alphabet="甲乙“”，。；1 "), min_size=1, max_size=5))
def test_no_sentence_is_lost_however_they_differ(sentences: list[str]) -> None:
    told = merged(sentences)
    assert all(set(sentence) <= set(told) for sentence in sentences)
    assert len(told) <= sum(map(len, sentences)) + 3 * len(sentences)
