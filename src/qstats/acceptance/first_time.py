"""How many projects passed their first completion acceptance (一次验收合格率)?

No official definition is public. Ours: of the projects whose first completion acceptance (竣工验收) lies in
the period, the share that passed it, without the ways round of GB 50300-2013 §5.0.6. Inspection lots are not
counted: that clause mostly concerns them. The share is a complete count; its limits speak of the building
process, each project taken as one independent trial of it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.methods.acceptance_sampling.demonstration import demonstrated_rate
from qstats.methods.binomial_intervals import clopper_pearson_interval
from qstats.methods.differences import mover_difference
from qstats.periods import Period, Window

UNKNOWN = ""
"""Group of projects that state none."""


def count_first_time(
    projects: pd.DataFrame, windows: Sequence[Period], by: str | None = None, *, confidence: float = 0.95
) -> pd.DataFrame:
    """First-time acceptance by period and group.

    Parameters
    ----------
    projects : DataFrame
        One row per project, as ``docs/tables.md`` describes.
    windows : sequence of Period
    by : str, optional
        Column of groups; every group on record stands in every period.
    confidence : float
        Of the one-sided bound and of the two-sided limits.

    Returns
    -------
    DataFrame
        ``period, <by>, n`` (outcome known), ``passes, failures, unknown, estimate``, ``bound`` (one-sided
        lower limit of the process), ``lower, upper`` (two-sided, Clopper-Pearson), ``dwellings,
        dwellings_first_time, by_dwellings`` (projects with known dwellings and outcome), ``status``
        (``stated``, ``cannot_be_stated``, ``no_data``), ``confidence, method``.
    """
    groups = projects[by].fillna(UNKNOWN) if by else pd.Series(UNKNOWN, index=projects.index)
    codes = sorted(groups.unique()) if by else [UNKNOWN]
    rows = []
    for window in windows:
        inside = _accepted_in(projects, window)
        for code in codes:
            head = {"period": str(window)} | ({by: code} if by else {})
            rows.append(head | _count(projects[inside & (groups == code)]))
    table = pd.DataFrame(rows)
    return _with_process(table, confidence) if len(table) else table


def list_counted_projects(projects: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Projects that ``n`` of `count_first_time` counts in a period."""
    return projects[_accepted_in(projects, window) & projects["first_outcome"].notna()]


def _accepted_in(projects: pd.DataFrame, window: Window) -> pd.Series:
    days = pd.to_datetime(projects["first_accepted_on"])
    return days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))


def count_strays(projects: pd.DataFrame, window: Window, scale: str | None = None) -> int:
    """Projects not known to have passed that may belong to a period and scale but are not counted there.

    Their scale is not stated, or the day of their first acceptance is not and the final one, where known,
    lies not before the period. A register writes down the day on which a project passed sooner than the day
    on which it failed: such projects must not be lost without a word.
    """
    first, final = (pd.to_datetime(projects[name]) for name in ("first_accepted_on", "final_accepted_on"))
    inside = _accepted_in(projects, window)
    maybe_inside = first.isna() & ~(final < pd.Timestamp(window.start))
    own = projects["scale"].eq(scale) if scale else pd.Series(True, index=projects.index)
    maybe_own = projects["scale"].isna() if scale else pd.Series(False, index=projects.index)
    possible = (inside | maybe_inside) & (own | maybe_own) & ~(inside & own)
    return int((possible & projects["first_outcome"].ne("pass")).sum())


def _count(projects: pd.DataFrame) -> dict[str, object]:
    outcome, dwellings = projects["first_outcome"], projects["dwellings"].astype(float)
    known, passed = outcome.notna(), outcome.eq("pass")
    return {
        "n": int(known.sum()),
        "passes": int(passed.sum()),
        "failures": int(outcome.eq("fail").sum()),
        "unknown": int((~known).sum()),
        "dwellings": int(dwellings[known].sum()),
        "dwellings_first_time": int(dwellings[passed].sum()),
    }


def _with_process(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Shares as counted, and what they demonstrate."""
    n, passes, dwellings = (table[name].to_numpy(float) for name in ("n", "passes", "dwellings"))
    none = n == 0
    lower, upper = clopper_pearson_interval(passes, np.where(none, 1, n), confidence=confidence)
    bound = demonstrated_rate(n, n - passes, confidence=confidence)
    status = np.where(~none, "stated", np.where(table["unknown"] > 0, "cannot_be_stated", "no_data"))
    with np.errstate(invalid="ignore", divide="ignore"):
        return table.assign(
            estimate=passes / n, bound=np.where(none, np.nan, bound),
            lower=np.where(none, np.nan, lower), upper=np.where(none, np.nan, upper),
            by_dwellings=table["dwellings_first_time"].to_numpy(float) / dwellings,
            status=status, confidence=confidence, method="clopper_pearson",
        )  # fmt: skip


def compare_first_time(now: pd.Series, before: pd.Series) -> tuple[float, float, float]:
    """Difference of two shares, limits those of the processes (MOVER); NaN where a share is missing."""
    if now["status"] != "stated" or before["status"] != "stated":
        return np.nan, np.nan, np.nan
    pairs = [(now[name], before[name]) for name in ("estimate", "lower", "upper")]
    difference, lower, upper = mover_difference(*pairs)
    return float(difference), float(lower), float(upper)
