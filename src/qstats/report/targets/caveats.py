"""What limits what is said of the targets? What was received, how probabilities come about, what they leave out."""

from qstats import targets as assess
from qstats.codebook import Text
from qstats.report.targets.assessment import Assessment
from qstats.report.targets.wording import say_day


def describe_records(assessed: Assessment) -> list[Text]:
    """For how many targets there are values, from how many files, on which day."""
    valued = [target.id for target, outlook in assessed.pairs if outlook.has_value]
    files = {one for ids in assessed.sources.values() for one in ids}
    day = say_day(assessed.today)
    if not valued:
        return [
            {
                "zh": f"截至{day['zh']}，{len(assessed.pairs)}项目标都没有收到可用的数据。",
                "en": f"As of {day['en']}, no usable data were received for any of the {len(assessed.pairs)} targets.",
            }
        ]
    return [
        {
            "zh": f"{len(assessed.pairs)}项目标和任务中，{len(valued)}项有数值，来自{len(files)}个文件。期限已过的目标，按期限当日的数据判断；期限未到的，按{day['zh']}的数据推算。",
            "en": f"Of the {len(assessed.pairs)} targets and duties {len(valued)} have a value, from {len(files)} files. A target whose deadline has passed is judged by the data of that day, one whose deadline lies ahead is projected from those of {day['en']}.",
        }
    ]


def describe_limits(assessed: Assessment) -> list[Text]:
    """What the statuses mean, and what a probability does not know."""
    on, off = (f"{100 * one:.0f}%" for one in (assess.ON_COURSE, assess.OFF_COURSE))
    return [
        {
            "zh": f"“达到”“未达到”只用于全数统计，且期限已过或结果已不会改变；其余按概率：{on}及以上为有望达到，{off}—{on}为有风险，低于{off}为难以达到。抽样得到的数值即使高于目标，也只给概率。",
            "en": f"“Met” and “missed” are said of complete counts only, after the deadline or once nothing can change them. Everything else goes by its probability: {on} or more is on course, {off} to {on} at risk, below {off} off course. A sampled figure above its target still has a probability only.",
        },
        {
            "zh": "概率由历史数据推算，假定今后的授予、到期和合格情况与过去同样波动；评审办法、申报条件或政策的改变不在其中。登记表只列有效项目时，过去的存量偏低，不作走势。",
            "en": "Probabilities are projected from the past: awards, expiries and passes are taken to go on varying as they did. New rules of award, conditions or policies are not in them. A register that lists valid entries only understates earlier stocks, so that no course is drawn.",
        },
        {
            "zh": "责任部门和措辞解读由本项目申明，见下表；他方公布的数值只作对照，口径不同的不作本目标的数值。",
            "en": "Departments and readings are declared by this project, see below. Values that others published stand beside ours for comparison; one of another definition is never taken for a value of the target.",
        },
    ]
