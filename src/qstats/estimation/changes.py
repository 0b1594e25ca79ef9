"""Has the rate changed, and would awaited results leave the direction as it is?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qstats.methods.clustered_rates import Tally, direction_holds
from qstats.methods.differences import mover_difference
from qstats.periods import Period


def estimate_changes(
    rates: pd.DataFrame,
    now: Period,
    before: Period,
    by: Sequence[str] = (),
    *,
    correlation: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Change of each group's rate from ``before`` to ``now``, in proportions, with a MOVER interval.

    A change is stated only where both rates are; otherwise ``reason`` says which one is not. ``holds`` is
    False where the direction depends on results that are still awaited: failures wait for re-inspection and
    passes do not, so a new period looks too good.

    Parameters
    ----------
    correlation : DataFrame, optional
        Of the two rates of each group (:func:`qstats.estimation.correlate_periods`). Left out, the periods
        count as independent, which never makes the interval narrower.
    """
    pair = [
        rates[rates["period"] == str(period)].set_index(list(by) or ["indicator"]) for period in (now, before)
    ]
    current, earlier = pair[0], pair[1].reindex(pair[0].index)
    shared = _shared(correlation, current.index, by)
    estimate, low, high = (
        (current[name].to_numpy(dtype=float), earlier[name].to_numpy(dtype=float))
        for name in ("estimate", "lower", "upper")
    )
    difference, lower, upper = mover_difference(estimate, low, high, shared)
    confidence = float(rates["confidence"].max()) if len(rates) else 0.95  # nothing to judge without rates
    holds = direction_holds(tally(current), tally(earlier), lower, upper, confidence=confidence)
    stated = (current["status"] == "stated") & (earlier["status"] == "stated")
    missing = np.where(current["status"] != "stated", "not_stated_now", "not_stated_before")
    reason = np.where(stated, "", missing)
    return pd.DataFrame(
        {
            "against": str(before), "n_before": earlier["n"].to_numpy(), "change": difference,
            "change_lower": lower, "change_upper": upper, "confidence": current["confidence"],
            "method": "mover", "holds": holds, "status": np.where(stated, "stated", "refused"),
            "reason": reason,
        },
        index=current.index,
    ).reset_index()  # fmt: skip


def _shared(correlation: pd.DataFrame | None, groups: pd.Index, by: Sequence[str]) -> NDArray[np.float64]:
    """Correlation of each group, 0 where none is known."""
    if correlation is None or correlation.empty:
        return np.zeros(len(groups))
    if not by:
        return np.full(len(groups), correlation["correlation"].iloc[0])
    known = correlation.set_index(list(by))["correlation"].reindex(groups)
    return known.fillna(0.0).to_numpy(dtype=float)


def tally(rates: pd.DataFrame) -> Tally:
    """Counts of rates (``n, passes, awaited, unlisted, deff``) with what is awaited or in no list apart."""
    counts = rates[["n", "passes", "awaited", "unlisted"]].fillna(0).to_numpy(dtype=float).T
    n, passes, awaited, unlisted = counts
    return Tally(n, passes, awaited + unlisted, rates["deff"].to_numpy(dtype=float))
