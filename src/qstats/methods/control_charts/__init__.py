"""Is a process under control, point by point? Shewhart, Laney, EWMA and CUSUM charts with their rules."""

from qstats.methods.control_charts.assurance import (
    assure_target,
    name_special_causes,
    special_causes,
    type_points,
)
from qstats.methods.control_charts.attributes import c_chart, np_chart, p_chart, u_chart
from qstats.methods.control_charts.chart import ChartSettings, ControlChart
from qstats.methods.control_charts.cusum import CusumChart, cusum_chart
from qstats.methods.control_charts.ewma import ewma_chart
from qstats.methods.control_charts.laney import p_prime_chart, sigma_z, u_prime_chart
from qstats.methods.control_charts.phases import Phases, Rebase
from qstats.methods.control_charts.run_length import RunTest, run_test
from qstats.methods.control_charts.variables import (
    RangeConstants,
    deviation_chart,
    individuals_chart,
    range_chart,
    xbar_chart,
)

__all__ = [
    "ChartSettings",
    "ControlChart",
    "CusumChart",
    "Phases",
    "RangeConstants",
    "Rebase",
    "RunTest",
    "assure_target",
    "c_chart",
    "cusum_chart",
    "deviation_chart",
    "ewma_chart",
    "individuals_chart",
    "name_special_causes",
    "np_chart",
    "p_chart",
    "p_prime_chart",
    "range_chart",
    "run_test",
    "sigma_z",
    "special_causes",
    "type_points",
    "u_chart",
    "u_prime_chart",
    "xbar_chart",
]
