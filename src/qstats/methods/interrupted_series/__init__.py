"""Did a series change when something known happened, by how much, and would earlier dates show as much?"""

from qstats.methods.interrupted_series.design import InterruptionDesign, interruption_design
from qstats.methods.interrupted_series.effect import Interruption, average_effect, interruption_effect
from qstats.methods.interrupted_series.linear import LinearFit, fit_linear, fit_linear_ar1
from qstats.methods.interrupted_series.placebo import PlaceboDates, placebo_dates

__all__ = [
    "Interruption",
    "InterruptionDesign",
    "LinearFit",
    "PlaceboDates",
    "average_effect",
    "fit_linear",
    "fit_linear_ar1",
    "interruption_design",
    "interruption_effect",
    "placebo_dates",
]
