"""The words of the letters: titles, openings and demands of each step. Nothing here decides or formats."""

from __future__ import annotations

from dataclasses import dataclass

from include.escalation.days import day_text
from include.escalation.deadlines import within
from include.escalation.ladder import StepRule
from include.escalation.names import STEP_NAMES, Step
from include.escalation.orders import LetterOrder, Matter
from include.records.escalation import Track


def quoted(text: str) -> str:
    """Put a text between quotation marks; its own become single ones."""
    inner = text.strip().replace("“", "‘").replace("”", "’")
    return f"“{inner}”"


@dataclass(frozen=True)
class Wording:
    """How one letter speaks."""

    order: LetterOrder

    @property
    def kind(self) -> str:
        """The document's name for this agency: 提醒敦促函, or 工作联系函 where its standing asks for it."""
        return self.order.ladder.document(
            self.order.plan.agency(self.order.agency_id).standing, self.order.step
        )

    @property
    def courteous(self) -> bool:
        """A 工作联系函 asks (商请); the others demand."""
        return self.kind != self.order.ladder.step(self.order.step).document

    @property
    def you(self) -> str:
        """How the agency is addressed."""
        return "贵单位" if self.courteous else "你单位"

    @property
    def this(self) -> str:
        """How the letter names itself."""
        return "本函" if self.kind.endswith("函") else "本通知书"

    def of(self, track: Track) -> tuple[Matter, ...]:
        """Give the matters of one track."""
        return tuple(m for m in self.order.matters if m.track is track)

    # the title

    def title(self) -> str:
        """Write the title: `关于报送2024年8月食品安全工作报表的提醒敦促函`."""
        demo = "（演示）" if self.order.demo else ""
        return f"{demo}关于{self._subject()}的{self.kind}"

    def _subject(self) -> str:
        if self.order.step == Step.REMINDER:
            return ("商请" if self.courteous else "") + self._task()
        if self.order.step == Step.LIFTING:
            return f"{self._problem()}挂牌督办"
        return self._problem()

    def _task(self) -> str:
        if not self.of(Track.PROGRESS):
            return f"报送{self._months()}食品安全工作报表"
        if not self.of(Track.REPORTING):
            return f"加快推进{self._indicators()}"
        return f"报送{self._months()}食品安全工作报表和加快推进指标进度"

    def _problem(self) -> str:
        parts: list[str] = []
        if self.of(Track.REPORTING):
            parts.append("未按期报送食品安全工作报表")
        if self.of(Track.PROGRESS):
            parts.append(f"{self._indicators()}进度滞后")
        parts += [m.name for m in self.of(Track.MAJOR_RISK)]
        return "、".join(parts)

    def _indicators(self) -> str:
        names = [quoted(m.name) for m in self.of(Track.PROGRESS)]
        return f"{names[0]}指标" if len(names) == 1 else f"{names[0]}等{len(names)}项指标"

    def _months(self) -> str:
        months = tuple(dict.fromkeys(row[0] for m in self.of(Track.REPORTING) for row in m.facts))
        if len(months) > 2:
            return f"{months[0]}等{len(months)}个月"
        return "、".join(months) or self.order.period.label

    # the opening

    def opening(self) -> str:
        """Say why the office writes."""
        plan, you = self.order.plan, self.you
        if self.order.step == Step.LIFTING:
            return f"经审核，{you}已按挂牌督办要求完成整改，现通知如下。"
        checked = f"为落实《{plan.title}》，我办核对了截至{day_text(self.order.as_of)}的报送和进度情况"
        if self.courteous:
            return f"{checked}，现就以下事项商请{you}支持。"
        found: list[str] = []
        if self.of(Track.REPORTING):
            found.append("未按要求报送月度报表")
        if self.of(Track.PROGRESS):
            found.append(f"负责的{len(self.of(Track.PROGRESS))}项指标进度滞后")
        if self.of(Track.MAJOR_RISK):
            found.append("存在重大风险隐患")
        return f"{checked}，{you}{'，'.join(found)}。现将有关情况{_TELLS[Step(self.order.step)]}如下。"

    # the demands

    def demands(self) -> tuple[str, ...]:
        """Say what is required by which date; the first sentence of each leads it."""
        return {
            Step.REMINDER: self._reminder,
            Step.RECTIFICATION: self._rectification,
            Step.INTERVIEW: self._interview,
            Step.LISTING: self._listing,
            Step.LIFTING: self._lifting,
        }[Step(self.order.step)]()

    def _reminder(self) -> tuple[str, ...]:
        within, demands = self.within(self._rule.reply_days), list[str]()
        if self.of(Track.REPORTING):
            which = "附件所列报表" if self._rows() else f"{self.order.period.label}报表"
            demands.append(
                f"报送报表。请{within}报送{which}，放入共享盘{self.you}“报送”文件夹，以收到的回执为准。"
            )
            demands.append(
                "说明情况。确有正当理由不能在上述期限内报送的，请在同一期限内书面说明原因和预计报送日期。"
            )
        if self.of(Track.PROGRESS):
            demands.append(f"说明原因。请{within}书面说明进度滞后的原因、已采取的措施和目前进展。")
            demands.append("加快推进。请明确赶上时序进度的措施、责任人和完成时间，一并答复我办。")
        return (*demands, self._how_to_reply())

    def _rectification(self) -> tuple[str, ...]:
        what = "补报附件所列报表，查明未按期报送的原因，" if self.of(Track.REPORTING) else ""
        return (
            f"报送整改方案。请{self.within(self._rule.reply_days)}报送整改方案，明确整改措施、责任人和完成时限。",
            f"完成整改。请{self.within(self._rule.done_days)}{what}完成整改，书面报告整改结果并附佐证材料，"
            "经我办审核认可后予以销号。",
            self._how_to_reply(),
            *self._next_step(),
        )

    def _interview(self) -> tuple[str, ...]:
        rule = self._rule
        return (
            f"约谈时间和地点。由我办与{self.you}商定，至少提前{rule.notice_days}个工作日另行告知。",
            f"参加人员。请{self.you}负责同志参加约谈，并将参加人员名单和联系方式报我办。",
            "约谈准备。请准备上述事项的情况说明、原因分析和下一步整改措施。",
            f"约谈后报告。请自约谈次日起{rule.reply_days}个工作日内，书面报告约谈要求的落实情况。",
            *self._next_step(),
        )

    def _listing(self) -> tuple[str, ...]:
        rule, demands = self._rule, list[str]()
        demands.append(
            f"报送整改方案。请{self.within(rule.reply_days)}报送整改方案，明确整改措施、责任人和完成时限。"
        )
        if rule.done_days:
            demands.append(
                f"完成整改。请{self.within(rule.done_days)}完成整改，书面报告整改结果并附佐证材料。"
            )
        if rule.extension_ask_days:
            demands.append(
                f"申请延期。确需延期的，请在整改期限届满{rule.extension_ask_days}个工作日前书面申请，"
                f"我办自收到申请之日起{rule.extension_decide_days}个工作日内作出决定。"
            )
        demands.append(f"解除督办。完成整改并经审核认可后，以{STEP_NAMES[Step.LIFTING]}解除挂牌督办。")
        return (*demands, self._how_to_reply())

    def _lifting(self) -> tuple[str, ...]:
        return (
            f"自{self.this}签发之日起解除挂牌督办。请{self.you}继续落实整改措施，巩固整改成效，防止问题反复。",
        )

    def _how_to_reply(self) -> str:
        return f"答复方式。书面材料放入共享盘{self.you}“回复”文件夹，文件名注明{self.this}文号。"

    def _next_step(self) -> tuple[str, ...]:
        """Warn of the next step, if this agency's ladder has one."""
        tracks = {m.track for m in self.order.matters}
        standing = self.order.plan.agency(self.order.agency_id).standing
        rungs = [self.order.ladder.above(track, self.order.step) for track in sorted(tracks)]
        names = dict.fromkeys(
            STEP_NAMES[r.step] for r in rungs if r is not None and self.order.ladder.allows(standing, r.step)
        )
        if not names:
            return ()
        return (f"逾期处理。逾期未办结或者未获认可的，将按“三书一函”工作机制发出{'、'.join(names)}。",)

    def _rows(self) -> bool:
        return any(m.facts for m in self.of(Track.REPORTING))

    @property
    def _rule(self) -> StepRule:
        return self.order.ladder.step(self.order.step)

    def within(self, days: int) -> str:
        """Say by when: the count of working days after service."""
        return within(self.this, days)


_TELLS = {
    Step.REMINDER: "函告",
    Step.RECTIFICATION: "和整改要求通知",
    Step.INTERVIEW: "和约谈事项通知",
    Step.LISTING: "和督办要求通知",
}
