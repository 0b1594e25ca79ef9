"""How does a rate depend on time, season or a group, and how sure is it where counts scatter?"""

from qstats.methods.binomial_regression.comparison import FitComparison, compare_fits
from qstats.methods.binomial_regression.correlated import CorrelatedErrors, correlate_errors
from qstats.methods.binomial_regression.diagnostics import Diagnostics, diagnose_fit
from qstats.methods.binomial_regression.fit import RateFit, fit_binomial, fit_poisson, fit_rates
from qstats.methods.binomial_regression.overdispersed import (
    OverdispersedFit,
    fit_beta_binomial,
    fit_negative_binomial,
)
from qstats.methods.binomial_regression.prediction import RatePrediction, predict_rates
from qstats.methods.binomial_regression.profile import normal_rise, profile_limits
from qstats.methods.binomial_regression.robust import robust_covariance
from qstats.methods.binomial_regression.trend import season_columns, trend_design

__all__ = [
    "CorrelatedErrors",
    "Diagnostics",
    "FitComparison",
    "OverdispersedFit",
    "RateFit",
    "RatePrediction",
    "compare_fits",
    "correlate_errors",
    "diagnose_fit",
    "fit_beta_binomial",
    "fit_binomial",
    "fit_negative_binomial",
    "fit_poisson",
    "fit_rates",
    "normal_rise",
    "predict_rates",
    "profile_limits",
    "robust_covariance",
    "season_columns",
    "trend_design",
]
