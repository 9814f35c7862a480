"""The rules the reader checks (校验规则): faults of the file, of its structure and of what a cell holds.

Each can fire alone on a real file. The wording is what an official reads: what is wrong, what was expected,
what to do.
"""

from __future__ import annotations

from types import MappingProxyType

from include.records.figures import Cell
from include.records.findings import Finding, Severity
from include.records.rules import FoundBy, Rule, RuleKind

_TAKE_TEMPLATE = "请用“待报”文件夹里本期的填报模板填写后，放入“报送”文件夹。"
_SAVE_AS_XLSX = (
    "请用 Excel 或 WPS 打开，选“另存为”，类型选“Excel 工作簿（*.xlsx）”，再把新文件放入“报送”文件夹。"
)
_WHOLE_WORKBOOK = "一份完整的填报模板"


def _rule(
    rule_id: str,
    kind: RuleKind,
    title: str,
    message: str,
    expected: str,
    fix: str,
    why: str,
    severity: Severity = Severity.ERROR,
) -> Rule:
    return Rule(rule_id, severity, kind, FoundBy.READER, title, message, expected, fix, why)


_FILE = (
    _rule(
        "file-empty",
        RuleKind.FILE,
        "空文件",
        "文件是空的（0 字节），没有任何内容。",
        _WHOLE_WORKBOOK,
        "多半是复制没有完成。请在自己的电脑上打开原文件，确认有内容后重新放入“报送”文件夹。",
        "空文件里没有可读的数据。",
    ),
    _rule(
        "file-too-large",
        RuleKind.FILE,
        "文件过大",
        "文件有 {size} MB，超过 {limit} MB，系统不读取。",
        "不超过 {limit} MB 的电子表",
        "请删去表里的图片和多余工作表后重报；图片、佐证材料请作为单独文件放入“报送”文件夹。",
        "填好的模板通常不到 0.1 MB，过大的文件会拖住其他单位的报送。",
    ),
    _rule(
        "file-encrypted",
        RuleKind.FILE,
        "文件有打开密码",
        "文件设了打开密码，系统读不到内容。",
        "没有打开密码的电子表",
        "请打开文件，在“文件—信息—保护工作簿”（WPS：“文件—文档加密”）里去掉打开密码，保存后重新放入“报送”文件夹。",
        "系统不掌握、也不应当掌握各单位的密码。",
    ),
    _rule(
        "file-macro",
        RuleKind.FILE,
        "文件含宏",
        "文件里带有宏，为安全起见不读取。",
        "不含宏的 .xlsx 文件",
        _SAVE_AS_XLSX,
        "宏是程序，可能带病毒；填报模板本身不含宏。",
    ),
    _rule(
        "file-corrupt",
        RuleKind.FILE,
        "文件损坏",
        "文件打不开：{why}。",
        _WHOLE_WORKBOOK,
        "多半是复制中断或软件异常退出。请在自己的电脑上打开原文件，确认正常后重新保存，再放入“报送”文件夹。",
        "不完整的文件只读一部分，会把数据读错。",
    ),
    _rule(
        "file-hostile",
        RuleKind.FILE,
        "文件结构异常",
        "文件内部结构异常（{why}），为安全起见不读取。",
        _WHOLE_WORKBOOK,
        f"请查杀病毒。{_TAKE_TEMPLATE}",
        "正常软件不会保存出这样的文件；读取它可能占满系统。",
    ),
    _rule(
        "file-swollen",
        RuleKind.FILE,
        "空白格过多",
        "表格以外设了格式的空白行列太多，展开后有 {size} MB，系统不读取。",
        "内容集中在表格区域之内",
        "请在每个工作表按 Ctrl+End 看最远到哪一格，选中表格以外的行和列，右键“删除”后保存重报；"
        "或者把数据填进“待报”文件夹里本期的模板。",
        "整行整列设格式会生成几百万个空白格，读取它们会拖住其他单位的报送。",
    ),
    _rule(
        "file-defeats-reader",
        RuleKind.FILE,
        "读取中断",
        "系统两次读取这个文件都没有完成（{why}）。",
        "能在 {seconds} 秒内读完的电子表",
        f"这不一定是您的差错，原件已存档，食药安办会查看。可先试试：{_TAKE_TEMPLATE}",
        "一个文件不能拖住其他单位的报送。",
    ),
    _rule(
        "file-other-format",
        RuleKind.FILE,
        "文件格式不能读取",
        "文件是{what}，系统不读取这种格式。",
        ".xlsx 文件",
        _SAVE_AS_XLSX,
        "这些格式会丢失模板里的内容，读取结果不可靠。",
    ),
    _rule(
        "file-not-a-return",
        RuleKind.FILE,
        "不是填报模板",
        "文件里没有填报模板的工作表，也没有模板的表头。",
        _WHOLE_WORKBOOK,
        _TAKE_TEMPLATE,
        "系统按模板的表名和表头认数据，其他表格无法对应到指标和任务。",
    ),
    _rule(
        "period-unknown",
        RuleKind.FILE,
        "看不出是哪个月",
        "文件里没有报送月份：系统信息表已丢失，封面的“报送月份”是空的，文件名里也没有月份。",
        "封面写明报送月份，如“2024年8月”",
        "请在封面填写“报送月份”后重报；或者改用“待报”文件夹里本期的填报模板。",
        "不知道是哪个月，就无法记入对应的月份。",
    ),
    _rule(
        "template-version-old",
        RuleKind.FILE,
        "模板版本不符",
        "文件用的是第 {found} 版模板，本期应当用第 {current} 版。",
        "第 {current} 版模板",
        f"旧版模板的栏目可能不同。{_TAKE_TEMPLATE}",
        "按旧栏目读新要求，会漏读或读错。",
    ),
    _rule(
        "foreign-agency",
        RuleKind.FILE,
        "其他单位的报表",
        "这是“{whose}”的报表，却放在了“{agency}”的“报送”文件夹里，未计入。",
        "“{agency}”的报表",
        "请核对是否放错了文件夹或用错了模板，改放本单位的报表。",
        "一个单位的数据不能记到另一个单位名下。",
    ),
    _rule(
        "foreign-period",
        RuleKind.FILE,
        "不在本年度工作要点内的月份",
        "这份报表的报送月份是“{period}”，不在本年度工作要点的月份之内，未计入。",
        "本年度工作要点内的月份",
        _TAKE_TEMPLATE,
        "不同年度的任务和目标不同，数据不能混用。",
    ),
    _rule(
        "period-not-open",
        RuleKind.FILE,
        "还没有开始报送的月份",
        "这份报表的报送月份是“{period}”，本单位这个月的报送还没有开始，未计入。",
        "已经开始报送的月份",
        "请核对封面的报送月份。如要报的是别的月份，请用“待报”文件夹里那个月的模板；确是“{period}”的，请等模板发放后再报。",
        "一个月没有过完，数据还会变；模板里的上月数也要等上月报表齐了才有。",
    ),
    _rule(
        "foreign-plan",
        RuleKind.FILE,
        "其他工作要点的报表",
        "这份报表属于另一份工作要点（{whose}），未计入。",
        "工作要点 {plan} 的报表",
        _TAKE_TEMPLATE,
        "不同工作要点的任务和目标不同，数据不能混用。",
    ),
    _rule(
        "scan-alone",
        RuleKind.FILE,
        "扫描件或材料不能代替电子表",
        "已收到{kind}并存档。数据以电子表为准，系统不从{kind}里读数据。",
        "填好的电子表（.xlsx），另附扫描件或材料",
        "本期电子表如已报送，不必再做什么；如还没有，请同时把填好的模板放入“报送”文件夹。",
        "从图片和文书里取数容易出错，电子表里的数才能逐格核对。",
        Severity.WARNING,
    ),
    _rule(
        "archive-holds-workbook",
        RuleKind.FILE,
        "压缩包里有电子表",
        "压缩包已作为佐证材料存档。里面有电子表“{name}”，系统不读取压缩包里的表。",
        "直接放入的电子表（.xlsx）",
        "如果它就是本期报表，请解压后把电子表直接放入“报送”文件夹。",
        "压缩包可能有多份表，系统不替您挑选。",
        Severity.WARNING,
    ),
)

_STRUCTURE = (
    _rule(
        "checksum-mismatch",
        RuleKind.STRUCTURE,
        "系统信息被改动",
        "隐藏的“系统信息”表与发放时不一致，可能是几份报表混在了一起。",
        "系统信息保持原样",
        f"请不要在几份报表之间复制工作表。{_TAKE_TEMPLATE}",
        "系统信息说明这是谁、哪个月的报表，对不上就可能记错。",
    ),
    _rule(
        "cover-differs",
        RuleKind.STRUCTURE,
        "封面与系统信息不一致",
        "封面的“{label}”写的是“{found}”，而这份模板是发给“{expected}”的。",
        "{expected}",
        "如果是拿别的月份或单位的报表改的，请改用“待报”文件夹里本期的模板，不要改封面。",
        "沿用旧表改封面，里面的上月数、任务仍是旧的，会记错月份。",
    ),
    _rule(
        "prefilled-altered",
        RuleKind.STRUCTURE,
        "预填的内容被改动",
        "“{row}”的“{column}”现在是“{found}”，发放时预填的是“{expected}”。核对仍以预填的为准。",
        "{expected}",
        "请恢复成预填的内容。以前报错的数，请用“调整数”更正；预填的确实有误，请在本行“情况说明”写明，并告诉食药安办。",
        "目标、单位和上月数是核对的依据，改了它，累计和进度就都不对了。",
        Severity.WARNING,
    ),
    _rule(
        "nil-unclear",
        RuleKind.STRUCTURE,
        "零报告填写不明确",
        "“整表零报告”一格写的是“{found}”，看不出是不是零报告。",
        "“是”，或者留空",
        "本月确无进展请选“是”；有进展请清空这一格。",
        "零报告是单位的正式声明，不能猜。",
    ),
    _rule(
        "sheet-missing",
        RuleKind.STRUCTURE,
        "缺少工作表",
        "找不到“{sheet}”工作表，也没有哪个工作表有它的表头。",
        "有“{sheet}”工作表",
        "请从“待报”文件夹的模板重新填写这一页；csv 文件只能存一页，请改存 .xlsx。",
        "缺了这一页，其中的内容就等于没有报。",
    ),
    _rule(
        "header-missing",
        RuleKind.STRUCTURE,
        "找不到表头",
        "“{sheet}”工作表里找不到表头行。",
        "表头行，如：{columns}",
        "请恢复表头行（可从“待报”文件夹的模板复制），数据放在表头下面。",
        "系统按表头认栏目，没有表头就不知道每个数是什么。",
    ),
    _rule(
        "column-missing",
        RuleKind.STRUCTURE,
        "缺少栏目",
        "“{sheet}”工作表缺少“{column}”这一栏。",
        "有“{column}”栏",
        "请恢复这一栏的表头和内容；栏目可以换位置，不能删。",
        "缺了这一栏，其中的数据就等于没有报。",
    ),
    _rule(
        "column-duplicated",
        RuleKind.STRUCTURE,
        "栏目重复",
        "“{sheet}”工作表有两栏都是“{column}”（{places}），内容都不是空的，不知道以哪一栏为准。",
        "只有一栏“{column}”",
        "请删去多余的一栏，或改掉它的表头。",
        "同名的两栏数据可能不同，不能猜。",
    ),
    _rule(
        "row-missing",
        RuleKind.STRUCTURE,
        "缺少行",
        "“{sheet}”工作表里找不到“{row}”这一行。",
        "有“{row}”这一行",
        "请从“待报”文件夹的模板恢复这一行并填写；行可以换位置，不能删。",
        "缺了这一行，这项任务就等于没有报。",
    ),
    _rule(
        "row-duplicated",
        RuleKind.STRUCTURE,
        "行重复",
        "“{row}”在第 {first} 行和第 {second} 行各有一行，内容都不是空的，不知道以哪一行为准。",
        "“{row}”只有一行",
        "请只留一行，删去多余的一行。",
        "两行的数据可能不同，不能猜，也不能自行相加。",
    ),
    _rule(
        "row-contradicts-id",
        RuleKind.STRUCTURE,
        "行的名称与编号对不上",
        "这一行写的是“{label}”，隐藏的系统编号却是“{other}”的。",
        "名称与系统编号同属一项",
        "多半是只给部分栏目排了序，或复制粘贴了名称。请从模板重新填写，排序时请选中全部栏目。",
        "名称和编号对不上，数据会记到别的指标上。",
    ),
    _rule(
        "cell-merged",
        RuleKind.STRUCTURE,
        "填报格被合并",
        "{range} 被合并成一格，里面的数不知道归哪一格。",
        "每个填报格各填各的数",
        "请取消合并单元格，在每一格里分别填写。",
        "合并后软件只保留左上角一格的值，其余的格是空的。",
    ),
    _rule(
        "cell-far-away",
        RuleKind.STRUCTURE,
        "表外很远处有内容",
        "“{sheet}”工作表一直到 {ref} 还有内容，表格区域过大，系统不读取。",
        "内容集中在表格区域之内",
        "请按 Ctrl+End 找到最远的一格，删去表格以外的行和列（右键“删除”）后保存重报。",
        "远处的一个空格或误输入会把表撑到几千万格。",
    ),
    _rule(
        "name-unplaced",
        RuleKind.STRUCTURE,
        "名单看不出属于哪个指标",
        "名单里的“{name}”没有写明属于哪个指标。",
        "“指标”栏写明所属指标",
        "请在这一行的“指标”栏填上所属指标的名称（与上面各行写法相同）。",
        "名单要与对应指标的数逐一核对。",
    ),
)

_TYPE = (
    _rule(
        "number-unreadable",
        RuleKind.TYPE,
        "不是数字",
        "“{row}”的“{column}”应当填数字，现在读不出数。",
        "数字；没有发生填 0，不适用填“不适用”",
        "请只填数字，其他说明写到“情况说明”栏。",
        "读不出的数不能猜。",
    ),
    _rule(
        "number-ambiguous",
        RuleKind.TYPE,
        "数字不确定",
        "“{row}”的“{column}”写法不能确定是多少：{why}。",
        "一个确定的数字",
        "请填确定的数字，其他说明写到“情况说明”栏。",
        "“约”“左右”“≥”这类写法不是确切的数，汇总时不能用。",
    ),
    _rule(
        "number-is-date",
        RuleKind.TYPE,
        "数字变成了日期",
        "“{row}”的“{column}”是一个日期，不是数。",
        "数字",
        "请把单元格格式改为“常规”或“数值”，重新填写数字。",
        "输入“3-5”“8.1”这类内容时，软件会自动改成日期。",
    ),
    _rule(
        "number-is-share",
        RuleKind.TYPE,
        "填了百分比，应填个数",
        "“{row}”的“{column}”应当填个数，现在是百分比。",
        "个数，比率由系统计算",
        "请填实际的个数；单元格若是百分比格式，请改为“常规”。",
        "比率由分子、分母算出，直接填比率就无法汇总。",
    ),
    _rule(
        "formula-without-value",
        RuleKind.TYPE,
        "公式没有结果",
        "“{row}”的“{column}”是公式，但文件里没有存下计算结果。",
        "数字，或有计算结果的公式",
        "请用 Excel 或 WPS 打开文件，等公式算完后保存重报；或直接填数字。",
        "系统不替单位计算自己写的公式。",
    ),
    _rule(
        "formula-error",
        RuleKind.TYPE,
        "公式出错",
        "“{row}”的“{column}”的公式结果是错误值 {error}。",
        "数字，或结果正确的公式",
        "请改正公式，或直接填数字。",
        "错误值不是数。",
    ),
    _rule(
        "formula-external",
        RuleKind.TYPE,
        "引用了别的文件",
        "“{row}”的“{column}”引用了别的文件里的数，系统只能看到上次存下的结果 {value}。",
        "直接填写的数字",
        "请核对这个数，并把它改成直接填写的数字；如无误，请在“情况说明”栏说明。",
        "别的文件改动后，这里的数可能已经不对了。",
        Severity.WARNING,
    ),
    _rule(
        "due-marked-not-due",
        RuleKind.TYPE,
        "本月需要填报",
        "“{row}”本月需要填报，不能写“本月不需填报”。",
        "本月的数字或进展；没有发生填 0",
        "请填本月的数字；本月确无进展，数字填 0，或把状态选为“零报告”。",
        "哪些任务本月不需填报由填报频次决定，模板里已经填好。",
    ),
    _rule(
        "status-unknown",
        RuleKind.TYPE,
        "进展状态不在选项内",
        "“{row}”的进展状态写的是“{found}”，不在选项之内。",
        "{choices} 之一",
        "请从下拉列表里选择，其他说明写到“本月进展”栏。",
        "汇总和亮灯要用统一的状态。",
    ),
)

_LONGEST_QUOTE = 60  # of what somebody wrote, within a sentence of ours
_INNER_QUOTES = str.maketrans("“”", "‘’")

RULES: tuple[Rule, ...] = (*_FILE, *_STRUCTURE, *_TYPE)
BY_ID = MappingProxyType({rule.id: rule for rule in RULES})


def breach(rule_id: str, cell: Cell | None = None, subject: str = "", **fills: str | int) -> Finding:
    """Make the finding of one breach; what a sentence quotes is kept short, its own quotes turned inward.

    Raises:
        KeyError: no such rule, or a template left unfilled.
    """
    return BY_ID[rule_id].finding(cell, subject, **{name: _quotable(fill) for name, fill in fills.items()})


def _quotable(fill: str | int) -> str:
    text = " ".join(str(fill).split()).translate(_INNER_QUOTES)
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
