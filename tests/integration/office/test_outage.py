"""Two hours without file server, object storage and mail: all of it waits, then leaves once, in order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from demo.setting import PLAN
from include.files import AwayError
from include.office import close_period, deliver_outbox, publish_digest
from include.office.desk import open_office
from include.office.outbox import message_id
from tests.integration.office.conftest import Played, Stage, settings_for
from tests.mailbox import Mailbox
from tests.objects import ObjectStorage
from tests.samba import Samba

DATABASES = ("sqlite",)


@pytest.fixture
def january(
    played_january: Played, tmp_path: Path, smtp_server: Mailbox, samba: Samba, object_storage: ObjectStorage
) -> Iterator[Stage]:
    """The office's outputs go to a share, a copy of the archive to a bucket, mail to a server."""
    shutil.copytree(played_january.home, tmp_path / "home")
    (samba.folder / "食药安办").mkdir(exist_ok=True)
    elsewhere = {
        "outputs_url": samba.url,
        "archive_url": object_storage.url,
        "mail_mode": "smtp",
        "smtp_port": smtp_server.port,
        "smtp_security": "none",
        "mail_from": "duban@demo.invalid",
    }
    with played_january.copy() as url:
        of = settings_for(tmp_path / "home", url)
        stage = Stage(open_office(of.model_validate(of.model_dump() | elsewhere)))
        yield stage
        stage.office.store.close()


def names(samba: Samba) -> set[str]:
    return {file.name for file in samba.folder.rglob("*") if file.is_file()}


def test_two_hours_of_outage_catch_up_in_order_and_nothing_is_doubled(
    january: Stage, smtp_server: Mailbox, samba: Samba
) -> None:
    office, port = january.office, smtp_server.port
    january.at("2024-02-06T18:10")
    close_period.run(office=office)  # the agencies have seen their 核对稿 by the day of the digest
    start = january.at("2024-02-19T10:00")
    samba.stop()
    try:
        office.settings.smtp_port = 9  # nobody listens there
        close_period.run(period="2024-01", office=office)
        publish_digest.run(office=office)
        for minutes in range(0, 120, 10):
            january.at((start + timedelta(minutes=minutes)).isoformat())
            counts = deliver_outbox.run(office=office)["plans"][PLAN]
            assert (counts["sent"], counts["uncertain"]) == (0, 0)
    finally:
        samba.start()
    office.settings.smtp_port = port
    january.at("2024-02-19T16:00")
    for _ in range(2):
        deliver_outbox.run(office=office)
    published = {
        row.payload["path"].rpartition("/")[2] for row in january.messages("digest/") if "path" in row.payload
    }
    assert published
    assert published <= names(samba)
    assert not any("(2)" in name or name.endswith(".part") for name in names(samba))
    mails = [row for row in january.messages("") if row.channel == "mail"]
    got = [str(received.message["Message-ID"]) for received in smtp_server.received]
    assert got == [message_id(PLAN, row.key) for row in mails]
    assert {row.state for row in january.messages("")} == {"sent"}


def test_what_is_lost_or_damaged_here_comes_back_from_the_copy_of_the_archive(january: Stage) -> None:
    archive = january.office.archive
    kept = archive.put_bytes(b"a letter")
    assert archive.copy_out() >= 1
    assert archive.copy_out() == 0
    archive.path(kept).write_bytes(b"damaged")
    assert archive.read(kept) == b"a letter"
    archive.path(kept).unlink()
    assert archive.read(kept) == b"a letter"
    assert archive.path(kept).read_bytes() == b"a letter"
    with pytest.raises(FileNotFoundError):
        archive.read("0" * 64)


def test_while_the_place_of_the_copy_is_away_nothing_else_waits_for_it(january: Stage) -> None:
    office = january.office
    of = office.settings.model_validate(
        office.settings.model_dump() | {"archive_url": "s3://k:s@duban?endpoint=http://127.0.0.1:9"}
    )
    other = open_office(of)
    with pytest.raises(AwayError):
        other.archive.copy_out()
    assert deliver_outbox.run(office=other)["plans"][PLAN]["sent"] > 0
    other.store.close()
