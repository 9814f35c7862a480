"""Use case `doctor`: is everything the system stands on as it should be, and if not, what to do.

It looks and changes nothing. What the alarms look for is looked for by the same checks (`alarm_checks`); what
only a person at the shell asks for (mail server, fonts, rights of files …) is here. No check that fails or
breaks hides another.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from dotenv import dotenv_values
from sqlalchemy import select
from sqlalchemy.sql import func

from include import foreign
from include.delivery import greet
from include.documents.fonts import PACKAGE, STAND_INS, cjk_fonts, drawn_with
from include.documents.pdf import libreoffice
from include.errors import PlanError, RefusedError, SettingsError
from include.office import alarm_checks, clock, places, plan_check, running
from include.office.alarm_checks import AlarmKind
from include.office.desk import Office, open_office
from include.settings import Settings, settings
from include.store import ledger

OK, WARN, FAIL = "ok", "warn", "fail"
_DRIFT = timedelta(minutes=2)  # clocks that differ by more are told
_ALSO_SET = {"DUBAN_PORT"}  # read elsewhere than in the settings


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at: `state` is ok, warn or fail; `mend` says what to do about it."""

    check: str
    title: str
    state: str
    text: str
    mend: str = ""


Found = Iterator[tuple[str, str, str]]  # state, what is so, what to do


class Visit:
    """The installation being looked at. The office is opened without touching its database."""

    def __init__(self, of: Settings, now: datetime | str | None) -> None:
        self.of, self._now = of, now

    @cached_property
    def office(self) -> Office:
        """The office, its database as it is."""
        return open_office(self.of, migrate=False)

    @cached_property
    def now(self) -> datetime:
        """The moment asked about."""
        return self.office.now(self._now)


def examine(
    of: Settings | None = None, now: datetime | str | None = None, *, only: Collection[str] = ()
) -> list[Line]:
    """Look at everything, or at `only` some checks; gives a line for each thing found, in their order.

    Raises:
        RefusedError: there is no check of that name.
    """
    if strange := [name for name in only if name not in CHECKS]:
        raise RefusedError(f"没有 {'、'.join(strange)} 这项检查；可查：{'、'.join(CHECKS)}")
    try:
        visit = Visit(of or settings(), now)
    except SettingsError as error:
        told = (fault.partition("；") for fault in str(error).splitlines())
        mend = "在 duban.env 或环境变量中改正"
        return [Line("config", "设置", FAIL, what, f"{wanted}；{mend}") for what, _, wanted in told]
    lines = [
        line
        for name, (title, look) in CHECKS.items()
        if name in (only or CHECKS)
        for line in _lines(visit, name, title, look)
    ]
    if "office" in visit.__dict__:
        visit.office.store.close()
    return lines


def _lines(visit: Visit, name: str, title: str, look: Callable[[Visit], Found]) -> Iterator[Line]:
    try:
        for state, text, mend in look(visit):
            yield Line(name, title, state, text, mend)
    except Exception as error:  # whatever it is, the other checks go on
        yield Line(
            name,
            title,
            FAIL,
            f"没有查成：{foreign.words(error)}",
            "先处理上面的问题，再运行一次 duban doctor",
        )


def _config(visit: Visit) -> Found:
    file = visit.of.home / "duban.env"
    known = {f"DUBAN_{name}".upper() for name in Settings.model_fields} | _ALSO_SET
    given = dotenv_values(file) if file.exists() else {}
    strange = [name for name in given if name.upper().startswith("DUBAN_") and name.upper() not in known]
    for name in strange:
        yield (
            WARN,
            f"{file}：没有 {name} 这项设置，不起作用",
            "改正拼写，或删去（全部设置见 include/settings.py）",
        )
    if not visit.of.home.is_dir():
        yield FAIL, f"DUBAN_HOME {visit.of.home} 不存在", "设置环境变量 DUBAN_HOME，或先运行一次 make up"
    elif not os.access(visit.of.home, os.W_OK):
        yield FAIL, f"DUBAN_HOME {visit.of.home} 不能写入", "改正文件夹的属主和权限"
    elif not strange:
        yield OK, f"DUBAN_HOME {visit.of.home}", ""


def _database(visit: Visit) -> Found:
    kind = visit.office.store.engine.dialect.name
    try:
        here, newest = visit.office.store.revisions()
    except Exception as error:
        mend = (
            "文件损坏的：停止系统，恢复最近的备份（docs/runbook.md）"
            if kind == "sqlite"
            else "检查数据库是否在运行，DUBAN_DATABASE_URL 的地址、账号、密码是否正确"
        )
        yield FAIL, f"数据库打不开：{foreign.words(error)}", mend
        return
    if here == newest:
        yield OK, f"{kind}，结构 {here}，已是最新", ""
    elif here is None:
        yield WARN, f"{kind}，还是空的", "任何一个命令（如 duban status）都会建好"
    elif here not in visit.office.store.known_revisions():
        yield FAIL, f"{kind}，结构 {here} 比程序新", "升级程序，或恢复升级以前的备份（docs/upgrade.md）"
    else:
        mend = "先备份（duban backup --to …），再运行任何一个命令（如 duban status），自动升级"
        yield WARN, f"{kind}，结构 {here}，最新是 {newest}", mend


def _alarm(kind: AlarmKind, mend: str, well: str, state: str = FAIL) -> Callable[[Visit], Found]:
    """Look for what an alarm looks for, in the installation or plan by plan."""

    def look(visit: Visit) -> Found:
        if kind in alarm_checks.OF_INSTALLATION:
            found = [text for _, text in alarm_checks.OF_INSTALLATION[kind](visit.office)]
        else:
            found = []
            for plan_id in visit.office.plan_ids:
                try:
                    looked = list(alarm_checks.OF_PLAN_DAILY[kind](visit.office, plan_id, visit.now))
                except PlanError as error:  # said by the check of the plans; the other places are looked at
                    looked = [("", f"没有查成：{foreign.words(error)}")]
                found += [f"{plan_id} {text}" for _, text in looked]
        yield from ((state, text, mend) for text in found)
        if not found:
            yield OK, well, ""

    return look


def _drive(visit: Visit) -> Found:
    away = list(alarm_checks.drive(visit.office))
    for _, text in away:
        yield FAIL, text, "挂载共享盘、检查网络和账号；换了新盘的，确认后运行 duban drive bind"
    if not away:
        refused = list(places.unwritable(visit.office.archive, visit.office.drive))
        for name, why in refused:
            yield FAIL, f"{name} 不能写入：{why}", "给运行本系统的用户写入和删除的权限；看盘是否已满"
        if not refused:
            yield OK, f"{visit.office.drive.root}，标记相符，写入、读回、删除正常", ""


def _mail(visit: Visit) -> Found:
    of = visit.of
    if of.mail_mode == "eml":
        yield OK, f"演练方式：邮件写成文件，不发出（{of.home / 'mail'}）", ""
        return
    server = f"{of.smtp_host}：{of.smtp_port}（{of.smtp_security}）"
    try:
        greet(of)
    except smtplib.SMTPAuthenticationError as error:
        yield (
            FAIL,
            f"{server} 不接受用户名或密码：{error.smtp_code}",
            "核对 DUBAN_SMTP_USER、DUBAN_SMTP_PASSWORD",
        )
    except (OSError, smtplib.SMTPException) as error:
        mend = "核对 DUBAN_SMTP_HOST、PORT、SECURITY；自签证书用 DUBAN_SMTP_CA_FILE 指明根证书"
        yield FAIL, f"{server} 连不上：{foreign.words(error)}", mend
    else:
        how = "已登录" if of.smtp_user else "不需登录"
        yield OK, f"{server} 已连通，{how}，没有发信", ""
        if of.smtp_security == "none":
            yield WARN, f"{server} 不加密", "设 DUBAN_SMTP_SECURITY=starttls 或 tls"


def _calendar(visit: Visit) -> Found:
    yield from _alarm(
        AlarmKind.CALENDAR, "公布后升级 chinesecalendar，或填写 overrides.yaml", _years(visit), WARN
    )(visit)


def _years(visit: Visit) -> str:
    year = visit.now.year
    told = {
        f"{of}年{'暂定' if visit.office.calendar(plan_id).is_provisional(of) else '已公布'}"
        for plan_id in visit.office.plan_ids
        for of in (year, year + 1)
    }
    return "、".join(sorted(told))


def _fonts(visit: Visit) -> Found:
    fonts = cjk_fonts(visit.of.home)
    if not fonts:
        yield (
            FAIL,
            "没有中文字体，文书和月报会是空白方块",
            f"安装 {PACKAGE}，或把字体文件放入 {visit.of.home / 'fonts'}",
        )
        return
    for name in STAND_INS:
        wanted, drawn = fonts.family(name), drawn_with(name, fonts)
        if drawn and drawn not in fonts.families:
            yield FAIL, f"{name} 会用 {drawn} 画，不是中文字体", f"安装 {PACKAGE}，再运行 fc-cache -f"
        elif wanted in STAND_INS[name][-5:]:
            yield (
                OK,
                f"{name} 用 {drawn or wanted} 代替",
                f"要用原字体，把字体文件放入 {visit.of.home / 'fonts'}",
            )
        else:
            yield OK, f"{name} 用 {drawn or wanted}", ""


def _libreoffice(visit: Visit) -> Found:
    program = libreoffice()
    if program is None:
        yield (
            WARN,
            "没有 LibreOffice，文书只有 Word 文件，没有 PDF",
            "安装 libreoffice-writer-nogui、libreoffice-calc-nogui",
        )
        return
    said = subprocess.run(  # noqa: S603
        [program, "--version"], capture_output=True, text=True, timeout=90, check=False
    )
    if said.returncode:
        yield FAIL, f"{program} 不能运行：{foreign.words(said.stderr)}", "重新安装 LibreOffice"
    else:
        yield OK, said.stdout.strip(), ""


def _disk(visit: Visit) -> Found:
    mend = "删除不用的旧备份和日志，或扩容"
    there = alarm_checks.disks(visit.office).values()
    free = "，".join(f"{folder} 还有 {shutil.disk_usage(folder).free >> 20} MiB" for folder in there)
    yield from _alarm(AlarmKind.DISK, mend, free)(visit)


def _clock(visit: Visit) -> Found:
    office, real = visit.office, datetime.now(UTC)
    if clock.is_shifted(visit.of):
        yield WARN, clock.note(visit.of), "正式使用前删去 DUBAN_CLOCK_START 和 DUBAN_HOME/clock.json"
    told = False
    if office.store.engine.dialect.name != "sqlite":
        with office.store.reading() as connection:
            there = connection.scalar(select(func.now()))
        if there is not None and abs(there - real) > _DRIFT:
            told = True
            yield FAIL, f"本机时钟与数据库服务器相差 {abs(there - real).seconds} 秒", "两边都用 NTP 对时"
    with office.store.reading() as connection:
        newest = [row.at for plan_id in office.plan_ids if (row := ledger.last(connection, plan_id))]
    if newest and max(newest) > visit.now + _DRIFT:
        told = True
        mend = "用 NTP 对时；台账里已有的时间不改，时钟走过那一刻以前先不要办理"
        yield FAIL, f"时钟被拨回：台账最后一条是 {max(newest):%Y-%m-%d %H:%M} UTC", mend
    if not told:
        yield OK, f"{visit.now:%Y-%m-%d %H:%M}（北京时间）", ""


def _airflow(visit: Visit) -> Found:
    url = running.airflow_url(visit.of)
    if not url:
        yield OK, "没有启动过 Airflow，只用命令行", ""
        return
    try:
        health = running.health(url)
    except (OSError, ValueError) as error:
        yield FAIL, f"{url} 没有应答：{foreign.words(error)}", "make up 启动；日志在 DUBAN_HOME/airflow/logs"
        return
    parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    ill = [part for part in parts if (health.get(part) or {}).get("status") != "healthy"]
    if ill:
        yield (
            FAIL,
            f"{url}：{'、'.join(ill)} 不正常",
            "make down 再 make up；仍不行看 DUBAN_HOME/airflow/logs",
        )
    else:
        yield OK, f"{url}，四个部分都正常", ""


def _plans(visit: Visit) -> Found:
    if not visit.office.plan_ids:
        yield FAIL, f"{visit.of.plans_dir} 里没有工作要点", "duban plan new …（docs/new-county.md）"
    for plan_id in visit.office.plan_ids:
        found = plan_check.check(plan_id, visit.now, office=visit.office)
        errors = [point for point in found if point.severity == plan_check.ERROR]
        for point in errors:
            yield FAIL, f"{plan_id} {point.where} {point.what}", point.mend
        if not errors:
            more = f"，{len(found)} 处提示（duban plan check {plan_id}）" if found else ""
            yield OK, f"{plan_id} 可以使用{more}", ""


def _secrets(visit: Visit) -> Found:
    home = visit.of.home
    named = [home / "duban.env", visit.of.people_file, *sorted((home / "airflow").glob("secrets.json*"))]
    named += [home / "airflow" / "passwords.txt", home / "shares.txt"]
    open_ = [file for file in named if file.is_file() and _others_may(file)]
    for file in open_:
        yield WARN, f"{file} 别的用户也能读", f"chmod 600 {file}"
    if not open_:
        yield OK, "设置、人员、密钥文件只有属主能读", ""


def _others_may(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


CHECKS: dict[str, tuple[str, Callable[[Visit], Found]]] = {
    "config": ("设置", _config),
    "database": ("数据库", _database),
    "drive": ("共享盘", _drive),
    "mail": ("邮件", _mail),
    "calendar": ("工作日历", _calendar),
    "fonts": ("字体", _fonts),
    "libreoffice": ("LibreOffice", _libreoffice),
    "disk": ("磁盘", _disk),
    "clock": ("时钟", _clock),
    "airflow": ("Airflow", _airflow),
    "plans": ("工作要点", _plans),
    "flows": (
        "流程",
        _alarm(AlarmKind.FLOW, "看该任务的日志，处理后重新运行该任务", "没有失败未恢复的任务"),
    ),
    "outbox": (
        "送达",
        _alarm(AlarmKind.MESSAGE, "duban mail list；核实后 resend、settle", "没有卡住的邮件和文件", WARN),
    ),
    "approvals": (
        "待签发",
        _alarm(AlarmKind.APPROVAL, "请签发人在“待办操作”里决定", "没有久未签发的文书", WARN),
    ),
    "ledger": (
        "台账",
        _alarm(
            AlarmKind.LEDGER,
            "保留现场，不要改动数据库；用 duban ledger verify 看全部，从备份核对",
            "逐条核对一致",
        ),
    ),
    "secrets": ("文件权限", _secrets),
}
