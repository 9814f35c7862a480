"""With every secret set and every service away, no command repeats one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.settings import ROOT

SECRET = "hunter2-only-for-this-test"  # noqa: S105
AWAY = {
    "DUBAN_SMTP_HOST": "127.0.0.1",
    "DUBAN_SMTP_PORT": "9",
    "DUBAN_SMTP_USER": "duban",
    "DUBAN_SMTP_PASSWORD": SECRET,
    "DUBAN_MAIL_MODE": "smtp",
    "DUBAN_CHAT_URLS": f"dingtalk://{SECRET}/",
    "DUBAN_OUTPUTS_URL": f"smb://duban:{SECRET}@127.0.0.1:9/share",
    "DUBAN_ARCHIVE_URL": f"s3://key:{SECRET}@bucket?endpoint=http://127.0.0.1:9",
}
DATABASE = f"postgresql+psycopg://duban:{SECRET}@127.0.0.1:9/duban"


@pytest.mark.parametrize(
    ("arguments", "database"),
    [(["doctor"], ""), (["doctor"], DATABASE), (["status"], DATABASE), (["housekeeping"], "")],
)
def test_no_command_repeats_a_secret(arguments: list[str], database: str, tmp_path: Path) -> None:
    set_so = {**os.environ, **AWAY, "DUBAN_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from include.cli import main; main()", *arguments]
    ran = subprocess.run(
        command,
        env=set_so | ({"DUBAN_DATABASE_URL": database} if database else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.stdout + ran.stderr, "it says something"
    said = ran.stdout + ran.stderr
    said += "".join(f.read_text(errors="replace") for f in tmp_path.rglob("*.log"))
    assert SECRET not in said
