"""One file read from its bytes: what it is, whose it is, what it says. Pure but for asking for the layout."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from include.plan.period import Period
from include.records.figures import Cell, Identity
from include.records.findings import Finding
from include.records.readings import Reading, ReadOutcome
from include.returns.form import read_form
from include.returns.gathering import Gathering
from include.returns.headings import COLUMNS, SheetTitle
from include.returns.identity import Claim, claim_of
from include.returns.layout import Column, Layout, checksum
from include.returns.locate import HEADER_DEPTH, find_header
from include.returns.opening import open_book, too_large
from include.returns.proof_reading import is_proof, read_proof
from include.returns.rules import breach
from include.returns.sheets import Book
from include.returns.sniff import COMPANIONS, EVIDENCE, Sort, flat_sort, sniff
from include.returns.unreadable import UnreadableFileError, unreadable
from include.returns.words import key, plain

LARGEST_READ = 200 << 20  # bytes: a scan may be large
HEAD = 4096
_WORKBOOK_NAMES = (".xlsx", ".xls", ".et", ".csv", ".xlsm")
_LEAST_HEADERS = 4  # by which a table of ours is known in a workbook without identity
_TABLES = tuple(
    tuple(Column(*spec[:4], index, spec[4]) for index, spec in enumerate(columns))
    for columns in COLUMNS.values()
)


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is told of a file: whose folder it lay in, and its name there."""

    plan_id: str
    agency_id: str
    agency_name: str
    file_name: str


def read_file(path: Path, job: Job, layout_of: Callable[[str], Layout | None]) -> Reading:
    """Read a file; of one beyond all measure only the beginning is looked at.

    Args:
        path: the file, whatever it is called there.
        job: what is expected of it.
        layout_of: gives the agency's layout for a period; None if there is no such period.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(LARGEST_READ if size <= LARGEST_READ else HEAD)
    try:
        if size <= LARGEST_READ:
            return _read(data, job, layout_of)
        if (flat := flat_sort(data)) is not None:
            return _companion(data, flat)
        raise too_large(size)
    except UnreadableFileError as error:
        return Reading(ReadOutcome.UNREADABLE, None, (error.finding,))


def _read(data: bytes, job: Job, layout_of: Callable[[str], Layout | None]) -> Reading:
    sort = sniff(data)
    named_workbook = _is_named_workbook(job.file_name)
    if sort is Sort.UNKNOWN and named_workbook:
        raise unreadable("file-corrupt", why="里面不是电子表")
    if sort in COMPANIONS:
        return _companion(data, sort)
    book = open_book(data, sort)
    claim = claim_of(book, job.file_name)
    if _is_ours(book, claim):
        return _read_book(book, claim, job, layout_of, sort)
    if sort is Sort.TEXT and not named_workbook:
        return _companion(data, Sort.EVIDENCE)
    raise unreadable("file-not-a-return")


def is_companion(path: Path, file_name: str) -> bool:
    """Tell by a file's bytes whether it comes beside a return; what cannot be told does not."""
    with path.open("rb") as file:
        data = file.read(LARGEST_READ if path.stat().st_size <= LARGEST_READ else HEAD)
    try:
        sort = sniff(data)
    except UnreadableFileError:
        return False
    return sort in COMPANIONS or (sort is Sort.TEXT and not _is_named_workbook(file_name))


def _is_named_workbook(file_name: str) -> bool:
    return file_name.lower().endswith(_WORKBOOK_NAMES)


def _companion(data: bytes, sort: Sort) -> Reading:
    kind = sort.value if sort in (Sort.SCAN, Sort.PICTURE) else EVIDENCE
    inside = _workbook_inside(data) if sort is Sort.ARCHIVE else ""
    found = breach("archive-holds-workbook", name=inside) if inside else breach("scan-alone", kind=kind)
    return Reading(ReadOutcome.COMPANION, None, (found,), kind)


def _workbook_inside(data: bytes) -> str:
    """Give the name of a workbook in an archive, by its directory alone."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.flag_bits & 1]
    return next((name for name in names if name.lower().endswith(_WORKBOOK_NAMES)), "")


def _read_book(
    book: Book, claim: Claim, job: Job, layout_of: Callable[[str], Layout | None], sort: Sort
) -> Reading:
    foreign = _foreign(claim, job)
    if foreign is not None:
        return foreign
    if is_proof(claim):
        return read_proof(book, claim)
    if not claim.period:
        raise unreadable("period-unknown")
    layout = layout_of(claim.period)
    if layout is None:
        found = breach("foreign-period", Cell("", "", claim.period), period=Period.parse(claim.period).label)
        return Reading(ReadOutcome.FOREIGN, None, (found,))
    gathering = Gathering()
    if sort is Sort.XLS:
        gathering.note("是旧格式（.xls），系统看不到其中的公式，各格按文件里存下的结果读取")
    identity = _identity(claim, job, layout, gathering)
    form = read_form(book, layout, identity, claim, gathering)
    return Reading(ReadOutcome.FORM, form, tuple(gathering.findings))


def _is_ours(book: Book, claim: Claim) -> bool:
    """Tell whether a workbook has anything of ours: the hidden sheet, or a table by its headers."""
    return claim.identity is not None or any(
        (header := find_header(sheet, columns, len(sheet.rows) if book.single else HEADER_DEPTH))
        and len(header.columns) >= _LEAST_HEADERS
        for sheet in book.sheets
        if key(sheet.title) != key(SheetTitle.RECEIPT)
        for columns in _TABLES
    )


def _foreign(claim: Claim, job: Job) -> Reading | None:
    """Tell a workbook of another plan or agency, by its hidden sheet, else by its cover."""
    own, said = claim.identity, claim.cover.get("agency", Cell("", ""))
    if own is not None and own.plan_id != job.plan_id:
        return _elsewhere("foreign-plan", own.plan_id, whose=own.plan_id, plan=job.plan_id)
    elsewhere = (
        own.agency_id != job.agency_id if own else bool(said.raw) and not _same(said.raw, job.agency_name)
    )
    if elsewhere:
        whose = (
            said.raw if said.raw and not _same(said.raw, job.agency_name) else (own.agency_id if own else "")
        )
        return _elsewhere("foreign-agency", whose, whose=whose, agency=job.agency_name)
    return None


def _elsewhere(rule: str, found: str, **fills: str) -> Reading:
    return Reading(ReadOutcome.FOREIGN, None, (breach(rule, Cell("", "", found), **fills),))


def _same(said: str, name: str) -> bool:
    """Compare two names of an agency: 教育局 is 市教育局."""
    one, other = key(said), key(name)
    return one in other or other in one


def _identity(claim: Claim, job: Job, layout: Layout, gathering: Gathering) -> Identity:
    """Settle whose return it is; what contradicts the hidden sheet is found, its loss only noted."""
    if claim.identity is None:
        gathering.note("隐藏的“系统信息”表已丢失，按封面和文件名认定单位和月份")
        return Identity(job.plan_id, job.agency_id, claim.period, "", "")
    gathering.findings += [
        *_version(claim.identity, layout),
        *_cover_differs(claim, layout),
        *_checksum_differs(claim, claim.identity),
    ]
    return replace(claim.identity, period=claim.period)


def _checksum_differs(claim: Claim, identity: Identity) -> list[Finding]:
    return [] if claim.checksum == checksum(identity, claim.prefilled) else [breach("checksum-mismatch")]


def _version(identity: Identity, layout: Layout) -> list[Finding]:
    if identity.template_version == layout.version:
        return []
    found = identity.template_version or "?"
    return [breach("template-version-old", Cell("", "", found), found=found, current=layout.version)]


def _cover_differs(claim: Claim, layout: Layout) -> list[Finding]:
    """Find a cover that was written over: last month's file made to look like this month's."""
    found: list[Finding] = []
    agency, period = claim.cover.get("agency"), claim.cover.get("period")
    if agency and not _same(agency.raw, layout.agency_name):  # the name it had in that month
        fills = {"label": "报送单位", "found": agency.raw, "expected": layout.agency_name}
        found.append(breach("cover-differs", agency, **fills))
    if period and period.raw and claim.cover_period != claim.period:
        fills = {"label": "报送月份", "found": period.raw, "expected": Period.parse(claim.period).label}
        found.append(breach("cover-differs", period, **fills))
    due, said = claim.cover.get("due_at"), claim.prefilled.get((SheetTitle.COVER.value, "due_at", ""), "")
    if due and said and due.raw and plain(due.raw) != plain(said):
        fills = {"row": "封面", "column": "截止时间", "found": due.raw, "expected": said}
        found.append(breach("prefilled-altered", due, **fills))
    return found
