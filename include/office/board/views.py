"""What is shown, as values: the same for the pages and for the JSON API, whose documentation they are.

Descriptions are Chinese, for who reads the data. Moments are Asia/Shanghai, figures in the indicator's unit.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal | None, PlainSerializer(_plain, return_type=int | float | None, when_used="json")]


class View(BaseModel):
    """What every value shown is: immutable, nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReturnState(StrEnum):
    """How one return stands, as the heat map shows it."""

    ON_TIME = "on-time"
    LATE = "late"
    RETURNED = "returned"
    MISSING = "missing"
    NOT_DUE = "not-due"
    NOT_STARTED = "not-started"
    NOT_APPLICABLE = "not-applicable"
    EXEMPT = "exempt"


# For each state the word in the cell, and what it means. Four kinds of grey are four different words.
RETURN_STATES = {
    ReturnState.ON_TIME: ("按时", "截止前收到并接收"),
    ReturnState.LATE: ("迟报", "截止后才收到，已接收"),
    ReturnState.RETURNED: ("退回", "有错误，已退回，等待更正"),
    ReturnState.MISSING: ("未报", "已过截止时间，没有收到"),
    ReturnState.NOT_DUE: ("未到期", "已开启，还没到截止时间，没有收到"),
    ReturnState.NOT_STARTED: ("暂未启动", "该月报送尚未开启"),
    ReturnState.NOT_APPLICABLE: ("不适用", "该单位该月没有应报内容"),
    ReturnState.EXEMPT: ("免报", "食药安办决定免报"),
}


class PeriodView(View):
    """How one month of a plan stands."""

    period: str = Field(description="报送月份，如 2024-08")
    label: str = Field(description="报送月份的中文写法")
    state: str = Field(description="填报中、已截止或已锁定")
    due_at: datetime = Field(description="截止时间（不含个别延期）")
    due_provisional: bool = Field(description="截止时间是否暂定（所在年度的放假安排尚未公布）")
    owed: int = Field(description="应报单位数（不含免报）")
    accepted: int = Field(description="已接收数")
    on_time: int = Field(description="其中按时")
    late: int = Field(description="其中迟报")
    returned: int = Field(description="退回未更正数")
    missing: int = Field(description="已过截止时间未报数（退回未更正的不计）")
    lights: dict[str, int] = Field(description="各灯的指标数：green、yellow、red、grey、done；截止前为空")
    digest: str = Field(description="工作月报最新一版；没有发布为空")
    digest_held: str | None = Field(description="工作月报暂缓发布的理由；没有暂缓为空")


class PlanView(View):
    """One plan and its months."""

    id: str = Field(description="工作要点编号")
    title: str = Field(description="标题")
    year: int = Field(description="年度")
    place: str = Field(description="地区")
    demo: bool = Field(description="是否演示数据")
    clock_note: str = Field(description="演示时钟的说明；不是演示时钟为空")
    as_of: datetime = Field(description="截至时间")
    calendar_provisional: bool = Field(description="本年工作日历是否暂定（国务院办公厅尚未公布）")
    handling_mark: str = Field(description="内部标识")
    periods: tuple[PeriodView, ...] = Field(description="已开启的月份，由早到晚")
    waiting_letters: int = Field(description="待签发文书数")
    open_cases: int = Field(description="督办中的事项数")
    alarms: int = Field(description="需要处理的提醒数")


class WaitingView(View):
    """One kind of thing that waits for the office."""

    kind: str = Field(description="letters、replies、overdue、differences、objections、held、alarms")
    count: int = Field(description="有几件")
    what: str = Field(description="什么事，接在数字后面读")
    note: str = Field(description="最早哪一天、哪些单位、哪个月或哪些提醒")
    page: str = Field(description="在看板的哪一页办理")


class ReturnView(View):
    """One agency's return for one month."""

    period: str = Field(description="报送月份")
    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    state: ReturnState = Field(description="状态")
    state_name: str = Field(description="状态的中文名称")
    due_at: datetime | None = Field(description="截止时间（含延期）；不应报为空")
    due_provisional: bool = Field(description="截止时间是否暂定（所在年度的放假安排尚未公布）")
    extended: bool = Field(description="是否延期")
    notes: tuple[str, ...] = Field(description="免报、延期、补报、未确认的代填，各附理由；没有为空")
    locked: bool = Field(description="是否已锁定")
    first_accepted_at: datetime | None = Field(description="首次接收件的收到时间")
    submissions: int = Field(description="报送件数")


class GridRow(View):
    """An agency's year: twelve states, January … December."""

    agency_id: str
    agency: str
    made_up: bool
    cells: tuple[ReturnState, ...]


class FindingView(View):
    """One fault found in a submission."""

    rule: str = Field(description="校验规则编号")
    severity: str = Field(description="error 错误（退回）、warning 需说明、beta 仅供食药安办参考")
    sheet: str = Field(description="工作表；整个文件的问题为空")
    ref: str = Field(description="单元格")
    found: str = Field(description="现在是什么")
    expected: str = Field(description="应当是什么")
    message: str = Field(description="问题")
    fix: str = Field(description="怎么改")


class FileLink(View):
    """A file kept in the archive."""

    name: str = Field(description="文件名")
    sha256: str = Field(description="内容的 SHA-256")


class SubmissionView(View):
    """One file an agency dropped."""

    id: int = Field(description="报送件编号")
    number: int = Field(description="第几次；0 表示不计次")
    state: str = Field(description="状态")
    state_name: str = Field(description="状态的中文名称")
    counts: bool = Field(description="是否为现在有效的一份")
    arrived_at: datetime = Field(description="收到时间")
    filed_by: str = Field(description="填报人")
    signed_by: str = Field(description="审签人")
    nil_return: bool = Field(description="是否零报告")
    proxy_by: str | None = Field(description="代填人；不是代填为空")
    proxy_reason: str | None = Field(description="代填的理由；不是代填为空")
    confirmed_at: datetime | None = Field(description="单位确认代填的时间；没有确认为空")
    confirmed_how: str | None = Field(description="单位怎样确认代填；没有确认为空")
    notes: tuple[str, ...] = Field(description="读取时的说明")
    findings: tuple[FindingView, ...] = Field(description="校验问题")
    file: FileLink = Field(description="原件")
    receipt: FileLink | None = Field(description="回执")


class DecisionView(View):
    """What a person decided, as the ledger has it."""

    at: datetime = Field(description="时间")
    what: str = Field(description="决定")
    reason: str = Field(description="理由")
    actor: str = Field(description="办理人")
    evidence: FileLink | None = Field(description="佐证材料；没有为空")


class ReturnDetail(ReturnView):
    """One return with its submissions and what the office decided about it."""

    submission_list: tuple[SubmissionView, ...] = Field(description="报送件，由早到晚")
    decisions: tuple[DecisionView, ...] = Field(description="食药安办的决定")


class IndicatorView(View):
    """An indicator's progress in one month."""

    id: str = Field(description="指标编号")
    clause: str = Field(description="具体任务编号")
    name: str = Field(description="指标")
    unit: str = Field(description="单位")
    comparator: str = Field(description="与目标的关系：>=、<=、==")
    target: Number = Field(description="目标值")
    period: str = Field(description="报送月份")
    light: str = Field(description="green 绿、yellow 黄、red 红、grey 灰、done 已完成")
    light_name: str = Field(description="亮灯；灰灯注明是哪一种")
    reason: str = Field(description="为什么亮这个灯")
    value: Number = Field(description="实际值")
    path_value: Number = Field(description="时序进度：本月末应达到的值")
    share_pct: Number = Field(description="完成目标的百分比，0—100")
    gap: Number = Field(description="实际值减时序进度；负数为落后")
    pace_needed: Number = Field(description="今后每月还需完成多少")
    pending: Number = Field(description="待认定")
    marks: tuple[str, ...] = Field(
        description="数旁边的标记：待认定、免报、补报、代填、数据不一致、核定、核对异议、口径变更"
    )
    path_confirmed: bool = Field(description="时序进度是否已经食药安办确认")
    remark: str = Field(description="提示")
    answerable: str = Field(description="答责单位")
    sources: tuple[str, ...] = Field(description="报送单位")
    series: tuple[Number, ...] = Field(description="1—12月的实际值")
    path: tuple[Number, ...] = Field(description="1—12月的时序进度")


class FactView(View):
    """One accepted figure and where it stands."""

    period: str = Field(description="报送月份")
    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    indicator_id: str = Field(description="指标编号")
    indicator: str = Field(description="指标")
    role: str = Field(description="month、adjustment、cumulative、numerator、denominator、level、pending")
    role_name: str = Field(description="数据项的中文名称")
    state: str = Field(description="reported、confirmed-zero、not-applicable、missing")
    value: Number = Field(description="数值；未报和不适用为空")
    raw: str = Field(description="单元格里原来的内容")
    explanation: str = Field(description="情况说明")
    marks: str = Field(description="补报、代填（单位尚未确认）；没有为空")
    submission_id: int = Field(description="报送件编号")
    sheet: str = Field(description="工作表")
    ref: str = Field(description="单元格")


class MonthView(View):
    """An indicator in one month of the year."""

    period: str = Field(description="报送月份")
    light: str = Field(description="green、yellow、red、grey、done")
    light_name: str = Field(description="亮灯；灰灯注明是哪一种")
    value: Number = Field(description="实际值")
    path_value: Number = Field(description="时序进度")
    reason: str = Field(description="为什么亮这个灯")


class IndicatorDetail(IndicatorView):
    """An indicator's passport: what it is, its months, and the figures behind."""

    definition: str = Field(description="统计口径")
    numerator: str = Field(description="分子（或计数）统计什么")
    denominator: str = Field(description="分母统计什么；没有分母为空")
    cross_check: tuple[str, ...] = Field(description="核对单位")
    months: tuple[MonthView, ...] = Field(description="各月，由早到晚")
    facts: tuple[FactView, ...] = Field(description="本月的数据项及其在报表中的位置")


class FactsPage(View):
    """A page of figures."""

    total: int = Field(description="共有多少条")
    offset: int = Field(description="从第几条起")
    limit: int = Field(description="每页条数")
    items: tuple[FactView, ...] = Field(description="数据项")


class ReportedView(View):
    """What one agency reports."""

    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    figure: str = Field(description="所报的数")


class DifferenceView(View):
    """A figure agencies report differently, and what the office decided."""

    figure: str = Field(description="哪一个数：指标编号：数据项")
    indicator_id: str = Field(description="指标编号")
    indicator: str = Field(description="指标")
    role_name: str = Field(description="数据项的中文名称")
    reported: tuple[ReportedView, ...] = Field(description="各单位所报；现已一致为空")
    settlement: str = Field(description="待核定、已核定、待重新核定或现已一致")
    counts: str = Field(description="现在按哪个数计")
    decided: bool = Field(description="是否有核定")


class ObjectionView(View):
    """What an agency objects to in its 核对稿."""

    id: int = Field(description="异议编号")
    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    indicator_id: str = Field(description="指标编号")
    indicator: str = Field(description="指标")
    words: str = Field(description="异议内容")
    raised_by: str = Field(description="提出人")
    raised_at: str = Field(description="提出时间")
    in_time: bool = Field(description="是否在期限内提出")
    answer: str = Field(description="答复；尚未答复为空")
    answered_by: str = Field(description="答复人；尚未答复为空")


class OwnerView(View):
    """How one owner of a joint duty stands."""

    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    state: str = Field(description="所报的进展；没有报的为未报、未填或免报")


class JointDutyView(View):
    """A clause several agencies share, and which of them spoke."""

    clause: str = Field(description="具体任务编号")
    title: str = Field(description="共同任务")
    owners: tuple[OwnerView, ...] = Field(description="各责任单位")
    silent: tuple[str, ...] = Field(description="没有报的单位")


class NoticedView(View):
    """Something a rule on trial noticed: it informs the office and returns nothing."""

    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    rule: str = Field(description="校验规则")
    place: str = Field(description="工作表和单元格")
    message: str = Field(description="发现了什么")


class ChecksView(View):
    """What has to be looked at in a month's figures before they are published."""

    period: str = Field(description="报送月份")
    differences: tuple[DifferenceView, ...] = Field(description="各单位报得不一致的数")
    objections: tuple[ObjectionView, ...] = Field(description="对核对稿的异议")
    joint_duties: tuple[JointDutyView, ...] = Field(description="共同任务")
    noticed: tuple[NoticedView, ...] = Field(description="试行规则的发现，仅供食药安办参考")


class EditionView(View):
    """One edition of what is published of a month."""

    kind: str = Field(description="digest 工作月报、consolidated 汇总报表")
    kind_name: str = Field(description="种类的中文名称")
    edition: int = Field(description="第几版")
    as_of: date = Field(description="数据截至哪一天")
    published_at: datetime = Field(description="发布时间")
    files: tuple[FileLink, ...] = Field(description="文件")


class DigestView(View):
    """The leaders' summary of a month: its day, whether it is held, what was published."""

    period: str = Field(description="报送月份")
    publishes_on: date = Field(description="自动发布日")
    held: str | None = Field(description="暂缓发布的理由；没有暂缓为空")
    held_by: str | None = Field(description="谁暂缓；没有暂缓为空")
    editions: tuple[EditionView, ...] = Field(description="工作月报和汇总报表的各版，新的在前")


class StepView(View):
    """One step a case took."""

    step: str = Field(description="措施")
    step_name: str = Field(description="措施的中文名称")
    round: int = Field(description="轮次")
    letter_id: int = Field(description="文书编号")
    letter_state: str = Field(description="文书状态")
    letter_state_name: str = Field(description="文书状态的中文名称")
    number: str | None = Field(description="文号")
    proposed_on: date = Field(description="提出日期")
    served_on: date | None = Field(description="送达日期")
    reply_due_on: date | None = Field(description="答复期限")
    reply_due_mark: str = Field(description="答复期限后的标注：工作日历未公布的年份为（暂定），其他为空")
    answered_on: date | None = Field(description="答复日期")
    reasons: tuple[str, ...] = Field(description="依据")


class CaseView(View):
    """One matter of one agency."""

    id: int = Field(description="督办事项编号")
    agency_id: str = Field(description="成员单位编号")
    agency: str = Field(description="成员单位")
    track: str = Field(description="reporting 报送、progress 进度、major-risk 重大风险隐患、instruction 批示")
    track_name: str = Field(description="类别的中文名称")
    matter: str = Field(description="督办事由：reporting、指标编号，或办内登记的编号")
    matter_name: str = Field(description="督办事由的中文名称；批示为批示内容")
    detail: str | None = Field(description="重大风险隐患的基本情况；其他为空")
    raised_by: str | None = Field(description="批示领导；其他为空")
    raised_on: date | None = Field(description="批示日期、隐患发现日期；其他为空")
    due_on: date | None = Field(description="批示的办理期限；其他为空")
    state: str = Field(description="open、fulfilled、waived、merged")
    state_name: str = Field(description="状态的中文名称")
    opened_on: date = Field(description="立项日期")
    closed_on: date | None = Field(description="结案日期")
    closed_because: str | None = Field(description="结案原因")
    extension_until: date | None = Field(description="延期至")
    accepted_reason: str | None = Field(description="认可的正当理由")
    plan_on: date | None = Field(description="收到整改方案的日期")
    lifted_on: date | None = Field(description="登记解除的日期")
    copies_to: tuple[str, ...] = Field(description="文书抄送的共同责任单位")
    merged_into: int | None = Field(description="并入哪件督办事项；没有并入为空")
    clock: str = Field(description="期限现在走到哪里")
    overdue: bool = Field(description="期限是否已过")
    steps: tuple[StepView, ...] = Field(description="已采取的措施")


class EventView(View):
    """One thing that happened to a case or to a letter of it."""

    said: str = Field(description="何时、何事、何人、何据")
    evidence: FileLink | None = Field(description="佐证材料；没有为空")


class CaseDetail(CaseView):
    """One matter with everything that happened to it."""

    events: tuple[EventView, ...] = Field(description="经过，由早到晚，依台账")


class LetterView(View):
    """One letter."""

    id: int = Field(description="文书编号")
    kind: str = Field(description="文书类型")
    title: str = Field(description="标题")
    agency_id: str = Field(description="接收单位编号")
    agency: str = Field(description="接收单位")
    period: str = Field(description="报送月份")
    state: str = Field(description="状态")
    state_name: str = Field(description="状态的中文名称")
    number: str | None = Field(description="文号")
    approver: str = Field(description="签发人")
    drafted_on: date = Field(description="拟稿日期")
    signed_on: date | None = Field(description="签发日期")
    served_at: datetime | None = Field(description="送达时间")
    reply_due_on: date | None = Field(description="答复期限")
    reply_due_mark: str = Field(description="答复期限后的标注：工作日历未公布的年份为（暂定），其他为空")
    answered_on: date | None = Field(description="答复日期")
    accepted_on: date | None = Field(description="认可日期")
    run_id: str | None = Field(description="等待签发的运行；不在等待为空")
    files: tuple[FileLink, ...] = Field(description="文书的文件")
    replies: tuple[FileLink, ...] = Field(description="收到的回复")


class LetterText(LetterView):
    """One letter with what its signer reads."""

    text: str = Field(description="督办事项、经过和全文（Markdown）")
    hash: str = Field(description="文稿指纹")


class MessageView(View):
    """One message in the outbox that has not left."""

    id: int = Field(description="编号")
    key: str = Field(description="唯一标识")
    what: str = Field(description="内容：邮件主题、共享盘中的路径或群通知")
    channel: str = Field(description="途径")
    state: str = Field(description="状态")
    attempts: int = Field(description="已试次数")
    detail: str = Field(description="说明")
    created_at: datetime = Field(description="登记时间")
    not_before: datetime = Field(description="下次尝试不早于")


class HealthView(View):
    """Whether things run: what failed, what waits, when the folders were last looked through."""

    alarms: tuple[str, ...] = Field(description="需要人处理的")
    messages: dict[str, int] = Field(description="各状态的送达数")
    unsent: tuple[MessageView, ...] = Field(description="没有送出的")
    last_sweep_at: datetime | None = Field(description="最近一次查收文件夹的时间")
    stalest: str = Field(description="最久没有查收的单位")
    stalest_sweep_at: datetime | None = Field(description="该单位上次查收的时间")
    disk_free_mib: int = Field(description="磁盘剩余，MiB")
    drive_there: bool = Field(description="共享盘是否可写")
    backup_note: str = Field(description="最近一次备份的日期；用数据库服务器的，由其另行备份")
    calendar_note: str = Field(description="工作日历")
    mail_note: str = Field(description="邮件方式")
