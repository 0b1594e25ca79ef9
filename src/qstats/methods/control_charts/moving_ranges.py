"""How much does a series vary from one point to the next?

Mean moving range of neighbours, as it is or screened: ranges above 3.267 times the mean are dropped once
before averaging (Nelson 1982), so that an outlier does not widen the limits that should show it. Laney's
paper does not screen; some tools do. Every chart states which variant it used. A gap, a rebase and a point
that sets no limits take part in no moving range.

References
----------
Nelson (1982), Control charts for individual measurements, Journal of Quality Technology 14(3), 172–173;
ISO 7870-2:2013 (d2 = 1.128, D4 = 3.267 for pairs).
"""

from typing import Literal

import numpy as np

from qstats.methods.control_charts.phases import Floats, Mask, Phases, neighbours

Variant = Literal["paper", "screened"]
RANGE_TO_SIGMA = 1.128
"""d2 for two values, in the three decimals of the standard."""
_SCREEN = 3.267


def mean_moving_range(values: Floats, phases: Phases, *, variant: Variant) -> Floats:
    """Mean moving range of each point's phase; NaN where no two neighbours set its limits."""
    if variant not in ("paper", "screened"):
        raise ValueError(f"no variant {variant!r}; known: paper, screened")
    known = np.isfinite(values)
    ranges, joined = np.abs(np.diff(values)), neighbours(phases, known)

    def measure(points: Mask) -> float:
        own = ranges[joined & points[1:] & points[:-1]]
        if not own.size:
            return np.nan
        kept = own[own <= _SCREEN * own.mean()] if variant == "screened" else own
        return float(kept.mean())

    return phases.spread(measure)
