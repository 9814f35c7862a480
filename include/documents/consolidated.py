"""The consolidated workbook (汇总报表): a period in one file, from one printed page to each figure's cell."""

from __future__ import annotations

from include.documents.consolidated_book import Book
from include.documents.consolidated_overview import write_overview
from include.documents.consolidated_passports import Passports, ordered_facts
from include.documents.consolidated_sheets import (
    write_agencies,
    write_clauses,
    write_corrections,
    write_decisions,
    write_facts,
    write_indicators,
    write_joint_duties,
    write_letters,
    write_objections,
    write_reconciliations,
    write_remarks,
)
from include.records.reports import MonthReport


def write_consolidated(report: MonthReport) -> bytes:
    """Write the workbook (.xlsx); the same report gives the same bytes."""
    book = Book(report)
    facts = ordered_facts(report)
    passports = Passports(facts)
    write_overview(book, passports)
    write_indicators(book, passports)
    write_agencies(book)
    write_clauses(book)
    write_joint_duties(book)
    write_corrections(book, passports)
    write_reconciliations(book, passports)
    write_objections(book, passports)
    write_letters(book)
    write_decisions(book)
    write_remarks(book)
    write_facts(book, facts)
    return book.bytes()


def consolidated_name(report: MonthReport) -> str:
    """Name the file: `2024-08 汇总报表 第1版.xlsx`."""
    return f"{report.period} 汇总报表 第{report.edition}版.xlsx"
