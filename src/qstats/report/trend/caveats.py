"""What limits the figures on trends? Which periods are left out, and what the methods do not see."""

from qstats.codebook import Text
from qstats.report.trend.assessment import OWN, Assessment
from qstats.report.trend.gather import BY_QUARTER, PASS_RATE
from qstats.report.trend.headings import NOTHING
from qstats.report.trend.periods import period_label


def describe_data(assessed: Assessment) -> list[Text]:
    """Which series were found, and which newest periods are provisional."""
    if not assessed.received:
        return [{
            "zh": "没有收到任何逐期数据。",
            "en": "No data were received that follow each other in time.",
        }]  # fmt: skip
    listed = [name for name in dict.fromkeys(assessed.series["series"]) if name in OWN and name != BY_QUARTER]
    names = [assessed.label(name) for name in listed] + _name_published(assessed)
    told: list[Text] = [{
        "zh": f"逐期数据：{'；'.join(name['zh'] for name in names)}。没有数据的时期是空档，不作零计，也不跨空档相连。",
        "en": f"Series: {'; '.join(name['en'] for name in names)}. A period without data is a gap: it is no zero, and the time that passed counts.",
    }]  # fmt: skip
    return told + _describe_refused(assessed) + _describe_provisional(assessed)


def _name_published(assessed: Assessment) -> list[Text]:
    count = assessed.series.loc[~assessed.series["series"].isin(OWN), "series"].nunique()
    if not count:
        return []
    return [{"zh": f"公布的时间序列{count}个", "en": f"{count} published series"}]


def _describe_refused(assessed: Assessment) -> list[Text]:
    months = assessed.gathered.refused.get(PASS_RATE, 0)
    if not months:
        return []
    return [{
        "zh": f"有{months}个月的批次合格率不予发布（原因见监督抽查一章），是空档，不进入任何模型。",
        "en": f"The batch pass rate of {months} months is not published (the chapter on supervision sampling says why): they are gaps and enter no model.",
    }]  # fmt: skip


def _describe_provisional(assessed: Assessment) -> list[Text]:
    rows = assessed.rows_of(PASS_RATE)
    waiting = rows[(rows["release"] == "provisional") & rows["passed"].notna()]
    if waiting.empty:
        return []
    first = period_label(waiting["period"].iloc[0])
    return [{
        "zh": f"监督抽查自{first['zh']}起结果尚未到齐：不合格的结果要等复检，合格的不用等，最新各期因此看起来偏好；这些时期只画出，不进入任何模型。",
        "en": f"Results of supervision sampling are incomplete from {first['en']} on: failures wait for re-inspection, passes do not, so that the newest periods look too good. They are drawn and enter no model.",
    }]  # fmt: skip


def describe_limits(assessed: Assessment) -> list[Text]:
    """What the reader has to keep in mind."""
    if not assessed.received:
        return [NOTHING]
    rules = assessed.rules
    yearly = rules.periods_needed(1)
    return [
        {
            "zh": f"不足{rules.minimum_periods}期（年度序列{yearly}期）或{rules.minimum_years}年的序列不拟合趋势；没有不合格或不合格不足10件的序列无从判断变化。",
            "en": f"No trend is fitted to fewer than {rules.minimum_periods} periods ({yearly} of yearly series) or {rules.minimum_years} years; where nothing, or fewer than 10, failed no change can be told.",
        },
        {
            "zh": "“无明显趋势”不等于没有变化：变化小于区间宽度时看不出来。趋势说明数字的走向，不说明原因。",
            "en": "“No clear trend” does not mean no change: one that is smaller than the interval is wide cannot be seen. A trend says where the figures go, not why.",
        },
        {
            "zh": "走势按一条直线（及季节）拟合；弯折的走势另以时间的平方项检验，最新一端方向不同的不称趋势。更复杂的起伏看不出来。",
            "en": "A course is fitted as a straight line and a season; a square of time tests whether it bends, and one whose newest end goes another way is called no trend. Courses that wind more than once are not seen.",
        },
        {
            "zh": "区间按离散度放宽；相邻各期的相关另行计入（AR1），Newey-West误差在短序列上偏窄，只作参照。",
            "en": "Intervals are widened by the dispersion; alike neighbours are allowed for beside (AR1). Newey-West errors are too narrow on short series and serve for comparison only.",
        },
    ]
