"""Every reason a light can have, with the light it gives, and the sentence that says so.

One table: a sentence can't contradict its light, because both hang on the same cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from include.records.facts import Grey, Light


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cause shows. `sentence` is filled from the names `include.indicators.reasons` gives."""

    light: Light
    grey: Grey | None
    sentence: str


class Cause(Enum):
    """Why an indicator has its light."""

    MONTH_OPEN = Shown(Light.GREY, Grey.NOT_DUE, "{month}尚未结束，还未到报送时间{last}。")
    NOT_REPORTED = Shown(Light.GREY, Grey.NOT_REPORTED, "{month}数据{agencies}未报，不计算进度{last}。")
    EXEMPT = Shown(Light.GREY, Grey.EXEMPT, "{month}数据{agencies}免报，不计算进度{last}。")
    NOTHING_OWED = Shown(Light.GREY, Grey.NOT_DUE, "本月不需填报，现行口径下本年尚无数据。")
    NOT_APPLICABLE = Shown(Light.GREY, Grey.NOT_APPLICABLE, "{month}填报为不适用，不计算进度。")
    NO_DENOMINATOR = Shown(
        Light.GREY, Grey.NO_DENOMINATOR, "{month}分母“{denominator}”为零，不计算比率，请报送单位说明。"
    )
    NO_POPULATION = Shown(
        Light.GREY, Grey.NO_POPULATION, "截至{month}累计{count}，人口基数尚未确定，不能折算为每千人强度。"
    )
    NO_BASELINE = Shown(
        Light.GREY,
        Grey.NO_BASELINE,
        "截至{month}为{value}，未登记上年末基期，不能计算时序进度（全年目标{target}）。",
    )
    NO_POINT = Shown(Light.GREY, Grey.NOT_DUE, "截至{month}为{value}，本月不考核进度{next_point}。")
    NOT_STARTED = Shown(
        Light.GREY, Grey.NOT_STARTED, "截至{month}为{value}，时序进度为{path}，尚不要求有完成数{node}。"
    )
    ON_PATH = Shown(Light.GREEN, None, "截至{month}为{value}，符合时序进度{path}的要求{node}。")
    MADE_GOOD = Shown(
        Light.YELLOW, None, "截至{month}为{value}，已符合时序进度{path}的要求，因上月为红灯，继续观察一个月。"
    )
    NEARING = Shown(
        Light.YELLOW, None, "截至{month}为{value}，时序进度为{path}，但全年目标{target}下月到期{node}。"
    )
    BEHIND = Shown(
        Light.YELLOW, None, "截至{month}为{value}，时序进度为{path}，相差{short}，差距不到时序的10%。"
    )
    FAR_BEHIND = Shown(
        Light.RED, None, "截至{month}为{value}，时序进度为{path}，相差{short}，差距达到时序的10%或以上。"
    )
    OVER_TARGET = Shown(
        Light.YELLOW, None, "截至{month}为{value}，要求恰为{target}，超出{over}，超出不到10%。"
    )
    FAR_OVER_TARGET = Shown(
        Light.RED, None, "截至{month}为{value}，要求恰为{target}，超出{over}，超出10%或以上。"
    )
    DATE_PASSED = Shown(Light.RED, None, "截至{month}为{value}，目标期限已过，与全年目标{target}相差{over}。")
    REACHED = Shown(Light.DONE, None, "截至{month}为{value}，已达到全年目标{target}。")
