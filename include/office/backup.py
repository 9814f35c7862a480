"""Use cases `backup` and `restore`: all an installation holds, in one folder that can be checked by itself.

    duban-20240207-073000/
        manifest.json   what it is, and the sha256 of every file
        database        SQLite: a copy of its file; PostgreSQL: what pg_dump writes
        home/…          DUBAN_HOME: archive, people, attached texts, own amendments, templates
        drive/…         the shared drive, the agencies' folders with it
        plans/…         the plan folders

The database is copied first: whatever it refers to was in the archive by then. Secrets stay out (`LEFT_OUT`).
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import make_url

from include.errors import DubanError, RefusedError
from include.files import MARK
from include.files.atomic import make_folder, sync_folder, write_whole
from include.files.bundle import copy_tree, differing, files_in, hash_file
from include.foreign import words
from include.office import anchors, clock
from include.office.desk import Office, open_office
from include.office.running import airflow_url, health
from include.settings import Settings, settings
from include.store.dump import dump, is_empty, kept_files, kind_of, load

KEEP_COPIES = 14
LEFT_OUT = {
    "duban.env": "设置，内有密码，请另行保管",
    "airflow": "Airflow 自己的数据库、密钥、登录密码和日志",
    "shares.txt": "各单位进入共享盘的密码，请另行保管",
    "backup": "日常维护的数据库副本",
    "fonts": "字体文件",
    "fontcache": "字体缓存",
    "fonts.conf": "字体设置，自动生成",
}
_FORMAT = 1
_MANIFEST, _DATABASE, _HOME, _DRIVE, _PLANS = "manifest.json", "database", "home", "drive", "plans"
_RESTORING, _REPLACED = ".restoring", ".replaced"
_OF_EVERY_START = {"installation", f"drive/{MARK}"}  # what an installation holds before anything happened


@dataclass(frozen=True)
class Kept:
    """A backup written, or restored and checked.

    `notes` are what a person should know, `faults` what is wrong; `ledgers` counts entries by plan.
    """

    folder: Path
    files: int
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    ledgers: Mapping[str, int] = field(default_factory=dict[str, int])


def backup(to: Path, of: Settings | None = None) -> Kept:
    """Write a backup into a new folder below `to`, whole or not at all.

    Returns:
        Its folder; `faults` name archived files that are damaged or missing: the backup lacks them too.

    Raises:
        RefusedError: `to` lies in what is backed up.
        SettingsError: the database cannot be dumped.
        OSError: it cannot be written.
    """
    office = open_office(of)
    of = office.settings
    inside = any(to.resolve().is_relative_to(p.resolve()) for p in (of.archive, of.drive, of.plans_dir))
    if inside or to.resolve() == of.home.resolve():
        raise RefusedError(f"{to}在要备份的内容里面；请写到别处，最好在另一块盘上")
    folder = to / f"duban-{office.now():%Y%m%d-%H%M%S}"
    part = to / f".{folder.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)  # people's names and addresses are inside
    try:
        dump(of.database, part / _DATABASE)
        referred = dict(kept_files(office.store))
        files = {_DATABASE: hash_file(part / _DATABASE), **_copy(of, part, to)}
        _describe(part, office, files)
        part.rename(folder)
        sync_folder(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        office.store.close()
    return Kept(folder, len(files), tuple(_left_out(office)), tuple(_damage(files, referred)))


def copy_database(of: Settings, now: datetime) -> None:
    """Copy the embedded database into `DUBAN_HOME/backup`; the newest fortnight of copies is kept.

    A database server is backed up by its own means, or by `backup`.

    Raises:
        OSError, sqlite3.Error: it cannot be written.
    """
    if kind_of(of.database) != "sqlite":
        return
    folder = of.home / "backup"
    folder.mkdir(exist_ok=True)
    part = folder / f".~{uuid.uuid4().hex[:12]}.part"  # SQLite refuses what a killed process left
    try:
        dump(of.database, part)
        part.replace(folder / f"duban-{now:%Y%m%d}.db")
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(folder.glob("duban-*.db"))[:-KEEP_COPIES]:
        old.unlink()


def restore(source: Path, of: Settings | None = None, *, replace: bool = False) -> Kept:
    """Put a backup into an empty installation, then hold what stands there against itself.

    With `replace` into one that is not empty: what is there is moved aside, never removed.

    Returns:
        The backup's folder; `faults` name what does not hold: a ledger, an archived file that is nowhere.

    Raises:
        RefusedError: the system runs; it is no backup, not whole, of another kind of database; or there is
            something already.
        SettingsError: the database does not take it.
    """
    of = of or settings()
    if _runs(of):
        raise RefusedError(
            "系统还在运行，没有恢复；请先停止系统（make down；多机部署 docker compose stop …）"
        )
    manifest = _read(source)
    if kind_of(of.database) != manifest["database"]:
        raise RefusedError(
            f"{source}是 {manifest['database']} 数据库的备份，本系统用的是 {kind_of(of.database)}；"
            "请把 DUBAN_DATABASE_URL 改成同一种"
        )
    if wrong := list(differing(source, manifest["files"], beside={_MANIFEST})):
        raise RefusedError(f"{source}不完整，没有恢复；请换一份备份：\n" + "\n".join(wrong[:20]))
    standing = _standing(of)
    if standing and not replace:
        raise RefusedError(
            f"系统里已有内容（{'、'.join(standing[:3])}等），没有恢复；请恢复到空的系统，"
            "或先停止系统，加 --replace 把原有内容移到一边"
        )
    aside = _move_aside(of)
    if not standing:
        _drop(aside, of.drive / _REPLACED / aside.name)
    notes = [f"原有的内容移到了 {aside}"] if standing else []
    _put_back(source, of)
    notes += _plans_back(source / _PLANS, of.plans_dir)
    return _checked(source, of, notes, len(manifest["files"]))


def _runs(of: Settings) -> bool:
    """Tell whether Airflow answers: what its tasks write meanwhile would be lost or mixed in."""
    try:
        return bool(url := airflow_url(of)) and bool(health(url))
    except (OSError, ValueError):
        return False


def _copy(of: Settings, part: Path, to: Path) -> dict[str, str]:
    """Copy home, drive and plans below `part`; gives the sha256 of each file by its path there."""
    home, database = of.home.resolve(), Path(str(make_url(of.database).database)).resolve()
    own = {
        to.resolve(),
        of.drive.resolve(),
        database,
        *(Path(f"{database}{end}") for end in ("-wal", "-shm")),
    }

    def skip(path: PurePosixPath) -> bool:
        scratch = path.name.startswith((".~", _RESTORING, _REPLACED)) or path.name == ".copied"
        return scratch or path.parts[0] in LEFT_OUT or home / path in own

    copied = {
        _HOME: copy_tree(home, part / _HOME, skip),
        _DRIVE: copy_tree(of.drive, part / _DRIVE, lambda path: path.name.startswith((".~", _REPLACED))),
        _PLANS: copy_tree(of.plans_dir, part / _PLANS, lambda path: path.name.startswith(".")),
    }
    return {f"{place}/{path}": sha256 for place, files in copied.items() for path, sha256 in files.items()}


def _describe(part: Path, office: Office, files: Mapping[str, str]) -> None:
    said = {
        "format": _FORMAT,
        "made_at": office.now().isoformat(timespec="seconds"),
        "release": version("duban"),
        "database": kind_of(office.settings.database),
        "schema": office.store.revisions()[0],
        "plans": list(office.plan_ids),
        "left_out": list(_left_out(office)),
        "files": dict(files),
    }
    write_whole(part / _MANIFEST, json.dumps(said, ensure_ascii=False, indent=1).encode())


def _left_out(office: Office) -> Iterator[str]:
    for name, what in LEFT_OUT.items():
        if (office.settings.home / name).exists():
            yield f"没有备份 {name}：{what}"
    if office.drive.outputs is not office.drive.folder:
        yield f"没有备份 {office.drive.outputs.name}：食药安办的输出写在那里，用那里自己的备份"
    if office.archive.mirror is not None:
        yield f"档案另有一份在 {office.archive.mirror.name}，恢复时缺的、坏的从那里取回"


def _damage(files: Mapping[str, str], referred: Mapping[str, str]) -> Iterator[str]:
    """Find archived files that are not what their name says, and those the database refers to in vain."""
    top = f"{_HOME}/archive/"
    kept = {
        path.removeprefix(top).replace("/", ""): sha for path, sha in files.items() if path.startswith(top)
    }
    yield from (f"档案 {name} 已损坏" for name, sha256 in kept.items() if name != sha256)
    yield from (f"档案缺 {sha256}（{table}）" for sha256, table in referred.items() if sha256 not in kept)


def _read(source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((source / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedError(
            f"{source}不是备份：{_MANIFEST} 不能读取：{words(error)}；请指明 duban-日期-时间 文件夹"
        ) from error
    whole = isinstance(manifest, dict) and {"database", "files"} <= manifest.keys()
    if not whole or manifest.get("format") != _FORMAT:
        raise RefusedError(f"{source}的备份格式不能用；应为第 {_FORMAT} 版格式，请用做这份备份的程序恢复")
    return manifest


def _standing(of: Settings) -> list[str]:
    """Give what is in an installation beyond what every start makes and a backup leaves out."""
    database = Path(str(make_url(of.database).database))

    def skip(path: PurePosixPath) -> bool:
        beside = path.name in {database.name, f"{database.name}-wal", f"{database.name}-shm"}
        own = beside or path.name in (_RESTORING, _REPLACED)
        return path.parts[0] in LEFT_OUT or str(path) in _OF_EVERY_START or own

    found = [str(of.home / path) for path in files_in(of.home, skip)]
    if not _drive_inside(of):
        found += [str(of.drive / path) for path in files_in(of.drive, lambda p: p.name in (MARK, _REPLACED))]
    return found + ([] if is_empty(of.database) else ["数据库"])


def _drive_inside(of: Settings) -> bool:
    return of.drive.resolve().is_relative_to(of.home.resolve())


def _move_aside(of: Settings) -> Path:
    """Move what is there out of the way, a server's database as a dump; gives the folder in `DUBAN_HOME`."""
    aside = of.home / _REPLACED / f"{clock.now(of):%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True, exist_ok=True)
    if kind_of(of.database) != "sqlite" and not is_empty(of.database):
        dump(of.database, aside / _DATABASE)
    _move_all(of.home, aside, {*LEFT_OUT, _RESTORING, _REPLACED})
    if not _drive_inside(of) and of.drive.is_dir():
        # two folders deep: the folders agencies once had are not looked into any more
        there = of.drive / _REPLACED / aside.name
        there.mkdir(parents=True, exist_ok=True)
        _move_all(of.drive, there, {_REPLACED})
    return aside


def _drop(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # something older stands beside it, or there is none
            folder.parent.rmdir()


def _move_all(place: Path, to: Path, but: set[str]) -> None:
    for entry in list(place.iterdir()):
        if entry.name not in but:
            entry.rename(to / entry.name)


def _put_back(source: Path, of: Settings) -> None:
    """Copy everything beside its place, load the database, then put the files into their places."""
    beside = of.home / _RESTORING
    shutil.rmtree(beside, ignore_errors=True)
    copy_tree(source / _HOME, beside)
    copy_tree(source / _DRIVE, beside / _DRIVE if _drive_inside(of) else of.drive)
    load(of.database, source / _DATABASE)
    if _drive_inside(of):
        of.drive.parent.mkdir(parents=True, exist_ok=True)
        if (beside / _DRIVE).exists():
            (beside / _DRIVE).rename(of.drive)
    if beside.exists():
        _move_all(beside, of.home, set())
        beside.rmdir()
    if of.people_file.exists():
        of.people_file.chmod(0o600)


def _plans_back(kept: Path, plans_dir: Path) -> list[str]:
    """Put back the plan folders that are not there; say which differ from those that are."""
    notes: list[str] = []
    for folder in sorted(kept.iterdir()) if kept.is_dir() else ():
        there = plans_dir / folder.name
        if not there.exists():
            try:
                make_folder(there)
                copy_tree(folder, there)
            except OSError as error:  # in a container the plans are the image's
                notes.append(f"工作要点 {folder.name} 没有放回 {there}：{words(error)}；请从 {folder} 取")
            else:
                notes.append(f"工作要点 {folder.name} 放回了 {there}")
        elif list(differing(there, {str(path): hash_file(folder / path) for path in files_in(folder)})):
            notes.append(f"{there} 与备份时的 {folder} 不同，没有改动，请核对")
    return notes


def _checked(source: Path, of: Settings, notes: list[str], files: int) -> Kept:
    """Open what was restored, and hold its ledgers and its archive against themselves."""
    office = open_office(of)
    faults: list[str] = []
    ledgers: dict[str, int] = {}
    for plan_id in office.plan_ids:
        try:
            checked = anchors.check(office, plan_id)
        except DubanError as error:
            faults.append(f"{plan_id}：{error}")
            continue
        ledgers[plan_id] = checked.entries
        faults += [f"{plan_id} 台账第{b.seq}条：{b.why}" for b in checked.breaks]
    for sha256, table in sorted(dict(kept_files(office.store)).items()):
        try:
            office.archive.read(sha256)  # from its copy elsewhere, if it is not here
        except OSError:
            faults.append(f"档案缺 {sha256}（{table}）")
    office.store.close()
    return Kept(source, files, tuple(notes), tuple(faults), ledgers)
