"""The page of one county: its rates beside the rest of the city, its change, what failed there."""

from qstats.report.county.charts import chart_years
from qstats.report.county.findings import CountyFindings, CountyPage, find_county, find_needed, needed_batches
from qstats.report.county.narrative import (
    describe_failures,
    describe_level,
    describe_repeaters,
    describe_shortage,
    main_points,
)
from qstats.report.county.tables import (
    tabulate_beside_rest,
    tabulate_classes,
    tabulate_difference,
    tabulate_items,
    tabulate_needed,
    tabulate_repeaters,
    tabulate_years,
)
from qstats.report.county.verdicts import describe_difference, describe_in_words, describe_year_change, stand

__all__ = [
    "CountyFindings",
    "CountyPage",
    "chart_years",
    "describe_difference",
    "describe_failures",
    "describe_in_words",
    "describe_level",
    "describe_repeaters",
    "describe_shortage",
    "describe_year_change",
    "find_county",
    "find_needed",
    "main_points",
    "needed_batches",
    "stand",
    "tabulate_beside_rest",
    "tabulate_classes",
    "tabulate_difference",
    "tabulate_items",
    "tabulate_needed",
    "tabulate_repeaters",
    "tabulate_years",
]
