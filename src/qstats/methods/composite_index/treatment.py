"""Which indicators are ruled by a few extreme units, and how are these drawn in?

An indicator is treated only if it is both skewed and heavy-tailed. Extreme values are set to the nearest
value that stays, one after another on the side of the skew, up to a limit; where that is not enough, the
untreated values go through a logarithm. What was done is recorded for each indicator.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Outliers:
    """When an indicator is treated, and how.

    Attributes
    ----------
    skewness, kurtosis : float
        Treated is what exceeds both, in absolute skewness and in excess kurtosis.
    most : int
        Most values of one indicator that are drawn in.
    logarithm : str
        One of ``LOGARITHMS``, for what stays beyond the limits; ``none`` leaves it as it was.
    """

    skewness: float = 2.0
    kurtosis: float = 3.5
    most: int = 5
    logarithm: str = "log_centred"


@dataclass(frozen=True)
class Treated:
    """Values after treatment, with what was done to each indicator.

    Attributes
    ----------
    values : array of float, shape (units, indicators)
    winsorised : array of int
        Number of values drawn in.
    logarithm : tuple of str
        ``none``, or the logarithm that was taken.
    skewness, kurtosis : array of float
        After treatment.
    """

    values: Array
    winsorised: NDArray[np.int64]
    logarithm: tuple[str, ...]
    skewness: Array
    kurtosis: Array


def skewness(values: ArrayLike) -> float:
    """Sample skewness G1, adjusted for bias; missing values are left out, NaN below 3 values.

    Joanes & Gill (1998), doi:10.1111/1467-9884.00122 (G1, of the statistical packages "type 2").
    """
    x = _present(values)
    n, spread = len(x), x.std() if len(x) else 0.0
    if n < 3 or spread == 0:
        return np.nan
    return float(np.mean(((x - x.mean()) / spread) ** 3) * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: ArrayLike) -> float:
    """Sample excess kurtosis G2, adjusted for bias; missing values are left out, NaN below 4 values."""
    x = _present(values)
    n, spread = len(x), x.std() if len(x) else 0.0
    if n < 4 or spread == 0:
        return np.nan
    g2 = np.mean(((x - x.mean()) / spread) ** 4) - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def winsorise(values: ArrayLike, count: int) -> Array:
    """Values whose ``count`` most extreme ones, on the side of the skew, are set to the next one inwards."""
    x = np.array(values, dtype=float)
    present = np.flatnonzero(~np.isnan(x))
    if not 0 <= count < max(len(present), 1):
        raise ValueError(f"of {len(present)} values at most {max(len(present) - 1, 0)} can be drawn in")
    if count:
        side = -1.0 if skewness(x) < 0 else 1.0
        order = present[np.argsort(-side * x[present], kind="stable")]
        x[order[:count]] = x[order[count]]
    return x


def _log_plain(x: Array) -> Array:
    if np.nanmin(x) <= 0:
        raise ValueError("the plain logarithm needs positive values: choose log_shifted or log_centred")
    return np.log(x)


def _log_shifted(x: Array) -> Array:
    """Smallest value at log 1 = 0, whatever the unit."""
    return np.log(x - np.nanmin(x) + 1)


def _log_scaled(x: Array) -> Array:
    """Shifted by a hundredth of the range, so that the unit plays no part."""
    return np.log(x - np.nanmin(x) + 0.01 * (np.nanmax(x) - np.nanmin(x)))


def _log_centred(x: Array) -> Array:
    """As scaled; of values with a tail below, mirrored so that the order stays."""
    return _log_scaled(x) if not skewness(x) < 0 else -_log_scaled(-x)


LOGARITHMS: dict[str, Callable[[Array], Array]] = {
    "none": lambda x: x,
    "log": _log_plain,
    "log_shifted": _log_shifted,
    "log_scaled": _log_scaled,
    "log_centred": _log_centred,
}
"""Transformations that keep the order of units."""


def treat_outliers(values: ArrayLike, rule: Outliers = Outliers()) -> Treated:
    """Indicators with their extremes drawn in.

    Parameters
    ----------
    values : array_like of float, shape (units, indicators)
        With directions turned already, so that the record is about what the index sees.
    rule : Outliers

    Raises
    ------
    ValueError
        A logarithm that is not known, or one that cannot be taken.
    """
    if rule.logarithm not in LOGARITHMS:
        raise ValueError(f"there is no {rule.logarithm!r}; there are: {', '.join(LOGARITHMS)}")
    x = np.asarray(values, dtype=float)
    columns = [_treat_one(x[:, place], rule) for place in range(x.shape[1])]
    treated = np.column_stack([column for column, _, _ in columns])
    return Treated(
        treated,
        np.array([count for _, count, _ in columns]),
        tuple(name for _, _, name in columns),
        np.array([skewness(column) for column in treated.T]),
        np.array([kurtosis(column) for column in treated.T]),
    )


def _treat_one(x: Array, rule: Outliers) -> tuple[Array, int, str]:
    most = min(rule.most, max(int((~np.isnan(x)).sum()) - 1, 0))
    for count in range(most + 1):
        drawn = winsorise(x, count)
        if not _is_extreme(drawn, rule):
            return drawn, count, "none"
    return LOGARITHMS[rule.logarithm](x), 0, rule.logarithm


def _is_extreme(x: Array, rule: Outliers) -> bool:
    return abs(skewness(x)) > rule.skewness and kurtosis(x) > rule.kurtosis


def _present(values: ArrayLike) -> Array:
    x = np.asarray(values, dtype=float)
    return x[~np.isnan(x)]
