"""Chinese text takes full-width punctuation: finding, and with `--fix` mending, what was typed half-width.

    python -m tests.punctuation [--fix] [FOLDER…]

Looked at are the string literals of Python files, and Chinese documents and data. A sign counts as Chinese
where it touches a Chinese character and no space follows it.
"""

from __future__ import annotations

import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("include", "dags", "plugins", "demo", "live", "plans", "docs")  # tests type as people do
FULL = str.maketrans({n: chr(ord(n) + 0xFEE0) for n in ",:;!?()"})
_CHINESE = r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff60“”‘’…]"
_SIGN = re.compile(rf"(?<={_CHINESE})[,:;](?! )|(?<! )[,:;](?={_CHINESE})|(?<={_CHINESE})[!?](?![A-Z $])")
_LAST = re.compile(rf"(?m)^(.*{_CHINESE}.*[`*\d])([,:;])$")  # a line of a text, not of a list of words
_ASIDE = re.compile(r"\(([^()]*)\)")
_LONE = re.compile(rf"(?<={_CHINESE})[()]|[()](?={_CHINESE})")
_FORMULA = re.compile(r"\b[A-Z]{2,}\(|^=|\\u|://|^\".*\"$|\(\?|&\w+;|</")  # formulas, patterns, XML
_LITERAL = re.compile(r"^([A-Za-z]*)('''|\"\"\"|'|\")(.*)\2$", re.DOTALL)
_HOLE = "\u3007"  # stands for a placeholder of an f-string: 〇 counts as Chinese


def mended(text: str) -> str:
    """Give a text with its Chinese punctuation full-width."""
    text = _ASIDE.sub(lambda m: _aside(m, text), text)
    return _LONE.sub(_widen, _SIGN.sub(_widen, text))


def _widen(match: re.Match[str]) -> str:
    return match[0].translate(FULL)


def _aside(match: re.Match[str], text: str) -> str:
    """Widen a pair of parentheses that holds Chinese or stands right behind it."""
    before = text[match.start() - 1 : match.start()]
    chinese = before != " " and (re.search(_CHINESE, match[1]) or re.fullmatch(_CHINESE, before))
    return f"（{match[1]}）" if chinese else match[0]


def mended_python(source: str) -> str:
    """Give Python source with the punctuation of its Chinese strings full-width."""
    lines = source.splitlines(keepends=True)
    tokens = [t for t in tokenize.generate_tokens(StringIO(source).readline) if t.type == tokenize.STRING]
    for token in reversed(tokens):
        (first, start), (last, end) = token.start, token.end
        new = _mended_literal(token.string)
        if new != token.string:
            whole = "".join(lines[first - 1 : last])
            tail = len(lines[last - 1]) - end
            lines[first - 1 : last] = [whole[:start] + new + whole[len(whole) - tail :]]
    return "".join(lines)


def _mended_literal(literal: str) -> str:
    match = _LITERAL.match(literal)
    if match is None or set("rRbB") & set(match[1]) or _FORMULA.search(match[3]):
        return literal
    prefix, quote, body = match.groups()
    if not re.search(_CHINESE, body) or (quote == '"""' and re.match(r"\s*[A-Z`]", body)):
        return literal
    if "f" not in prefix.lower():
        return prefix + quote + _LAST.sub(lambda m: m[1] + m[2].translate(FULL), mended(body)) + quote
    holes = list(_holes(body))
    bare = body
    for begin, end in reversed(holes):
        bare = bare[:begin] + _HOLE + bare[end:]
    if not re.search(_CHINESE, bare.replace(_HOLE, "")):
        return literal
    parts = mended(bare).split(_HOLE)
    filled = parts[0] + "".join(body[b:e] + part for (b, e), part in zip(holes, parts[1:], strict=True))
    return prefix + quote + filled + quote


def _holes(body: str) -> Iterator[tuple[int, int]]:
    """Give where the placeholders of an f-string stand."""
    depth, begin = 0, 0
    for n, sign in enumerate(body.replace("{{", "\0\0").replace("}}", "\0\0") if "{{" in body else body):
        if sign == "{":
            depth += 1
            begin = n if depth == 1 else begin
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield begin, n + 1


def mended_text(source: str) -> str:
    """Give a document or data file with its Chinese punctuation full-width; code in it stays."""
    out: list[str] = []
    fenced = False
    for line in source.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        code = fenced or line.startswith("    ")
        out.append(line if code else _outside_code(line))
    return "".join(out)


def _outside_code(line: str) -> str:
    """Mend a line but for what stands in backquotes or is the address of a link."""
    parts = re.split(r"(`[^`]*`|\]\([^()]*\))", line)
    return "".join(part if n % 2 else mended(part) for n, part in enumerate(parts))


def mended_yaml(source: str) -> str:
    """Give YAML with the punctuation of its Chinese values full-width; comments and flow lists stay."""
    return "".join(_yaml_line(line) for line in source.splitlines(keepends=True))


def _yaml_line(line: str) -> str:
    value, mark, comment = line.partition(" #")
    return line if re.match(r"\s*(#|- \{)", line) else mended(value) + mark + comment


MENDERS = {".py": mended_python, ".md": mended_text, ".yaml": mended_yaml}


def files(places: Sequence[str] = PLACES) -> Iterator[Path]:
    """Give every file that is looked at."""
    for place in places:
        yield from (f for f in sorted((ROOT / place).rglob("*")) if f.suffix in MENDERS and f.is_file())
    yield ROOT / "README.md"


def unmended(places: Sequence[str] = PLACES) -> Iterator[tuple[Path, str]]:
    """Give the files with half-width punctuation in Chinese text, each with its text put right."""
    for file in files(places):
        source = file.read_text(encoding="utf-8")
        new = MENDERS[file.suffix](source)
        if new != source:
            yield file, new


if __name__ == "__main__":
    for path, text in unmended([a for a in sys.argv[1:] if a != "--fix"] or PLACES):
        print(path.relative_to(ROOT))
        if "--fix" in sys.argv:
            path.write_text(text, encoding="utf-8")
