"""Which targets (目标) of the policy are met, and which will be?

`registers` gives stocks and flows of any day; `registered` judges targets that they answer, by the
`projection` of what is to come; `shares` judges rates that are counted, `scores` measured ones;
`directions` targets without a number. `outlook` is what all of them return: one row per target, with the
probability in the declared reading and the status that follows from it.
"""

from qstats.targets.directions import (
    in_published_unit,
    judge_fall,
    judge_milestone,
    judge_relative,
    judge_rise,
    without_indicator,
)
from qstats.targets.outlook import (
    OFF_COURSE,
    ON_COURSE,
    STATUSES,
    Outlook,
    Reading,
    Status,
    read_status,
    tabulate_histories,
    tabulate_outlooks,
    without_data,
)
from qstats.targets.registered import judge_registered
from qstats.targets.scores import judge_score
from qstats.targets.shares import judge_share

__all__ = [
    "OFF_COURSE",
    "ON_COURSE",
    "STATUSES",
    "Outlook",
    "Reading",
    "Status",
    "in_published_unit",
    "judge_fall",
    "judge_milestone",
    "judge_registered",
    "judge_relative",
    "judge_rise",
    "judge_score",
    "judge_share",
    "read_status",
    "tabulate_histories",
    "tabulate_outlooks",
    "without_data",
    "without_indicator",
]
