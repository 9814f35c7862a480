"""Where an indicator should stand by when, in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from include.plan import Indicator
from include.plan.model import Behaviour, Comparator, Kind, Milestone, PathBasis, TargetPath
from include.returns.path_words import path_text


def indicator(basis: PathBasis, points: Sequence[int | None], **more: object) -> Indicator:
    path = TargetPath(
        basis=basis, points=tuple(None if p is None else Decimal(p) for p in points), confirmed=True
    )
    usual: dict[str, object] = {
        "id": "i", "clause": "1.1", "name": "演示", "kind": Kind.RATIO, "unit": "%",
        "behaviour": Behaviour.BUILD_UP,
        "comparator": Comparator.AT_LEAST, "target": Decimal(60), "definition": "", "answerable": "a",
        "sources": ("a",), "path": path,
    }  # fmt: skip
    return Indicator.model_validate(usual | more)


RISING = [0, 0, 0, 10, 20, 30, 30, 40, 60, 80, 95, 100]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            indicator(PathBasis.VALUE, [None, None, 50, *[60] * 9]),
            "8月底 60，全年目标 60%\n各月：3月 50、4–12月 60",
        ),
        (indicator(PathBasis.VALUE, [None] * 12), "8月底 不要求，全年目标 60%\n各月：不要求"),
        (
            indicator(PathBasis.TARGET_SHARE, [0] * 7 + [50] * 5),
            "8月底 30，全年目标 60%\n各月：1–7月 0、8–12月 30",
        ),
        (
            indicator(PathBasis.GAP_SHARE, [0] * 7 + [50] * 5, baseline=Decimal(20)),
            "8月底 40，全年目标 60%\n各月：1–7月 20、8–12月 40",
        ),
        (
            indicator(PathBasis.GAP_SHARE, RISING),
            "8月底 补齐差距 40%，全年目标 60%\n"
            "各月：1–3月 0%、4月 10%、5月 20%、6–7月 30%、8月 40%、9月 60%、"
            "10月 80%、11月 95%、12月 100%\n各月百分数是补齐基期与目标之间差距的比例（基期待补）",
        ),
        (
            indicator(PathBasis.VALUE, [60] * 12, milestones=(Milestone(month=4, title="申报"),)),
            "8月底 60，全年目标 60%\n各月：1–12月 60\n节点：4月申报",
        ),
    ],
)
def test_a_path_is_said_in_the_unit_with_equal_months_joined(what: Indicator, said: str) -> None:
    assert path_text(what, 8) == said


def test_a_path_nobody_confirmed_says_so() -> None:
    path = TargetPath(basis=PathBasis.VALUE, points=(Decimal(1),) * 12)
    assert path_text(indicator(PathBasis.VALUE, [1] * 12, path=path), 8).endswith("（时序进度待确认）")
