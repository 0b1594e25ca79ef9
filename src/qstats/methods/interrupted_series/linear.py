"""How does a score or a large count, rather than a rate, depend on the columns of a segmented regression?

Ordinary least squares, with Newey-West errors as a check, and generalised least squares whose errors are an
AR(1) process, by maximum likelihood or restricted maximum likelihood (which is less biased on short
series).

Source: Newey & West (1987), doi:10.2307/1913610; Beach & MacKinnon (1978), doi:10.2307/1913644; Pinheiro &
Bates (2000), section 5.3, doi:10.1007/b98882 (as R's nlme: errors of the coefficients take n − p also under
maximum likelihood).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.stats import t

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.robust import newey_west_meat

FARTHEST_RHO = 0.999


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A linear regression.

    Attributes
    ----------
    coefficients : array, shape (p,)
    covariance : array, shape (p, p)
    sigma : float
        Standard deviation of the errors; that of highest likelihood where so fitted.
    rho : float
        Correlation of neighbours; 0 for least squares.
    log_likelihood : float
        Restricted where so fitted.
    freedom : int
    fitted : array, shape (n,)
    """

    coefficients: Floats
    covariance: Floats
    sigma: float
    rho: float
    log_likelihood: float
    freedom: int
    fitted: Floats

    @property
    def std_error(self) -> Floats:
        """Standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance))

    def limits(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Limits of the coefficients by t."""
        reach = t.ppf((1 + confidence) / 2, self.freedom) * self.std_error
        return self.coefficients - reach, self.coefficients + reach


def fit_linear(values: ArrayLike, design: ArrayLike, *, newey_west_lag: int | None = None) -> LinearFit:
    """Least squares; the covariance is Newey and West's where a lag is given.

    Parameters
    ----------
    values : array_like, shape (n,)
        In order of time.
    design : array_like, shape (n, p)
    newey_west_lag : int, optional
        Bartlett weights, no prewhitening, no correction for n.

    Raises
    ------
    ValueError
        Values that are not finite, or no more rows than columns.
    """
    y, x = _checked(values, design)
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    residual = y - x @ beta
    freedom = len(y) - x.shape[1]
    variance = float(residual @ residual) / freedom
    covariance = variance * inverse
    if newey_west_lag is not None:
        covariance = inverse @ newey_west_meat(x * residual[:, None], newey_west_lag) @ inverse
    highest = -len(y) / 2 * (np.log(2 * np.pi * variance * freedom / len(y)) + 1)
    return LinearFit(beta, covariance, float(np.sqrt(variance)), 0.0, float(highest), freedom, x @ beta)


def fit_linear_ar1(
    values: ArrayLike, design: ArrayLike, periods: ArrayLike | None = None, *, restricted: bool = True
) -> LinearFit:
    """Generalised least squares with AR(1) errors; a gap of g periods correlates as ρ^g.

    Parameters
    ----------
    values, design
        As in `fit_linear`.
    periods : array_like, shape (n,), optional
        Rising numbers of the periods; 0, 1, 2, … unless told.
    restricted : bool
        Restricted maximum likelihood, or maximum likelihood.

    Raises
    ------
    ValueError
        As in `fit_linear`, or periods that do not rise.
    """
    y, x = _checked(values, design)
    gaps = np.diff(np.arange(len(y), dtype=float) if periods is None else np.asarray(periods, dtype=float))
    if len(gaps) != len(y) - 1 or not (gaps > 0).all():
        raise ValueError("periods must rise, one for each value")

    def loss(rho: float) -> float:
        return -_whitened_fit(y, x, gaps, rho, restricted).log_likelihood

    # The likelihood may have two humps: the best point of a grid is refined.
    grid = np.linspace(-0.95, 0.95, 39)
    best = grid[np.argmin([loss(rho) for rho in grid])]
    bounds = (max(best - 0.05, -FARTHEST_RHO), min(best + 0.05, FARTHEST_RHO))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    return _whitened_fit(y, x, gaps, float(found.x), restricted)


def _whitened_fit(y: Floats, x: Floats, gaps: Floats, rho: float, restricted: bool) -> LinearFit:
    """Best fit at a given ρ: neighbours are taken away from each other until the errors are independent."""
    power = np.sign(rho) ** gaps * np.abs(rho) ** gaps
    shrink = np.sqrt(1 - power**2)
    white_y = np.append(y[0], (y[1:] - power * y[:-1]) / shrink)
    white_x = np.vstack([x[:1], (x[1:] - power[:, None] * x[:-1]) / shrink[:, None]])
    information = white_x.T @ white_x
    beta = np.linalg.solve(information, white_x.T @ white_y)
    squares = float(((white_y - white_x @ beta) ** 2).sum())
    n, p = x.shape
    of = n - p if restricted else n
    log_likelihood = -of / 2 * (np.log(2 * np.pi * squares / of) + 1) - np.log(shrink).sum()
    if restricted:  # as nlme has it, with the design's own determinant
        log_likelihood += (np.linalg.slogdet(x.T @ x)[1] - np.linalg.slogdet(information)[1]) / 2
    covariance = squares / (n - p) * np.linalg.inv(information)
    return LinearFit(
        beta, covariance, float(np.sqrt(squares / of)), rho, float(log_likelihood), n - p, x @ beta
    )


def _checked(values: ArrayLike, design: ArrayLike) -> tuple[Floats, Floats]:
    y, x = np.asarray(values, dtype=float), np.asarray(design, dtype=float)
    if x.ndim != 2 or y.shape != x.shape[:1] or not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError(f"values {y.shape} and design {x.shape} must agree and be finite")
    if len(y) <= x.shape[1]:
        raise ValueError("there must be more values than columns")
    return y, x
