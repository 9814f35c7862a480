"""Words the office's outputs share."""

from __future__ import annotations

from include.records.figures import Role

ROLE_NAMES = {
    Role.MONTH: "本月数",
    Role.ADJUSTMENT: "调整数",
    Role.CUMULATIVE: "累计",
    Role.NUMERATOR: "分子",
    Role.DENOMINATOR: "分母",
    Role.LEVEL: "期末数",
    Role.PENDING: "待认定",
}
