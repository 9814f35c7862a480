"""The life of a message: what may become of it, as one table the outbox is held to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from include.records.life import Life
from include.records.messages import MessageState

_S = MessageState

MESSAGE_STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "rendering": "待成文",
        "pending": "待发",
        "sending": "发送中",
        "sent": "已发",
        "failed": "未发成",
        "uncertain": "待核实",
        "dropped": "不再发",
    }
)
MESSAGE_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "render": "成文",
        "take": "取出发送",
        "put": "放入共享盘",
        "wait": "稍后再试",
        "give-up": "放弃",
        "succeed": "发出",
        "fail": "被拒收",
        "doubt": "是否发出不明",
        "bounce": "退信",
        "resend": "人工重发",
        "settle-sent": "人工认定已发",
        "settle-dropped": "人工决定不发",
    }
)
_DECIDABLE = (_S.SENT, _S.FAILED, _S.UNCERTAIN, _S.DROPPED)  # where a person may decide
MESSAGE_LIFE: Life[MessageState] = Life(
    "message",
    "消息",
    _S.PENDING,
    MESSAGE_STATE_NAMES,
    MESSAGE_EVENTS,
    MappingProxyType(
        {
            (_S.RENDERING, "render"): _S.PENDING,
            (_S.PENDING, "take"): _S.SENDING,
            (_S.PENDING, "put"): _S.SENT,
            (_S.PENDING, "wait"): _S.PENDING,
            (_S.PENDING, "give-up"): _S.FAILED,
            (_S.SENDING, "succeed"): _S.SENT,
            (_S.SENDING, "fail"): _S.FAILED,
            (_S.SENDING, "wait"): _S.PENDING,
            (_S.SENDING, "doubt"): _S.UNCERTAIN,
        }
        | {(state, "bounce"): state for state in _DECIDABLE}
        | {(state, "resend"): _S.PENDING for state in _DECIDABLE}
        | {(state, "settle-sent"): _S.SENT for state in _DECIDABLE}
        | {(state, "settle-dropped"): _S.DROPPED for state in _DECIDABLE}
    ),
)


def may_become(before: MessageState, after: MessageState) -> bool:
    """Tell whether some event leads from one state to the other."""
    return any(b is before and a is after for (b, _), a in MESSAGE_LIFE.moves.items())
