"""How would the established methods forecast the series? Exponential smoothing, SARIMA, drift.

They know nothing of counts: they take the rate on the logit scale as a normal variable, and stand beside the
forecast of the report as what it is compared with. Fits go through statsmodels. Its optimiser stops at poor
optima and calls them converged (sum of squares 6.53e6 on USAccDeaths, where R finds 4.97e6), so that each fit
starts from several places and the best is kept.

References
----------
Hyndman et al. (2008), Forecasting with Exponential Smoothing, doi:10.1007/978-3-540-71918-2.
Box, Jenkins and Reinsel (2008), Time Series Analysis, doi:10.1002/9781118619193.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from statsmodels.tools.sm_exceptions import ModelWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel, ETSResults
from statsmodels.tsa.statespace.sarimax import SARIMAX, SARIMAXResults

from qstats.methods.forecasts import crps_of_draws

Floats = NDArray[np.float64]
Season = int | None

ETS_STARTS = ((0.3, 0.3), (0.9, 0.01))
"""Smoothing of level and season from which the fit starts, beside statsmodels' own start."""

DRAWS = 400
ARMA_STARTS = (0.0, -0.3, -0.7)
"""Moving-average coefficients from which the fit starts, beside statsmodels' own start."""


@dataclass(frozen=True)
class NormalForecast:
    """Normal forecast of a series, on the scale that it was given in.

    Attributes
    ----------
    mean, spread : ndarray of shape (steps,)
        Centre and standard deviation.
    coefficients : ndarray or None
        Where the fit of a slightly longer series may start.
    """

    mean: Floats
    spread: Floats
    coefficients: Floats | None = None


def fit_ets(
    values: Floats, *, season: Season, trend: str | None = None, error: str = "add", damped: bool = False,
    seasonal: str = "add", start: Floats | None = None,
) -> ETSResults:  # fmt: skip
    """Exponential smoothing by maximum likelihood, the best of several starts.

    Parameters
    ----------
    values : ndarray of shape (periods,)
        Without gaps, at least two seasons of them where there is one.
    season : int or None
        Periods of a year.
    trend, error, damped, seasonal
        As ``ETSModel`` has them.
    start : ndarray, optional
        Coefficients of a fit to nearly the same series, in place of several starts.
    """
    model = ETSModel(
        values, error=error, trend=trend, damped_trend=damped, seasonal=seasonal if season else None,
        seasonal_periods=season,
    )  # fmt: skip
    starts = _ets_starts(model) if start is None else [start]
    return max((_fit(model, one) for one in starts), key=lambda fit: fit.llf)


def _ets_starts(model: ETSModel) -> list[Floats]:
    own = np.asarray(model.start_params, dtype=float)
    starts = [own]
    for level, rest in ETS_STARTS:
        start = own.copy()
        for place, name in enumerate(model.param_names):
            smoothing = {"smoothing_level": level, "smoothing_trend": rest * level,
                         "smoothing_seasonal": rest * (1 - level)}  # fmt: skip
            start[place] = smoothing.get(name, start[place])
        starts.append(start)
    return starts


def fit_sarima(
    values: Floats, order: tuple[int, int, int], seasonal_order: tuple[int, int, int, int], *,
    constant: bool = False, start: Floats | None = None,
) -> SARIMAXResults:  # fmt: skip
    """Seasonal ARIMA by exact maximum likelihood, the best of several starts.

    Parameters
    ----------
    values : ndarray of shape (periods,)
        NaN is a gap.
    order, seasonal_order
        As ``SARIMAX`` has them.
    constant : bool
        Whether the undifferenced series has a mean of its own.
    start : ndarray, optional
        As in `fit_ets`.
    """
    mean = np.ones(len(values)) if constant else None
    model = SARIMAX(
        values, exog=mean, order=order, seasonal_order=seasonal_order, use_exact_diffuse=True,
        concentrate_scale=False,
    )  # fmt: skip
    starts = _arma_starts(model) if start is None else [start]
    return max((_fit(model, one) for one in starts), key=lambda fit: fit.llf)


def _arma_starts(model: SARIMAX) -> list[Floats]:
    with _quiet():
        own = np.asarray(model.start_params, dtype=float)
    starts = [own]
    for coefficient in ARMA_STARTS:
        start = own.copy()
        start[[name.startswith("ma.") for name in model.param_names]] = coefficient
        starts.append(start)
    return starts


def forecast_ets(values: Floats, steps: int, season: Season, start: Floats | None = None) -> NormalForecast:
    """ETS(A,N,A), or ETS(A,N,N) without a season."""
    fit = fit_ets(values, season=season, start=start)
    since = np.arange(1, steps)
    response = fit.params[0] + (fit.params[1] * (since % season == 0) if season else np.zeros(steps - 1))
    variance = fit.sse / (len(values) - len(fit.params)) * np.cumsum(np.r_[1.0, response**2])
    return NormalForecast(np.asarray(fit.forecast(steps)), np.sqrt(variance), np.asarray(fit.params))


def forecast_sarima(
    values: Floats, steps: int, season: Season, start: Floats | None = None
) -> NormalForecast:
    """SARIMA(0,1,1)(0,1,1), the airline model; ARIMA(0,1,1) without a season."""
    fit = fit_sarima(values, (0, 1, 1), (0, 1, 1, season) if season else (0, 0, 0, 0), start=start)
    ahead = fit.get_forecast(steps)
    spread = np.asarray(ahead.se_mean) * _freed(fit)
    return NormalForecast(np.asarray(ahead.predicted_mean), spread, np.asarray(fit.params))


def forecast_drift(values: Floats, steps: int, season: Season, start: Floats | None = None) -> NormalForecast:
    """Random walk with drift: on from the last value by the average step."""
    known = len(values) - 1
    drift = (values[-1] - values[0]) / known
    ahead = np.arange(1, steps + 1)
    sigma = np.sqrt(np.sum((np.diff(values) - drift) ** 2) / (known - 1))
    return NormalForecast(values[-1] + drift * ahead, sigma * np.sqrt(ahead * (1 + ahead / known)))


CLASSICAL: dict[str, Callable[[Floats, int, Season, Floats | None], NormalForecast]] = {
    "ets": forecast_ets,
    "sarima": forecast_sarima,
    "drift": forecast_drift,
}
"""Established methods by name."""


def score_classical(
    passed: Floats, n: Floats, *, steps: int, origins: Sequence[int], season: Season, seed: int = 0
) -> dict[str, Floats]:
    """Scores (CRPS on the reported rate) of the established methods from the origins of a backtest.

    Parameters
    ----------
    passed, n : ndarray of shape (periods,)
        Whole counts; a series with a gap is not scored, since smoothing has no word for it.
    steps, origins, season
        As in `qstats.methods.forecasts.backtest_rates`.
    seed : int

    Returns
    -------
    dict of str to ndarray of shape (origins, steps)
        NaN where nothing was reported.
    """
    generator = np.random.default_rng(seed)
    scores = {name: np.full((len(origins), steps), np.nan) for name in CLASSICAL}
    if (n <= 0).any():
        return scores
    logit = np.log((passed + 0.5) / (n - passed + 0.5))
    for name, forecast in CLASSICAL.items():
        start: Floats | None = None
        for place, origin in enumerate(origins):
            ahead = forecast(logit[:origin], steps, season, start)
            start = ahead.coefficients
            came = (passed / n)[origin : origin + steps]
            drawn = ahead.mean + ahead.spread * generator.standard_normal((DRAWS, steps))
            scores[name][place, : len(came)] = crps_of_draws(expit(drawn[:, : len(came)]), came)
    return scores


TIGHT = {"pgtol": 1e-10, "factr": 10.0}
"""Tolerances of the optimiser: its own end the search while the initial level, a large number, is off."""


def _fit(model: ETSModel | SARIMAX, start: Floats) -> ETSResults | SARIMAXResults:
    tolerance = TIGHT if isinstance(model, ETSModel) else {}
    with _quiet():
        return model.fit(start_params=start, disp=False, **tolerance)


def _freed(fit: SARIMAXResults) -> float:
    """Errors by degrees of freedom over errors by observations: short series have few to spare."""
    used = fit.nobs - fit.nobs_diffuse
    return float(np.sqrt(used / (used - len(fit.params) + 1)))


@contextmanager
def _quiet() -> Iterator[None]:
    """A start that does not converge loses against the others; its warning is nobody's business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", FutureWarning)
        yield
