"""What libraries and the system say reaches a person in Chinese, from one place."""

from __future__ import annotations

import sqlite3
import ssl
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import typer
from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy import create_engine
from typer.testing import CliRunner

from include import foreign
from include.cli.main import app
from include.errors import SettingsError
from include.settings import settings_of


def _no_file(place: Path) -> None:
    (place / "none").read_text(encoding="utf-8")


def _a_folder(place: Path) -> None:
    place.write_text("", encoding="utf-8")


def _no_database(place: Path) -> None:
    create_engine(f"sqlite:///{place}").connect()


def _no_sqlite(place: Path) -> None:
    (place / "x.db").write_bytes(b"no database, whatever its name says" * 40)
    sqlite3.connect(place / "x.db").execute("SELECT * FROM x")


def _no_server(_: Path) -> None:
    psycopg.connect("postgresql://127.0.0.1:9/x?connect_timeout=5")


def _no_driver(_: Path) -> None:
    create_engine("oracel://x/y")


def _no_address(_: Path) -> None:
    create_engine("nonsense")


def _no_zip(place: Path) -> None:
    (place / "x.xlsx").write_bytes(b"PK?")
    zipfile.ZipFile(place / "x.xlsx")


def _no_utf8(_: Path) -> None:
    "甲局".encode("gb18030").decode("utf-8")


def _no_trust(_: Path) -> None:
    raise ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")


@pytest.mark.parametrize(
    ("goes_wrong", "said"),
    [
        (_no_file, "没有这个文件或文件夹"),
        (_a_folder, "这是文件夹，不是文件"),
        (_no_database, "数据库文件打不开：没有这个文件，或没有权限"),
        (_no_sqlite, "不是数据库文件，或已损坏"),
        (_no_server, "对方没有在这个地址和端口上服务"),
        (_no_driver, "不能用这种数据库，应为 sqlite 或 postgresql+psycopg"),
        (_no_address, "地址写法不对，应如 postgresql+psycopg://user:password@host/database"),
        (_no_zip, "不是 xlsx 文件，或已损坏"),
        (_no_utf8, "不是 UTF-8 编码的文字"),
        (_no_trust, "对方的证书不可信"),
    ],
)
def test_a_real_error_is_told_in_chinese(
    goes_wrong: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  each is another library's
        goes_wrong(tmp_path)
    assert foreign.words(caught.value) == said


def test_what_nobody_has_translated_is_told_as_it_stands() -> None:
    assert foreign.words(RuntimeError("the  moon is\nfull")) == "原文：the moon is full"
    assert foreign.words(RuntimeError()) == "原文：RuntimeError"
    assert foreign.words(RuntimeError("月亮圆了")) == "月亮圆了"


class _Form(BaseModel, strict=True, extra="forbid"):
    n: int
    key: SecretStr = SecretStr("")


def test_a_value_is_quoted_only_where_it_is_no_secret() -> None:
    with pytest.raises(ValidationError) as caught:
        _Form.model_validate({"n": "hush", "key": 7, "m": 1})
    assert dict(foreign.faults(caught.value)) == {
        ("n",): "写的是“hush”；应为整数，不加引号",
        ("key",): "写的是“7”；应为文字，数字和日期加引号",
        ("m",): "不是这里的项目；改正拼写，或删去",
    }
    assert "hush" not in str(dict(foreign.faults(caught.value, show=False)))


def test_a_setting_that_cannot_be_is_named_without_its_value(tmp_path: Path) -> None:
    (tmp_path / "duban.env").write_text("DUBAN_SMTP_PORT=hush\nDUBAN_MAIL_MODE=fax\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        settings_of(tmp_path)
    assert str(caught.value).splitlines() == [
        "DUBAN_MAIL_MODE 写得不对；应为以下之一：eml、smtp",
        "DUBAN_SMTP_PORT 写得不对；应为整数",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("CLOCK_START=yesterday", "应为时刻，如 2024-09-03T09:00"),
        ("KEEP_ON_DRIVE_DAYS=-1", "应不小于 0"),
        ("KEEP_MAIL_DAYS=-1", "应不小于 0"),
        ("CHUNK_WORKBOOKS=0", "应不小于 1"),
        ("SMTP_PORT=70000", "应不大于 65535"),
    ],
)
def test_a_setting_out_of_its_bounds_is_named(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "duban.env").write_text(f"DUBAN_{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        settings_of(tmp_path)
    assert str(caught.value) == f"DUBAN_{line.partition('=')[0]} 写得不对；{said}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("bogus", "没有 bogus 这个命令，加 --help 看有哪些"),
        ("status --bogus", "没有 --bogus 这个选项，加 --help 看有哪些"),
        ("cases show", "没有写 case，加 --help 看怎么写"),
        ("cases show x", "case 写得不对：应为整数"),
        ("escalate --as-of 2024-13-01", "--as-of 写得不对：“2024-13-01”不是日期，应如 2024-09-10"),
        ("ledger verify --against /nowhere", "--against 写得不对：没有 /nowhere"),
    ],
)
def test_what_the_shell_does_not_take_is_told_in_chinese(arguments: str, said: str) -> None:
    refused = CliRunner().invoke(app, arguments.split(), standalone_mode=False).exception
    assert isinstance(refused, typer.TyperException)
    assert foreign.usage(refused.format_message()) == said
