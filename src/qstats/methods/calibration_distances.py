"""By which factor may calibration change a weight?

Each distance between old and new weights implies the factor as a function of a linear predictor: the
predictor plus one, its exponential, or a logistic curve between two bounds.

Source: Deville & Särndal (1992), section 2, doi:10.1080/01621459.1992.10475217.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Distance = Callable[[Floats], tuple[Floats, Floats]]


def distance_factors(name: str, bounds: tuple[float, float] | None = None) -> Distance:
    """New weight over old, and its derivative, as a function of a linear predictor (0 changes nothing).

    Parameters
    ----------
    name : {"linear", "raking", "logit"}
    bounds : pair of float, optional
        Smallest and largest factor, below and above 1; needed by ``logit``, possible with ``linear``.

    Raises
    ------
    ValueError
        An unknown name, or bounds that do not go with it.
    """
    if name not in ("linear", "raking", "logit"):
        raise ValueError(f"no distance {name!r}; known: linear, raking, logit")
    if (name == "logit" and bounds is None) or (name == "raking" and bounds is not None):
        raise ValueError("bounds go with logit (always) and linear (if wanted)")
    if bounds is None:
        return _linear if name == "linear" else _exponential
    lower, upper = bounds
    if not lower < 1 < upper:
        raise ValueError("bounds of the factors lie below and above 1")
    return _clipped(lower, upper) if name == "linear" else _logistic(lower, upper)


def _linear(predictor: Floats) -> tuple[Floats, Floats]:
    return 1 + predictor, np.ones_like(predictor)


def _exponential(predictor: Floats) -> tuple[Floats, Floats]:
    factor = np.exp(np.minimum(predictor, 500))
    return factor, factor


def _clipped(lower: float, upper: float) -> Distance:
    def factors(predictor: Floats) -> tuple[Floats, Floats]:
        free = 1 + predictor
        return np.clip(free, lower, upper), ((free > lower) & (free < upper)).astype(float)

    return factors


def _logistic(lower: float, upper: float) -> Distance:
    rate = (upper - lower) / ((1 - lower) * (upper - 1))

    def factors(predictor: Floats) -> tuple[Floats, Floats]:
        grown = (1 - lower) * np.exp(np.clip(rate * predictor, -500, 500))
        factor = (lower * (upper - 1) + upper * grown) / (upper - 1 + grown)
        return factor, (factor - lower) * (upper - factor) / ((1 - lower) * (upper - 1))

    return factors
