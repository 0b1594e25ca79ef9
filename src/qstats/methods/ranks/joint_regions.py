"""Which overall rankings does a set of joint confidence intervals leave possible?

Where the intervals of all units hold at once, so does every order that they imply: a unit whose interval
lies wholly above another's is better. Ranks follow by overlap. Simple, valid for any kind of interval, and
wider than tests of the differences themselves.
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.ranks.rank_sets import RankSets

_EACH = {
    "sidak": lambda confidence, m: confidence ** (1 / m),
    "bonferroni": lambda confidence, m: 1 - (1 - confidence) / m,
}


def confidence_of_each(confidence: float, intervals: int, *, method: str = "sidak") -> float:
    """Level of each interval so that all of them hold at once with ``confidence``.

    Parameters
    ----------
    confidence : float
        Joint level, 0–1.
    intervals : int
        How many, at least 1.
    method : {"sidak", "bonferroni"}
        Šidák for independent estimates, Bonferroni for any.

    Raises
    ------
    ValueError
        A level outside 0–1, no interval, an unknown method.
    """
    if not 0 < confidence < 1 or intervals < 1:
        raise ValueError(f"no joint level {confidence} for {intervals} intervals")
    if method not in _EACH:
        raise ValueError(f"no method {method!r}; known: {', '.join(_EACH)}")
    return _EACH[method](confidence, intervals)


def joint_rank_regions(lower: ArrayLike, upper: ArrayLike) -> RankSets:
    """Ranks of each unit that agree with its interval and with those of all others.

    Parameters
    ----------
    lower, upper : array_like of float, shape (m,)
        Limits that hold jointly (:func:`confidence_of_each`); rank 1 is the largest value.

    Returns
    -------
    RankSets

    Raises
    ------
    ValueError
        Unequal shapes, a lower limit above its upper, a limit that is not known.

    References
    ----------
    Klein, Wright & Wieczorek (2020), doi:10.1111/rssa.12521.
    """
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    if low.ndim != 1 or low.shape != high.shape or not np.all(low <= high):
        raise ValueError("each unit needs a lower limit that is not above its upper one")
    better = low[None, :] > high[:, None]
    return RankSets.from_claims(better, better.T)
