"""What stands in for a missing value? By default nothing: weights go to what is there."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_CENTRES: dict[str, Callable[..., Array]] = {"mean": np.nanmean, "median": np.nanmedian}
IMPUTATIONS = ("none", "mean", "median", "group_mean", "group_median", "last_known")


def impute(values: ArrayLike, method: str, *, groups: Sequence[object] | None = None) -> Array:
    """Values with missing cells filled by a named rule; what no rule reaches stays missing.

    Parameters
    ----------
    values : array_like of float, shape (..., units, indicators)
        NaN: missing. For ``last_known`` the first axis is time, oldest first.
    method : {"none", "mean", "median", "group_mean", "group_median", "last_known"}
        Centre of the indicator over all units, over the units of the same group, or the unit's own latest
        earlier value.
    groups : sequence, length units
        Group of each unit, for the two rules by group.

    Raises
    ------
    ValueError
        A rule that is not known, or groups that do not fit.
    """
    given = np.array(values, dtype=float)
    if method not in IMPUTATIONS:
        raise ValueError(f"there is no imputation {method!r}; there are: {', '.join(IMPUTATIONS)}")
    if method == "none" or not np.isnan(given).any():
        return given
    if method == "last_known":
        return _carry_forward(given)
    if method in _CENTRES:
        return _fill(given, method)
    if groups is None or len(groups) != given.shape[-2]:
        raise ValueError(f"{method} needs the group of each of the {given.shape[-2]} units")
    labels = np.asarray(groups)
    for group in dict.fromkeys(groups):
        members = np.flatnonzero(labels == group)
        given[..., members, :] = _fill(given[..., members, :], method.removeprefix("group_"))
    return given


def _fill(values: Array, method: str) -> Array:
    nothing = np.isnan(values).all(axis=-2, keepdims=True)
    centre = _CENTRES[method](np.where(nothing, 0.0, values), axis=-2, keepdims=True)
    return np.where(np.isnan(values) & ~nothing, centre, values)


def _carry_forward(values: Array) -> Array:
    for now in range(1, len(values)):
        values[now] = np.where(np.isnan(values[now]), values[now - 1], values[now])
    return values
