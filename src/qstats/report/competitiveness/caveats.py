"""What limits what is said of the index? Where indicators come from, what is declared, what intervals leave out."""

from qstats.codebook import Text
from qstats.competitiveness.measured import CITY
from qstats.report.competitiveness.assessment import Assessment
from qstats.report.competitiveness.narrative import why_not
from qstats.report.competitiveness.wording import low, say_count
from qstats.report.formats import join_sentences


def describe_inputs(assessed: Assessment) -> list[Text]:
    """How many indicators the city has in the year, from how many files, and what the index is not."""
    row, files = assessed.city, say_count(len(assessed.sources(CITY)))
    when = assessed.year.label
    return [
        {
            "zh": f"指数由{row['of']}项指标构成，{when['zh']}有{row['n']}项，来自{files['zh']}个文件。结构见下表，权数和上下界由本项目设定；数值与国家发布的制造业质量竞争力指数没有可比性。",
            "en": f"The index has {row['of']} indicators, {row['n']} of them for {when['en']}, from {files['en']} files. The table below shows how it is made; weights and bounds are declared by this project, and the values cannot be compared with the national index of manufacturing.",
        }
    ]


def describe_returns(assessed: Assessment) -> list[Text]:
    """Where the index of manufacturing comes from: how many enterprises returned, of how many."""
    if not assessed.is_stated:
        why = why_not(assessed, assessed.city)
        return [
            {
                "zh": f"不计算制造业质量竞争力指数：{why['zh']}。所需的企业质量统计年报（产值、等级品、质量损失、研发、技改、专利、新产品、出口等）见docs/tables.md。",
                "en": f"No index of manufacturing is computed: {why['en']}. It needs the quality returns of enterprises (output by grade, losses, R&D, renovation, patents, new products, exports), see docs/tables.md.",
            }
        ]
    return [*describe_inputs(assessed), _describe_response(assessed)]


def _describe_response(assessed: Assessment) -> Text:
    """How many enterprises returned, of how many where that is declared, and what is assumed of the others."""
    n, obliged = assessed.returned
    when, of = assessed.year.label, say_count(float(obliged or 0))
    said = say_count(float(n))
    if obliged is None:
        told: Text = {
            "zh": f"{when['zh']}有{said['zh']}家企业报送年报，应报送家数未申报（denominators.csv），按取自无限总体的样本计算误差。",
            "en": f"{said['en']} enterprises sent a return for {when['en']}. How many had to is not declared (denominators.csv): errors are those of a sample of a large population.",
        }
    else:
        told = {
            "zh": f"{when['zh']}应报送年报的{of['zh']}家企业中有{said['zh']}家报送；未报送的企业计入误差，并假定未报送与指标无关（行业的应报送家数不详，按样本计算）。",
            "en": f"{said['en']} of the {of['en']} enterprises that had to sent a return for {when['en']}. Those that did not enter the error, on the assumption that not returning has nothing to do with the indicators (industries have no declared number: their returns are taken as samples).",
        }
    return join_sentences(
        [
            told,
            {
                "zh": "比率按总量计算，大企业占的份量大；没有填写的项目按不详处理，不当作零。监督抽查不分行业，行业指数因此少这一项。",
                "en": "Ratios are of totals, so that large enterprises weigh more; a cell left blank is unknown, not zero. Supervision sampling knows no industries: their indices lack it.",
            },
        ]
    )


def describe_limits(assessed: Assessment) -> list[Text]:
    """What the intervals hold, and what they do not."""
    needed = f"{100 * assessed.rules.available:.0f}%"
    return [
        {
            "zh": "置信区间只反映抽样误差：监督抽查、满意度调查的样本，以及把工程验收、分户验收和投诉看作其过程的样本；名牌与商标是登记数，没有抽样误差。距离按平方相加（MOVER法），即把各指标当作相互独立；来自同一批企业或同一样本的指标并不独立，个别区间会因此偏短或偏长。",
            "en": "Confidence intervals hold sampling errors only: of supervision sampling and of the survey, and of acceptance and complaints taken as samples of the processes behind them; brands and trade marks are counts of registers without a sampling error. Distances add up in squares (MOVER), as if indicators were independent; those of the same enterprises or of one sample are not, and single intervals are too short or too long for it.",
        },
        {
            "zh": f"缺少任何一个方面，或指标不足{needed}，不给指数，也不作推算。年度比较只用两年都有的指标，上下界各年相同。同一企业两年都被抽到时，变化的误差实际上比所列的小。",
            "en": f"Without any one of its parts, or with fewer than {needed} of the indicators, there is no index, and nothing is filled in. Years are compared on the indicators that both have, with the same bounds. Where enterprises were sampled in both years, the true error of a change is smaller than stated.",
        },
        {
            "zh": "算术平均允许长短相抵：一个方面的高分可以弥补另一方面的低分，县（市、区）表的“相抵”一栏列出由此多得的分数。权数是价值判断，不是统计结果。",
            "en": "A weighted mean lets strengths make up for weaknesses: a high score in one part compensates a low one in another, by the points in the column “Made up” of the table of counties. Weights are a judgement of value, no result of statistics.",
        },
    ]


def describe_consistency(assessed: Assessment) -> list[Text]:
    """Parts that move against each other over the units."""
    nodes = assessed.consistency
    if not nodes:
        return [
            {
                "zh": f"有指数的{assessed.many['zh']}不足5个，不检验各组成部分是否一致。",
                "en": f"Fewer than five {assessed.many['en']} have an index: whether its parts go together is not examined.",
            }
        ]
    definition = assessed.definition
    opposed = [
        (node.units, definition.label(one), definition.label(other))
        for node in nodes
        for one, other in node.opposed
    ]
    if not opposed:
        return [
            {
                "zh": f"在各{assessed.many['zh']}之间，没有两个组成部分显著地此长彼消；单位数少，这一判断的把握有限。",
                "en": f"Over the {assessed.many['en']} no two parts clearly move against each other; with so few units this says little.",
            }
        ]
    told = {
        "zh": "；".join(
            f"{one['zh']}与{other['zh']}（{units}个{assessed.one['zh']}）" for units, one, other in opposed
        ),
        "en": "; ".join(
            f"{low(one['en'])} and {low(other['en'])} ({units} {assessed.many['en']})"
            for units, one, other in opposed
        ),
    }
    return [
        {
            "zh": f"提示：{told['zh']}此长彼消，相关系数为负（单个相关检验，5%水平，未计样本误差）。指数掩盖了这种差别，应分开来看。",
            "en": f"Note: these move against each other, with a negative correlation (single tests at 5%, sampling errors not allowed for): {told['en']}. An index hides this; look at the parts.",
        }
    ]
