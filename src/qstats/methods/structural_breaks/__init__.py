"""When did a series change its course?

For a pass rate with trend, season and noise that is alike from period to period :func:`rate_breaks`. For a
linear regression with independent errors :func:`fit_linear_breaks` with :func:`break_limits`, and the tests
:func:`sup_f_test`, :func:`chow_test`, :func:`ols_cusum_test`. For a rate whose slope changes without a jump
:func:`fit_bent_line` and :func:`davies_test`.
"""

from qstats.methods.structural_breaks.bent_line import BentLine, davies_test, fit_bent_line
from qstats.methods.structural_breaks.break_tests import SupF, chow_test, ols_cusum_test, sup_f_test
from qstats.methods.structural_breaks.linear_breaks import LinearBreaks, fit_linear_breaks
from qstats.methods.structural_breaks.position_limits import break_limits
from qstats.methods.structural_breaks.rate_breaks import Break, RateBreaks, rate_breaks

__all__ = [
    "BentLine",
    "Break",
    "LinearBreaks",
    "RateBreaks",
    "SupF",
    "break_limits",
    "chow_test",
    "davies_test",
    "fit_bent_line",
    "fit_linear_breaks",
    "ols_cusum_test",
    "rate_breaks",
    "sup_f_test",
]
