"""How probable is it that a unit is among the best, or among the worst?

Draws of all units from their posteriors are ranked, draw by draw. Unlike a rank set this is a statement of
belief under a prior; it adds shades where rank sets span nearly everything, and never replaces them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def probability_among_best(draws: ArrayLike, count: int) -> NDArray[np.float64]:
    """Share of draws in which each unit is among the best ``count``; of the worst by ``-draws``.

    Parameters
    ----------
    draws : array_like of float, shape (draws, m)
        Joint draws of the units' values, larger is better; ties share the places they compete for.
    count : int
        1 to m.

    Returns
    -------
    array of float, shape (m,)
        0–1; they add up to ``count``.

    Raises
    ------
    ValueError
        No draws, or a ``count`` outside 1–m.

    References
    ----------
    Goldstein & Spiegelhalter (1996), doi:10.2307/2983325.
    """
    values = np.asarray(draws, dtype=float)
    if values.ndim != 2 or not 1 <= count <= values.shape[1] or len(values) == 0:
        raise ValueError(f"draws of shape {values.shape} have no best {count}")
    last_in = -np.sort(-values, axis=1)[:, [count - 1]]
    inside, tied = values > last_in, values == last_in
    left = count - inside.sum(axis=1, keepdims=True)
    return (inside + tied * left / tied.sum(axis=1, keepdims=True)).mean(axis=0)
