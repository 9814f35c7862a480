"""The sentences of letters, chasers and corrections, each with its fields; an office may word any otherwise.

`PHRASES` is what duban says by itself. `Phrases` is what an installation says: its own file over ours. Which
sentence is said when is decided in `wording`; here is only how it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from include.errors import SettingsError

Row = tuple[str, str, str]  # where it stands in the file, the id, the text

_LETTER = (
    *("你单位", "本文书", "文种", "工作要点", "截至日期", "问题", "任务", "商请", "指标数", "核对", "情况"),
    *("此前文书", "任务依据", "依据", "工作机制", "答复期限", "答复天数", "办结期限", "提前天数", "所缺报表"),
    *("补报", "延期申请天数", "延期决定天数", "解除文书", "下一步"),
)
_CHASER = (
    *("你单位", "文种", "工作要点", "月份", "截止时间", "报表情况"),
    *("待报文件夹", "报送文件夹", "回执文件夹"),
)
_CORRECTION = ("文种", "原文书", "原文号", "签发日期", "原文", "更正后", "更正原因")
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"文书": _LETTER, "催报通知": _CHASER, "更正函": _CORRECTION}
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence: where it is used, and its text. An optional one may be left out: its text is empty."""

    used: str
    text: str
    optional: bool = False
    kind: str = "文书"

    @property
    def fields(self) -> tuple[str, ...]:
        """What the sentence may name."""
        return FIELDS[self.kind]


def _demand(used: str, text: str) -> Phrase:
    return Phrase(used, text, optional=True)


def _of(kind: str, used: str, text: str, *, optional: bool = False) -> Phrase:
    return Phrase(f"{kind}{used}", text, optional, kind)


PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "title": Phrase("标题", "关于{{ 问题 }}的{{ 文种 }}"),
        "title.reminder": Phrase("提醒敦促函标题", "关于{{ 商请 }}{{ 任务 }}的{{ 文种 }}"),
        "title.lifting": Phrase("解除通知书标题", "关于{{ 问题 }}挂牌督办的{{ 文种 }}"),
        "checked": Phrase(
            "开头第一句", "为落实《{{ 工作要点 }}》，我办核对了截至{{ 截至日期 }}的报送和进度情况"
        ),
        "found.reporting": Phrase("开头：报送方面", "未按要求报送月度报表"),
        "found.progress": Phrase("开头：进度方面", "负责的{{ 指标数 }}项指标进度滞后"),
        "found.major-risk": Phrase("开头：重大风险隐患", "存在重大风险隐患"),
        "opening.courteous": Phrase("工作联系函开头", "{{ 核对 }}，现就以下事项商请{{ 你单位 }}支持。"),
        "opening.reminder": Phrase(
            "提醒敦促函开头", "{{ 核对 }}，{{ 你单位 }}{{ 情况 }}。现将有关情况函告如下。"
        ),
        "opening.rectification": Phrase(
            "整改通知书开头", "{{ 核对 }}，{{ 你单位 }}{{ 情况 }}。现将有关情况和整改要求通知如下。"
        ),
        "opening.interview": Phrase(
            "约谈通知书开头", "{{ 核对 }}，{{ 你单位 }}{{ 情况 }}。现将有关情况和约谈事项通知如下。"
        ),
        "opening.listing": Phrase(
            "挂牌督办通知书开头", "{{ 核对 }}，{{ 你单位 }}{{ 情况 }}。现将有关情况和督办要求通知如下。"
        ),
        "opening.lifting": Phrase(
            "解除通知书开头", "经审核，{{ 你单位 }}已按挂牌督办要求完成整改，现通知如下。"
        ),
        "earlier": Phrase("此前文书", "此前，我办已就上述事项发出{{ 此前文书 }}，事项至今尚未办结。"),
        "earlier.lifting": Phrase("解除通知书：此前文书", "此前，我办已就上述事项发出{{ 此前文书 }}。"),
        "basis": Phrase("依据", "以上事项依据《{{ 工作要点 }}》{{ 任务依据 }}"),
        "basis.courteous": Phrase("工作联系函：依据之后", "{{ 依据 }}。"),
        "basis.mechanism": Phrase(
            "依据之后：工作机制", "{{ 依据 }}，按照{{ 工作机制 }}，现向{{ 你单位 }}发出{{ 本文书 }}。"
        ),
        "reminder.report": _demand(
            "提醒敦促函要求：报送",
            "报送报表。请{{ 答复期限 }}报送{{ 所缺报表 }}，放入共享盘{{ 你单位 }}“报送”文件夹，"
            "以收到的回执为准。",
        ),
        "reminder.reason": _demand(
            "提醒敦促函要求：不能报送的",
            "说明情况。确有正当理由不能在上述期限内报送的，请在同一期限内书面说明原因和预计报送日期。",
        ),
        "reminder.cause": _demand(
            "提醒敦促函要求：进度原因",
            "说明原因。请{{ 答复期限 }}书面说明进度滞后的原因、已采取的措施和目前进展。",
        ),
        "reminder.push": _demand(
            "提醒敦促函要求：加快", "加快推进。请明确赶上时序进度的措施、责任人和完成时间，一并答复我办。"
        ),
        "rectification.plan": _demand(
            "整改通知书要求：方案",
            "报送整改方案。请{{ 答复期限 }}报送整改方案，明确整改措施、责任人和完成时限。",
        ),
        "rectification.done": _demand(
            "整改通知书要求：完成",
            "完成整改。请{{ 办结期限 }}{{ 补报 }}完成整改，书面报告整改结果并附佐证材料，"
            "经我办审核认可后予以销号。",
        ),
        "rectification.reports": Phrase(
            "整改通知书：补报（报送方面）", "补报附件所列报表，查明未按期报送的原因，"
        ),
        "interview.when": _demand(
            "约谈通知书要求：时间地点",
            "约谈时间和地点。由我办与{{ 你单位 }}商定，至少提前{{ 提前天数 }}个工作日另行告知。",
        ),
        "interview.who": _demand(
            "约谈通知书要求：人员",
            "参加人员。请{{ 你单位 }}负责同志参加约谈，并将参加人员名单和联系方式报我办。",
        ),
        "interview.prepare": _demand(
            "约谈通知书要求：准备", "约谈准备。请准备上述事项的情况说明、原因分析和下一步整改措施。"
        ),
        "interview.report": _demand(
            "约谈通知书要求：报告",
            "约谈后报告。请自约谈次日起{{ 答复天数 }}个工作日内，书面报告约谈要求的落实情况。",
        ),
        "listing.plan": _demand(
            "挂牌督办要求：方案",
            "报送整改方案。请{{ 答复期限 }}报送整改方案，明确整改措施、责任人和完成时限。",
        ),
        "listing.done": _demand(
            "挂牌督办要求：完成", "完成整改。请{{ 办结期限 }}完成整改，书面报告整改结果并附佐证材料。"
        ),
        "listing.extend": _demand(
            "挂牌督办要求：延期",
            "申请延期。确需延期的，请在整改期限届满{{ 延期申请天数 }}个工作日前书面申请，"
            "我办自收到申请之日起{{ 延期决定天数 }}个工作日内作出决定。",
        ),
        "listing.lift": _demand(
            "挂牌督办要求：解除", "解除督办。完成整改并经审核认可后，以{{ 解除文书 }}解除挂牌督办。"
        ),
        "lifting.lift": Phrase(
            "解除通知书正文",
            "自{{ 本文书 }}签发之日起解除挂牌督办。请{{ 你单位 }}继续落实整改措施，巩固整改成效，"
            "防止问题反复。",
        ),
        "reply": _demand(
            "答复方式", "答复方式。书面材料放入共享盘{{ 你单位 }}“回复”文件夹，文件名注明{{ 本文书 }}文号。"
        ),
        "next": _demand(
            "逾期处理", "逾期处理。逾期未办结或者未获认可的，将按“三书一函”工作机制发出{{ 下一步 }}。"
        ),
        "chaser.title": _of("催报通知", "标题", "关于报送{{ 月份 }}食品安全工作报表的{{ 文种 }}"),
        "chaser.opening": _of(
            "催报通知",
            "正文",
            "按照《{{ 工作要点 }}》的月度报送安排，{{ 月份 }}报表的截止时间为{{ 截止时间 }}。"
            "{{ 你单位 }}的报表{{ 报表情况 }}，请抓紧报送。",
        ),
        "chaser.file": _of(
            "催报通知",
            "：尚未收到的",
            "填报模板在共享盘“{{ 待报文件夹 }}”，填好后放入“{{ 报送文件夹 }}”。"
            "本月没有新进展的，在封面选零报告后同样报送。",
        ),
        "chaser.correct": _of(
            "催报通知",
            "：退回未更正的",
            "请在共享盘“{{ 回执文件夹 }}”的回执上改好标出的问题，重新放入“{{ 报送文件夹 }}”。",
        ),
        "chaser.rest": _of(
            "催报通知",
            "：其他",
            "已经报送的，以收到的回执为准。不能按时报送的，请在截止前与我办联系。",
            optional=True,
        ),
        "correction.title": _of("更正函", "标题", "关于{{ 原文号 }}文的{{ 文种 }}"),
        "correction.opening": _of(
            "更正函", "开头", "我办{{ 签发日期 }}签发的{{ 原文书 }}文字有误，现更正如下。"
        ),
        "correction.place": _of("更正函", "：每一处", "原文{{ 原文 }}，更正为{{ 更正后 }}。"),
        "correction.clock": _of(
            "更正函", "：期限", "原文书的其他内容不变，答复和办理期限仍自原文书送达次日起计算。"
        ),
        "correction.reason": _of("更正函", "：原因", "更正原因：{{ 更正原因 }}。"),
    }
)

_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)  # plain text: nothing is escaped


@dataclass(frozen=True)
class Phrases:
    """The sentences of an installation, by id."""

    texts: Mapping[str, str]

    def say(self, phrase: str, fields: Mapping[str, object]) -> str:
        """Fill a sentence in; empty for one an office leaves out."""
        return _ENVIRONMENT.from_string(self.texts[phrase]).render(fields)


DEFAULT = Phrases({id: phrase.text for id, phrase in PHRASES.items()})


def own_phrases(rows: Iterable[Row], file: str) -> Phrases:
    """Put an office's own sentences over ours; one that is not in its file is said as duban says it.

    Raises:
        SettingsError: an unknown id, one that stands twice, an empty sentence that is needed, or an unknown
            field; it names the file, each place and the fields there are.
    """
    own: dict[str, str] = {}
    faults: list[str] = []
    for place, phrase, text in rows:
        fault = "编号写了两次" if phrase in own else _fault(phrase, text)
        own[phrase] = text
        faults += [f"{file} {place}（{phrase}）：{fault}"] if fault else []
    if faults:
        raise SettingsError("\n".join([*faults, *fields_told()]))
    return Phrases({**DEFAULT.texts, **own})


def fields_told() -> list[str]:
    """Say which fields the sentences of each kind may name, a line each."""
    return [f"{kind}可以写的字段：{'、'.join(fields)}" for kind, fields in FIELDS.items()]


def _fault(phrase: str, text: str) -> str:
    if phrase not in PHRASES:
        return "没有这个编号；请保留取出时的编号"
    if not text.strip() and not PHRASES[phrase].optional:
        return "文字不能为空"
    try:
        _ENVIRONMENT.from_string(text).render(dict.fromkeys(PHRASES[phrase].fields, "某"))
    except TemplateError as error:
        return f"字段或语句有误：{error.message or error}"
    return ""
