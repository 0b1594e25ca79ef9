"""Which of many p-values still speak when all were looked at?

Adjusted p-values: Bonferroni, Holm and Hochberg bound the chance of any false claim, Benjamini-Hochberg and
Benjamini-Yekutieli the expected share of false claims among those made.

Source: Holm (1979), https://www.jstor.org/stable/4615733; Hochberg (1988), doi:10.1093/biomet/75.4.800;
Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x; Benjamini & Yekutieli (2001),
doi:10.1214/aos/1013699998.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def adjust_p_values(p: ArrayLike, *, method: str = "holm") -> Floats:
    """p-values adjusted for having looked at all of them, in the given order.

    Parameters
    ----------
    p : array_like, shape (tests,)
        p-values, 0–1; NaN marks a test that was not made: it stays NaN and does not count.
    method : str
        A name of `ADJUSTMENTS`.

    Raises
    ------
    ValueError
        A value outside 0–1, or an unknown method.
    """
    if method not in ADJUSTMENTS:
        raise ValueError(f"unknown adjustment {method!r}; known: {', '.join(sorted(ADJUSTMENTS))}")
    adjusted = np.array(p, dtype=float)
    made = ~np.isnan(adjusted)
    if np.any((adjusted[made] < 0) | (adjusted[made] > 1)):
        raise ValueError("a p-value must lie between 0 and 1")
    order = np.argsort(adjusted[made], kind="stable")
    values = np.empty(order.size)
    values[order] = ADJUSTMENTS[method](adjusted[made][order])
    adjusted[made] = np.minimum(values, 1.0)
    return adjusted


def _bonferroni(p: Floats) -> Floats:
    return p * p.size


def _holm(p: Floats) -> Floats:
    return np.maximum.accumulate(p * np.arange(p.size, 0, -1))


def _hochberg(p: Floats) -> Floats:
    return _step_up(p * np.arange(p.size, 0, -1))


def _benjamini_hochberg(p: Floats) -> Floats:
    return _step_up(p * p.size / np.arange(1, p.size + 1))


def _benjamini_yekutieli(p: Floats) -> Floats:
    return _benjamini_hochberg(p) * (1 / np.arange(1, p.size + 1)).sum()


def _step_up(scaled: Floats) -> Floats:
    return np.minimum.accumulate(scaled[::-1])[::-1]


ADJUSTMENTS: dict[str, Callable[[Floats], Floats]] = {
    "bonferroni": _bonferroni,
    "holm": _holm,
    "hochberg": _hochberg,
    "benjamini_hochberg": _benjamini_hochberg,
    "benjamini_yekutieli": _benjamini_yekutieli,
}
