"""How many batches, of which strata, and what do they prove?

Plans for single lots from a standard's table with switching, judgement of a declared quality level, what a
sample demonstrates and what change it would show, and the allocation of the next sample.
"""

from qstats.sampling_plan.evidence import (
    demonstrate,
    draw_contradiction,
    find_demonstrated,
    judge_declared_level,
    smallest_detectable_change,
)
from qstats.sampling_plan.lots import LotPlan, draw_curve, judge_lots, plan_for_lot
from qstats.sampling_plan.next_sample import allocate_sample

__all__ = [
    "LotPlan",
    "allocate_sample",
    "demonstrate",
    "draw_contradiction",
    "draw_curve",
    "find_demonstrated",
    "judge_declared_level",
    "judge_lots",
    "plan_for_lot",
    "smallest_detectable_change",
]
