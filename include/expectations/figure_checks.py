"""Rules about single figures: there at all, whole, not negative, within measure, the same as others say."""

from __future__ import annotations

from include.expectations.checks import EXPLAIN, Check, rule
from include.expectations.rows import Frame
from include.plan.limits import Limits
from include.records.findings import Severity
from include.records.rules import RuleKind


def figure_checks(limits: Limits) -> tuple[Check, ...]:
    """Give the checks of single figures, by a plan's thresholds."""
    return (
        Check(
            rule(
                "figure-missing",
                Severity.ERROR,
                RuleKind.COMPLETENESS,
                "本月应报的数没有填",
                "“{name}”的{role_name}没有填。",
                "一个数；没有发生填 0",
                "请填上{role_name}：没有发生填 0；确实不适用的填“不适用”，并在本行{explain_at}写明原因。",
                "空白和 0 是两回事：空白算不出进度，会被当作漏报。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToNotBeInSet",
            {"column": "state", "value_set": ["missing"]},
            when="owed and not nil and role != 'cumulative'",
        ),
        Check(
            rule(
                "nil-return-leaves-gap",
                Severity.WARNING,
                RuleKind.COMPLETENESS,
                "零报告没有带期末数",
                "整表报了零报告，“{name}”的{role_name}没有填，本月算不出这个指标的进度。",
                "月末的实际数；没有变化就照抄上月数",
                "零报告已经算报了。请再按月末实际补上{role_name}，没有变化就照抄上月数（口径调整过的，按新口径算）。",
                "零报告只说明本月没有新增，说明不了月末存量是多少。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToNotBeInSet",
            {"column": "state", "value_set": ["missing"]},
            when="owed and nil",
        ),
        Check(
            rule(
                "cumulative-missing",
                Severity.ERROR,
                RuleKind.COMPLETENESS,
                "累计没有数",
                "“{name}”的累计是空的：公式被删掉了，或者本月数填的不是数。",
                "上月累计 + 本月数 + 调整数",
                "请恢复累计的公式，或者直接填上：上月累计 + 本月数 + 调整数。",
                "进度按累计计算，没有累计就没有进度。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToNotBeInSet",
            {"column": "state", "value_set": ["missing"]},
            when="owed and not nil and role == 'cumulative'",
        ),
        Check(
            rule(
                "not-applicable-explained",
                Severity.WARNING,
                RuleKind.COMPLETENESS,
                "填“不适用”要说明原因",
                "“{name}”的{role_name}填的是“不适用”，没有说明原因。",
                "一个数，或者“不适用”加原因",
                "能填数的请填数；确实不适用的，请在本行{explain_at}写明原因。",
                "不适用的指标不算进度，要让食药安办知道为什么。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToNotBeInSet",
            {"column": "state", "value_set": ["not-applicable"]},
            when="owed",
        ),
        Check(
            rule(
                "share-instead-of-count",
                Severity.ERROR,
                RuleKind.TYPE,
                "分子填成了比率",
                "“{name}”的分子填的是 {value}，看起来是比率，不是个数。",
                "个数，如 38",
                "请在分子填个数、在分母填总数，比率由表格自己算。",
                "分子、分母要能相加、能核对，只报比率做不到。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToBeInSet",
            {"column": "below_one", "value_set": [False]},
            when="role == 'numerator'",
        ),
        Check(
            rule(
                "figure-is-whole",
                Severity.ERROR,
                RuleKind.TYPE,
                "个数应是整数",
                "“{name}”的{role_name}填的是 {value}，个数不会有小数。",
                "整数",
                "请填整数。如果填的是“万”为单位的数，请换算成个数。",
                "本表的数都是点出来的个数，有小数多半是单位弄错了。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToBeInSet",
            {"column": "whole", "value_set": [True]},
        ),
        Check(
            rule(
                "month-not-negative",
                Severity.ERROR,
                RuleKind.RANGE,
                "本月数不能是负数",
                "“{name}”的本月数是 {value}，本月数不能小于 0。",
                "0 或正数",
                "要核减以前月份的数，请填在“调整数”（如 -2）并在本行{explain_at}写明原因；"
                "本月数只填本月新增。",
                "新增和核减分开记，以后才查得清。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToBeBetween",
            {"column": "value", "min_value": 0},
            when="role == 'month'",
        ),
        Check(
            rule(
                "figure-not-negative",
                Severity.ERROR,
                RuleKind.RANGE,
                "个数不能是负数",
                "“{name}”的{role_name}是 {value}，不能小于 0。",
                "0 或正数",
                "请核对后填 0 或正数。",
                "点出来的个数不会小于 0。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToBeBetween",
            {"column": "value", "min_value": 0},
            when="role not in ['month', 'adjustment']",
        ),
        Check(
            rule(
                "figure-within-measure",
                Severity.ERROR,
                RuleKind.RANGE,
                "数大得不可能",
                "“{name}”的{role_name}是 {value}，大得不可能，可能把电话或编号填到了这一格。",
                f"不超过 {limits.largest_figure:,}",
                "请核对这一格，填上正确的个数。",
                "填错格的数一旦接收，各单位的合计就错了。",
            ),
            Frame.FIGURES,
            "ExpectColumnValuesToBeBetween",
            {"column": "value", "min_value": -limits.largest_figure, "max_value": limits.largest_figure},
        ),
        Check(
            rule(
                "count-far-above-target",
                Severity.WARNING,
                RuleKind.RANGE,
                "远远超过全年目标",
                "“{name}”的{role_name}是 {value}{unit}，"
                f"超过全年目标（{{target}}{{unit}}）的 {limits.target_multiple} 倍。",
                "一般不超过 {most}{unit}",
                "先看单位对不对、有没有多输 0。" + EXPLAIN,
                "超出这么多，多半是单位弄错或者多输了 0。",
            ),
            Frame.FIGURES,
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "most", "column_B": "value", "or_equal": True},
        ),
        Check(
            rule(
                "peers-disagree",
                Severity.WARNING,
                RuleKind.CROSS_AGENCY,
                "与其他单位报的不一致",
                "“{name}”的{role_name}本单位报的是 {value}，{peer}，两家不一致。",
                "与其他单位一致（{peer_value}）",
                "请与对方核对口径和数据后改正；如果本单位的数无误，请在本行{explain_at}写明差在哪里。",
                "同一件事两家报的不一样，汇总时只能采用一个数。",
            ),
            Frame.FIGURES,
            "ExpectColumnPairValuesToBeEqual",
            {"column_A": "value", "column_B": "peer_value"},
        ),
    )
