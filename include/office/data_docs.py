"""Great Expectations' pages on the last run, in the office's folder. Off unless `DUBAN_DATA_DOCS` is set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from include.expectations import Checked, History, data_docs
from include.office.desk import Office, demo_mark
from include.office.outbox import drive_put
from include.store import outbox


def publish_data_docs(
    office: Office, plan_id: str, checked: Sequence[Checked], history: History, now: datetime
) -> None:
    """Queue the pages on a run for `食药安办/数据文档`, over those of the run before."""
    folder = office.drive_of(plan_id).office_path("数据文档")
    marks = demo_mark(any(c.plan.demo for c in checked)) + office.settings.handling_mark
    for title, page in data_docs(checked, history, marks).items():
        sha256 = office.archive.put_bytes(page.encode())
        put = drive_put(f"data-docs/{now.isoformat()}/{title}", f"{folder}/最近一次校验 {title}.html", sha256)
        with office.store.writing() as connection:
            outbox.queue(connection, plan_id, now, put)
