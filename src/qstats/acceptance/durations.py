"""How long from a failed first acceptance to the final one, from a complaint to its answer?

Cases that are still open count as lasting until the data was closed (Kaplan-Meier). A complaint that is
closed on an unknown day says nothing of its length and is left out, and counted.
"""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.waiting_times import WaitingTimes, fit_waiting_times
from qstats.periods import Window

FEWEST_CASES = 10
"""With fewer cases no time is stated."""


def follow_rectification(projects: pd.DataFrame, window: Window, cutoff: date) -> pd.DataFrame:
    """Projects that failed at first in a period: ``days, ended``; none accepted on an unknown day."""
    first = pd.to_datetime(projects["first_accepted_on"])
    failed = projects["first_outcome"].eq("fail") & _within(first, window)
    # Accepted in the end, by its route, on a day that nobody wrote down: neither open nor of known length.
    undated = projects["final_accepted_on"].isna() & projects["route"].ne("not_accepted")
    return _follow(first, pd.to_datetime(projects["final_accepted_on"]), failed, undated, cutoff)


def follow_complaints(complaints: pd.DataFrame, window: Window, cutoff: date) -> pd.DataFrame:
    """Complaints received in a period: ``days, ended``."""
    opened, closed = pd.to_datetime(complaints["opened_on"]), pd.to_datetime(complaints["closed_on"])
    undated = closed.isna() & complaints["status"].eq("closed")
    return _follow(opened, closed, _within(opened, window), undated, cutoff)


def _within(days: pd.Series, window: Window) -> pd.Series:
    return days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))


def _follow(
    start: pd.Series, end: pd.Series, member: pd.Series, undated: pd.Series, cutoff: date
) -> pd.DataFrame:
    """Days of each case; ``attrs["left_out"]`` counts those of unknown length.

    What ends after the cutoff is still open then.
    """
    closed = pd.Timestamp(cutoff)
    end = end.where(end <= closed)
    last = end.fillna(closed)
    cases = pd.DataFrame({"days": (last - start).dt.days, "ended": end.notna()})
    known = member & ~undated & (cases["days"] >= 0)
    followed = cases[known].reset_index(drop=True)
    followed.attrs["left_out"] = int((member & ~known).sum())
    return followed


def fit_durations(cases: pd.DataFrame, confidence: float) -> WaitingTimes | None:
    """Waiting times of followed cases; None with too few of them."""
    if len(cases) < FEWEST_CASES:
        return None
    return fit_waiting_times(cases["days"], cases["ended"], confidence=confidence)


def tabulate_durations(cases: pd.DataFrame, *, within: int, confidence: float) -> dict[str, Any]:
    """Median and share ended within so many days, with limits, of followed cases.

    Returns
    -------
    dict
        ``n, ended, open, left_out, median, median_lower, median_upper`` (days; infinite where not reached),
        ``share, share_lower, share_upper, within, longest_open, status`` (``cannot_be_stated`` with fewer
        than `FEWEST_CASES`), ``confidence, method``.
    """
    fitted = fit_durations(cases, confidence)
    still = cases.loc[~cases["ended"], "days"]
    median = fitted.quantile(0.5) if fitted else (np.nan,) * 3
    share = fitted.share_by(within) if fitted else (np.nan,) * 3
    names = ("median", "median_lower", "median_upper", "share", "share_lower", "share_upper")
    return {
        "n": len(cases),
        "ended": int(cases["ended"].sum()),
        "open": len(still),
        "left_out": int(cases.attrs.get("left_out", 0)),
        **dict(zip(names, (*median, *share), strict=True)),
        "within": within,
        "longest_open": float(still.max()) if len(still) else np.nan,
        "status": "stated" if fitted else "cannot_be_stated" if len(cases) else "no_data",
        "confidence": confidence,
        "method": "kaplan_meier",
    }
