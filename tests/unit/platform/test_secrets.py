"""No secret stands in the repository, and none is shown by what holds one."""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from include.errors import SettingsError
from include.files import open_place
from include.settings import ROOT, Settings

KEYS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.|\bsk-[A-Za-z0-9]{32,}"
)
GIVEN = re.compile(
    r"(?i)\b\w*(?:password|passwd|secret|token|api_?key|fernet_?key)\w*[\"']?\s*[:=]\s*[\"']?([A-Za-z0-9+/_=-]{20,})"
)
MADE_UP = {"a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6"}  # of the tests of group chats: nobody's
NEVER_READ = {".png", ".xlsx", ".xls", ".docx", ".pdf", ".ods", ".et", ".lock"}
WORDS_OF_CODE = re.compile(r"/run/secrets/\w+|[a-z_]+|[A-Z_]+|[A-Za-z_]*\.?[A-Za-z_]+|[A-Za-z-]+")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and "vendor" not in name]


def found_in(text: str) -> list[str]:
    """Give what looks like a key, or like a made-up value given to something that holds a secret."""
    given = [value for value in GIVEN.findall(text) if not WORDS_OF_CODE.fullmatch(value)]
    given = [value for value in given if value not in MADE_UP]
    return KEYS.findall(text) + [value for value in given if entropy(value) > 3.7]


def entropy(text: str) -> float:
    """Give the bits a sign carries."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def test_no_key_and_no_made_up_password_stands_in_the_repository() -> None:
    files = [f for f in tracked() if f.suffix not in NEVER_READ and f.is_file() and f != Path(__file__)]
    assert len(files) > 300
    found = {
        str(f): hits for f in files if (hits := found_in(f.read_text(encoding="utf-8", errors="ignore")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        'SMTP_PASSWORD = "q8Zr2Kx7Lw0' + 'Pn5Vt3Ys9"',
        "DUBAN_API_KEY=Zm9vYmFy" + "c2VjcmV0a2V5MTIzNDU2Nzg5MA",
    ],
)
def test_what_would_be_one_is_found(text: str) -> None:
    assert found_in(text)


def test_no_file_that_holds_secrets_is_tracked() -> None:
    names = {file.name for file in tracked() if "starter" not in file.parts}  # what a new plan begins with
    assert not names & {"duban.env", ".env", "secrets.json", "passwords.txt", "shares.txt", "people.yaml"}


SECRET = "hunter2-" + "only-for-this-test"


def test_settings_do_not_show_the_secrets_they_hold(tmp_path: Path) -> None:
    of = Settings(
        home=tmp_path,
        database_url=f"postgresql+psycopg://u:{SECRET}@h/d",
        smtp_password=SECRET,  # type: ignore[arg-type]
        chat_urls=f"dingtalk://{SECRET}/",  # type: ignore[arg-type]
        outputs_url=f"smb://u:{SECRET}@h/s",  # type: ignore[arg-type]
        archive_url=f"s3://k:{SECRET}@b",  # type: ignore[arg-type]
    )
    assert SECRET not in f"{of} {of!r} {of.model_dump()} {of.model_dump_json()}"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://u:{}@h/x",
        "smb://u:{}@",
        "s3://k:{}@b?endpoint=http://s3.example",
        "s3://k:a/{}@bucket",
        "s3://k:a?{}@bucket",
        "s3://k:a#{}@bucket",
        "smb://u:{}/b@h/s",
        "smb://u:a@h:{}/s",
        "smb://u:{}@[h/s",
    ],
)
def test_an_address_that_is_refused_is_not_repeated_with_its_password(address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        open_place(address.format(SECRET))
    assert SECRET not in str(refused.value)


def test_a_place_is_named_without_its_password() -> None:
    for address in (f"smb://u:{SECRET}@127.0.0.1:9/s", f"s3://k:{SECRET}@b?endpoint=http://127.0.0.1:9"):
        place = open_place(address)
        assert SECRET not in place.name
        with pytest.raises(OSError, match=r".") as away:
            place.check()
        assert SECRET not in str(away.value)
