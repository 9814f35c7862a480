"""What Airflow keeps of its own work, thinned out: runs, tasks, logs. duban's record is not touched."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.settings import Settings, settings
from live.env import LiveError, airflow_home, environment
from live.system import Say, run_logged

# What grows with every run; nothing that running processes stand on, as `job` and the `trigger`s of folders.
TABLES = "asset_event,dag_run,log,task_instance,task_instance_history,task_reschedule,xcom"
LARGEST_LOG = 20 << 20  # bytes a process's own log may have; what is before goes into `….log.1`


def prune(days: int, of: Settings | None = None, say: Say = print) -> None:
    """Remove runs and logs of tasks older than so many days; may be done while the system runs.

    Raises:
        LiveError: there is no Airflow here, or its database cannot be cleaned.
    """
    of = of or settings()
    home = airflow_home(of)
    if not (home / "migrated").exists():
        raise LiveError(f"{home} 里还没有 Airflow，没有可清理的")
    before = datetime.now(UTC) - timedelta(days)
    clean = ["db", "clean", "--tables", TABLES, "--clean-before-timestamp", before.isoformat()]
    how = ["--skip-archive", "--yes", "--error-on-cleanup-failure"]
    command = [sys.executable, "-m", "airflow", *clean, *how]
    run_logged(command, home, environment(of))
    files = [file for file in (home / "logs").rglob("*.log*") if file.is_file()]
    old = [file for file in files if file.parent != home / "logs" and _changed(file) < before]
    for file in old:
        file.unlink(missing_ok=True)
    for folder in sorted((f for f in (home / "logs").rglob("*") if f.is_dir()), reverse=True):
        if _changed(folder) < before and not any(folder.iterdir()):
            folder.rmdir()
    for file in (home / "logs").glob("*.log"):
        if file.stat().st_size > LARGEST_LOG:
            _put_aside(file)
    say(f"已清理 {days} 天以前的 Airflow 运行记录，任务日志 {len(old)} 个")


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _put_aside(log: Path) -> None:
    """Copy and empty a log that its process goes on writing; a line that comes between the two is lost."""
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with log.open("r+b") as file:
        file.truncate()
