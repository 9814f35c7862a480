"""The names of steps, states and actions, in code and for users."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """A step of the ladder (措施) that is a letter; in the order of the ladder, `LIFTING` ends a listing."""

    REMINDER = "reminder"
    RECTIFICATION = "rectification"
    INTERVIEW = "interview"
    LISTING = "listing"
    LIFTING = "lifting"


class Approver(StrEnum):
    """Who approves a letter: a role, given to people in `people.yaml`."""

    OFFICE_DEPUTY = "office-deputy"
    OFFICE_HEAD = "office-head"
    COMMISSION = "commission"


class Action(StrEnum):
    """What `decide` can propose. Chasers are asked for with `chasers_due`, an agency and day at a time."""

    OPEN_STEP = "open-step"  # draft the letter of `step`, opening the case if there is none
    CLOSE = "close"  # close the open case (销号); a letter of it that is not issued yet is to be withdrawn
    SHOW = "show"  # change nothing, but let the office see why nothing more is sent


NOTE = "办内提示："  # begins a reason that is for the office alone and never stands in a letter

LADDER_ORDER = (Step.REMINDER, Step.RECTIFICATION, Step.INTERVIEW, Step.LISTING)

STEP_NAMES = {
    "chaser": "催报",
    "reminder": "提醒敦促函",
    "rectification": "整改通知书",
    "interview": "约谈通知书",
    "listing": "挂牌督办通知书",
    "lifting": "解除通知书",
}

APPROVER_NAMES = {
    "office-deputy": "食药安办副主任",
    "office-head": "食药安办主任",
    "commission": "食药安委",
}

STANDING_NAMES = {
    "government": "政府部门",
    "party": "党委部门",
    "court-procuratorate": "法院、检察院",
    "vertical": "垂直管理单位",
    "branch": "派出机构",
    "host": "食药安办所在单位",
    "office": "食药安办",
}

LETTER_STATE_NAMES = {
    "draft": "拟稿",
    "waiting": "待签发",
    "signed": "已签发",
    "numbered": "已取号",
    "sealed": "已用印",
    "served": "已送达",
    "answered": "已回复",
    "accepted": "已认可",
    "overdue": "逾期未办",
    "withdrawn": "已撤回",
    "revoked": "已撤销",
    "waived": "免发",
}

TRACK_NAMES = {
    "reporting": "报送",
    "progress": "进度",
    "major-risk": "重大风险隐患",
    "instruction": "批示",
}

CASE_STATE_NAMES = {
    "open": "督办中",
    "fulfilled": "已销号",
    "waived": "免予督办",
    "merged": "已并入",
}
