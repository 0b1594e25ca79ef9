"""How sure is a change between two rates?

Limits of the difference of two estimates from the limits of each (MOVER, the method of variance estimates
recovery). With Wilson limits of independent proportions it is Newcombe's hybrid score interval; it never
collapses to zero width at 100 %, as Wald intervals do.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def mover_difference(
    estimate: tuple[ArrayLike, ArrayLike],
    lower: tuple[ArrayLike, ArrayLike],
    upper: tuple[ArrayLike, ArrayLike],
    correlation: ArrayLike = 0.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Difference first minus second of two estimates, with limits by MOVER.

    Parameters
    ----------
    estimate, lower, upper : pair of array_like
        Of the first and the second quantity, on the same scale.
    correlation : array_like
        Correlation of the two estimates, -1 to 1, e.g. from enterprises sampled in both periods;
        0 for independent samples.

    Returns
    -------
    difference, lower, upper : array of float

    Raises
    ------
    ValueError
        ``correlation`` outside -1..1.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I;
    Zou (2007), doi:10.1037/1082-989X.12.4.399; Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    r = np.asarray(correlation, dtype=float)
    if np.any(np.abs(r) > 1):
        raise ValueError("a correlation must lie between -1 and 1")
    (first, second), (low1, low2), (up1, up2) = (
        tuple(np.asarray(part, dtype=float) for part in pair) for pair in (estimate, lower, upper)
    )
    difference = first - second
    below = _joint_distance(first - low1, up2 - second, r)
    above = _joint_distance(up1 - first, second - low2, r)
    return difference, difference - below, difference + above


def _joint_distance(
    one: NDArray[np.float64], other: NDArray[np.float64], r: NDArray[np.float64]
) -> NDArray[np.float64]:
    # rounding may leave a tiny negative number where r = 1 and the distances are equal
    return np.sqrt(np.maximum(one**2 + other**2 - 2 * r * one * other, 0.0))
