"""From where on a figure or a text is remarkable. Defaults, all 待确认 by the office."""

from __future__ import annotations

LARGEST_FIGURE = 10_000_000  # more is a telephone or document number typed into the wrong cell
TARGET_MULTIPLE = 10  # a count this many times the year's target has the wrong unit or a figure too many
JUMP_TIMES = 3  # a month this many times the usual one is a jump …
JUMP_FLOOR = 10  # … if it is also this much above it
STOP_FLOOR = 10  # a month of 0 is remarkable where this much a month is usual
RATIO_RISE_POINTS = 20  # percentage points within a month
RATIO_FALL_POINTS = 1
RATIO_MOVE_FLOOR = 3  # fewer canteens more or less are no jump, whatever the ratio does
DENOMINATOR_CHANGE_PCT = 20
DENOMINATOR_CHANGE_FLOOR = 3
SHORTEST_EXPLANATION = 2  # characters: 关停, 重复
SHORTEST_TEXT = 8
SHORTEST_REPEATED_TEXT = 12  # shorter texts resemble one another by nature
LATE_START_MONTH = 7
