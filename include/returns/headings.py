"""The words of the workbook as data: sheet titles, column headers with aliases, cover and hidden fields."""

from __future__ import annotations

from enum import StrEnum


class SheetTitle(StrEnum):
    """Titles of the sheets, in the order of their tabs; RECEIPT is only in a workbook that was given back."""

    RECEIPT = "回执"  # never read back
    COVER = "封面"
    INDICATORS = "指标"
    NAMES = "名单"
    PROGRESS = "工作进展"
    DEFINITIONS = "口径说明"
    SYSTEM = "系统信息"  # hidden


class Content(StrEnum):
    """What a column holds."""

    LABEL = "label"  # printed by us
    PREVIOUS = "previous"  # last month's figure, prefilled
    NUMBER = "number"  # input
    TEXT = "text"  # input
    CHOICE = "choice"  # input with a drop-down
    COMPUTED = "computed"  # formula
    CHECK = "check"  # live check, formula; never read
    ID = "id"  # hidden: what the row stands for


# key, label, aliases, row, input, required
COVER_FIELDS: tuple[tuple[str, str, tuple[str, ...], int, bool, bool], ...] = (
    ("agency", "报送单位", ("填报单位", "责任单位", "单位", "单位名称"), 5, False, False),
    ("period", "报送月份", ("报送期", "月份", "报告月份", "所属月份"), 6, False, False),
    ("due_at", "截止时间", ("报送截止时间", "截止日期", "报送截止日"), 7, False, False),
    ("filled_by", "填报人", ("填表人", "经办人", "填报人姓名"), 9, True, True),
    ("phone", "联系电话", ("电话", "手机", "联系方式", "手机号"), 10, True, True),
    ("signed_by", "审核签发人", ("签发人", "审签人", "审核人", "分管领导", "负责人"), 11, True, True),
    ("nil_return", "整表零报告", ("零报告", "本月零报告", "全表零报告"), 12, True, False),
)

SYSTEM_FIELDS: tuple[tuple[str, str, tuple[str, ...], int, bool], ...] = (
    ("plan_id", "plan", (), 2, False),
    ("agency_id", "agency", (), 3, False),
    ("period", "period", (), 4, False),
    ("template_version", "template_version", (), 5, False),
    ("plan_hash", "plan_hash", (), 6, False),
    ("checksum", "checksum", (), 7, False),
)

_ID = ("id", "系统编号", ("编号",), Content.ID, 10.0)
_CHECK_ALIASES = ("检查", "校验", "填报提示")

# key, header, aliases, content, width
COLUMNS: dict[SheetTitle, tuple[tuple[str, str, tuple[str, ...], Content, float], ...]] = {
    SheetTitle.INDICATORS: (
        ("clause", "条款", ("条款号", "任务编号", "序号"), Content.LABEL, 5.5),
        ("name", "指标", ("指标名称", "指标内容", "考核指标"), Content.LABEL, 28.0),
        ("target", "目标值", ("目标", "全年目标", "年度目标"), Content.LABEL, 7.5),
        ("unit", "单位", ("计量单位",), Content.LABEL, 6.5),
        ("last", "上月数", ("上月累计", "上期数", "上月", "上月累计或比率"), Content.PREVIOUS, 12.0),
        ("numerator", "分子", ("分子数", "本月分子"), Content.NUMBER, 8.5),
        ("denominator", "分母", ("分母数", "本月分母"), Content.NUMBER, 8.5),
        (
            "amount",
            "本月数",
            ("本月新增", "本月完成数", "本月", "期末数", "本月数或期末数"),
            Content.NUMBER,
            8.5,
        ),
        ("adjustment", "调整数", ("调整", "调整数（±）", "±调整数"), Content.NUMBER, 7.5),
        ("result", "累计或比率", ("累计", "累计数", "比率", "本年累计", "累计/比率"), Content.COMPUTED, 10.0),
        ("pending", "待认定", ("待认定数", "待确认数"), Content.NUMBER, 7.5),
        (
            "explanation",
            "情况说明",
            ("说明", "备注", "调整原因", "原因说明", "情况说明（含调整原因）"),
            Content.TEXT,
            26.0,
        ),
        ("check", "填报检查", _CHECK_ALIASES, Content.CHECK, 17.0),
        _ID,
    ),
    SheetTitle.NAMES: (
        ("clause", "条款", ("条款号", "任务编号"), Content.LABEL, 6.0),
        ("indicator", "指标", ("指标名称", "所属指标"), Content.LABEL, 24.0),
        ("line", "序号", ("行号",), Content.LABEL, 6.0),
        ("name", "名称", ("单位名称", "主体名称", "对象名称", "全称"), Content.TEXT, 36.0),
        ("detail", "地址与认定依据", ("地址", "备注", "详情", "认定依据", "认定时间"), Content.TEXT, 50.0),
        ("check", "填报检查", _CHECK_ALIASES, Content.CHECK, 26.0),
        _ID,
    ),
    SheetTitle.PROGRESS: (
        ("clause", "条款", ("条款号", "任务编号", "序号"), Content.LABEL, 5.5),
        ("title", "工作任务", ("任务", "具体任务", "任务内容", "工作内容"), Content.LABEL, 22.0),
        ("part", "责任", ("责任分工", "分工"), Content.LABEL, 9.0),
        ("status", "进展状态", ("状态", "工作状态", "完成状态"), Content.CHOICE, 12.0),
        ("text", "本月进展", ("进展", "工作进展", "进展情况", "本月工作进展"), Content.TEXT, 34.0),
        ("problems", "存在问题", ("问题", "困难和问题", "主要问题"), Content.TEXT, 18.0),
        ("next_steps", "下步打算", ("下一步打算", "下一步", "下步工作", "下步措施"), Content.TEXT, 18.0),
        ("explanation", "情况说明", ("说明", "备注", "原因说明"), Content.TEXT, 15.0),
        ("reported_by", "填报人", ("填表人", "经办人", "填报科室", "科室"), Content.TEXT, 8.5),
        ("check", "填报检查", _CHECK_ALIASES, Content.CHECK, 17.0),
        _ID,
    ),
}
