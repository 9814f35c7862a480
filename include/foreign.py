"""What Python, its libraries and the operating system say, in the words of whoever has to act on it.

The one place their English is translated. What nobody has translated yet is told as it stands, marked 原文.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator, Mapping
from ssl import SSLError
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.error import YAMLError

Place = tuple[str | int, ...]

_LONGEST = 60  # characters of a value that are shown

# by pydantic's type of error: what to do about it, with the error's own context
_WANTED: Mapping[str, str] = {
    "bool": "应为 true 或 false",
    "bool_type": "应为 true 或 false，不加引号",
    "date": "应为日期，如 2024-09-02",
    "decimal": "应为数",
    "dict": "应为“key: value”",
    "enum": "应为以下之一：{expected}",
    "finite_number": "应为数",
    "float": "应为数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "int": "应为整数",
    "int_type": "应为整数，不加引号",
    "is_instance_of": "换成所要求的一种",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "list": "应为列表，每行以“- ”开头",
    "literal_error": "应为以下之一：{expected}",
    "model": "应为“key: value”",
    "path": "应为文件或文件夹的路径",
    "string": "应为文字，数字和日期加引号",
    "string_pattern_mismatch": "应合 {pattern}",
    "too_short": "至少写 {min_length} 项",
    "tuple": "应为列表，每行以“- ”开头",
    "value_error": "{error}",  # our own validators': what is wanted
}

_YAML = (
    (r"duplicate key", "同一个名称写了两次，只留一个"),
    (r"mapping values are not allowed", "检查这一行和上一行的缩进，文字里有冒号的加引号"),
    (r"cannot start any token", "缩进用空格，不用制表符（Tab），以符号开头的文字加引号"),
    (r"unexpected end of stream", "引号没有配对"),
    (r"expected ',' or|expected node content", "方括号或花括号没有配对，或少了逗号"),
    (r"expected key", "检查这一项的缩进和引号"),
    (r"expected '-' indicator|sequence entries", "列表的每一行应以“- ”开头，缩进一致"),
    (r"expected ':'", "少了冒号，或冒号后少了空格"),
    (r"document", "缩进与下面各行不一致，或多了一行“---”"),
    (r"alias|anchor|constructor for the tag", "以 *、&、! 开头的文字，加引号"),
    (r"control characters|unacceptable character", "有看不见的控制字符，删去"),
)

_USAGE = (
    (r"No such option: (\S+) \(Possible options: (.*)\)", r"没有 \1 这个选项，是不是 \2"),
    (r"No such option: (\S+)", r"没有 \1 这个选项，加 --help 看有哪些"),
    (r"No such command '(.*)'", r"没有 \1 这个命令，加 --help 看有哪些"),
    (r"Missing \w+ '(.*)'", r"没有写 \1，加 --help 看怎么写"),
    (r"Option '(.*)' requires an argument", r"\1 后面没有写内容"),
    (r"unexpected extra arguments? \((.*)\)", r"多写了 \1"),
    (r"valid integer", "应为整数"),
    (r"valid (number|decimal|float)", "应为数"),
    (r"'(.*)' is not one of (.*?)\.?$", r"“\1”不在其中，应为 \2"),
    (r"'(.*)' does not exist", r"没有 \1"),
    (r"'(.*)' is a directory", r"\1 是文件夹，应为文件"),
    (r"'(.*)' is a file", r"\1 是文件，应为文件夹"),
    (r"'(.*)' is not readable", r"\1 没有权限读取"),
)

_SYSTEM: Mapping[int, str] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已经有同名的文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘限额",
    errno.EROFS: "磁盘只能读，不能写",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "是一个链接，不是文件",
    errno.ESTALE: "网络盘已断开",
    errno.ENODEV: "设备已断开",
    errno.EMFILE: "打开的文件太多",
    errno.ECONNREFUSED: "对方没有在这个地址和端口上服务",
    errno.ECONNRESET: "对方断开了连接",
    errno.EPIPE: "对方断开了连接",
    errno.ETIMEDOUT: "等了很久没有应答",
    errno.EHOSTDOWN: "找不到对方的主机",
    errno.EHOSTUNREACH: "找不到对方的主机",
    errno.ENETUNREACH: "网络不通",
}

# what is said by words alone: databases, name lookup, certificates, mail and file services
_SAID = (
    (r"unable to open database file", "数据库文件打不开：没有这个文件，或没有权限"),
    (r"database is locked", "数据库正被占用，稍后再试"),
    (r"not a database|malformed", "不是数据库文件，或已损坏"),
    (r"readonly database|read-only", "只能读，不能写"),
    (r"disk is full|No space left", "磁盘已满"),
    (r"password authentication failed|no password supplied|LOGON_FAILURE", "用户名或密码不对"),
    (
        r"no such table|relation \S+ does not exist",
        "数据库还是空的，或没有升级；任何一个命令（如 duban status）都会建好",
    ),
    (r"database \S+ does not exist", "数据库服务器上没有这个数据库"),
    (r"role \S+ does not exist", "数据库服务器上没有这个用户"),
    (r"too many (clients|connections)|connection slots", "数据库的连接已满"),
    (r"Can't locate revision identified by '(.*)'", r"不认识结构 \1"),
    (
        r"Could not parse SQLAlchemy URL",
        "地址写法不对，应如 postgresql+psycopg://user:password@host/database",
    ),
    (r"Can't load plugin|No module named", "不能用这种数据库，应为 sqlite 或 postgresql+psycopg"),
    (r"translate host name|resolve host|Name or service|name resolution", "没有这个主机名，或网络不通"),
    (r"[Cc]onnection refused|Could not connect to the endpoint", "对方没有在这个地址和端口上服务"),
    (r"timed? ?out|[Tt]imeout", "等了很久没有应答"),
    (r"CERTIFICATE_VERIFY_FAILED|certificate verify failed", "对方的证书不可信"),
    (r"WRONG_VERSION_NUMBER|record layer failure", "对方在这个端口上不用 TLS"),
    (r"STARTTLS extension not supported", "对方不支持 STARTTLS"),
    (r"unexpectedly closed|server closed the connection", "对方断开了连接"),
    (r"AccessDenied|Forbidden|ACCESS_DENIED", "没有权限"),
    (r"InvalidAccessKeyId|SignatureDoesNotMatch", "账号或密钥不对"),
    (r"NoSuchBucket|Not Found|BAD_NETWORK_NAME", "对方没有这个存储桶或共享"),
    (r"not a zip file|File is not a zip", "不是 xlsx 文件，或已损坏"),
    (r"'(\w+)' is undefined", r"没有字段 \1"),
    (
        r"expected token|[Ee]ncountered unknown|unexpected ('|end of template)",
        "花括号没有配对，或写得不对",
    ),
    (r"is unsafe", "花括号里只能写字段名"),
    (r"month must be in|day is out of range|day \d+ must be", "有一个日期不存在，如 2月30日"),
)


def words(error: BaseException | str) -> str:
    """Say in a line what an error says; SQLAlchemy's own text would repeat the query."""
    if isinstance(error, OSError) and not isinstance(error, SSLError):  # TLS numbers its errors otherwise
        known = _SYSTEM.get(error.errno or 0)
        if known:
            return known
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码的文字"
    if isinstance(error, YAMLError):
        return _first(_YAML, str(getattr(error, "problem", "") or error)) or _original(error)
    text = " ".join(str(getattr(error, "orig", None) or error).split())
    return text if re.search("[\u4e00-\u9fff]", text) else _first(_SAID, text) or _original(text or error)


def faults(error: ValidationError, *, show: bool = True) -> Iterator[tuple[Place, str]]:
    """Give each value that is not of the form: its place, and `what was found；what to do`.

    With `show` False the value itself stays out of it: it may be a password.
    """
    for fault in error.errors(include_url=False):
        yield tuple(key for key in fault["loc"] if key != "[key]"), _of_value(fault, show=show)


def _of_value(fault: ErrorDetails, *, show: bool) -> str:
    if fault["type"] == "missing":
        return "没有写；补上这一项"
    if fault["type"] == "extra_forbidden":
        return no_key()
    found = f"写的是{shown(fault['input'])}" if show else "写得不对"
    return f"{found}；{_wanted(fault)}"


def _wanted(fault: ErrorDetails) -> str:
    """Say what is wanted; kinds of one family, such as int_type and int_parsing, have the family's words."""
    kind = fault["type"]
    words_of = _WANTED.get(kind) or next((_WANTED[k] for k in _families(kind) if k in _WANTED), None)
    if words_of is None:
        return f"原文：{fault['msg']}"
    return words_of.format_map({key: _options(value) for key, value in fault.get("ctx", {}).items()})


def _families(kind: str) -> Iterator[str]:
    parts = kind.split("_")
    return ("_".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))


def _options(value: Any) -> str:
    """Give what pydantic lists as `'a', 'b' or ''` as `a、b、空`."""
    return re.sub(r"'([^']*)'", lambda m: m[1] or "空", str(value).replace(" or ", "、").replace(", ", "、"))


def no_key(known: Iterable[str] = ()) -> str:
    """Say of a key that it is none of those there are."""
    there_are = "、".join(known)
    return "不是这里的项目；改正拼写，或删去" + (f"（可写：{there_are}）" if there_are else "")


def dotted(place: Place) -> str:
    """Give a place as a message names it, such as `agencies.0.standing`."""
    return ".".join(map(str, place))


def shown(value: Any) -> str:
    """Give a value as a message quotes it."""
    if value in (None, ""):
        return "空"
    text = str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def usage(text: str) -> str:
    """Say in a line what a shell's parser says of the arguments it was given."""
    value = re.fullmatch(r"Invalid value for '?(.*?)'?: (.*)", text)
    if value:
        return f"{value[1]} 写得不对：{_first(_USAGE, value[2]) or words(value[2])}"
    return _first(_USAGE, text) or words(text)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    """Give the words of the first pattern that is found; they may quote its groups."""
    found = ((re.search(pattern, text), said) for pattern, said in table)
    return next((match.expand(said) for match, said in found if match), "")


def _original(said: BaseException | str) -> str:
    return f"原文：{' '.join(str(said).split()) or type(said).__name__}"
