"""The chapter on quality credit: grades by each scheme, by county and industry, moves, what grades foretell."""

from qstats.report.credit.assessment import Assessment, assess_credit
from qstats.report.credit.caveats import describe_basis, describe_limits, describe_supervision
from qstats.report.credit.charts import chart_prediction, chart_shares
from qstats.report.credit.findings import list_findings
from qstats.report.credit.narrative import main_points
from qstats.report.credit.restricted import tabulate_lineage, tabulate_named
from qstats.report.credit.tables import (
    tabulate_counties,
    tabulate_grades,
    tabulate_industries,
    tabulate_moves,
    tabulate_prediction,
)

__all__ = [
    "Assessment",
    "assess_credit",
    "chart_prediction",
    "chart_shares",
    "describe_basis",
    "describe_limits",
    "describe_supervision",
    "list_findings",
    "main_points",
    "tabulate_counties",
    "tabulate_grades",
    "tabulate_industries",
    "tabulate_lineage",
    "tabulate_moves",
    "tabulate_named",
    "tabulate_prediction",
]
