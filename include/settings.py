"""Settings: one place, environment variables `DUBAN_*`, state in one folder `DUBAN_HOME`."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from include import foreign
from include.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
SECRETS = Path("/run/secrets")  # where containers mount them, a file each


class Settings(BaseSettings):
    """Everything an installation can set. Secrets may also be files: `/run/secrets/duban_smtp_password`."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", extra="ignore")

    home: Path = Field(default=ROOT / "var", description="the folder that holds all state")
    plans_dir: Path = Field(default=ROOT / "plans", description="folder of plan folders")
    database_url: str = Field(default="", repr=False, exclude=True)  # default: SQLite in `home`
    database_password: SecretStr = SecretStr("")  # of `database_url`, where that has none
    drive_dir: Path | None = None  # the shared drive; default `home/drive`
    outputs_url: SecretStr = SecretStr("")  # where 食药安办/… is written, if not to the drive: file, smb, s3
    archive_url: SecretStr = SecretStr("")  # where a copy of the archive is kept, if anywhere: file, smb, s3
    # How long 待报 and 回执 files stay on the drive, and the .eml files of mails sent; 0: for ever 待确认
    keep_on_drive_days: int = Field(default=0, ge=0)
    keep_mail_days: int = Field(default=0, ge=0)
    clock_start: str | None = None  # ISO moment the office clock is shifted to (演示时钟)
    handling_mark: str = "内部资料"
    mail_mode: Literal["eml", "smtp"] = "eml"  # eml: dry run, messages become files
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_timeout_seconds: float = 30.0  # a server that does not answer in this time is not there
    smtp_ca_file: Path | None = None  # certificate authority of the mail server, if it is the office's own
    mail_from: str = "duban@localhost.invalid"
    bounces_dir: Path | None = None  # folder of .eml files: what came back to `mail_from`
    chat_urls: SecretStr = SecretStr("")  # group chats, as apprise addresses, separated by blanks; none: off
    airflow_url: str = ""  # where Airflow answers, for `duban doctor`; the embedded one is found by itself
    least_free_mb: int = 1024  # less free space than this is an alarm
    health_token: SecretStr = SecretStr("")  # what a monitor has to show at /duban-health/; empty: off
    log: Literal["", "text", "json"] = ""  # how a shell writes its log; empty: warnings only
    approval_days: int = 3  # working days after which a letter nobody signed is an alarm 待确认
    question_look_seconds: float = 600  # how often an open question looks whether its letter still waits
    stable_seconds: float = Field(default=2.0, ge=0)  # a file must look the same at two looks this far apart
    stale_lock_hours: float = (
        4.0  # a lock file untouched for so long, like its workbook, holds nothing 待确认
    )
    chunk_workbooks: int = Field(default=100, ge=1)
    delivery_counts_as_served: bool = False
    unfiled_after_minutes: float = 30  # a workbook in 待报/ or 回执/ nobody saved for so long is opened
    data_docs: bool = False  # put Great Expectations' own pages on the last run into the office's folder
    take_from_templates: bool = False  # file a signed workbook straight from 待报/ or 回执/
    review_before_signing: bool = False  # 核稿: nothing is signed that somebody else has not reviewed
    signs_apart: str = ""  # plans with a signing DAG of their own, `sign_letters_<plan>`, separated by blanks

    @field_validator("clock_start")
    @classmethod
    def _is_moment(cls, text: str | None) -> str | None:
        try:
            _ = datetime.fromisoformat(text) if text else None
        except ValueError:
            raise ValueError("应为时刻，如 2024-09-03T09:00") from None
        return text

    @property
    def database(self) -> str:
        """SQLAlchemy URL of duban's own database."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'duban.db'}"
        password = self.database_password.get_secret_value()
        if not password:
            return self.database_url
        from sqlalchemy import make_url  # noqa: PLC0415 - not for who only loads a DAG

        return make_url(self.database_url).set(password=password).render_as_string(hide_password=False)

    @property
    def drive(self) -> Path:
        """Root of the shared drive."""
        return self.drive_dir or self.home / "drive"

    @property
    def chats(self) -> tuple[str, ...]:
        """Addresses of the group chats."""
        return tuple(self.chat_urls.get_secret_value().split())

    @property
    def plans_apart(self) -> tuple[str, ...]:
        """Plans whose letters are signed in a DAG of their own, which only their own people see."""
        return tuple(self.signs_apart.split())

    @property
    def archive(self) -> Path:
        """Root of the content-addressed archive."""
        return self.home / "archive"

    @property
    def people_file(self) -> Path:
        """Contacts, approvers and recipients (never in git)."""
        return self.home / "people.yaml"

    def plan_home(self, plan_id: str) -> Path:
        """Folder of what an office keeps beside a plan: the attached text, its own amendments."""
        return self.home / "plans" / plan_id


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the environment, and `duban.env` of the home it names; the environment wins.

    Raises:
        SettingsError: every value that is not of the form.
    """
    return settings_of(_read().home)


def settings_of(home: Path) -> Settings:
    """Read the settings of the installation in a folder. Raises: SettingsError naming every fault."""
    mounted = SECRETS if SECRETS.is_dir() else None
    return _read(home=home, _env_file=home / "duban.env", _secrets_dir=mounted)


def _read(**given: Any) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:  # its own text would show the values, a password among them
        told = (f"DUBAN_{str(place[0]).upper()} {said}" for place, said in foreign.faults(error, show=False))
        raise SettingsError("\n".join(told)) from None
