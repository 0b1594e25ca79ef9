"""Did the level of a series shift, and when? A bootstrap test guards the search; "none found" is an answer.

The search lets the level change at an unknown period. What it finds by chance, with trend, season, scatter
beyond chance and likeness of neighbouring periods, is what the bootstrap makes of a series without a break.
After a break, a trend speaks only of what has been observed since. Events per exposure are searched as
events among so many units that they are rare, where both laws agree.
"""

from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.multiplicity import adjust_p_values
from qstats.methods.structural_breaks import rate_breaks
from qstats.trend.rules import Rules
from qstats.trend.slopes import season_of, status_of

COLUMNS = (
    "series", "group", "status", "found", "p_break", "p_break_adjusted", "break_period", "break_first",
    "break_last", "break_change", "break_change_lower", "break_change_upper", "breaks",
)  # fmt: skip


def find_break(rows: pd.DataFrame, rules: Rules) -> dict[str, Any]:
    """Last break of one series: its period (first of the new level), with limits.

    Returns
    -------
    dict
        ``status`` (``stated``: searched; or why not), ``found``, ``p_break``, ``breaks`` (number found),
        ``break_period, break_first, break_last`` and ``break_change`` with limits, on the scale of the rate.
    """
    status = status_of(rows, rules)
    if status == "stated" and rows["family"].iloc[0] == "figure":
        status = "no_counts"
    if status != "stated":
        return _nothing(status)
    passed, n, unit = _whole_counts(rows)
    found = rate_breaks(
        passed, n, rows["time"].to_numpy(float), season=season_of(rows, rules), confidence=rules.confidence,
        resamples=rules.resamples, seed=rules.seed,
    )  # fmt: skip
    if found.reason:
        return _nothing(_STATUS[found.reason])
    head = _nothing("stated") | {"p_break": found.p_value, "breaks": len(found.breaks)}
    if not found.found or not found.breaks:
        return head
    last, periods = found.breaks[-1], rows["period"].tolist()
    within = np.clip([last.index, last.lower, last.upper], 0, len(periods) - 1).astype(int)
    named = dict(
        zip(("break_period", "break_first", "break_last"), (periods[at] for at in within), strict=True)
    )
    return head | named | {
        "found": True, "break_change": unit * last.change,
        "break_change_lower": unit * last.change_lower, "break_change_upper": unit * last.change_upper,
    }  # fmt: skip


_STATUS = {"too_short": "too_short", "too_few_events": "few_failures"}
RARE = 100
"""Units for each event in the period with most of them, where events are searched as rare ones."""


def _whole_counts(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]:
    """What passed, of how many, and the unit of the rate; how alike batches are, the search finds itself."""
    if rows["family"].iloc[0] == "poisson":
        unit = RARE * float(np.ceil((rows["passed"] / rows["n"]).max()))
        return rows["passed"].to_numpy(float), np.round(rows["n"].to_numpy(float) * unit), unit
    n = np.round(rows["counted"].to_numpy(float))
    return np.round((rows["passed"] / rows["n"]).to_numpy(float) * n), n, 1.0


def _nothing(status: str) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("p_break", "p_break_adjusted", "break_change", "break_change_lower", "break_change_upper"), np.nan
    )
    return empty | {
        "status": status, "found": False, "break_period": "", "break_first": "", "break_last": "",
        "breaks": 0,
    }  # fmt: skip


def settle_breaks(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Breaks of all series: of groups that are searched together, those that hold for all (Holm)."""
    adjusted = table.groupby("series", sort=False)["p_break"].transform(
        lambda p: adjust_p_values(p.to_numpy(float), method="holm")
    )
    holds = table["found"] & ~(adjusted >= rules.alpha)
    emptied = {name: table[name].where(holds, "") for name in ("break_period", "break_first", "break_last")}
    changes = {name: table[name].where(holds) for name in table if name.startswith("break_change")}
    breaks = table["breaks"].where(holds, 0)
    return table.assign(p_break_adjusted=adjusted, found=holds, breaks=breaks, **emptied, **changes)


def rows_since(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    """Rows from a period on; all of them without one."""
    if not period:
        return rows
    begin = rows.loc[rows["period"] == period, "time"].iloc[0]
    return rows[rows["time"] >= begin]
