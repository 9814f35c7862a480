"""The kinds of decision an administrator can record on the board, as one table.

Each is a form and the use case the command line calls too; fields are the use case's keywords.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from include.errors import RefusedError

Said = Mapping[str, Any]  # text by field; a list where several are ticked, a path (or None) for a file


@dataclass(frozen=True)
class Field:
    """One field of a form.

    `kind` is `text`, `area`, `moment`, `day`, `agency`, `agencies`, `indicator`, `file`, or `given`: what the
    link to the form says. What is not `required` and left empty is left to the use case.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class Decision:
    """A kind of decision: what it is called, what it asks for, which use case takes it, where one lands."""

    title: str
    meaning: str
    fields: tuple[Field, ...]
    take: Callable[[str, Said, str], Any]  # plan, the fields, user
    lands: str  # path within the plan, filled from the fields


AGENCY, PERIOD = Field("agency", "成员单位", "given"), Field("period", "报送月份", "given")
CASE, LETTER = Field("case_id", "督办事项", "given"), Field("letter_id", "文书", "given")
FIGURE, OBJECTION = Field("figure", "哪一个数", "given"), Field("objection", "异议", "given")
REASON = Field("reason", "理由", "area", "必填，记入台账")
EVIDENCE = Field("evidence", "佐证材料", "file", "可不附；文件存入档案，台账记文件名和校验值", required=False)
PROOF = Field("evidence", "佐证材料", "file", "必附；文件存入档案，台账记文件名和校验值")
RETURN, ONE_CASE = "returns/{agency}/{period}", "cases/{case_id}"
CHECKS, DIGEST = "checks?period={period}", "digest?period={period}"
_NUMBERS = ("case_id", "letter_id", "objection", "into")
_DAYS = ("until", "asked_on", "received_on", "found_on", "given_on", "due_on")


def use_case(module: str, name: str) -> Callable[[str, Said, str], Any]:
    """Give a use case of a plan by name; it is imported when somebody decides."""

    def take(plan: str, said: Said, user: str) -> Any:
        return getattr(import_module(f"include.office.{module}"), name)(plan, **typed(said), user=user)

    return take


def decided(
    module: str, name: str, *, plan_too: bool = False, without: Collection[str] = ()
) -> Callable[[str, Said, str], Any]:
    """Give a use case that takes a person's decision as one value (`Decided`)."""

    def take(plan: str, said: Said, user: str) -> Any:
        from include.office.decided import Decided  # noqa: PLC0415

        values = {key: value for key, value in typed(said).items() if key not in without}
        by = Decided(user, values.pop("reason"), values.pop("evidence", None))
        of = {"plan": plan} if plan_too else {}
        return getattr(import_module(f"include.office.{module}"), name)(**of, **values, by=by)

    return take


def typed(said: Said) -> dict[str, Any]:
    """Read numbers and days where a use case wants them; an empty day is none. Raises: RefusedError."""
    from include.office.board.about import number  # noqa: PLC0415

    values = dict(said)
    for key in values.keys() & set(_NUMBERS):
        values[key] = number(values[key])
    for key in values.keys() & set(_DAYS):
        values[key] = _day(values[key])
    return values


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError(f"“{text}”不是日期；应如 2024-09-02") from error


def _of_return(title: str, meaning: str, take: Callable[[str, Said, str], Any], *more: Field) -> Decision:
    return Decision(title, meaning, (AGENCY, PERIOD, *more, REASON, EVIDENCE), take, RETURN)


def _of_case(title: str, meaning: str, name: str, *more: Field, proof: Field = EVIDENCE) -> Decision:
    return Decision(title, meaning, (CASE, *more, REASON, proof), decided("cases", name), ONE_CASE)


def _of_letter(title: str, meaning: str, name: str) -> Decision:
    return Decision(title, meaning, (LETTER, REASON, EVIDENCE), decided("letter_life", name), "letters")


DECISIONS: dict[str, Decision] = {
    # of a return
    "extend": _of_return(
        "延期",
        "把这份报表的截止时间推迟到下面的时间；推迟后按新的时间判断是否迟报。",
        decided("exceptions", "extend", plan_too=True),
        Field("to", "延至", "moment", "须晚于原截止时间"),
    ),
    "exempt": _of_return(
        "免报", "这份报表不再要求报送，不计入应报。", decided("exceptions", "exempt", plan_too=True)
    ),
    "allow-late": _of_return(
        "补报",
        "锁定以后仍然收取这份报表：补数据，不改变迟报、未报的记录。",
        decided("exceptions", "allow_late", plan_too=True),
    ),
    "confirm-proxy": _of_return(
        "确认代填",
        "单位认可食药安办代填的报表；理由写明单位何时、由谁、怎样确认。",
        use_case("proxy", "confirm"),
    ),
    # of a digest
    "hold": Decision(
        "暂缓月报",
        "这个月的工作月报暂不发布，直到恢复；暂缓期间可以改文字。",
        (PERIOD, REASON),
        decided("exceptions", "hold_digest", plan_too=True),
        DIGEST,
    ),
    "reword": Decision(
        "修改月报文字",
        "数据、单位名称和判断须与原句一致；改回原句即撤销修改。",
        (PERIOD, Field("place", "原句", "given"), Field("text", "改成", "area"), REASON),
        decided("wording", "edit", plan_too=True),
        DIGEST,
    ),
    "release": Decision(
        "恢复月报",
        "这个月的工作月报恢复发布，到发布日自动发出；已过发布日的，下一次运行时发出。",
        (PERIOD, REASON),
        decided("exceptions", "release_digest", plan_too=True),
        DIGEST,
    ),
    # of a figure
    "reconcile": Decision(
        "核定",
        "各单位报得不一致的数，从现在起按核定数计；之后报数再有变动，须重新核定。",
        (
            PERIOD,
            FIGURE,
            Field("value", "核定数", hint="可以是某单位所报，也可以是别的数，如 45"),
            REASON,
            EVIDENCE,
        ),
        use_case("reconciling", "reconcile"),
        CHECKS,
    ),
    "withdraw-figure": Decision(
        "撤回核定",
        "恢复按报送单位报数计。",
        (PERIOD, FIGURE, REASON),
        use_case("reconciling", "withdraw"),
        CHECKS,
    ),
    "object": Decision(
        "登记异议",
        "单位用电话、书面对核对稿提出的异议；理由写单位认为应当是什么。",
        (PERIOD, Field("agency", "成员单位", "agency"), Field("indicator", "指标", "indicator"), REASON),
        decided("objections", "object_to", plan_too=True),
        CHECKS,
    ),
    "answer-objection": Decision(
        "答复异议",
        "答复留在报表和数据护照里，与异议并列；理由写答复内容。",
        (PERIOD, OBJECTION, REASON, EVIDENCE),
        decided("objections", "answer", plan_too=True, without=("period",)),
        CHECKS,
    ),
    # of a letter that was answered
    "accept-letter": _of_letter("认可答复", "认可答复或办理结果，并告知责任单位。", "accept"),
    "refuse-letter": _of_letter(
        "不予认可", "答复不予认可，告知责任单位，按递进措施办理；理由写审核意见。", "refuse"
    ),
    # of a case
    "extend-case": _of_case(
        "事项延期",
        "到期前不升级；批示改办理期限。",
        "extend",
        Field("until", "延至", "day", "含当日"),
        Field("asked_on", "申请日期", "day", "不写则今天", required=False),
    ),
    "accept-reason": _of_case(
        "认可正当理由", "不再升级，直到撤销认可；理由写所认可的理由。", "accept_reason"
    ),
    "withdraw-reason": _of_case("撤销认可", "所认可的正当理由不再成立。", "withdraw_reason"),
    "take-plan": _of_case(
        "收到整改方案",
        "登记不在“回复”文件夹里的整改方案。",
        "take_plan",
        Field("received_on", "收到日期", "day", "不写则今天", required=False),
    ),
    "refuse-plan": _of_case("退回整改方案", "整改方案须重报。", "refuse_plan"),
    "add-co-owner": _of_case(
        "增加抄送",
        "把共同责任单位列入该事项文书的抄送。",
        "add_co_owner",
        Field("agency", "抄送单位", "agency"),
    ),
    "drop-co-owner": _of_case(
        "取消抄送", "从抄送中去掉。", "drop_co_owner", Field("agency", "抄送单位", "agency")
    ),
    "lift": _of_case("解除", "隐患已消除；已挂牌的接着拟解除通知书，送达后销号。", "lift", proof=PROOF),
    "fulfil": _of_case("销号", "已按要求办结。", "fulfil", proof=PROOF),
    "waive": _of_case("免予督办", "到目前为止的事由不再追究。", "waive"),
    "merge": _of_case(
        "并入",
        "并入另一件同类的督办事项，如机构合并。",
        "merge",
        Field("into", "并入事项", hint="另一件督办事项的编号"),
    ),
    "instruct": Decision(
        "登记批示",
        "领导批示：每个承办单位一件，按批示的期限办。",
        (
            Field("agencies", "承办单位", "agencies"),
            Field("words", "批示内容", "area"),
            Field("leader", "批示领导"),
            Field("given_on", "批示日期", "day"),
            Field("due_on", "办理期限", "day"),
            REASON,
            EVIDENCE,
        ),
        decided("raising", "instruct", plan_too=True),
        "cases",
    ),
    "major-risk": Decision(
        "登记重大风险隐患",
        "按递进措施挂牌督办。",
        (
            Field("agency", "责任单位", "agency"),
            Field("title", "风险隐患"),
            Field("detail", "基本情况", "area"),
            Field("found_on", "发现日期", "day"),
            REASON,
            EVIDENCE,
        ),
        decided("raising", "list_risk", plan_too=True),
        "cases",
    ),
}
