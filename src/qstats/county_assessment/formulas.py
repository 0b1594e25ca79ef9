"""How many points does a measured value earn?"""

from bisect import bisect_right

import numpy as np

from qstats.scheme_registry import Item


def points_of(item: Item, value: float) -> float:
    """Points of a value, 0 to those of the item; NaN for an unknown value.

    ``linear``: none at `zero`, all at `full`, in proportion between and no further, whichever is larger.
    ``steps``: those of the last threshold that the value reaches; none below the first.
    """
    if not np.isfinite(value):
        return np.nan
    if item.formula == "linear":
        zero, full = float(item.zero or 0), float(item.full or 0)
        return item.points * min(max((value - zero) / (full - zero), 0.0), 1.0)
    reached = bisect_right([threshold for threshold, _ in item.steps], value)
    return float(item.steps[reached - 1][1]) if reached else 0.0
