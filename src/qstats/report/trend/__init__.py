"""The chapter on trends: where do the indicators go, what broke, what did a policy change, what is to be expected?"""

from qstats.report.trend.assessment import Assessment, assess_trends
from qstats.report.trend.caveats import describe_data, describe_limits
from qstats.report.trend.charts import chart_counties, chart_outlook, chart_pass_rate
from qstats.report.trend.check_tables import tabulate_mixes, tabulate_robustness
from qstats.report.trend.event_narrative import describe_breaks, describe_events, describe_outlooks
from qstats.report.trend.event_tables import tabulate_breaks, tabulate_effects
from qstats.report.trend.findings import list_findings
from qstats.report.trend.narrative import (
    describe_counties,
    describe_indicators,
    main_points,
)
from qstats.report.trend.outlook_tables import tabulate_backtest, tabulate_outlooks
from qstats.report.trend.published_charts import chart_published
from qstats.report.trend.published_narrative import describe_published
from qstats.report.trend.published_tables import tabulate_published
from qstats.report.trend.tables import tabulate_county_trends, tabulate_series, tabulate_trends
from qstats.satisfaction import find_survey

__all__ = [
    "Assessment",
    "assess_trends",
    "chart_counties",
    "chart_outlook",
    "chart_pass_rate",
    "chart_published",
    "describe_breaks",
    "describe_counties",
    "describe_data",
    "describe_events",
    "describe_indicators",
    "describe_limits",
    "describe_outlooks",
    "describe_published",
    "find_survey",
    "list_findings",
    "main_points",
    "tabulate_backtest",
    "tabulate_breaks",
    "tabulate_county_trends",
    "tabulate_effects",
    "tabulate_mixes",
    "tabulate_outlooks",
    "tabulate_published",
    "tabulate_robustness",
    "tabulate_series",
    "tabulate_trends",
]
