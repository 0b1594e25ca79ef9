"""How low must a rate be before it stands out against a reference? What the sample could have shown."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference

_HALVINGS = 40


def highest_clearly_lower(
    effective_n: ArrayLike, reference: ArrayLike, reference_n: ArrayLike, *, confidence: float = 0.95
) -> NDArray[np.float64]:
    """Highest rate that a sample of this size would show to lie below the reference.

    Parameters
    ----------
    effective_n : array_like of float
        Effective size of the sample, above 0.
    reference, reference_n : array_like of float
        Rate (0–1) and effective size of an independent sample to compare with.
    confidence : float
        Of the MOVER interval of the difference, with Korn-Graubard limits; 0–1.

    Returns
    -------
    array of float
        0–1; NaN where not even a rate of 0 would stand out.
    """
    given = (np.asarray(x, dtype=float) for x in (effective_n, reference, reference_n))
    n, rate, others = np.broadcast_arrays(*given)
    limits = korn_graubard_interval(rate, others, confidence=confidence)

    def stands_out(p: NDArray[np.float64]) -> NDArray[np.bool_]:
        low, high = korn_graubard_interval(p, n, confidence=confidence)
        return mover_difference((p, rate), (low, limits[0]), (high, limits[1]))[2] < 0

    clear, unclear = np.zeros(n.shape), rate.copy()
    for _ in range(_HALVINGS):
        middle = (clear + unclear) / 2
        out = stands_out(middle)
        clear, unclear = np.where(out, middle, clear), np.where(out, unclear, middle)
    return np.where(stands_out(np.zeros(n.shape)), clear, np.nan)
