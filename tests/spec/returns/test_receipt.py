"""The receipt: the agency's own workbook back with what to correct, or a kind answer where there is none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from demo.filling import fill
from include.plan import Period
from include.records.figures import Role
from include.records.findings import Finding, Severity
from include.records.readings import Reading, ReadOutcome
from include.records.submissions import SubmissionState
from include.returns.receipt import ReceiptOrder, answer, receipt_name
from include.returns.template import write_template
from tests.orders import (
    DUE_AT,
    FINDINGS,
    NAMED,
    PERIOD,
    RATIO,
    faulty_return,
    filled_return,
    layout,
    receipt_order,
    template_order,
)
from tests.soffice import saved_by_libreoffice

ALONE = (
    SubmissionState.UNREADABLE,
    SubmissionState.DUPLICATE,
    SubmissionState.FOREIGN,
    SubmissionState.TOO_LATE,
    SubmissionState.COMPANION,
)


def receipt_of(order: ReceiptOrder) -> bytes:
    return answer(order).workbook


def mail_of(order: ReceiptOrder) -> str:
    return answer(order).text


def opened(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def texts_of(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def marked(sheet: Any) -> dict[str, str]:
    """Give our coloured cells with their colour."""
    found: dict[str, str] = {}
    for block in sheet.conditional_formatting:
        for rule in block.rules:
            if "回执" in "".join(rule.formula or []):
                found |= {str(area): rule.dxf.fill.bgColor.rgb for area in block.sqref.ranges}
    return found


def commented(sheet: Any) -> dict[str, str]:
    return {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment is not None}


def contents(sheet: Any) -> dict[str, tuple[Any, ...]]:
    """Give all a cell holds and how it is shown and protected."""
    return {
        c.coordinate: (
            c.value,
            c.data_type,
            c.number_format,
            c.fill.fgColor.rgb,
            c.font.b,
            c.protection.locked,
        )
        for row in sheet.iter_rows()
        for c in row
    }


def values(data: bytes) -> dict[tuple[str, str], Any]:
    """Give what every cell shows without being computed again."""
    book = load_workbook(BytesIO(data), data_only=True)
    return {
        (s.title, c.coordinate): c.value
        for s in book
        if s.title != "回执"
        for row in s.iter_rows()
        for c in row
    }


def links(sheet: Any) -> dict[str, str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.hyperlink.location for cell in cells if cell.hyperlink is not None}


def edited(data: bytes, edit: Callable[[Any], object]) -> bytes:
    book, out = opened(data), BytesIO()
    edit(book)
    book.save(out)
    return out.getvalue()


def test_a_returned_workbook_comes_back_with_the_receipt_in_front() -> None:
    book = opened(receipt_of(receipt_order()))
    assert book.sheetnames == ["回执", *layout().titles]
    assert book.active.title == "回执"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["回执"]
    texts = texts_of(book["回执"])
    assert "已退回。发现2处错误，另有1处请说明，请改好再报。" in texts
    assert any("2024年9月6日（星期五）18:00前完成" in text for text in texts)
    assert "第1次" in texts
    assert "2024年9月4日（星期三）10:03" in texts
    assert "内部资料" in texts


def test_each_finding_says_where_what_stands_there_what_was_expected_and_how_to_put_it_right() -> None:
    sheet = opened(receipt_of(receipt_order()))["回执"]
    rows = list(sheet.iter_rows(values_only=True))
    head = rows.index(("序号", "级别", "位置", "问题", "填的是", "应当是", "怎么改", "改了没有"))
    assert [row[:3] for row in rows[head + 1 : head + 4]] == [
        (1, "错误", "指标 F6"),
        (2, "错误", "封面 C11"),
        (3, "需说明", "指标 H7"),
    ]
    assert rows[head + 1][3:7] == tuple(
        getattr(FINDINGS[0], name) for name in ("message", "found", "expected", "fix")
    )
    assert rows[head + 2][4] == "（空）"
    assert links(sheet) == {
        f"C{head + 2}": "'指标'!F6",
        f"C{head + 3}": "'封面'!C11",
        f"C{head + 4}": "'指标'!H7",
    }


def test_what_informs_the_office_only_is_not_shown_to_the_agency() -> None:
    assert not any("仅供办公室参考" in text for text in texts_of(opened(receipt_of(receipt_order()))["回执"]))


def test_faulty_cells_are_coloured_and_commented() -> None:
    book = opened(receipt_of(receipt_order()))
    assert marked(book["指标"]) == {"F6": "FFF8B4AE", "H7": "FFFFD699"}
    assert marked(book["封面"]) == {"C11": "FFF8B4AE"}
    assert set(commented(book["指标"])) == {"F6", "H7"}
    assert commented(book["指标"])["F6"].startswith("【回执】错误：“阳光配送”覆盖率的分子 120 大于分母 96")
    assert "怎么改：核对分子和分母" in commented(book["指标"])["F6"]


def test_marking_changes_no_figure_no_formula_and_no_format() -> None:
    before, after = opened(faulty_return()), opened(receipt_of(receipt_order()))
    for sheet in before:
        assert contents(after[sheet.title]) == contents(sheet), sheet.title


def test_what_was_computed_stays_computed(need: Callable[[str], Path], tmp_path: Path) -> None:
    data = saved_by_libreoffice({"it": faulty_return()}, need("soffice"), tmp_path)["it"]
    answer = receipt_of(receipt_order(original=data))
    assert "分子大于分母" in values(data).values()
    assert values(answer) == values(data)


def test_print_areas_and_titles_stay_with_their_sheets() -> None:
    before, after = opened(faulty_return()), opened(receipt_of(receipt_order()))
    for sheet in before:
        assert after[sheet.title].print_area == sheet.print_area
        assert after[sheet.title].print_title_rows == sheet.print_title_rows


def test_a_receipt_of_a_receipt_replaces_it() -> None:
    first = receipt_of(receipt_order())
    again = receipt_of(receipt_order(original=first, number=2, findings=FINDINGS[:1]))
    book = opened(again)
    assert book.sheetnames == ["回执", *layout().titles]
    assert "第2次" in texts_of(book["回执"])
    assert marked(book["指标"]) == {"F6": "FFF8B4AE"}
    assert marked(book["封面"]) == {}
    assert set(commented(book["指标"])) == {"F6"}
    assert commented(book["封面"]) == {}
    assert book["指标"].print_title_rows == "$5:$5"


@pytest.mark.parametrize("program", ["openpyxl", "libreoffice"])
def test_a_receipt_corrected_in_place_and_sent_again_is_clean(
    program: str, need: Callable[[str], Path], tmp_path: Path
) -> None:
    def correct(book: Any) -> None:
        book["指标"]["F6"] = 13
        book["封面"]["C11"] = "演示乙"

    data = edited(receipt_of(receipt_order()), correct)
    if program == "libreoffice":
        data = saved_by_libreoffice({"it": data}, need("soffice"), tmp_path)["it"]
    order = receipt_order(original=data, number=2, outcome=SubmissionState.ACCEPTED, findings=())
    book = opened(receipt_of(order))
    assert book.sheetnames == ["回执", *layout().titles]
    assert [marked(sheet) for sheet in book] == [{}] * len(book.sheetnames)
    assert [commented(sheet) for sheet in book] == [{}] * len(book.sheetnames)
    assert book["指标"]["F6"].value == 13
    assert "已接收。按时收到，没有发现问题。" in texts_of(book["回执"])


def test_the_reader_takes_a_corrected_receipt_as_the_return_it_is(read: Callable[..., Reading]) -> None:
    reading = read(receipt_of(receipt_order()))
    assert reading.outcome is ReadOutcome.FORM
    assert reading.form
    values = {(f.indicator_id, f.role): f.value for f in reading.form.figures}
    assert values[RATIO, Role.NUMERATOR] == 120
    assert [name.name for name in reading.form.names] == ["演示第一小学食堂", "演示第二小学食堂"]


def test_somebodys_own_comment_stays() -> None:
    def note(book: Any) -> None:
        book["指标"]["F6"].comment = Comment("请王科长核实", "某人")
        book["指标"]["G6"].comment = Comment("这里也请看", "某人")

    first = receipt_of(receipt_order(original=edited(faulty_return(), note)))
    again = opened(receipt_of(receipt_order(original=first)))
    assert commented(again["指标"])["F6"] == "请王科长核实"
    assert commented(again["指标"])["G6"] == "这里也请看"
    assert commented(again["指标"])["H7"].startswith("【回执】")


def test_libreoffice_opens_a_receipt_with_colour_comments_and_all(
    need: Callable[[str], Path], tmp_path: Path
) -> None:
    book = opened(saved_by_libreoffice({"it": receipt_of(receipt_order())}, need("soffice"), tmp_path)["it"])
    assert book.sheetnames == ["回执", *layout().titles]
    assert marked(book["指标"]) == {"F6": "FFF8B4AE", "H7": "FFFFD699"}
    assert set(commented(book["指标"])) == {"F6", "H7"}
    assert book["系统信息"].sheet_state == "hidden"


def test_texts_from_outside_are_never_formulas() -> None:
    evil = '=HYPERLINK("http://x.invalid","点我")'
    finding = replace(FINDINGS[0], found=evil, message="@SUM(A1)", expected="+1", fix="-1")
    order = receipt_order(findings=(finding,), notes=(evil,), understood=((evil, evil),), original_name=evil)
    sheet = opened(receipt_of(order))["回执"]
    assert evil in texts_of(sheet)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.column < 8} <= {"s", "n"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(), st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_makes_a_workbook_that_opens(found: str, sheet: str, message: str) -> None:
    finding = replace(FINDINGS[0], found=found, sheet=sheet, message=message)
    order = receipt_order(findings=(finding, FINDINGS[0]), original_name=found, notes=(message,))
    assert opened(receipt_of(order)).sheetnames[0] == "回执"
    assert len(mail_of(order).splitlines()) == 3


def test_an_accepted_return_says_what_was_understood_and_what_came_with_it() -> None:
    order = receipt_order(
        original=filled_return(),
        outcome=SubmissionState.ACCEPTED,
        findings=(),
        notes=("指标!F6 “约13”按 13 读取",),
        companions=(("盖章扫描件", "扫描0001.pdf"),),
        on_time=False,
    )
    texts = texts_of(opened(receipt_of(order))["回执"])
    assert "已接收。逾期收到，没有发现问题。" in texts
    for wanted in (
        "“阳光配送”覆盖率 · 分子",
        "120",
        "· 指标!F6 “约13”按 13 读取",
        "盖章扫描件",
        "扫描0001.pdf",
        "逾期",
    ):
        assert wanted in texts


def test_a_long_list_that_was_understood_is_shown_to_its_last_name() -> None:
    names = "、".join(f"示范学校食堂第{number}号" for number in range(1, 41))
    understood = (("名单", names), ("填报人", "张三"))
    sheet = opened(receipt_of(receipt_order(outcome=SubmissionState.ACCEPTED, understood=understood)))["回执"]
    tall = {row[4].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows()}
    assert tall[names] > 4 * tall["张三"]


def test_a_warning_asks_for_an_explanation_and_accepts() -> None:
    order = receipt_order(outcome=SubmissionState.ACCEPTED, findings=FINDINGS[2:])
    book = opened(receipt_of(order))
    texts = texts_of(book["回执"])
    assert "已接收。按时收到，有1处请补充说明。" in texts
    assert any("情况说明" in text for text in texts)
    assert marked(book["指标"]) == {"H7": "FFFFD699"}


def test_a_due_day_of_a_year_not_published_is_provisional_in_workbook_and_mail() -> None:
    answered = answer(receipt_order(due_mark="（暂定）"))
    said = [str(c.value) for row in load_workbook(BytesIO(answered.workbook))["回执"] for c in row if c.value]
    assert "2024年9月6日（星期五）18:00（暂定）" in said
    assert "请在2024年9月6日（星期五）18:00（暂定）前完成" in answered.text
    assert any("（暂定）前完成" in text for text in said)


def test_after_the_due_time_it_asks_to_hurry() -> None:
    late = receipt_order(decided_at=DUE_AT + timedelta(hours=1))
    assert "截止时间已过，请尽快。" in mail_of(late)


@pytest.mark.parametrize("outcome", ALONE)
def test_what_was_not_read_as_a_return_is_answered_with_the_receipt_alone(outcome: SubmissionState) -> None:
    order = receipt_order(original=b"PK\x03\x04 not a workbook", outcome=outcome, findings=(), understood=())
    assert opened(receipt_of(order)).sheetnames == ["回执"]


@pytest.mark.parametrize(
    ("outcome", "changes", "wanted"),
    [
        (SubmissionState.DUPLICATE, {"same_as": 1}, ("与第1次报送完全相同，不重复登记。", "不用再做什么")),
        (SubmissionState.TOO_LATE, {}, ("2024年8月已锁定", "请与食药安办联系")),
        (
            SubmissionState.COMPANION,
            {"companions": (("盖章扫描件", "扫描.pdf"),)},
            ("已收到盖章扫描件", "请同时放入填好的电子表"),
        ),
        (SubmissionState.FOREIGN, {}, ("这不是本单位本期的报表", "“待报”文件夹")),
        (SubmissionState.UNREADABLE, {}, ("文件打不开", "另存为 .xlsx")),
        (
            SubmissionState.UNREADABLE,
            {
                "findings": (
                    Finding(
                        "file-encrypted", Severity.ERROR, "", "", "", "", "文件加了密码", "去掉密码后再放入"
                    ),
                )
            },
            ("文件加了密码", "去掉密码后再放入"),
        ),
    ],
)
def test_each_outcome_is_put_kindly_and_says_what_to_do(
    outcome: SubmissionState, changes: dict[str, Any], wanted: tuple[str, ...]
) -> None:
    usual: dict[str, Any] = {"original": b"%PDF-", "findings": (), "understood": (), "outcome": outcome}
    order = receipt_order(**usual | changes)
    texts = "\n".join(texts_of(opened(receipt_of(order))["回执"]))
    for text in wanted:
        assert text in texts
        assert text in mail_of(order)


def legacy_book() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b"0" * (80 << 20))
    return out.getvalue()


def entities() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(faulty_return())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                data = (
                    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
                    + data[data.find(b"<workbook") :]
                )
            new.writestr(name, data)
    return out.getvalue()


def some_book() -> bytes:
    out = BytesIO()
    Workbook().save(out)
    return out.getvalue()[:-40]


@pytest.mark.parametrize("hostile", [legacy_book, bomb, entities, some_book])
def test_a_file_nothing_can_be_spliced_into_is_answered_with_the_receipt_alone(
    hostile: Callable[[], bytes],
) -> None:
    order = receipt_order(original=hostile())
    sheet = opened(receipt_of(order))["回执"]
    assert any("请照回执列出的逐条改好原表" in text for text in texts_of(sheet))
    assert "请照回执列出的逐条改好原表" in mail_of(order)
    assert links(sheet) == {}


def test_a_finding_on_a_sheet_that_is_not_there_has_no_link_and_harms_nothing() -> None:
    lost = replace(FINDINGS[0], sheet="没有的表")
    book = opened(receipt_of(receipt_order(findings=(lost,))))
    assert "没有的表 F6" in texts_of(book["回执"])
    assert links(book["回执"]) == {}


def test_very_many_findings_are_cut_and_counted() -> None:
    many = tuple(replace(FINDINGS[0], ref=f"F{n}", fix=f"核对第{n}行") for n in range(6, 300))
    texts = texts_of(opened(receipt_of(receipt_order(findings=many)))["回执"])
    assert "另有 94 处未列出。" in texts


def test_equal_faults_are_one_line_in_the_receipt_and_in_the_mail_and_a_mark_in_each_cell() -> None:
    said = "“{}”覆盖率的分子大于分母"
    equal = tuple(
        replace(FINDINGS[0], ref=f"F{row}", found=str(row), message=said.format(name))
        for row, name in ((6, "甲"), (8, "乙"), (9, "丙"))
    )
    order = receipt_order(findings=(*equal, FINDINGS[1]))
    book = opened(receipt_of(order))
    rows = [[c.value for c in row] for row in book["回执"].iter_rows() if row[0].data_type == "n"]
    (line, other) = [row for row in rows if row[0]]
    assert line[2:5] == [
        "指标 F6、F8、F9，共 3 处", "“甲”、“乙”、“丙”覆盖率的分子大于分母", "F6：6；F8：8；F9：9",
    ]  # fmt: skip
    assert (other[0], other[2]) == (2, "封面 C11")
    assert set(marked(book["指标"])) == set(commented(book["指标"])) == {"F6", "F8", "F9"}
    assert "发现4处错误" in mail_of(order)
    assert "指标 F6、F8、F9，共 3 处：“甲”、“乙”、“丙”覆盖率的分子大于分母；另有1处。" in mail_of(order)


def test_a_column_of_equal_faults_counts_as_it_is_corrected(
    need: Callable[[str], Path], tmp_path: Path
) -> None:
    equal = tuple(replace(FINDINGS[0], ref=ref) for ref in ("F6", "F8"))
    data = receipt_of(receipt_order(findings=equal))
    corrected = edited(data, lambda book: setattr(book["指标"]["F6"], "value", 90))
    saved = saved_by_libreoffice({"as it came": data, "corrected": corrected}, need("soffice"), tmp_path)
    told = {
        name: [v for row in load_workbook(BytesIO(d), data_only=True)["回执"].values for v in row if v]
        for name, d in saved.items()
    }
    assert "已改 0/2 处" in told["as it came"]
    assert "已改 1/2 处" in told["corrected"]


def test_a_template_filled_with_more_names_than_it_has_lines_holds_and_counts_them_all(
    read: Callable[..., Reading], need: Callable[[str], Path], tmp_path: Path
) -> None:
    form = read(filled_return()).form
    assert form
    more = [f"演示第{n}食堂" for n in range(30)]
    longer = replace(form, names=(*form.names, *(replace(form.names[0], name=name) for name in more)))
    template = tmp_path / "template.xlsx"
    template.write_bytes(write_template(template_order()))
    order = receipt_order(
        original=legacy_book(), original_name="一月.xls", outcome=SubmissionState.ACCEPTED, findings=(),
        form=longer, template=template,
    )  # fmt: skip
    data = receipt_of(order)
    again = read(data).form
    assert again
    assert [n.name for n in again.names] == [n.name for n in longer.names]
    assert [n.detail for n in again.names] == [n.detail for n in longer.names]
    checks = values(saved_by_libreoffice({"it": data}, need("soffice"), tmp_path)["it"])
    assert f"名单{len(longer.names)}个，累计2个" in checks.values()


@pytest.mark.parametrize(
    ("outcome", "findings", "name"),
    [
        (SubmissionState.RETURNED, FINDINGS, "2024-08 回执 第3次 退回（2处）.xlsx"),
        (SubmissionState.ACCEPTED, (), "2024-08 回执 第3次 已接收.xlsx"),
        (SubmissionState.ACCEPTED, FINDINGS[2:], "2024-08 回执 第3次 已接收（1处需说明）.xlsx"),
        (SubmissionState.DUPLICATE, (), "2024-08 回执 第3次 重复报送.xlsx"),
        (SubmissionState.UNREADABLE, FINDINGS[:1], "2024-08 回执 第3次 无法读取.xlsx"),
        (SubmissionState.FOREIGN, (), "2024-08 回执 第3次 不是本单位本期报表.xlsx"),
        (SubmissionState.TOO_LATE, (), "2024-08 回执 第3次 本期已锁定.xlsx"),
        (SubmissionState.COMPANION, (), "2024-08 回执 第3次 随附材料已收.xlsx"),
    ],
)
def test_its_name_says_what_became_of_the_file(
    outcome: SubmissionState, findings: tuple[Finding, ...], name: str
) -> None:
    assert receipt_name(PERIOD, 3, outcome, findings) == name


def test_its_name_leaves_an_unknown_number_out() -> None:
    assert receipt_name(Period(2024, 8), 0, SubmissionState.UNREADABLE, ()) == "2024-08 回执 无法读取.xlsx"


def test_the_mail_has_three_lines_what_what_now_where() -> None:
    first, second, third = mail_of(receipt_order(demo=True, clock_note="演示时钟 2024-09-04 10:03")).split(
        "\n"
    )
    assert first.startswith(
        "【演示数据】 演示时钟 2024-09-04 10:03 市教育局2024年8月第1次报送：已退回。发现2处错误"
    )
    assert second.startswith("就在回执这份表上改")
    assert third == (
        "指标 F6：“阳光配送”覆盖率的分子 120 大于分母 96；另有2处。详情见本单位“回执”文件夹里的回执。"
    )


@pytest.mark.parametrize("demo", [True, False])
def test_the_demo_mark_stands_on_the_receipt_of_the_demo_and_on_no_other(demo: bool) -> None:
    sheet = opened(receipt_of(receipt_order(demo=demo)))["回执"]
    assert any("演示数据" in text for text in texts_of(sheet)) is demo
    assert ("演示数据" in (sheet.oddHeader.right.text or "")) is demo
    assert sheet.oddFooter.left.text.endswith("内部资料")


def test_the_same_order_gives_the_same_bytes() -> None:
    assert receipt_of(receipt_order()) == receipt_of(receipt_order())


def test_a_fresh_template_sent_back_unfilled_gets_its_marks_too() -> None:
    original = fill(write_template(template_order()), layout(), {}, {})
    missing = replace(FINDINGS[0], ref="H7", found="", subject=NAMED)
    book = opened(receipt_of(receipt_order(original=original, findings=(missing,))))
    assert set(marked(book["指标"])) == {"H7"}
