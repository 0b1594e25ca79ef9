"""Is a month's pass rate out of the ordinary, and do laboratories find what the mix of batches explains?

Control charts of pass rates and funnels of those who test or sample. Both judge unrounded figures by exact
limits at effective numbers of batches; both say where nothing can be judged.
"""

from qstats.monitoring.expected_failures import expect_failures
from qstats.monitoring.funnel import compare_by_funnel
from qstats.monitoring.rate_chart import chart_rates

__all__ = ["chart_rates", "compare_by_funnel", "expect_failures"]
