"""Which law do the counts follow? Passes of so many batches, or events in so much exposure.

Both are taken with their canonical link, so that one formula serves: with y events of size m (batches, or
exposure) and the linear predictor η, the log-likelihood is ``y·η − m·A(η)`` and a constant; A' is the rate,
A'' the variance of a count of size 1.

Source: McCullagh & Nelder (1989), *Generalized Linear Models*, doi:10.1007/978-1-4899-3242-6.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit, xlogy

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Family:
    """A law of counts with its canonical link.

    Attributes
    ----------
    name : {"binomial", "poisson"}
    rate : callable
        Linear predictor to rate: passes per batch, or events per unit of exposure.
    link : callable
        The way back.
    cumulant : callable
        A(η); its first derivative is the rate.
    variance, skewing : callable
        Of a rate: variance of a count of size 1, and the derivative of that variance by the rate.
    highest, constant : callable
        Of counts and sizes: the largest ``y·η − m·A(η)``, and what the log-likelihood adds to it.
    """

    name: str
    rate: Callable[[Floats], Floats]
    link: Callable[[Floats], Floats]
    cumulant: Callable[[Floats], Floats]
    variance: Callable[[Floats], Floats]
    skewing: Callable[[Floats], Floats]
    highest: Callable[[Floats, Floats], Floats]
    constant: Callable[[Floats, Floats], Floats]

    def log_likelihood(self, count: Floats, size: Floats, linear: Floats) -> float:
        """Log-likelihood at a linear predictor."""
        return float(self._kernel(count, size, linear).sum() + self.constant(count, size).sum())

    def deviance_parts(self, count: Floats, size: Floats, linear: Floats) -> Floats:
        """Deviance of each row, never below 0."""
        highest = self.highest(count, size)
        return np.maximum(2 * (highest - self._kernel(count, size, linear)), 0.0)

    def _kernel(self, count: Floats, size: Floats, linear: Floats) -> Floats:
        return count * linear - size * self.cumulant(linear)


def _share(count: Floats, size: Floats) -> Floats:
    return np.divide(count, size, out=np.zeros_like(count), where=size > 0)


BINOMIAL = Family(
    "binomial",
    rate=expit,
    link=logit,
    cumulant=lambda linear: np.logaddexp(0, linear),
    variance=lambda rate: rate * (1 - rate),
    skewing=lambda rate: 1 - 2 * rate,
    highest=lambda y, m: xlogy(y, _share(y, m)) + xlogy(m - y, _share(m - y, m)),
    constant=lambda y, m: gammaln(m + 1) - gammaln(y + 1) - gammaln(m - y + 1),
)
POISSON = Family(
    "poisson",
    rate=np.exp,
    link=np.log,
    cumulant=np.exp,
    variance=lambda rate: rate,
    skewing=np.ones_like,
    highest=lambda y, m: xlogy(y, _share(y, m)) - y,
    constant=lambda y, m: xlogy(y, m) - gammaln(y + 1),
)
FAMILIES = {family.name: family for family in (BINOMIAL, POISSON)}


def check_counts(family: Family, count: Floats, size: Floats, design: Floats) -> None:
    """Refuse what is no table of counts.

    Raises
    ------
    ValueError
        Shapes that do not agree, counts that are unknown or impossible, or columns that depend on each other.
    """
    if design.ndim != 2 or count.shape != size.shape or count.shape != design.shape[:1]:
        raise ValueError(f"shapes do not agree: counts {count.shape}, sizes {size.shape}, {design.shape}")
    if not (np.isfinite(count).all() and np.isfinite(size).all() and np.isfinite(design).all()):
        raise ValueError("counts, sizes and the design must be finite; a gap is a row of size 0")
    if (count < 0).any() or (size < 0).any() or ((size == 0) & (count > 0)).any():
        raise ValueError("counts and sizes must not be negative, and nothing happens where the size is 0")
    if family is BINOMIAL and (count > size).any():
        raise ValueError("no more than all can pass")
    if column_rank(design[size > 0]) < design.shape[1]:
        raise ValueError("columns of the design depend on each other: the data cannot tell them apart")


def column_rank(design: Floats) -> int:
    """How many columns say something of their own; decimal years leave some rounding of a dependence."""
    scale = np.abs(design).max(axis=0, initial=0.0)
    return int(np.linalg.matrix_rank(design / np.where(scale > 0, scale, 1.0), rtol=1e-9))
