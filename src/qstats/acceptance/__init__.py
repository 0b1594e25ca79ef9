"""How good are construction works at their acceptance (工程验收), and what do people complain of?

`first_time` counts projects that passed their first completion acceptance; `routes` says how the others
were accepted in the end; `dwelling_sheets` counts dwellings; `durations` follows rectification and the
handling of complaints, open cases included; `rooms` holds measured values against their limits;
`complaint_rates` compares years; `targets` judges counts. Counts are complete: a period's target is met or
missed. What counts say of the building process is another figure and never stands in its place.
"""

from qstats.acceptance.complaint_rates import (
    OVERDISPERSED_AT,
    PER,
    ComplaintTrend,
    count_by_month,
    declared_exposure,
    estimate_complaint_rates,
    fit_complaint_trend,
    judge_falling,
    rate_of_county,
    whole_years,
)
from qstats.acceptance.durations import (
    fit_durations,
    follow_complaints,
    follow_rectification,
    tabulate_durations,
)
from qstats.acceptance.dwelling_sheets import (
    count_dwellings,
    count_undated_incomplete,
    list_counted_sheets,
    list_incomplete_sheets,
)
from qstats.acceptance.first_time import (
    UNKNOWN,
    compare_first_time,
    count_first_time,
    count_strays,
    list_counted_projects,
)
from qstats.acceptance.rooms import RoomLimits, assess_rooms
from qstats.acceptance.routes import ROUTES, count_routes, list_exceptions
from qstats.acceptance.targets import CountVerdict, judge_count, projects_needed
from qstats.methods.acceptance_sampling.demonstration import failures_tolerated

__all__ = [
    "OVERDISPERSED_AT",
    "PER",
    "ROUTES",
    "UNKNOWN",
    "ComplaintTrend",
    "CountVerdict",
    "RoomLimits",
    "assess_rooms",
    "compare_first_time",
    "count_by_month",
    "count_dwellings",
    "count_first_time",
    "count_routes",
    "count_strays",
    "count_undated_incomplete",
    "declared_exposure",
    "estimate_complaint_rates",
    "failures_tolerated",
    "fit_complaint_trend",
    "fit_durations",
    "follow_complaints",
    "follow_rectification",
    "judge_count",
    "judge_falling",
    "list_counted_projects",
    "list_counted_sheets",
    "list_exceptions",
    "list_incomplete_sheets",
    "projects_needed",
    "rate_of_county",
    "tabulate_durations",
    "whole_years",
]
