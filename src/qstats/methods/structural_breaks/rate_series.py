"""What is left of a pass rate by period when level, trend and season are taken away?

A logistic regression with Firth's correction, which stays finite where all batches of a stretch passed.
Around it the counts are linear: Pearson residuals and regressors times the root of their weights. In these
units a step of the level at any place is one more regressor, and what it explains is found by projection,
for one series or for many resamples at once.

Source: Firth (1993), doi:10.1093/biomet/80.1.27; Pregibon (1981), doi:10.1214/aos/1176345513 (one step of
the regression as a linear fit).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from qstats.methods.structural_breaks.linear_breaks import Floats, Ints

_MOST_STEPS, _WITHIN = 50, 1e-9
_NOTHING_NEW = 1e-6


@dataclass(frozen=True, slots=True)
class RateSeries:
    """Known periods of a rate.

    Attributes
    ----------
    passed, n : array, shape (periods,)
    places : array, shape (periods,)
        When, in periods from the first; gaps leave places out.
    design : array, shape (periods, columns)
        Level, trend and season on the logit scale.
    shortest : int
        Known periods that a level lasts at least.
    """

    passed: Floats
    n: Floats
    places: Floats
    design: Floats
    shortest: int

    @property
    def candidates(self) -> Ints:
        """Where a new level may begin."""
        return np.arange(self.shortest, self.n.size - self.shortest + 1)


@dataclass(frozen=True, slots=True)
class RateModel:
    """A fitted rate, and the units in which it is linear.

    Attributes
    ----------
    coefficients : array, shape (columns,)
    rate : array, shape (periods,)
        Fitted rate, above 0 and below 1.
    root : array, shape (periods,)
        Root of n·p(1 − p).
    columns : array, shape (periods, columns)
        Regressors times `root`.
    residual : array, shape (periods,)
        Pearson residuals.
    """

    coefficients: Floats
    rate: Floats
    root: Floats
    columns: Floats
    residual: Floats


def steps(length: int, starts: Ints) -> Floats:
    """Regressors of levels that begin at each start, shape (starts, length)."""
    shown: Floats = (np.arange(length) >= np.asarray(starts)[:, None]).astype(float)
    return shown


def fit_rate(series: RateSeries, starts: tuple[int, ...] = ()) -> RateModel:
    """Rate with new levels at the starts."""
    design = np.column_stack([series.design, steps(series.n.size, np.array(starts, dtype=int)).T])
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = logit((series.passed.sum() + 0.5) / (series.n.sum() + 1))
    for _ in range(_MOST_STEPS):
        model = _around(series, design, coefficients)
        basis, triangle = np.linalg.qr(model.columns)
        leverage = (basis**2).sum(axis=1)
        score = model.residual + leverage * (0.5 - model.rate) / model.root
        move = np.linalg.solve(triangle, basis.T @ score)
        coefficients = coefficients + move * min(1.0, 2 / max(np.abs(design @ move).max(), 1e-300))
        if np.abs(move).max() < _WITHIN:
            break
    return _around(series, design, coefficients)


def _around(series: RateSeries, design: Floats, coefficients: Floats) -> RateModel:
    rate = np.clip(expit(design @ coefficients), 1e-9, 1 - 1e-9)
    root = np.sqrt(series.n * rate * (1 - rate))
    return RateModel(
        coefficients, rate, root, design * root[:, None], (series.passed - series.n * rate) / root
    )


@dataclass(frozen=True, slots=True)
class Scan:
    """What a step at each candidate explains beyond the regressors.

    Attributes
    ----------
    starts : array, shape (candidates,)
    basis : array, shape (periods, columns)
        Orthonormal regressors.
    directions : array, shape (candidates, periods)
        Steps beyond the regressors, each of length 1.
    lengths : array, shape (candidates,)
        Of the steps beyond the regressors, before they were made 1.
    """

    starts: Ints
    basis: Floats
    directions: Floats
    lengths: Floats

    def remove(self, values: Floats) -> Floats:
        """Values, one series per row, without what the regressors explain."""
        left: Floats = values - (values @ self.basis) @ self.basis.T
        return left

    def best(self, left: Floats) -> tuple[Floats, Floats]:
        """Share of the squares that the best step explains, and what is left without it, for each row."""
        found = left @ self.directions.T
        place = np.abs(found).argmax(axis=1)
        most = found[np.arange(len(left)), place]
        without: Floats = left - most[:, None] * self.directions[place]
        return most**2 / (left**2).sum(axis=1), without


def make_scan(root: Floats, columns: Floats, starts: Ints, whiten: Floats | None = None) -> Scan:
    """Scan in the units of a model, of the starts that are not among its regressors.

    `whiten` makes correlated errors independent.
    """
    jumps = steps(root.size, starts) * root
    if whiten is not None:
        columns, jumps = whiten @ columns, jumps @ whiten.T
    basis = np.linalg.qr(columns)[0]
    beyond = jumps - (jumps @ basis) @ basis.T
    lengths = np.sqrt((beyond**2).sum(axis=1))
    new = lengths > _NOTHING_NEW * np.sqrt((jumps**2).sum(axis=1))
    return Scan(starts[new], basis, beyond[new] / lengths[new, None], lengths[new])
