"""Which ranks are left to a unit, once it is known which others are clearly better or worse?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class RankSets:
    """Ranks that each unit may hold; rank 1 is the best.

    Attributes
    ----------
    low, high : array of int, shape (m,)
        First and last rank of the set, ``1 <= low <= high <= m``.
    better : array of bool, shape (m, m)
        ``better[j, k]``: in the comparisons made for unit j, unit k was found clearly better.
    worse : array of bool, shape (m, m)
        The same for clearly worse.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    better: NDArray[np.bool_]
    worse: NDArray[np.bool_]

    @classmethod
    def from_claims(cls, better: NDArray[np.bool_], worse: NDArray[np.bool_]) -> "RankSets":
        """Rank sets that follow from what was found: 1 + those better, m less those worse."""
        low, high = 1 + better.sum(axis=1), len(better) - worse.sum(axis=1)
        return cls(low, high, better, worse)


def true_ranks(values: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last rank of each unit by known values, largest first; tied units share the whole range.

    Parameters
    ----------
    values : array_like of float, shape (m,)

    Returns
    -------
    low, high : array of int
        Equal where no other unit has the same value.
    """
    known = np.asarray(values, dtype=float)
    above = known[None, :] > known[:, None]
    return 1 + above.sum(axis=1), len(known) - above.sum(axis=0)
