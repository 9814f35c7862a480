"""Great Expectations' own Data Docs of a run: one page a frame, readable where there is no internet.

GX's pages fetch their style and scripts from servers on the internet, which an office's machine does not
reach and should not tell of what it opens. What points outside is taken out, and a style of our own put in.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import Any

from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView

from include.expectations.rows import Frame

TITLES = {
    Frame.FORMS: "封面",
    Frame.FIGURES: "数据项",
    Frame.INDICATORS: "指标",
    Frame.NAMES: "名单",
    Frame.STATEMENTS: "工作进展",
}
_ELSEWHERE = re.compile(
    r"<script\b[^>]*>.*?</script>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>|<nav\b.*?</nav>",
    re.DOTALL,
)
_FETCHED = re.compile(r"""url\(\s*['"]?https?:[^)]*\)""")
_BODY = re.compile(r"<body\b[^>]*>")
_STYLE = """<style>
body { font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1c2630; margin: 1.5rem auto;
       max-width: 75rem; padding: 0 1rem; }
h1, h2, h3, h4, h5 { line-height: 1.3; margin: 1rem 0 .4rem; } ul { padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
a { color: inherit; text-decoration: none; }
th, td { border: 1px solid #d7dce2; padding: .35rem .6rem; text-align: left; vertical-align: top;
         overflow-wrap: anywhere; }
table table { width: auto; } td, th { min-width: 4rem; }
.fa-check-circle::before { content: "√"; } .fa-times::before { content: "×"; }
.fa-exclamation-triangle::before { content: "!"; }
.badge { background: #eef1f4; border-radius: .3rem; padding: 0 .35rem; } .text-success { color: #14702e; }
.text-danger { color: #9c1c1c; } .text-secondary { color: #55616d; }
button, .col-md-2, .col-lg-2, .modal, .popover, .navbar, .ge-navigation-sidebar-container { display: none; }
</style>"""


def page(frame: Frame, report: Any, marks: str) -> str:
    """Render the page of a frame's validation result; `marks` stand above it."""
    run = RunIdentifier(run_name=TITLES[frame], run_time=datetime.now(UTC))
    report.meta |= {"run_id": run, "validation_time": run.run_time}
    html = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(report))
    ours = _FETCHED.sub("none", _ELSEWHERE.sub("", html)).replace("</head>", f"{_STYLE}</head>", 1)
    what = f"最近一次校验：{TITLES[frame]}（Great Expectations 的原页，供技术人员核查）"
    return _BODY.sub(lambda body: f"{body[0]}<p><b>{escape(marks)}</b> {what}</p>", ours, count=1)
