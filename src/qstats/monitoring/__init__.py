"""Is a month's pass rate out of the ordinary, and do laboratories find what the mix of batches explains?

Control charts of pass rates and funnels of those who test or sample. Both judge unrounded figures by exact
limits at effective numbers of batches; both say where nothing can be judged.
"""

from qstats.monitoring.expected_failures import MIX, adjust_for_mix, expect_failures
from qstats.monitoring.funnel import compare_by_funnel, draw_funnel
from qstats.monitoring.rate_chart import chart_rates, chart_rates_at_one_mix

MONTHS_CHARTED = 36
MONTHS_COMPARED = 12

__all__ = [
    "MIX",
    "MONTHS_CHARTED",
    "MONTHS_COMPARED",
    "adjust_for_mix",
    "chart_rates",
    "chart_rates_at_one_mix",
    "compare_by_funnel",
    "draw_funnel",
    "expect_failures",
]
