"""What the program cannot carry on from. A fault in somebody's workbook is a Finding, never one of these."""

from __future__ import annotations


class DubanError(Exception):
    """Base of all of duban's own errors: says what was being done, with what, and what to do now.

    `for_users` is what a page says instead: the details are an engineer's, in the log.
    """

    for_users = "程序出错，请管理员查看日志"


class PlanError(DubanError):
    """A plan folder that cannot be loaded: a line each fault, `file:line：what was found；what to do`."""

    for_users = "工作要点的文件有误，请工程师运行 duban plan check 查看"


class SettingsError(DubanError):
    """A setting or a file of `DUBAN_HOME` that cannot be used."""

    for_users = "设置、目录或数据库不能使用，请管理员查看日志"


class BusyError(DubanError):
    """Another process holds the lease of this job of this plan."""


class RefusedError(DubanError):
    """An action the state of things does not allow, with the reason."""


class AlarmError(DubanError):
    """Something a person has to look at; the task shows red until somebody has."""
