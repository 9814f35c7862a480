"""A month of returns, reasons and names made to do harm, through everything duban writes: text stays text."""

from __future__ import annotations

import csv
import io
import logging
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes, policy
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pyarrow.parquet as pq
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from pypdf import PdfReader

from demo.agencies import SimulatedAgency
from demo.setting import PLAN, SILENT, set_stage
from include.office import (
    clock,
    close_period,
    collect_returns,
    deliver_outbox,
    escalate_overdue,
    exceptions,
    export,
    ledger_book,
    objections,
    open_period,
    publish_digest,
    raising,
    sign_letters,
)
from include.office.decided import Decided
from include.office.desk import Office
from include.plan import Period
from include.returns.layout import layout_for
from include.settings import Settings, settings
from include.store import cases
from tests.board import Board
from tests.corpus.injections import INJECTIONS, MARK, SUM, typed

JANUARY = Period(2024, 1)
ATTACKER = "market-regulation"
GROUPS = [" ".join(list(INJECTIONS.values())[n::8]) for n in range(8)]  # each begins with a formula
TEXTS = ("text", "problems", "next_steps", "reported_by", "explanation")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')  # a text within a formula
HEADERS = {
    "message-id", "date", "subject", "from", "to", "auto-submitted", "content-type", "mime-version",
    "content-transfer-encoding",
}  # fmt: skip


@dataclass
class Month:
    """What a month left behind."""

    office: Office
    folder: Path
    log: str = ""
    shown: dict[int, str] = field(default_factory=dict)
    told: str = ""

    def files(self, *endings: str) -> list[Path]:
        found = [self.office.settings.home, self.folder]
        return [file for top in found for file in sorted(top.rglob("*")) if file.suffix in endings]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("injections")
    of = Settings(home=folder / "home", stable_seconds=0, delivery_counts_as_served=True)
    office = set_stage(of)
    out = folder / "out"
    out.mkdir()
    month = Month(office, out)
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        _play(month)
    finally:
        logging.getLogger().removeHandler(handler)
    month.log = heard.getvalue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_HOME", str(of.home))
        settings.cache_clear()
        yield month
        settings.cache_clear()
    office.store.close()


def _play(month: Month) -> None:
    office = month.office
    _at(office, "2024-01-31T08:30")
    open_period.run(PLAN, office=office)
    _at(office, "2024-02-02T11:00")
    for phone in (INJECTIONS["out of a formula's quotes"], "0573-00000000"):  # returned, then accepted
        _poison(office, phone)
        collect_returns.run(PLAN, office=office)
    others = [a.id for a in office.plan(PLAN, JANUARY).filers if a.id not in (ATTACKER, SILENT)]
    for agency, reason in zip(others, cycle(INJECTIONS.values()), strict=False):
        exceptions.exempt(PLAN, agency, "2024-01", Decided("demo", reason), office=office)
    _at(office, "2024-02-06T18:10")
    collect_returns.run(PLAN, office=office)
    close_period.run(PLAN, office=office)
    mine = office.plan(PLAN, JANUARY).indicators
    for indicator, words in zip(
        [i.id for i in mine if ATTACKER in i.agencies], cycle(INJECTIONS.values()), strict=False
    ):
        objections.object_to(PLAN, ATTACKER, "2024-01", indicator, Decided("demo", words), office=office)
    day = date(2024, 2, 6)
    for text in GROUPS:
        by = Decided("demo", text)
        raising.instruct(
            PLAN, [ATTACKER], by, words=text, leader=text, given_on=day, due_on=day, office=office
        )
    raising.list_risk(
        PLAN,
        ATTACKER,
        Decided("demo", "核查"),
        title="".join(INJECTIONS.values()),
        detail="".join(INJECTIONS.values()),
        found_on=day,
        office=office,
    )
    _at(office, "2024-02-07T09:10")
    escalate_overdue.run(PLAN, office=office)
    _letters(month)
    close_period.run(PLAN, office=office)
    _at(office, "2024-02-19T10:00")
    publish_digest.run(PLAN, office=office)
    deliver_outbox.run(PLAN, office=office)
    export.run(PLAN, month.folder, office=office)
    ledger_book.export(PLAN, month.folder / "台账.xlsx", office=office)


def _at(office: Office, moment: str) -> None:
    clock.start(office.settings, clock.parse(moment), stopped=True)


def _poison(office: Office, phone: str) -> None:
    """Put a text of the corpus into every cell an agency writes words in."""
    plan = office.plan(PLAN, JANUARY)
    layout = layout_for(plan, ATTACKER, JANUARY)
    file = SimulatedAgency(office, plan.agency(ATTACKER)).file(JANUARY)
    book, texts = load_workbook(file), cycle(typed().values())

    def put(title: str, ref: str, text: str) -> None:
        book[title][ref].value = text
        book[title][ref].data_type = "s"  # as a person types it: a text, whatever it begins with

    for row in (r for r in layout.progress.rows if r.due):
        for column in TEXTS:
            put(layout.progress.title, layout.progress.ref(row, column), next(texts))
    for row in (r for r in layout.indicators.rows if r.due):
        put(layout.indicators.title, layout.indicators.ref(row, "explanation"), next(texts))
    for key, text in (("filled_by", next(texts)), ("signed_by", next(texts)), ("phone", phone)):
        put(layout.cover.title, layout.cover.field(key).ref, text)
    name = INJECTIONS["mail header"].replace("/", "")
    book.save(file.with_name(f"{name}{phone[:4]}.xlsx".replace("/", "")))
    file.unlink()


def _letters(month: Month) -> None:
    """Sign what can be signed, with poisoned words about the talk; then answer with a poisoned name."""
    office = month.office
    with office.store.reading() as connection:
        letters = cases.letters(connection, PLAN)
    assert letters
    for letter in letters:
        shown = sign_letters.show(letter.id, office=office)
        month.shown[letter.id] = shown["text"]
        said = {"skipped": " ".join(INJECTIONS.values())}
        answered = {
            "decision": sign_letters.SIGN,
            "hash": shown["hash"],
            "talk": said,
            "user": letter.approver,
        }
        month.told += str(sign_letters.answer(letter.id, **answered, office=office))
    for n, text in enumerate(list(INJECTIONS.values())[::4]):
        name = text.replace("/", "").replace("\x00", "")[:60]
        drop = office.drive_of(PLAN).agency_folder(office.plan(PLAN, JANUARY).agency(SILENT).name, "回复")
        (drop / f"{name}{n}.txt").write_text(text, encoding="utf-8")
    _at(office, "2024-02-08T09:00")
    collect_returns.run(PLAN, office=office)
    for letter in letters:
        month.shown[-letter.id] = sign_letters.show(letter.id, office=office)["text"]


# Workbooks


def test_no_text_becomes_a_formula_or_a_link_in_a_workbook(month: Month) -> None:
    marked = 0
    for file in month.files(".xlsx"):
        with zipfile.ZipFile(file) as package:
            for name in package.namelist():
                data = package.read(name)
                tree = etree.fromstring(data) if name.endswith((".xml", ".rels", ".vml")) else None
                if tree is None:
                    continue
                formulas = [
                    f for f in tree.iter() if etree.QName(f).localname in ("f", "formula", "formula1")
                ]
                reckoned = [_QUOTED.sub("", f.text or "") for f in formulas]
                assert not [f for f in reckoned if MARK in f or "WEBSERVICE" in f], f"{file.name} {name}"
                assert not tree.xpath("//*[contains(@Target, 'evil') or contains(@ref, 'evil')]"), file.name
                assert not tree.xpath(
                    f"//*[local-name()='evil' or local-name()='hyperlink'][contains(., '{MARK}')]"
                )
                marked += data.count(MARK.encode())
    assert marked > 1000


def test_what_was_typed_stands_in_the_consolidated_workbook_as_it_was_typed(month: Month) -> None:
    (file,) = [
        f
        for f in month.files(".xlsx")
        if f.name.startswith("2024-01 汇总报表 第1版") and "汇总" in str(f.parent)
    ]
    cells = {
        squeezed(cell.value)
        for sheet in load_workbook(file)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    text = "\n".join(cells)
    assert [name for name, said in typed().items() if squeezed(said) not in text] == []
    assert SUM not in text


# Letters and the digest on paper


def test_no_text_is_reckoned_or_obeyed_in_a_word_document(month: Month) -> None:
    texts = []
    for file in month.files(".docx"):
        with zipfile.ZipFile(file) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    tree = etree.fromstring(package.read(name))
                    assert not tree.xpath("//@*[contains(., 'evil.invalid')]"), f"{file.name} {name}"
                    assert not tree.xpath(
                        f"//*[local-name()='instrText' or local-name()='evil'][contains(., '{MARK}')]"
                    )
                    texts.append("".join(tree.itertext()))
    text = "".join(texts)
    assert SUM not in text
    (listing,) = [t for t in texts if "挂牌督办" in t and "191" in t][:1]
    missing = [name for name, said in INJECTIONS.items() if bare(said) not in bare(listing)]
    assert missing == []


def test_no_text_is_reckoned_or_obeyed_in_a_pdf(month: Month) -> None:
    texts = []
    for file in month.files(".pdf"):
        reader = PdfReader(file)
        texts.append("".join(page.extract_text() for page in reader.pages))
        annotations = [str(a.get_object()) for page in reader.pages for a in page.get("/Annots", [])]
        assert not [a for a in annotations if "evil" in a or "/Launch" in a or "/JavaScript" in a], file.name
        assert "/JavaScript" not in str(reader.trailer["/Root"])
        assert "/AA" not in reader.trailer["/Root"]
    text = "".join(texts)
    assert SUM not in text
    assert "root:x:0" not in text
    assert re.search(r"\{\{\s*191\s*\*\s*7\s*\}\}", text)


# Mails


def test_no_text_becomes_a_header_or_markup_of_a_mail(month: Month) -> None:
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in month.files(".eml")]
    assert mails
    marked = 0
    for mail in mails:
        assert {name.lower() for name in mail} <= HEADERS
        assert all(len(mail.get_all(name)) == 1 for name in mail)
        assert "evil@" not in str(mail["To"])
        for part in mail.walk():
            if part.get_content_type() == "text/html":
                page = part.get_content()
                marked += page.count(MARK)
                harmless(page)
            elif part.get_content_type() == "text/plain":
                marked += part.get_content().count(MARK)
    assert marked > 50


# Open data


def test_no_text_becomes_a_formula_or_a_row_in_the_open_data(month: Month) -> None:
    texts = 0
    for file in month.files(".csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.reader(opened))
        assert {len(row) for row in rows} == {len(rows[0])}
        for value in (value for row in rows for value in row if MARK in value):
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")), value
            texts += 1
        if file.stem != "dictionary":
            kept = pq.read_table(file.with_suffix(".parquet")).to_pylist()
            assert len(kept) == len(rows) - 1
    assert texts > 30


# The page on which a letter is signed, and the board


def test_what_a_signer_reads_is_text_and_no_markup(month: Month, dags: dict[str, Any]) -> None:
    pages = []
    for text in month.shown.values():
        page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
        harmless(page)
        tree = html.fromstring(page)
        assert not tree.xpath("//a|//img|//blockquote|//pre"), page
        assert not [h for h in tree.xpath("//h1|//h2") if h.text_content().strip() == MARK]
        pages.append(bare(tree.text_content()))
    shown = "".join(pages)
    assert [name for name, said in INJECTIONS.items() if bare(said) not in shown] == []
    ask = dags["sign_letters"].get_task("ask")
    ti = SimpleNamespace(
        xcom_pull=lambda _: {"text": INJECTIONS["jinja expression"], "hash": "h", "plan": PLAN}
    )
    rendered = ask.render_template(ask.body, {"ti": ti, "params": {"letter_id": 1}})
    assert INJECTIONS["jinja expression"] in rendered
    assert SUM not in rendered


def test_no_page_of_the_board_takes_a_text_for_markup(month: Month) -> None:
    with Board(month.office) as board, board.client("clerk") as client:
        pages = crawl(client, f"/duban/plans/{PLAN}/")
        answered = client.get(f"/api/v1/plans/{PLAN}/cases")
        assert answered.headers["content-type"] == "application/json"  # what is markup in a page is none here
    assert len(pages) > 50
    for page in pages.values():
        harmless(page)
    text = bare("".join(html.fromstring(page).text_content() for page in pages.values()))
    assert [name for name, said in INJECTIONS.items() if bare(said) not in text] == []
    assert SUM not in text


def crawl(client: httpx.Client, start: str) -> dict[str, str]:
    """Give every page of the board that links lead to, by its address; a form once for each decision."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        bare_path = path.partition("?")[0]
        if bare_path in seen:
            continue
        answered = client.get(f"http://{client.base_url.netloc.decode()}{path}", follow_redirects=True)
        if "text/html" not in answered.headers["content-type"]:
            continue
        seen[bare_path] = answered.text
        for href in html.fromstring(answered.text).xpath("//a/@href | //iframe/@src"):
            to = urlsplit(urljoin(path, href))
            if to.path.startswith(f"/duban/plans/{PLAN}") and "/files/" not in to.path:
                waiting.append(f"{to.path}?{to.query}")
    return seen


def harmless(page: str) -> None:
    """Nothing of the corpus stands anywhere but in text and in what a browser shows of an attribute."""
    tree = html.fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            assert MARK not in (element.text or ""), "in a comment"
            continue
        assert element.tag not in ("object", "embed", "base"), element.tag
        assert (
            element.tag != "iframe" or element.get("sandbox") == ""
        )  # the preview of a digest, one of the pages
        if element.tag in ("script", "style", "title"):
            assert MARK not in (element.text or "") or element.tag == "title"
        for name, value in element.attrib.items():
            assert not name.startswith("on"), f"{element.tag} {name}"
            if name in ("href", "src", "action", "formaction", "style", "srcset"):
                assert "evil" not in value, value
                assert not re.match(r"\s*(javascript|data:text|vbscript)", value, re.I), value


# What the program says of itself


def test_no_text_becomes_a_line_of_the_log_or_moves_a_terminal(month: Month) -> None:
    assert not re.search(rf"^ERROR include\.office\.forged: {MARK}", month.log, re.M)
    assert "\x1b" not in month.log


def squeezed(text: str) -> str:
    """Give a text without white space, and a spreadsheet's own way of writing signs undone."""
    return re.sub(r"\s+", "", text.replace("_x000D_", "").replace("_x003D_", "="))


def bare(text: str) -> str:
    """Give a text without white space and what is not seen, which an output may leave out."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZC")
