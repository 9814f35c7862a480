"""From where on a figure or a text is remarkable (门槛): data of the plan, each in words for users."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """The thresholds of the rules; what a plan does not say is as here. All 待确认 by the office."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # More is a telephone or document number typed into the wrong cell.
    largest_figure: int = Field(default=10_000_000, gt=0, description="一个数最大是多少，再大就是填错了格")
    # A count this many times the year's target has the wrong unit or a figure too many.
    target_multiple: int = Field(default=10, gt=1, description="超过全年目标多少倍要说明")
    # A month this many times the usual one is a jump …
    jump_times: int = Field(default=3, gt=1, description="本月数超过往月多少倍要说明")
    # … if it is also this much above it.
    jump_floor: int = Field(default=10, ge=0, description="本月数比往月多出多少以内，不算猛增")
    # A month of 0 is remarkable where this much a month is usual.
    stop_floor: int = Field(default=10, ge=0, description="往月有多少以上，本月为 0 才提示食药安办")
    ratio_rise_points: int = Field(default=20, gt=0, description="比率一个月升多少个百分点以上要说明")
    ratio_fall_points: int = Field(default=1, ge=0, description="比率降多少个百分点以上要说明")
    # Fewer canteens more or less are no jump, whatever the ratio does.
    ratio_move_floor: int = Field(default=3, ge=0, description="分子、分母变动多少个以内，不看比率升多少")
    denominator_change_pct: int = Field(default=20, gt=0, description="分母一个月变化百分之多少以上要说明")
    denominator_change_floor: int = Field(default=3, ge=0, description="分母变动多少个以内，不算变化太大")
    # 关停, 重复: two characters can be a reason.
    shortest_explanation: int = Field(default=2, gt=0, description="情况说明至少几个字才算说明")
    shortest_text: int = Field(default=8, gt=0, description="本月进展至少几个字")
    # Shorter texts resemble one another by nature.
    shortest_repeated_text: int = Field(default=12, gt=0, description="多少个字以上的文字相同才算重复")
    late_start_month: int = Field(default=7, ge=1, le=12, description="从几月起，尚未启动要提示食药安办")

    def __hash__(self) -> int:
        """Let what is made by thresholds be kept by them."""
        return hash(tuple(value for _, _, value in self.shown()))

    def shown(self) -> Iterator[tuple[str, str, int]]:
        """Give each threshold as (key, words, value), in order."""
        for key, field in type(self).model_fields.items():
            yield key, field.description or "", getattr(self, key)
