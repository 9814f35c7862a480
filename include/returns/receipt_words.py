"""What a receipt says: one sentence for what became of the file, one for what to do now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from include.records.findings import Finding, Severity
from include.records.submissions import SubmissionState
from include.returns.grouping import grouped
from include.returns.receipt_order import ReceiptOrder
from include.returns.wording import clean, marks_text

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "需说明"}


class Back(StrEnum):
    """Which workbook comes back with a receipt."""

    OWN = "own"  # the agency's own
    FRESH = "fresh"  # the month's template, filled with what was read of a file that cannot be marked
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Words:
    """How one outcome is put: for the file's name, as a sentence, and as what to do now."""

    short: str
    sentence: Callable[[ReceiptOrder], str]
    to_do: Callable[[ReceiptOrder, Back], str]


def outcome_sentence(order: ReceiptOrder) -> str:
    """Say what became of the file."""
    return WORDS[order.outcome].sentence(order)


def what_to_do(order: ReceiptOrder, back: Back) -> str:
    """Say what to do now, with what comes back."""
    return WORDS[order.outcome].to_do(order, back)


def what_comes_back(order: ReceiptOrder, back: Back) -> str:
    """Say what the workbook behind the receipt is, where it is not the one that was sent; else empty."""
    if back is not Back.FRESH:
        return ""
    return (
        f"系统不能在“{order.original_name}”上标注。后面各表是本期的填报模板，读到的内容已照原样填好，"
        "请用这一份代替原来的文件；要改的，直接改在这一份上。"
    )


def name_part(outcome: SubmissionState, findings: tuple[Finding, ...]) -> str:
    """Say the outcome in a file's name: `退回(3处)`."""
    errors = sum(f.severity is Severity.ERROR for f in findings)
    warnings = sum(f.severity is Severity.WARNING for f in findings)
    if outcome is SubmissionState.RETURNED:
        return f"退回（{errors}处）"
    if outcome is SubmissionState.ACCEPTED and warnings:
        return f"已接收（{warnings}处需说明）"
    return WORDS[outcome].short


def mail_text(order: ReceiptOrder, back: Back) -> str:
    """Give the three lines of the mail: what became of it, what to do, where to look."""
    marks = marks_text(order.demo, order.clock_note)
    where = "详情见本单位“回执”文件夹里的回执。"
    first = next(iter(grouped(order.shown)), None)
    if first is not None:
        others = len(order.shown) - len(first.findings)
        more = f"；另有{others}处" if others else ""
        where = f"{one_line(first.place)}：{one_line(first.message).rstrip('。')}{more}。{where}"
    head = f"{marks} " if marks else ""
    return "\n".join((f"{head}{order.whose}：{outcome_sentence(order)}", what_to_do(order, back), where))


def one_line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(clean(text).split())


def _accepted(order: ReceiptOrder) -> str:
    timely = "按时收到" if order.on_time else "逾期收到"
    asked = f"有{len(order.warnings)}处请补充说明" if order.warnings else "没有发现问题"
    whose = f"由食药安办代填（{one_line(order.proxy)}），" if order.proxy else ""
    taken = f"已作为补报接收（{one_line(order.late_filing)}）" if order.late_filing else "已接收"
    return f"{whose}{taken}。{timely}，{asked}。"


def _after_acceptance(order: ReceiptOrder, back: Back) -> str:
    if order.proxy:
        return (
            "请核对：无误的，把这份回执放入“报送”文件夹即为确认；有误的，改好再放入。确认之前各处标明“代填”。"
        )
    if order.warnings:
        said = "数据已接收。请在列出的那一行“情况说明”里写明原因，"
        return f"{said}再放入“报送”文件夹；数字确有错的一并改正。"
    where = "在这份回执上改好" if back is Back.FRESH else "改好"
    return f"不用再做什么。以后发现要更正，{where}再放入“报送”文件夹，以最后一次为准。"


def _returned(order: ReceiptOrder) -> str:
    more = f"，另有{len(order.warnings)}处请说明" if order.warnings else ""
    return f"已退回。发现{len(order.errors)}处错误{more}，请改好再报。"


def _after_return(order: ReceiptOrder, back: Back) -> str:
    if order.due_at is None:
        until = ""
    elif order.decided_at <= order.due_at:
        until = f"请在{order.due}前完成。"
    else:
        until = "截止时间已过，请尽快。"
    if back is not Back.NONE:
        return f"就在回执这份表上改：把标红的格改好，保存后放入“报送”文件夹，不用改文件名。{until}"
    return f"请照回执列出的逐条改好原表，存成 .xlsx 后放入“报送”文件夹。{until}"


def _unreadable(order: ReceiptOrder) -> str:
    return f"文件打不开，没有登记。{_reason(order)}"


def _after_unreadable(order: ReceiptOrder, back: Back) -> str:
    usual = (
        "请打开“待报”文件夹里的填报模板，填好后放入“报送”文件夹；有密码的先去掉密码，其他格式请另存为 .xlsx。"
    )
    return _fix(order) or usual


def _foreign(order: ReceiptOrder) -> str:
    return _reason(order) or "这不是本单位本期的报表，没有登记。"


def _after_foreign(order: ReceiptOrder, back: Back) -> str:
    return _fix(order) or "请用本单位“待报”文件夹里当月的填报模板填写，再放入“报送”文件夹。"


def _duplicate(order: ReceiptOrder) -> str:
    same = f"第{order.same_as}次报送" if order.same_as else "上次报送"
    return f"与{same}完全相同，不重复登记。"


def _companion(order: ReceiptOrder) -> str:
    kinds = "、".join(dict.fromkeys(kind for kind, _ in order.companions)) or "随附材料"
    return f"已收到{kinds}，已归入{order.period or '本期'}报表的随附材料。"


def _after_companion(order: ReceiptOrder, back: Back) -> str:
    return "请同时放入填好的电子表（.xlsx）：只有扫描件或材料不算报送。电子表已经报过的，不用再做什么。"


def _objection(order: ReceiptOrder) -> str:
    if not order.understood:
        return "核对稿里没有填写异议，视为核对无误。"
    late = "" if order.on_time else "核对期已过，"
    return f"{late}已登记{len(order.understood)}处核对异议，与有关的数一并列出。"


def _reason(order: ReceiptOrder) -> str:
    return one_line(order.shown[0].message) if order.shown else ""


def _fix(order: ReceiptOrder) -> str:
    return one_line(order.shown[0].fix) if order.shown else ""


WORDS: dict[SubmissionState, Words] = {
    SubmissionState.TAKEN: Words(
        "已取走", lambda order: "文件已取走，正在查看。", lambda order, back: "请稍候，几分钟后会有回执。"
    ),
    SubmissionState.ACCEPTED: Words("已接收", _accepted, _after_acceptance),
    SubmissionState.RETURNED: Words("退回", _returned, _after_return),
    SubmissionState.UNREADABLE: Words("无法读取", _unreadable, _after_unreadable),
    SubmissionState.DUPLICATE: Words(
        "重复报送",
        _duplicate,
        lambda order, back: "不用再做什么。如果本来是要更正，请看看是不是放错了文件。",
    ),
    SubmissionState.FOREIGN: Words("不是本单位本期报表", _foreign, _after_foreign),
    SubmissionState.TOO_LATE: Words(
        "本期已锁定",
        lambda order: f"{order.period or '本期'}已锁定，这份文件没有登记。",
        lambda order, back: "确需补报或更正的，请与食药安办联系，同意补报后再放入“报送”文件夹。",
    ),
    SubmissionState.COMPANION: Words("随附材料已收", _companion, _after_companion),
    SubmissionState.OBJECTION: Words(
        "核对意见已收",
        _objection,
        lambda order, back: "食药安办将答复。数字报错了的，请另行报送更正后的报表：异议不改动已报的数。",
    ),
}
