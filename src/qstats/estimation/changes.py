"""Has the rate changed, and would awaited results leave the direction as it is?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.periods import Period

_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


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
    holds = _direction_holds(current, earlier, lower, upper)
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


def _direction_holds(
    current: pd.DataFrame, earlier: pd.DataFrame, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether a direction stays when all awaited results go against it, in both periods."""
    if current.empty:
        return np.empty(0, dtype=bool)
    confidence = float(current["confidence"].iloc[0])
    worst = mover_difference(*_settled(current, earlier, confidence, awaited_pass=(False, True)))[1]
    best = mover_difference(*_settled(current, earlier, confidence, awaited_pass=(True, False)))[2]
    return np.where(lower > 0, worst > 0, np.where(upper < 0, best < 0, True))


def _settled(
    current: pd.DataFrame, earlier: pd.DataFrame, confidence: float, *, awaited_pass: tuple[bool, bool]
) -> tuple[_Pair, _Pair, _Pair]:
    """Estimates, lower and upper limits of both periods with their awaited results settled one way."""
    parts = []
    for rates, passing in zip((current, earlier), awaited_pass, strict=True):
        unknown = (rates["awaited"].fillna(0) + rates["unlisted"].fillna(0)).to_numpy(dtype=float)
        known = rates[["n", "passes"]].fillna(0).to_numpy(dtype=float).T
        n, passes = known[0] + unknown, known[1] + unknown * passing
        rate = np.divide(passes, n, out=np.full(len(n), np.nan), where=n > 0)
        effective = n / rates["deff"].fillna(1.0).to_numpy(dtype=float)
        limits = korn_graubard_interval(np.nan_to_num(rate), effective, confidence=confidence)
        parts.append((rate, *limits))
    (now, now_lower, now_upper), (then, then_lower, then_upper) = parts
    return (now, then), (now_lower, then_lower), (now_upper, then_upper)
