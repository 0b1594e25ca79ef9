"""How many nonconforming items does a sample hold?

Three laws: ``binomial`` (items of a running process, or a lot much larger than the sample),
``hypergeometric`` (items drawn without replacement from one lot) and ``poisson`` (nonconformities counted
on items, where one item can have several).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

LAWS = ("binomial", "poisson", "hypergeometric")

_NOTHING = 1e-200  # scipy's binomial overflows on fractions near the smallest number there is
_WHOLE = 1e-6  # a product like 0.07 * 100 misses the whole number by less than this


@dataclass(frozen=True, slots=True)
class Law:
    """Distribution of the number of nonconforming items in a sample.

    Attributes
    ----------
    name : str
        ``binomial``, ``poisson`` or ``hypergeometric``.
    lot_size : int, optional
        Items in the lot; needed by the hypergeometric law and no other.

    Raises
    ------
    ValueError
        Unknown name, or a lot size that the law lacks or has no use for.
    """

    name: str = "binomial"
    lot_size: int | None = None

    def __post_init__(self) -> None:
        if self.name not in LAWS:
            raise ValueError(f"no law {self.name!r}; known: {', '.join(LAWS)}")
        if self.name == "hypergeometric" and (self.lot_size is None or self.lot_size < 1):
            raise ValueError("the hypergeometric law needs a lot_size of at least 1")
        if self.name != "hypergeometric" and self.lot_size is not None:
            raise ValueError(f"the {self.name} law knows no lot_size: use 'hypergeometric' for one lot")

    def pmf(self, count: int, n: int, p: ArrayLike, *, drawn: int = 0, found: int = 0) -> NDArray[np.float64]:
        """Probability of exactly ``count`` in the next ``n``, after ``found`` among the first ``drawn``."""
        return self._probability("pmf", count, n, p, drawn, found)

    def cdf(self, count: int, n: int, p: ArrayLike, *, drawn: int = 0, found: int = 0) -> NDArray[np.float64]:
        """Probability of at most ``count`` in the next ``n``, after ``found`` among the first ``drawn``."""
        return self._probability("cdf", count, n, p, drawn, found)

    def _probability(
        self, what: str, count: int, n: int, p: ArrayLike, drawn: int, found: int
    ) -> NDArray[np.float64]:
        p = checked_fraction(p, self.name)
        if self.name == "binomial":
            return getattr(stats.binom, what)(count, n, p)
        if self.name == "poisson":
            return getattr(stats.poisson, what)(count, n * p)
        assert self.lot_size is not None
        left = np.maximum(nonconforming_items(p, self.lot_size) - found, 0)
        return getattr(stats.hypergeom, what)(count, self.lot_size - drawn, left, n)


def nonconforming_items(p: ArrayLike, lot_size: int) -> NDArray[np.int64]:
    """Whole number of nonconforming items that a fraction means in a lot.

    Raises
    ------
    ValueError
        A fraction that no whole number of items makes.
    """
    product = np.asarray(p, dtype=float) * lot_size
    items = np.rint(product)
    if np.any(wrong := np.abs(product - items) > _WHOLE):
        one = float(np.asarray(p, dtype=float)[wrong].flat[0])
        raise ValueError(f"p = {one:g} is no whole number of items in a lot of {lot_size}")
    return items.astype(np.int64)


def checked_fraction(p: ArrayLike, law: str = "binomial") -> NDArray[np.float64]:
    """The fraction as an array of numbers.

    Raises
    ------
    ValueError
        Negative or not a number; above 1 unless nonconformities are counted (``poisson``).
    """
    p = np.asarray(p, dtype=float)
    top = np.inf if law == "poisson" else 1.0
    if not np.all((p >= 0) & (p <= top)):
        raise ValueError("p must be a fraction between 0 and 1" if top == 1 else "p must be 0 or more")
    return np.where(p < _NOTHING, 0.0, p)
