"""How is the next sample best shared out among strata?

From the failures of this period: a stratum varies as its pass rate says, p(1 - p). Where none or all failed,
that would be zero and the stratum would get nothing; half a failure and half a pass are added (the mean of
Jeffreys' posterior), so that little evidence keeps its share.
"""

from typing import Literal

import numpy as np
import pandas as pd

from qstats.errors import QstatsError
from qstats.methods.allocation import allocate_budget, allocate_total, allocation_variance

METHODS = ("neyman", "proportional", "budget")
Method = Literal["neyman", "proportional", "budget"]


def allocate_sample(
    strata: pd.DataFrame,
    total: float,
    *,
    method: Method = "neyman",
    floor: int = 1,
    cap: str | None = None,
) -> pd.DataFrame:
    """Batches of the next sample by stratum, in whole numbers.

    Parameters
    ----------
    strata : DataFrame
        One row per stratum: ``population`` (units in the frame), ``n`` and ``failures`` of the present
        sample (0 and 0 where nothing is known); ``cost`` of one batch for method ``budget``. Other columns
        are carried through.
    total : float
        Batches to share out; for method ``budget`` the money to spend.
    method : str
        ``neyman`` (smallest variance for so many batches), ``proportional`` (to the population) or
        ``budget`` (smallest variance for so much money).
    floor : int
        Least batches of a stratum that has so many units.
    cap : str, optional
        Column with the most batches of each stratum. The population always is one.

    Returns
    -------
    DataFrame
        ``strata`` with ``deviation`` (standard deviation of one unit that was reckoned with),
        ``allocated`` and, the same in every row, ``std_error`` expected of the overall rate.

    Raises
    ------
    QstatsError
        A missing column or an unknown method.
    ValueError
        Impossible counts, or a total that floors, caps or costs make impossible.
    """
    if method not in METHODS:
        raise QstatsError(f"no method of allocation {method!r}; known: {', '.join(METHODS)}")
    needed = [
        "population",
        "n",
        "failures",
        *(["cost"] if method == "budget" else []),
        *([cap] if cap else []),
    ]
    if missing := [name for name in needed if name not in strata]:
        raise QstatsError(f"the strata have no column {missing[0]!r}; they have {', '.join(strata.columns)}")
    population = strata["population"].to_numpy()
    deviation = _deviation(strata)
    most = strata[cap].to_numpy() if cap else None
    if method == "budget":
        cost = strata["cost"].to_numpy()
        allocated = allocate_budget(total, population, deviation, cost, floor=floor, cap=most)
    else:
        reckoned = deviation if method == "neyman" else 1.0
        allocated = allocate_total(int(total), population, reckoned, floor=floor, cap=most)
    error = np.sqrt(allocation_variance(allocated, population, deviation))
    return strata.assign(deviation=deviation, allocated=allocated, std_error=error)


def _deviation(strata: pd.DataFrame) -> np.ndarray:
    n, failures = strata["n"].to_numpy(dtype=float), strata["failures"].to_numpy(dtype=float)
    if not np.all((failures >= 0) & (failures <= n)):
        raise ValueError("failures must lie between 0 and n in every stratum")
    rate = (failures + 0.5) / (n + 1)
    return np.sqrt(rate * (1 - rate))
