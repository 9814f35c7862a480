"""Letters as they leave: what stands in the .docx, and what a reader sees on the pages."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from include.documents.letters import letter_name, write_letter
from include.documents.letters_template import TEMPLATES, build
from include.documents.letters_title import LINE_OF_TITLE, drawn, title_lines
from include.documents.letters_words import clean, numeral, requirements
from include.documents.pdf import to_pdf
from include.errors import SettingsError
from include.records.escalation import LetterContent

REMINDER = LetterContent(
    step="reminder",
    kind_name="提醒敦促函",
    letter_form=True,
    office_name="某某市食品药品安全委员会办公室",
    number="某食药安办函〔2024〕3号",
    title="关于报送2024年8月食品安全工作报表的提醒敦促函",
    addressee="市教育局",
    paragraphs=(
        "2024年8月报表的截止时间为2024年9月6日18：00，至今未报送，已逾期1个工作日。",
        "我办已于9月4日、9月6日两次催报。",
    ),
    requirements=(
        "报送报表。请自本函送达次日起5个工作日内报送，以收到的回执为准。",
        "说明情况。确有正当理由的，请在同一期限内书面说明原因。",
    ),
    legal_basis="以上事项依据《某某市2024年食品安全工作要点》第7.1项。",
    signed_on=date(2024, 9, 9),
    signatory="某某市食品药品安全委员会办公室",
    contact="联系人：张三，电话：0573-85000000",
    copies_to=("市政府办公室", "市市场监管局"),
    handling_mark="内部资料",
    demo=False,
    annexes=(
        (
            "未按要求报送的报表清单",
            ("报送月份", "截止时间", "目前情况"),
            (("2024年8月", "9月6日18:00", "未报"),),
        ),
    ),
)
ROWS = tuple(
    (str(n), f"指标{n}", "≥60%", "40%", "31.2%", "红", f"市市场监管局8月报送“指标”表F{n}")
    for n in range(1, 31)
)
RECTIFICATION = replace(
    REMINDER,
    step="rectification",
    kind_name="整改通知书",
    title="关于重点指标进度滞后的整改通知书",
    annexes=(
        ("指标进度表", ("序号", "指标", "目标值", "时序进度", "实际", "亮灯", "数据来源"), ROWS),
        *REMINDER.annexes,
    ),
)
INTERVIEW = replace(
    REMINDER, step="interview", kind_name="约谈通知书", title="约谈通知书", annexes=(), copies_to=()
)
LISTING = replace(REMINDER, step="listing", kind_name="挂牌督办通知书", letter_form=False, demo=True)
DRAFT = replace(REMINDER, number=None, signed_on=None, demo=True)
LETTERS = {
    "reminder": REMINDER,
    "rectification": RECTIFICATION,
    "interview": INTERVIEW,
    "listing": LISTING,
    "draft": DRAFT,
}


def opened(content: LetterContent, **how: Any) -> Any:
    return Document(io.BytesIO(write_letter(content, **how)))


def by_style(document: Any, style: str) -> list[Any]:
    return [paragraph for paragraph in document.paragraphs if paragraph.style.name == style]


def text_of(document: Any, style: str) -> list[str]:
    return [paragraph.text for paragraph in by_style(document, style)]


def told(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def pages(need: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The text of each page of each letter, as LibreOffice sets it: one process for all."""
    need("soffice")
    need("pdftotext")
    folder = tmp_path_factory.mktemp("letters")
    contents = [write_letter(content) for content in LETTERS.values()]
    said = {}
    for name, pdf in zip(LETTERS, to_pdf(contents, home=folder), strict=True):
        assert pdf is not None
        (folder / f"{name}.pdf").write_bytes(pdf)
        text = told("pdftotext", "-layout", folder / f"{name}.pdf", "-")
        said[name] = [re.sub(r"[ \n]+", "", page) for page in text.split("\f")[:-1]]
    said["folder"] = [str(folder)]
    return said


# the form


@pytest.mark.parametrize("content", LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_has_the_margins_and_the_grid_of_the_standard(content: LetterContent) -> None:
    section = opened(content).sections[0]
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 35, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert Mm(225).twips // int(grid.get(qn("w:linePitch"))) == 22


def test_twenty_eight_characters_stand_in_a_line_of_the_body() -> None:
    normal = opened(REMINDER).styles["Normal"]
    narrower = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    assert Mm(156).twips // (normal.font.size.twips + narrower) == 28


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("附件标识", "黑体", 16),
        ("版记", "仿宋_GB2312", 14),
        ("页码", "宋体", 14),
        ("发文机关标志", "方正小标宋简体", 36),
    ],
)
def test_each_part_has_its_font_and_size(style: str, font: str, points: float) -> None:
    made = opened(REMINDER).styles[style]
    assert made.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert made.font.size.pt == points


def test_a_function_letter_shows_the_agency_without_the_word_document_in_red() -> None:
    header = opened(REMINDER).sections[0].first_page_header
    name = next(p for p in header.paragraphs if p.style.name == "发文机关标志")
    assert name.text == "某某市食品药品安全委员会办公室"
    assert str(name.style.font.color.rgb) == "E00000"


def test_the_name_of_an_agency_never_takes_two_lines() -> None:
    header = opened(replace(REMINDER, office_name="某某市" * 8)).sections[0].first_page_header
    name = next(p for p in header.paragraphs if p.style.name == "发文机关标志")
    assert len(name.text) * name.runs[0].font.size.pt <= Mm(156).pt


def test_the_parts_of_the_text_stand_in_the_order_of_the_standard() -> None:
    styles = [p.style.name for p in opened(REMINDER).paragraphs if p.text.strip()]
    assert list(dict.fromkeys(styles)) == [
        *("发文字号", "公文标题", "主送机关", "公文正文", "附件说明", "署名", "成文日期", "附注"),
        *("附件标识", "附件标题", "版记"),
    ]


def test_what_is_required_is_numbered_and_led_in_heiti() -> None:
    body = by_style(opened(REMINDER), "公文正文")
    numbered = [p for p in body if p.text.startswith(("一、", "二、"))]
    assert [p.runs[0].text for p in numbered] == ["一、报送报表。", "二、说明情况。"]
    assert {p.runs[0].style.name for p in numbered} == {"要点"}


def test_one_requirement_alone_or_one_already_numbered_gets_no_number() -> None:
    assert requirements(["请答复。谢谢。"])[0]["lead"] == ""
    assert [r["lead"] for r in requirements(["1.请答复。", "2.请说明。"])] == ["", ""]
    assert [numeral(n) for n in (1, 10, 11, 20, 32)] == ["一", "十", "十一", "二十", "三十二"]


def test_the_date_of_a_letter_to_be_sealed_leaves_four_characters_and_the_name_is_centred_over_it() -> None:
    document = opened(replace(REMINDER, signatory="市食药安办"))
    name, date_ = by_style(document, "署名")[-1], by_style(document, "成文日期")[0]
    em = Mm(156) / 28
    gaps = [round(p.paragraph_format.right_indent / em, 1) for p in (name, date_)]
    centres = [gaps[0] + 5 / 2, gaps[1] + 6 / 2]  # 2024年9月9日 is six characters wide
    assert gaps[1] == 4
    assert abs(centres[0] - centres[1]) < 0.1


def test_an_unsealed_copy_says_so_and_leaves_two_characters_beside_the_name() -> None:
    document = opened(REMINDER, unsealed=True)
    assert round(by_style(document, "署名")[-1].paragraph_format.right_indent / (Mm(156) / 28), 1) == 2
    for header in (document.sections[0].first_page_header, document.sections[0].header):
        assert "未用印" in header.paragraphs[0].text
    assert "未用印" not in opened(REMINDER).sections[0].header.paragraphs[0].text


def test_the_signature_never_opens_a_page() -> None:
    document = opened(replace(REMINDER, annexes=()))
    places = [n for n, p in enumerate(document.paragraphs) if p.style.name == "署名"]
    last_words = [p for p in document.paragraphs[: places[0]] if p.style.name == "公文正文"][-1]
    assert last_words.text.startswith("二、")
    assert last_words.paragraph_format.keep_with_next
    assert by_style(document, "成文日期")[0].paragraph_format.keep_with_next  # 附注 follows
    assert not by_style(opened(replace(REMINDER, contact="")), "成文日期")[0].paragraph_format.keep_with_next


def test_a_draft_has_an_open_number_and_date_and_is_marked_on_every_page() -> None:
    document = opened(DRAFT)
    assert "〔　　〕　　号" in text_of(document, "发文字号")[0]
    assert text_of(document, "成文日期")[0].replace("　", "") == "年月日"
    section = document.sections[0]
    for header in (section.first_page_header, section.header, section.even_page_header):
        assert "拟稿" in header.paragraphs[0].text
        assert "演示数据" in header.paragraphs[0].text


def test_an_annex_has_its_mark_its_title_and_a_table_whose_head_is_repeated() -> None:
    document = opened(RECTIFICATION)
    assert text_of(document, "附件标识") == ["附件1", "附件2"]
    assert [line.replace("　", "") for line in text_of(document, "附件说明")] == [
        "附件：1.指标进度表", "2.未按要求报送的报表清单",
    ]  # fmt: skip
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(RECTIFICATION.annexes[0][1])
    assert tuple(tuple(cell.text for cell in row.cells) for row in table.rows[1:]) == ROWS
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    widths = [int(grid.get(qn("w:w"))) for grid in table._tbl.tblGrid]
    assert sum(widths) <= Mm(156).twips
    assert by_style(document, "附件标识")[0].style.paragraph_format.page_break_before


def test_a_row_too_short_or_too_long_for_its_annex_still_makes_a_table() -> None:
    table = opened(replace(REMINDER, annexes=(("清单", ("甲", "乙"), (("1",), ("1", "2", "3"))),))).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["甲", "乙"], ["1", ""], ["1", "2"]]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("约谈通知书", ["约谈通知书"]),
        (
            "关于报送2024年8月食品安全工作报表的提醒敦促函",
            ["关于报送2024年8月食品安全", "工作报表的提醒敦促函"],
        ),
        (
            "（演示）关于报送2024年8月、2024年7月食品安全工作报表的提醒敦促函",
            ["（演示）关于报送2024年8月、", "2024年7月食品安全工作报表的提醒敦促函"],
        ),
        (
            "关于“学校食堂A级比例”指标进度滞后的约谈通知书",
            ["关于“学校食堂A级比例”", "指标进度滞后的约谈通知书"],
        ),
    ],
)
def test_a_long_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@given(st.text(alphabet="关于报送的2024年8月、“”食品安全", max_size=120))
def test_no_line_of_a_title_is_longer_than_the_page_is_wide(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(drawn(line) <= LINE_OF_TITLE for line in lines)


# the file


@pytest.mark.parametrize("content", LETTERS.values(), ids=LETTERS.keys())
def test_the_same_content_makes_the_same_bytes(content: LetterContent) -> None:
    assert write_letter(content) == write_letter(content)


def test_no_seal_and_no_picture_is_ever_in_a_letter() -> None:
    for content in LETTERS.values():
        with zipfile.ZipFile(io.BytesIO(write_letter(content))) as file:
            assert not [name for name in file.namelist() if "media" in name or "embeddings" in name]
            drawn = "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".xml"))
        assert "<v:shape " not in drawn or content.demo
        assert "<w:drawing" not in drawn
        assert not re.search(r"<v:(oval|roundrect|arc|image)", drawn)


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs snapToGrid "
    "spacing ind contextualSpacing jc outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i iCs color spacing w kern position sz szCs u lang",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg docGrid",
}


@pytest.mark.parametrize("content", LETTERS.values(), ids=LETTERS.keys())
def test_properties_stand_in_the_order_word_insists_on(content: LetterContent) -> None:
    with zipfile.ZipFile(io.BytesIO(write_letter(content))) as file:
        parts = [file.read(n) for n in file.namelist() if n.startswith("word/") and n.endswith(".xml")]
    for part in parts:
        for element in etree.fromstring(part).iter(*(qn(f"w:{tag}") for tag in ORDER)):
            tags = [etree.QName(child).localname for child in element]
            order = ORDER[etree.QName(element).localname].split()
            places = [order.index(tag) for tag in tags]
            assert places == sorted(places), (etree.QName(element).localname, tags)


def test_the_templates_in_the_repository_are_the_ones_the_script_makes() -> None:
    for form in ("letter", "document"):
        assert (TEMPLATES / f"{form}.docx").read_bytes() == build(form), "run letters_template"


def test_an_office_can_edit_a_template_and_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    document = Document(io.BytesIO(build("letter")))
    document.add_paragraph("经办科室自行添加的一行：{{ addressee }}")
    document.save(str(tmp_path / "letter.docx"))
    made = opened(REMINDER, templates=tmp_path)
    assert "经办科室自行添加的一行：市教育局" in [p.text for p in made.paragraphs]
    assert opened(LISTING, templates=tmp_path).paragraphs  # the form it lacks is ours
    document.add_paragraph("{{ 批示 }}")
    document.save(str(tmp_path / "letter.docx"))
    with pytest.raises(SettingsError, match="批示"):
        write_letter(REMINDER, templates=tmp_path)


def test_a_letters_file_is_named_so_that_people_find_it() -> None:
    assert letter_name(REMINDER, "市教育局") == "某食药安办函〔2024〕3号 提醒敦促函 市教育局"
    assert letter_name(DRAFT, "市教育局") == "拟稿 提醒敦促函 市教育局"
    assert "/" not in letter_name(REMINDER, "../../市教育局")


# text from outside

HOSTILE = [
    *("<w:t>&amp;</w:t>", "]]>", "{{ office }}", "{% for x in y %}", "{%p endfor %}", "{_{", "{{r x }}"),
    *(
        "\x00\x07\x1b",
        "a\tb\nc\fd",
        "\ud800",
        "\ufffe",
        "\u202e倒写\u202c",
        "甲 & 乙 < 丙",
        "\"单引号'",
        "𠮷",
    ),
    *("=HYPERLINK(1)", "\ufdd0", "\U0001fffe", "  前后空格  ", "长" * 3000),
]


def seen(text: str) -> str:
    """What should be read: docxtpl takes four spellings for escaped braces."""
    for spelt, read in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        text = text.replace(spelt, read)
    return text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(text=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)), cell=st.text(max_size=20))
def test_whatever_text_comes_from_outside_the_letter_opens_and_says_it(text: str, cell: str) -> None:
    content = replace(
        REMINDER,
        addressee=text,
        paragraphs=("开头", text),
        contact=text,
        copies_to=(text,),
        annexes=((text, ("甲", text), ((cell, text),)),),
    )
    data = write_letter(content)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(file.read(name))  # strictly well-formed
    document = Document(io.BytesIO(data))
    body = text_of(document, "公文正文")
    assert not clean(text) or seen(clean(text)) in body
    assert document.tables[0].rows[1].cells[0].text == seen(clean(cell))
    assert len(document.element.body.findall(f".//{qn('w:instrText')}")) == 0


# the pages


def test_every_page_of_a_demonstration_says_so_and_no_other_letter_does(pages: dict[str, list[str]]) -> None:
    assert all("演示数据" in page for name in ("listing", "draft") for page in pages[name])
    real = [page for name in ("reminder", "rectification", "interview") for page in pages[name]]
    assert not any("演示" in page for page in real)


def test_a_function_letter_numbers_its_pages_from_the_second_on(pages: dict[str, list[str]]) -> None:
    assert "—1—" not in pages["rectification"][0]
    for number, page in enumerate(pages["rectification"][1:], 2):
        assert f"—{number}—" in page
    assert "—1—" in pages["listing"][0]


def test_page_numbers_stand_on_the_outer_side(pages: dict[str, list[str]]) -> None:
    pdf = Path(pages["folder"][0]) / "rectification.pdf"
    sides = []
    for page in (2, 3):
        out = told("pdftotext", "-bbox", "-f", str(page), "-l", str(page), pdf, "-")
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]+)<', out)
        x, _, _ = max(words, key=lambda w: float(w[1]))
        sides.append("left" if float(x) < 298 else "right")
    assert sides == ["left", "right"]


def test_the_first_page_reads_name_mark_number_title_addressee(pages: dict[str, list[str]]) -> None:
    first = pages["reminder"][0]
    name, mark, number = "某某市食品药品安全委员会办公室", "内部资料", "某食药安办函〔2024〕3号"
    expected = (name, mark, number, "关于报送2024年8月", "市教育局：", "一、报送报表")
    places = [first.index(words) for words in expected]
    assert places == sorted(places)


def test_a_long_annex_goes_on_under_a_repeated_head(pages: dict[str, list[str]]) -> None:
    with_rows = [page for page in pages["rectification"] if "数据来源" in page]
    assert len(with_rows) >= 2
    assert sum(len(re.findall(r"表F\d", page)) for page in with_rows) == 30


def test_copies_stand_at_the_foot_of_the_last_page_only(pages: dict[str, list[str]]) -> None:
    *others, last = pages["rectification"]
    assert "抄送：市政府办公室，市市场监管局。" in last
    assert not any("抄送" in page for page in others)
    assert not any("抄送" in page for page in pages["interview"])


def test_a_short_letter_takes_two_pages_at_most(pages: dict[str, list[str]]) -> None:
    assert len(pages["interview"]) <= 2
    assert len(pages["reminder"]) <= 3  # with its annex


def test_every_font_is_embedded(pages: dict[str, list[str]], need: Callable[[str], Path]) -> None:
    need("pdffonts")
    listed = told("pdffonts", Path(pages["folder"][0]) / "reminder.pdf").splitlines()[2:]
    assert listed
    assert all(line.split()[-5] == "yes" for line in listed)


def test_what_libreoffice_cannot_convert_does_not_cost_the_others(
    need: Callable[[str], Path], tmp_path: Path
) -> None:
    need("soffice")
    made = to_pdf([write_letter(INTERVIEW), b"", write_letter(REMINDER)], home=tmp_path)
    assert [pdf is not None and pdf.startswith(b"%PDF") for pdf in made][::2] == [True, True]
    assert not list(tmp_path.glob("libreoffice-*"))


def test_without_libreoffice_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert to_pdf([b"one", b"two"], home=tmp_path) == [None, None]
