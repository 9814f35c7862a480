"""The digest's forms, read back: each says the same, none is harmed by what stands in it."""

from __future__ import annotations

import io
import re
import time
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from include.documents.digest import Digest, digest_name, digest_of
from include.documents.digest_docx import digest_docx
from include.documents.digest_html import digest_html, digest_text
from include.documents.digest_pdf import digest_pdf
from tests.digest_pictures import DESKTOP, PHONE, digest_with_an_instruction, opened
from tests.reports import LAGGING, SILENT, empty_report, sample_report

TAGS = {"html", "head", "meta", "title", "body", "table", "tr", "td", "h1", "h2", "p", "b", "br", "img"}
ATTRIBUTES = {
    *("style", "width", "height", "bgcolor", "align", "role", "cellpadding", "cellspacing", "border"),
    *("alt", "src", "lang", "charset", "name", "content"),
}


class Linter(HTMLParser):
    """Collects what a mail client may refuse, the text shown, the pictures named and the tags left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.cids: list[str] = []
        self.text = ""
        self.grounds: list[str] = ["#ffffff"]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{tag} {name}" for name in told if name not in ATTRIBUTES]
        if re.search(r"url\(|position|float|flex|grid|expression", told.get("style") or ""):
            self.faults.append(f"style {told['style']}")
        self._wide(tag, told)
        self._readable(tag, told)
        if tag == "img":
            self._image(told)
        elif tag not in ("meta", "br"):
            self.open.append(tag)
            self.grounds.append(told.get("bgcolor") or self.grounds[-1])

    def _wide(self, tag: str, told: dict[str, str | None]) -> None:
        """Nothing is wider than 600 pixels, and layout tables say that they only lay out."""
        asked = [told.get("width") or "", *re.findall(r"width:(\d+)px", told.get("style") or "")]
        if any(w.isdigit() and int(w) > 600 for w in asked):
            self.faults.append(f"{tag} wider than 600: {asked}")
        if tag == "table" and told.get("role") != "presentation":
            self.faults.append("table without role")

    def _readable(self, tag: str, told: dict[str, str | None]) -> None:
        """Text stands out on its ground, and a ground in the style is the one Outlook is told of."""
        style = told.get("style") or ""
        ground = told.get("bgcolor") or self.grounds[-1]
        painted = re.search(r"background-color:(#\w+)", style)
        if painted and painted[1] != ground:
            self.faults.append(f"{tag} painted {painted[1]} on {ground}")
        ink = re.search(r"(?:^|;)color:(#\w+)", style)
        if ink and contrast(ink[1], ground) < 4.5:
            self.faults.append(f"{tag} {ink[1]} on {ground}")

    def _image(self, told: dict[str, str | None]) -> None:
        if not told.get("alt"):
            self.faults.append("img without alt")
        if not (told.get("src") or "").startswith("cid:"):
            self.faults.append(f"img from {told.get('src')}")
        self.cids.append((told.get("src") or "").removeprefix("cid:"))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")
        self.grounds.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def contrast(ink: str, ground: str) -> float:
    """Give the contrast of two colours (WCAG 2.2): 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@cache
def sample() -> Digest:
    return digest_of(
        replace(
            sample_report(),
            instructions=(("张副市长8月20日批示：抓紧补齐短板，9月底前报结果（演示）", "还有12个工作日"),),
        )
    )


def pdf_text(pdf: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return re.sub(r"\s", "", "".join([*(p.text for p in document.paragraphs), *cells]))


def test_the_files_are_named_by_period_issue_and_edition():
    assert digest_name(sample()) == "2024-08 工作月报 第8期 第1版"


def test_every_form_says_every_sentence():
    digest = sample()
    page, _ = digest_html(digest)
    forms = [
        re.sub(r"\s", "", Linter(page).text),
        re.sub(r"\s", "", digest_text(digest)),
        pdf_text(digest_pdf(digest)),
        docx_text(digest_docx(digest)),
    ]
    said = [
        *digest.overall,
        *digest.changes,
        *digest.instructions,
        *digest.near,
        digest.discipline.sentence,
        *digest.corrections,
    ]
    said += (
        [m.decision for m in digest.matters]
        + [lag.explanation for lag in digest.lagging]
        + [lag.action for lag in digest.lagging]
    )
    said += [letter.summary for letter in (*digest.letters, *digest.waiting)] + [
        what for _, what in digest.dates
    ]
    for form in forms:
        for sentence in said:
            assert re.sub(r"\s", "", sentence) in form


def test_every_form_names_each_light_in_words():
    digest = sample()
    page, _ = digest_html(digest)
    for form in (
        Linter(page).text,
        digest_text(digest),
        pdf_text(digest_pdf(digest)),
        docx_text(digest_docx(digest)),
    ):
        for word in ("绿", "黄", "红", "已完成", "未报", "未到期", "暂未启动", "待补基期"):
            assert word in form


def test_every_form_carries_its_marks():
    digest = sample()
    page, _ = digest_html(digest)
    assert "内部资料 · 演示数据" in Linter(page).text
    assert "内部资料 · 演示数据" in digest_text(digest)
    reader = PdfReader(io.BytesIO(digest_pdf(digest)))
    assert all("演示数据" in p.extract_text() for p in reader.pages)
    header = docx.Document(io.BytesIO(digest_docx(digest))).sections[0].header.paragraphs[0].text
    assert "内部资料 · 演示数据" in header


def test_the_same_digest_gives_the_same_bytes_at_another_time():
    digest = sample()
    first = (digest_html(digest), digest_pdf(digest), digest_docx(digest))
    time.sleep(2.1)  # a zip's clock counts in two seconds
    assert (digest_html(digest), digest_pdf(digest), digest_docx(digest)) == first


# ------------------------------------------------------------------ mail


def test_the_mail_is_tables_and_inline_styles_and_nothing_from_outside():
    page, pictures = digest_html(sample())
    linted = Linter(page)
    assert linted.faults == []
    assert linted.open == []
    assert not re.search(r"https?:|<script|<style|@media|javascript:", page)
    assert sorted(linted.cids) == sorted(p.cid for p in pictures)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<div>x</div>", "<div>"),
        ("<style>p{color:red}</style>", "<style>"),
        ('<p style="display:flex">x</p>', "style display:flex"),
        ('<p class="x">x</p>', "p class"),
        ('<p onclick="x">x</p>', "p onclick"),
        ('<img src="cid:a@b">', "img without alt"),
        ('<img src="https://elsewhere.example/a.png" alt="x">', "img from https://elsewhere.example/a.png"),
        ('<table role="presentation" width="640"></table>', "table wider than 600: ['640']"),
        ("<table></table>", "table without role"),
        ('<p style="color:#cccccc">x</p>', "p #cccccc on #ffffff"),
        ('<td bgcolor="#000000" style="background-color:#ffffff">x</td>', "td painted #ffffff on #000000"),
        ("<td><p></td>", "</td> closes nothing"),
    ],
)
def test_the_linter_finds_what_a_mail_client_refuses(html: str, fault: str):
    assert fault in Linter(html).faults


def test_the_mail_asks_dark_clients_to_leave_its_colours():
    page, _ = digest_html(sample())
    assert '<meta name="color-scheme" content="light only">' in page


def test_the_mail_is_small_enough_not_to_be_clipped():
    page, pictures = digest_html(sample())
    assert len(page.encode()) < 100_000  # Gmail clips beyond 102 KB
    assert sum(len(p.png) for p in pictures) < 200_000


def test_each_indicator_has_a_picture_with_words_and_each_red_one_a_larger_one():
    digest = sample()
    _, pictures = digest_html(digest)
    assert len(pictures) == len(digest.indicators) + len(digest.lagging)
    assert all(Image.open(io.BytesIO(p.png)).format == "PNG" for p in pictures)
    drug = next(p for p in pictures if p.alt.startswith("药品抽检"))
    assert "8月61批次" in drug.alt
    assert drug.alt.endswith("本月时序应达65批次")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_first_screen_holds_judgement_matters_and_changes(size: tuple[int, int]):
    with opened(digest_with_an_instruction(), size) as page:
        for words in ("8月多数指标按时序推进", "请明确以哪家数据为准", "亮灯转差3项", "新完成年度目标3项"):
            box = page.get_by_text(words).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size[1], words
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "nothing runs over the side"


def test_the_first_screen_comes_first_and_instructions_before_all():
    text = Linter(digest_html(sample())[0]).text
    order = [
        "领导批示待办",
        sample().overall[0],
        "提请领导协调",
        "与上月相比",
        "指标进度",
        "滞后事项",
        "报送纪律",
        "“三书一函”",
        "近期安排",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x>', "]]>&amp;&#0;"),  # HTML and XML
    *("#set page(width: 1pt)", "$x$ *b* _i_ `c` @r <l> \\", "#panic()"),  # typst
    "{{7*7}}",
    "a\x00b\x0b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_is_shown_as_it_is(text: str):
    assert_harmless(text)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_at_all_is_shown_as_it_is(text: str):
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    report = sample_report()
    red = next(r for r in report.indicators if r.progress.light == "red")
    spoiled = replace(
        report,
        indicators=(
            replace(red, name=text, explanation=text, answerable=text, marks=(text,), office_action=text),
        ),
        instructions=((text, text),),
        letters=(replace(report.letters[3], summary=text, agency=text),),
        handling_mark=text,
    )
    digest = digest_of(spoiled)
    page, _ = digest_html(digest)
    linted = Linter(page)
    assert linted.faults == []
    assert linted.open == []
    assert digest_pdf(digest).startswith(b"%PDF")
    assert docx.Document(io.BytesIO(digest_docx(digest))).paragraphs
    assert digest_text(digest)


# ------------------------------------------------------------------ PDF and Word


def test_every_font_of_the_pdf_is_embedded_and_one_is_chinese():
    fonts: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(digest_pdf(sample()))).pages:
        for font in page["/Resources"]["/Font"].values():
            told = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[told["/BaseFont"]] = any(f"/FontFile{n}" in told["/FontDescriptor"] for n in ("", "2", "3"))
    assert fonts
    assert all(fonts.values())
    assert LAGGING in pdf_text(digest_pdf(sample()))


def test_the_pdf_is_a4_and_names_itself():
    reader = PdfReader(io.BytesIO(digest_pdf(sample())))
    assert [round(float(v)) for v in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata is not None
    assert reader.metadata.title == "2024-08 工作月报 第8期 第1版"


def test_the_pdf_table_repeats_its_header():
    pages = [re.sub(r"\s", "", p.extract_text()) for p in PdfReader(io.BytesIO(digest_pdf(sample()))).pages]
    assert sum("答责单位完成值目标走势亮灯" in p for p in pages) >= 2


def test_the_word_document_can_be_edited_and_describes_its_pictures():
    document = docx.Document(io.BytesIO(digest_docx(sample())))
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"][1] == "一、总体判断"
    assert SILENT in "".join(p.text for p in document.paragraphs)
    assert len(document.tables[1].rows) == 1 + len(sample().indicators)
    drawn = document.element.xpath("//wp:docPr/@descr")
    assert len(drawn) == len(sample().indicators) + len(sample().lagging)


def test_an_empty_month_still_makes_every_form():
    digest = digest_of(replace(empty_report(), demo=False, clock_note="", handling_mark=""))
    page, pictures = digest_html(digest)
    assert Linter(page).faults == []
    assert pictures == ()
    assert "本期没有提请协调的事项。" in pdf_text(digest_pdf(digest))
    assert "本月没有红灯。" in docx_text(digest_docx(digest))
    assert "没有应报单位" in digest_text(digest)
