"""The Chinese fonts of the machine, and what stands in for those official documents name."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from include.errors import SettingsError
from include.files.atomic import write_whole
from include.foreign import words

USUAL_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.fonts").expanduser(),
    Path("~/.local/share/fonts").expanduser(),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
)
PACKAGE = "fonts-noto-cjk"
_SONG = ("Noto Serif CJK SC", "Source Han Serif SC", "思源宋体", "AR PL SungtiL GB", "AR PL UMing CN")
_HEI = ("Noto Sans CJK SC", "Source Han Sans SC", "思源黑体", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")

STAND_INS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", *_SONG),
        "仿宋_GB2312": ("FangSong_GB2312", "仿宋", "FangSong", "方正仿宋_GBK", "STFangsong", *_SONG),
        "楷体_GB2312": (
            "KaiTi_GB2312",
            "楷体",
            "KaiTi",
            "STKaiti",
            "AR PL KaitiM GB",
            "AR PL UKai CN",
            *_SONG,
        ),
        "黑体": ("SimHei", "STHeiti", "Microsoft YaHei", *_HEI),
        "宋体": ("SimSun", "NSimSun", "STSong", *_SONG),
    }
)
"""Fonts GB/T 9704 and office habit name, each with its stand-ins, the nearest first."""

_TIMES = ("Liberation Serif", "Tinos", "Nimbus Roman")  # drawn as wide as Times New Roman
_LAST_RESORT = (*_SONG, *_HEI, "Droid Sans Fallback")
_HEAVY = frozenset({"方正小标宋简体"})  # a heavy face: a book-weight stand-in is taken in bold
_SIMPLIFIED_CHINESE = 1 << 18  # bit of OS/2 ulCodePageRange1


@dataclass(frozen=True, slots=True)
class Fonts:
    """The Chinese fonts that can be used.

    `families` maps every family found to its regular file, `stands_in` a name documents use to the family
    it is drawn with. `folders` are for typst (`font_paths`), `files` for matplotlib
    (`fontManager.addfont`), `environment` for programs that ask fontconfig (LibreOffice).
    """

    families: Mapping[str, Path]
    stands_in: Mapping[str, str]
    folders: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return bool(self.families)

    @property
    def files(self) -> tuple[Path, ...]:
        """Files of the stand-ins, each once."""
        return tuple(dict.fromkeys(self.families[family] for family in self.stands_in.values()))

    def family(self, name: str) -> str:
        """Give the family that draws a name such as 仿宋_GB2312; the name itself where there is none."""
        return self.stands_in.get(name, name)


def cjk_fonts(home: Path, folders: Sequence[Path] = USUAL_FOLDERS) -> Fonts:
    """Find the Chinese fonts in `home/fonts` and the machine's folders; writes `home/fonts.conf` if any."""
    searched = tuple(folder for folder in (home / "fonts", *folders) if folder.is_dir())
    families = _families(_font_files(searched))
    stands_in = _stand_ins(families)
    if not families:
        return Fonts(families, stands_in, searched)
    conf = home / "fonts.conf"
    text = _fontconfig(home, searched, stands_in)
    if not conf.is_file() or conf.read_text(encoding="utf-8") != text:
        write_whole(conf, text.encode())
    return Fonts(families, stands_in, searched, MappingProxyType({"FONTCONFIG_FILE": str(conf)}))


def ensure_cjk_fonts(
    home: Path, say: Callable[[str], None], folders: Sequence[Path] = USUAL_FOLDERS
) -> Fonts:
    """Find the Chinese fonts; where there are none, fetch Debian's package into `home/fonts`.

    Raises:
        SettingsError: there is no Chinese font and none could be fetched.
    """
    fonts = cjk_fonts(home, folders)
    if fonts:
        return fonts
    say(f"本机没有中文字体：正在下载 Debian 的 {PACKAGE} 到 {home / 'fonts'}")
    _fetch_package(home / "fonts")
    fonts = cjk_fonts(home, folders)
    if not fonts:
        raise SettingsError(f"{PACKAGE} 已解开到 {home / 'fonts'}，其中没有中文字体；{_REMEDY}")
    say(f"中文字体在 {home / 'fonts'}")
    return fonts


def drawn_with(name: str, fonts: Fonts) -> str:
    """Give the family a program that asks fontconfig (LibreOffice) draws a name with; empty: unknown."""
    program = shutil.which("fc-match")
    if program is None:
        return ""
    command = [program, "--format=%{family[0]}", name]
    environment = {**os.environ, **fonts.environment}
    done = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout.strip()


_REMEDY = (
    f"请安装中文字体（Debian、Ubuntu：apt-get install {PACKAGE}），"
    "或把中文字体文件（.ttf、.otf、.ttc）放入 DUBAN_HOME 的 fonts/"
)


def _fetch_package(into: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SettingsError(f"本机没有中文字体，也没有 apt-get 可以下载；{_REMEDY}")
    with tempfile.TemporaryDirectory(prefix="duban-fonts-") as scratch:
        try:
            _run(["apt-get", "download", "-q", PACKAGE], scratch)
            package = next(Path(scratch).glob("*.deb"))
            _run(["dpkg-deb", "-x", str(package), "unpacked"], scratch)
        except (subprocess.SubprocessError, OSError, StopIteration) as error:
            said = getattr(error, "stderr", None) or str(error)
            raise SettingsError(
                f"本机没有中文字体，下载 {PACKAGE} 没有成功：{words(said)}；{_REMEDY}"
            ) from error
        into.mkdir(parents=True, exist_ok=True)
        for file in _font_files([Path(scratch) / "unpacked"]):
            shutil.move(file, into / file.name)


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)  # noqa: S603


def _font_files(folders: Iterable[Path]) -> tuple[Path, ...]:
    found = (
        Path(parent, name)
        for folder in folders
        for parent, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith((".ttf", ".otf", ".ttc", ".otc"))
    )
    return tuple(sorted(found))


@lru_cache(maxsize=8)
def _families(files: tuple[Path, ...]) -> Mapping[str, Path]:
    """Map each Chinese family to its file, the regular one where there are several."""
    found: dict[str, Path] = {}
    for file in sorted(files, key=lambda file: ("regular" not in file.name.lower(), file)):
        for family in _families_in(file):
            found.setdefault(family, file)
    return MappingProxyType(found)


def _families_in(file: Path) -> list[str]:
    try:
        with file.open("rb") as stream:
            if file.suffix.lower() in (".ttc", ".otc"):
                fonts = TTCollection(stream, lazy=True).fonts
            else:
                fonts = [TTFont(stream, lazy=True)]
            return [name for font in fonts for name in _chinese_names(font)]
    except (OSError, TTLibError, KeyError, ValueError, AssertionError):
        return []  # a file fontTools cannot read is no font of ours


def _chinese_names(font: TTFont) -> list[str]:
    if not getattr(font["OS/2"], "ulCodePageRange1", 0) & _SIMPLIFIED_CHINESE:
        return []
    names = (
        record.toUnicode(errors="ignore").strip() for record in font["name"].names if record.nameID in (1, 16)
    )
    return list(dict.fromkeys(name for name in names if name))


def _stand_ins(families: Mapping[str, Path]) -> Mapping[str, str]:
    if not families:
        return MappingProxyType({})
    anything = next((name for name in _LAST_RESORT if name in families), next(iter(families)))
    chosen = {
        name: next((family for family in (name, *others) if family in families), anything)
        for name, others in STAND_INS.items()
    }
    return MappingProxyType(chosen)


def _fontconfig(home: Path, folders: Sequence[Path], stands_in: Mapping[str, str]) -> str:
    """Write a fontconfig file that includes the machine's own, adds our folder and names the stand-ins."""
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<fontconfig>",
        '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
        *(f"  <dir>{escape(str(folder))}</dir>" for folder in folders),
        f"  <cachedir>{escape(str(home / 'fontcache'))}</cachedir>",
        *(_rule(name, family) for name, family in stands_in.items() if name != family),
        *([_latin(stands_in["仿宋_GB2312"])] if stands_in else []),
        "</fontconfig>",
    ]
    return "\n".join(lines) + "\n"


def _latin(last: str) -> str:
    """Stand in for Times New Roman, which sets figures: by a face as wide, or else by the text's own."""
    families = "".join(f"<family>{escape(family)}</family>" for family in (*_TIMES, last))
    return f'  <alias binding="same"><family>Times New Roman</family><accept>{families}</accept></alias>'


def _rule(name: str, family: str) -> str:
    return (
        f'  <match target="pattern"><test name="family" qual="any"><string>{escape(name)}</string></test>'
        f"{_assign('family', f'<string>{escape(family)}</string>')}"
        f"{_assign('weight', '<const>bold</const>') if name in _HEAVY and family in _LAST_RESORT else ''}"
        "</match>"
    )


def _assign(what: str, value: str) -> str:
    return f'<edit name="{what}" mode="assign" binding="strong">{value}</edit>'
