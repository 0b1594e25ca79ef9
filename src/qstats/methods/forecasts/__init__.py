"""What is to be expected of a rate or a count, how sure is that, and would it have been right before?"""

from qstats.methods.forecasts.backtest import LAST_YEAR, Backtest, backtest_rates, rolling_origins
from qstats.methods.forecasts.last_year import same_period_last_year
from qstats.methods.forecasts.predictive import Forecast, draw_counts
from qstats.methods.forecasts.rates import FEWEST_PERIODS, forecast_rate
from qstats.methods.forecasts.scores import brier_score, crps_of_draws, randomised_pit, skill
from qstats.methods.forecasts.structure import COMBINED, MODELS
from qstats.methods.forecasts.totals import CountForecast, few_events_total, forecast_stock, forecast_total

__all__ = [
    "COMBINED",
    "FEWEST_PERIODS",
    "LAST_YEAR",
    "MODELS",
    "Backtest",
    "CountForecast",
    "Forecast",
    "backtest_rates",
    "brier_score",
    "crps_of_draws",
    "draw_counts",
    "few_events_total",
    "forecast_rate",
    "forecast_stock",
    "forecast_total",
    "randomised_pit",
    "rolling_origins",
    "same_period_last_year",
    "skill",
]
