"""What every ledger event is called for users: the lives' own words where there is a table of states."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from include.escalation import CASE_EVENTS, LETTER_EVENTS
from include.records.message_life import MESSAGE_LIFE
from include.records.messages import Channel
from include.returns.states import SUBMISSION_LIFE

_WORDS = {  # the past tense the ledger has for an event of the table of a letter's life
    "submit": "submitted",
    "redraft": "redrafted",
    "return": "returned",
    "waive": "waived",
    "review": "reviewed",
    "sign": "signed",
    "number": "numbered",
    "seal": "sealed",
    "serve": "served",
    "answer": "answered",
    "expire": "overdue",
    "accept": "accepted",
    "refuse": "refused",
    "correct": "corrected",
    "withdraw": "withdrawn",
    "revoke": "revoked",
}
RECORDED: Mapping[str, str] = MappingProxyType({event: f"letter-{word}" for event, word in _WORDS.items()})

_CHANNELS = {Channel.MAIL: "邮件", Channel.DRIVE: "共享盘", Channel.CHAT: "群提醒"}

EVENT_NAMES: Mapping[str, str] = MappingProxyType(
    {RECORDED[event]: name for event, name in LETTER_EVENTS.items()}
    | {f"case-{event}": name for event, name in CASE_EVENTS.items()}
    | {f"submission-{state}": f"报送件{name}" for state, name in SUBMISSION_LIFE.states.items()}
    | {
        f"{channel}-{state}": f"{way}{name}"
        for channel, way in _CHANNELS.items()
        for state, name in MESSAGE_LIFE.states.items()
    }
    | {
        "case-opened": "立项",
        "case-closed": "办结",
        "step-proposed": "拟采取措施",
        "letter-drafted": "拟稿",
        "letter-asked-again": "重新送签",
        "letter-talked-over": "事先沟通",
        "letter-talk-skipped": "未作事先沟通",
        "letter-handed-over": "印发",
        "interview-set": "约谈时间已定",
        "numbers-given": "登记文号段",
        "number-gap-explained": "说明空号",
        "reply-taken": "收到回复件",
        "period-opened": "开启月份",
        "period-locked": "锁定",
        "due-moved": "截止时间改期",
        "chased": "催报",
        "return-exempted": "免报",
        "return-extended": "延期",
        "late-filing-allowed": "准予补报",
        "unfiled-noticed": "提醒尚未报送",
        "proof-sent": "发核对稿",
        "proxy-filed": "代填",
        "proxy-confirmed": "确认代填",
        "figure-decided": "核定数据",
        "figure-decision-withdrawn": "撤销核定",
        "objection-raised": "提出异议",
        "objection-answered": "答复异议",
        "consolidated-published": "发布汇总报表",
        "digest-published": "发布工作月报",
        "digest-held": "暂缓工作月报",
        "digest-edited": "改写工作月报措辞",
        "digest-released": "恢复工作月报",
        "drive-cleared": "清理共享盘",
        "mails-cleared": "清理邮件文件",
        "mail-bounced": "邮件退信",
        "message-resent": "重新发送",
        "message-settled": "送达情况核实",
    }
)
