"""Use case `export`: a plan's data as CSV and Parquet, with its dictionary, for analysts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from include.documents.open_data import write_dictionary, write_table
from include.errors import RefusedError
from include.foreign import words
from include.office.desk import Office, open_office
from include.office.export_tables import TABLES


def run(
    plan: str, to: Path, now: datetime | str | None = None, *, office: Office | None = None
) -> dict[str, int]:
    """Write every table of a plan into a folder; gives the number of rows by table.

    Raises:
        PlanError: no such plan.
        RefusedError: the folder cannot be written.
    """
    office = office or open_office()
    moment = office.now(now)
    office.book(plan)
    try:
        to.mkdir(parents=True, exist_ok=True)
        write_dictionary(TABLES, to)
        with office.store.reading() as connection:
            return {
                table.name: write_table(table, rows(office, connection, plan, moment), to)
                for table, rows in TABLES.items()
            }
    except OSError as error:
        raise RefusedError(f"{to}不能写入：{words(error)}；请换一个文件夹") from error
