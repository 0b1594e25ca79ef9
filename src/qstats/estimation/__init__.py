"""What is the batch pass rate, how sure is it, and has it changed?

Batches of one programme and one level of sampling, by the period in which they were sampled. Every rate
carries its number of batches, what they are worth (batches of one enterprise are alike) and a Korn-Graubard
interval, every change a MOVER interval; what the data cannot support is refused with a reason in the row
where the figure would have stood.
"""

from qstats.estimation.changes import estimate_changes
from qstats.estimation.enterprises import (
    RepeatedFailures,
    estimate_follow_up,
    find_repeated_failures,
    list_next_batches,
)
from qstats.estimation.failed_items import (
    count_failed_items,
    estimate_failed_items,
    estimate_severities,
)
from qstats.estimation.item_pairs import estimate_item_pairs
from qstats.estimation.mixes import tabulate_mix
from qstats.estimation.rates import (
    FATES,
    count_unscoped,
    estimate_both_outcomes,
    estimate_each_programme,
    estimate_pass_rates,
)
from qstats.estimation.sample import correlate_periods, estimate_icc
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.estimation.small_areas import shrink_groups
from qstats.estimation.standardised import (
    compare_periods,
    span_of_years,
    standardise_series,
)
from qstats.estimation.weightings import WEIGHTINGS, estimate_weightings

__all__ = [
    "FATES",
    "OUTCOME_COLUMNS",
    "WEIGHTINGS",
    "RepeatedFailures",
    "Scope",
    "compare_periods",
    "correlate_periods",
    "count_failed_items",
    "count_unscoped",
    "estimate_both_outcomes",
    "estimate_changes",
    "estimate_each_programme",
    "estimate_failed_items",
    "estimate_follow_up",
    "estimate_icc",
    "estimate_item_pairs",
    "estimate_pass_rates",
    "estimate_severities",
    "estimate_weightings",
    "find_repeated_failures",
    "in_period",
    "list_next_batches",
    "select_batches",
    "shrink_groups",
    "span_of_years",
    "standardise_series",
    "tabulate_mix",
]
