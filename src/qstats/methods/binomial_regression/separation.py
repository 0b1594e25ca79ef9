"""Which coefficients have no finite value, because all passed in a cell, or none did?

A direction in which the likelihood never falls: no row with passes and failures moves along it, rows of
passes alone move up, rows of failures alone move down. Along such a direction the coefficients run away,
and an iteration ends at some large number with a standard error in the thousands. Linear programs find out
which coefficients run, and whither; the others keep their values.

Source: Albert & Anderson (1984), doi:10.1093/biomet/71.1.1; Konis (2007), *Linear programming algorithms
for detecting separated data*, University of Oxford; Correia, Guimarães & Zylkin (2019), arXiv:1903.01633
(Poisson).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from qstats.methods.binomial_regression.families import BINOMIAL, Family, Floats

FAR = 1e-7


@dataclass(frozen=True, slots=True)
class Separation:
    """What runs away.

    Attributes
    ----------
    limits : array of float, shape (p,)
        0 where a coefficient is finite, +inf or −inf where it runs, NaN where it may run either way.
    rows : array of bool, shape (n,)
        Rows that are fitted exactly in the limit: they say nothing of the finite coefficients.
    """

    limits: Floats
    rows: NDArray[np.bool_]

    @property
    def found(self) -> bool:
        """Whether any coefficient runs away."""
        return bool((self.limits != 0).any())


def find_separation(family: Family, count: Floats, size: Floats, design: Floats) -> Separation:
    """Coefficients without a finite maximum-likelihood value.

    Parameters
    ----------
    family : Family
    count, size : array, shape (n,)
        Rows of size 0 say nothing.
    design : array, shape (n, p)
        Of full rank.
    """
    scale = np.abs(design).max(axis=0)
    x = design / scale
    all_of, none_of = _one_sided(family, count, size)
    mixed = (size > 0) & ~all_of & ~none_of
    towards = np.vstack([-x[all_of], x[none_of]])
    highest, lowest = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    way = np.zeros(x.shape[1])
    for place in range(x.shape[1]):
        for sign, bound in ((1, highest), (-1, lowest)):
            found = _farthest(-sign * np.eye(x.shape[1])[place], towards, x[mixed])
            bound[place] = found[place]
            way += found
    rows = (np.abs(x @ way) > FAR) & (size > 0)
    return Separation(_limits(lowest, highest), rows)


def _one_sided(family: Family, count: Floats, size: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows whose likelihood grows without end upwards, and downwards."""
    none = (size > 0) & (count == 0)
    if family is BINOMIAL:
        return (size > 0) & (count == size), none
    return np.zeros(len(count), dtype=bool), none


def _farthest(cost: Floats, towards: Floats, still: Floats) -> Floats:
    """Direction of least cost in which no row moves against what was seen."""
    found = linprog(
        cost,
        A_ub=towards if len(towards) else None,
        b_ub=np.zeros(len(towards)) if len(towards) else None,
        A_eq=still if len(still) else None,
        b_eq=np.zeros(len(still)) if len(still) else None,
        bounds=(-1, 1),
    )
    return np.asarray(found.x, dtype=float)


def _limits(lowest: Floats, highest: Floats) -> Floats:
    up, down = highest > FAR, lowest < -FAR
    return np.select([up & down, up, down], [np.nan, np.inf, -np.inf], 0.0)
