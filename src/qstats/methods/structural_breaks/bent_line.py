"""Does a rate change its slope, where, and from which slope to which?

A line on the logit scale with one bend: the level does not jump, the slope does. The place of the bend is
where the likelihood is highest, searched between all values of x and then refined, so that a start cannot
mislead it. Its standard error, and that the slopes are not surer than the bend, come from one more
regressor: what the fit would move by if the bend did (Muggeo). Whether there is a bend at all is not asked
of that error, which supposes one, but of Davies' test: the largest of the signed roots of the likelihood
ratio over a row of places, with a bound on its tail.

Counts must scatter as binomial ones or be widened by their dispersion, and be independent; for a rate by
month with a season and noise that is alike from month to month there is `rate_breaks`.

Source: Muggeo (2003), doi:10.1002/sim.1545; Davies (1987), doi:10.1093/biomet/74.1.33.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from qstats.methods.binomial_regression.families import BINOMIAL
from qstats.methods.binomial_regression.fit import RateFit, fit_binomial, maximise
from qstats.methods.structural_breaks.linear_breaks import Floats

LEAST_VALUES = 6
"""Different values of x: two slopes, a level and a bend, and something left over."""
_FINER = 2


@dataclass(frozen=True, slots=True)
class BentLine:
    """A line with one bend.

    Attributes
    ----------
    bend, bend_error : float
        Place of the bend in units of x, with its standard error.
    slopes, slope_errors : tuple of float
        Before and after, per unit of x, on the logit scale.
    level : float
        Of the first line at x = 0, on the logit scale.
    deviance : float
    dispersion : float
        φ by which the errors are widened; 1 where none was asked for.
    quantile : float
        Of t or of the normal law, for limits at the confidence asked for.
    """

    bend: float
    bend_error: float
    slopes: tuple[float, float]
    slope_errors: tuple[float, float]
    level: float
    deviance: float
    dispersion: float
    quantile: float

    @property
    def bend_limits(self) -> tuple[float, float]:
        """Limits of the place of the bend."""
        return self.bend - self.quantile * self.bend_error, self.bend + self.quantile * self.bend_error

    @property
    def slope_limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Limits of the slope before and of that after."""
        before, after = (
            (slope - self.quantile * error, slope + self.quantile * error)
            for slope, error in zip(self.slopes, self.slope_errors, strict=True)
        )
        return before, after


def fit_bent_line(
    passed: ArrayLike, n: ArrayLike, x: ArrayLike, *, confidence: float = 0.95, dispersion: str = "pearson"
) -> BentLine:
    """Line of a rate with one bend (分段线性趋势).

    Parameters
    ----------
    passed, n : array_like, shape (m,)
        Counts; a line with n of 0 or NaN is a gap.
    x : array_like, shape (m,)
        What the rate depends on, mostly time.
    confidence : float
        Two-sided level of the limits, 0–1.
    dispersion : {"pearson", "fletcher", "none"}
        As in `fit_binomial`; "none" takes counts for binomial.

    Raises
    ------
    ValueError
        Impossible counts, or fewer than six different values of x.
    """
    y, size, place = _known(passed, n, x)
    bend, fit = _best_bend(y, size, place)
    moved = -fit.coefficients[2] * (place > bend)
    found = fit_binomial(y, size, np.column_stack([fit.design, moved]), dispersion=dispersion)
    # At the best bend moving it gains next to nothing: its column gives the errors, not the coefficients.
    covariance = (found.dispersion if found.scaled else 1.0) * _inverse_information(fit, moved)
    second = np.array([0, 1, 1, 0])
    return BentLine(
        bend,
        float(np.sqrt(covariance[3, 3])),
        (float(fit.coefficients[1]), float(fit.coefficients[1:3].sum())),
        (float(np.sqrt(covariance[1, 1])), float(np.sqrt(second @ covariance @ second))),
        float(fit.coefficients[0]),
        fit.deviance,
        found.dispersion if found.scaled else 1.0,
        found.quantile((1 + confidence) / 2),
    )


def davies_test(
    passed: ArrayLike, n: ArrayLike, x: ArrayLike, *, places: int = 10, dispersion: str = "pearson"
) -> float:
    """Two-sided p-value of a straight line, against one with a bend somewhere.

    Parameters
    ----------
    passed, n, x, dispersion
        As `fit_bent_line` takes them.
    places : int
        At how many places, evenly spread, a bend is tried; about ten.

    Raises
    ------
    ValueError
        As `fit_bent_line` does.
    """
    y, size, place = _known(passed, n, x)
    ordered = np.sort(place)
    straight = fit_binomial(y, size, _line(place), dispersion=dispersion)
    tried = [
        fit_binomial(y, size, _line(place, bend), dispersion=dispersion)
        for bend in np.linspace(ordered[1], ordered[-2], places)
    ]
    best = min(tried, key=lambda fit: fit.deviance)
    phi = best.dispersion if best.scaled else 1.0
    gains = np.array([max(straight.deviance - fit.deviance, 0.0) for fit in tried]) / phi
    roots = np.sqrt(gains) * np.sign([fit.coefficients[2] for fit in tried])
    largest = np.abs(roots).max()
    crossings = np.abs(np.diff(roots)).sum() * np.exp(-(largest**2) / 2) / np.sqrt(8 * np.pi)
    return float(min(1.0, 2 * (norm.sf(largest) + crossings)))


def _known(passed: ArrayLike, n: ArrayLike, x: ArrayLike) -> tuple[Floats, Floats, Floats]:
    y, size, place = (np.asarray(values, dtype=float) for values in (passed, n, x))
    if not (y.ndim == 1 and y.shape == size.shape == place.shape):
        raise ValueError("passed, n and x must be lists of the same length")
    rows = size > 0
    if np.unique(place[rows]).size < LEAST_VALUES:
        raise ValueError(f"a bend takes counts at {LEAST_VALUES} different values of x at least")
    return y[rows], size[rows], place[rows]


def _line(place: Floats, bend: float | None = None) -> Floats:
    columns = [np.ones_like(place), place]
    return np.column_stack(columns if bend is None else [*columns, np.maximum(place - bend, 0)])


def _best_bend(y: Floats, size: Floats, place: Floats) -> tuple[float, RateFit]:
    """Place of least deviance: on a grid finer than the data, then between its neighbours there."""
    none = np.zeros_like(y)

    def deviance(bend: float) -> float:
        columns = _line(place, bend)
        coefficients, _ = maximise(BINOMIAL, y, size, columns, none)
        return float(BINOMIAL.deviance_parts(y, size, columns @ coefficients).sum())

    inner = np.unique(place)[1:-1]
    grid = np.interp(np.arange((inner.size - 1) * _FINER + 1) / _FINER, np.arange(inner.size), inner)
    least = int(np.argmin([deviance(bend) for bend in grid]))
    around = grid[max(least - 1, 0)], grid[min(least + 1, grid.size - 1)]
    finer = minimize_scalar(deviance, bounds=around, method="bounded", options={"xatol": 1e-9}).x
    bend = float(min((finer, grid[least]), key=deviance))
    return bend, fit_binomial(y, size, _line(place, bend), dispersion="none")


def _inverse_information(fit: RateFit, moved: Floats) -> Floats:
    columns = np.column_stack([fit.design, moved])
    weights = fit.size * fit.fitted * (1 - fit.fitted)
    return np.asarray(np.linalg.inv(columns.T @ (weights[:, None] * columns)), dtype=np.float64)
