"""Charts of the assessment: the only part of the house that imports matplotlib."""

from qstats.report.figures.control import plot_control_chart
from qstats.report.figures.counts import plot_arrivals, plot_pareto
from qstats.report.figures.funnel import plot_funnel
from qstats.report.figures.groups import plot_rates_by_group
from qstats.report.figures.oc import plot_operating_curve
from qstats.report.figures.series import plot_rate_series
from qstats.report.figures.style import draw_svg

__all__ = [
    "draw_svg",
    "plot_arrivals",
    "plot_control_chart",
    "plot_funnel",
    "plot_operating_curve",
    "plot_pareto",
    "plot_rate_series",
    "plot_rates_by_group",
]
