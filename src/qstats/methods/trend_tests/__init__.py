"""Does a series rise, fall or shift? Tests and slopes that ask for no shape and no law.

For one value per period :func:`mann_kendall` and :func:`sen_slope`; with seasons
:func:`seasonal_mann_kendall` and :func:`seasonal_sen_slope`; for a single shift of the level
:func:`pettitt_test` and :func:`buishand_test`.
"""

from qstats.methods.trend_tests.homogeneity import Shift, buishand_test, pettitt_test
from qstats.methods.trend_tests.mann_kendall import MannKendall, mann_kendall
from qstats.methods.trend_tests.scores import LEAST_VALUES
from qstats.methods.trend_tests.seasonal import seasonal_mann_kendall
from qstats.methods.trend_tests.sen import SenSlope, seasonal_sen_slope, sen_slope

__all__ = [
    "LEAST_VALUES",
    "MannKendall",
    "SenSlope",
    "Shift",
    "buishand_test",
    "mann_kendall",
    "pettitt_test",
    "seasonal_mann_kendall",
    "seasonal_sen_slope",
    "sen_slope",
]
