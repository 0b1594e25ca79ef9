"""How satisfied are customers (顾客满意度), what drives it, and has it changed?

`survey` says who counts and with which weight; `scores` are means and shares by design; `index` is the
model of the ACSI family, `drivers` what moves it; `changes` compares waves, `modes` how people were asked,
`answering` who did not answer; `targets` holds figures against what was aimed at. Every figure carries n and
an interval, or the reason why there is none.
"""

from qstats.satisfaction.answering import compare_with_margins, count_unanswered, describe_weights
from qstats.satisfaction.changes import compare_indices, compare_scores, judge_groups, judge_waves
from qstats.satisfaction.drivers import map_importance, tabulate_items, tabulate_paths, tabulate_quality
from qstats.satisfaction.index import IndexModel, estimate_indices, fewest_complete, fit_index
from qstats.satisfaction.modes import estimate_mode_effects
from qstats.satisfaction.scores import MEASURES, estimate_scores
from qstats.satisfaction.survey import Sample, Survey, find_survey, list_waves, take_sample
from qstats.satisfaction.targets import judge_target

__all__ = [
    "MEASURES",
    "IndexModel",
    "Sample",
    "Survey",
    "compare_indices",
    "compare_scores",
    "compare_with_margins",
    "count_unanswered",
    "describe_weights",
    "estimate_indices",
    "estimate_mode_effects",
    "estimate_scores",
    "fewest_complete",
    "find_survey",
    "fit_index",
    "judge_groups",
    "judge_target",
    "judge_waves",
    "list_waves",
    "map_importance",
    "tabulate_items",
    "tabulate_paths",
    "tabulate_quality",
    "take_sample",
]
