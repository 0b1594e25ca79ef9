"""When did a series change its course?"""

from qstats.methods.structural_breaks.break_tests import SupF, chow_test, ols_cusum_test, sup_f_test
from qstats.methods.structural_breaks.linear_breaks import LinearBreaks, fit_linear_breaks
from qstats.methods.structural_breaks.position_limits import break_limits

__all__ = [
    "LinearBreaks",
    "SupF",
    "break_limits",
    "chow_test",
    "fit_linear_breaks",
    "ols_cusum_test",
    "sup_f_test",
]
