"""Are rooms built to measure (实测实量)? Spread of heights, deviation of plan lengths, room by room.

The range rule: the largest less the smallest clear height of a room (极差). A room's plan deviation is that
of its worst length from the design value. Rooms of one project are alike: limits take projects as clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qstats.acceptance.first_time import UNKNOWN
from qstats.methods.clustered_rates import clustered_rates
from qstats.methods.effective_size import intra_cluster_correlation
from qstats.methods.survey.design import make_design
from qstats.periods import Period

FEWEST_ROOMS, FEWEST_PROJECTS = 30, 5
"""With fewer of either, a share of rooms is counted and no statement on the process is made."""
_ROUNDING = 1e-6
"""mm: lengths read in metres are not whole millimetres to the last bit, and a limit counts as kept."""


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """Largest spread of heights and largest deviation of a plan length in a room, mm."""

    height_spread: float = 20.0
    plan_deviation: float = 15.0


def assess_rooms(
    measurements: pd.DataFrame, windows: Sequence[Period], limits: RoomLimits, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Rooms within their limits by period and quantity.

    Returns
    -------
    DataFrame
        ``period, quantity`` (``height_spread``, ``plan_deviation``), ``limit, projects, rooms, incomplete``
        (rooms with too few values to judge), ``within, estimate, lower, upper, median, p95, largest`` (mm),
        ``status, confidence, method``.
    """
    rooms = _judge_rooms(measurements, limits)
    rows = []
    for window in windows:
        days = pd.to_datetime(rooms["measured_on"])
        inside = rooms[days.between(pd.Timestamp(window.start), pd.Timestamp(window.end))]
        for quantity, limit in (
            ("height_spread", limits.height_spread),
            ("plan_deviation", limits.plan_deviation),
        ):
            of = inside[inside["quantity"] == quantity]
            everything = rooms[(rooms["quantity"] == quantity) & rooms["value"].notna()]
            head = {"period": str(window), "quantity": quantity, "limit": limit}
            rows.append(head | _assess(of, everything, limit, confidence))
    return pd.DataFrame(rows)


def _judge_rooms(measurements: pd.DataFrame, limits: RoomLimits) -> pd.DataFrame:
    """One row per room and quantity, its value in mm; unknown with one height, or without a design."""
    key = ["source_id", "source_row", "project_id", "measured_on"]
    heights = measurements[measurements["quantity"] == "height"]
    plans = measurements[measurements["quantity"] == "plan"]
    height = heights.groupby(key, dropna=False)["measured"].agg(["max", "min", "count"])
    spread = (height["max"] - height["min"]).where(height["count"] >= 2)
    deviation = (plans["measured"] - plans["nominal"]).abs()
    worst = deviation.groupby([plans[name] for name in key], dropna=False).max()
    parts = [
        values.rename("value").reset_index().assign(quantity=name)
        for values, name in ((spread, "height_spread"), (worst, "plan_deviation"))
    ]
    return pd.concat(parts, ignore_index=True)


def _keep(values: pd.Series, limit: float) -> np.ndarray:
    return (values <= limit + _ROUNDING).to_numpy(float)


def _assess(
    rooms: pd.DataFrame, everything: pd.DataFrame, limit: float, confidence: float
) -> dict[str, object]:
    known = rooms[rooms["value"].notna()]
    within = _keep(known["value"], limit)
    project = pd.factorize(known["project_id"].fillna(UNKNOWN))[0]
    projects = int(project.max()) + 1 if len(project) else 0
    enough = len(known) >= FEWEST_ROOMS and projects >= FEWEST_PROJECTS
    found: dict[str, object] = dict.fromkeys(("lower", "upper"), np.nan)
    if enough:
        likeness = intra_cluster_correlation(
            _keep(everything["value"], limit),
            pd.factorize(everything["project_id"].fillna(UNKNOWN))[0],
        )
        rates = clustered_rates(
            make_design(len(known), cluster=project), within, np.zeros(len(known), dtype=np.int64), 1,
            icc=likeness.value, confidence=confidence,
        )  # fmt: skip
        found = {"lower": float(rates.lower[0]), "upper": float(rates.upper[0])}
    values = known["value"]
    return {
        "projects": projects,
        "rooms": len(known),
        "incomplete": int(rooms["value"].isna().sum()),
        "within": int(within.sum()),
        "estimate": within.mean() if len(known) else np.nan,
        **found,
        "median": values.median(),
        "p95": values.quantile(0.95),
        "largest": values.max(),
        "status": "stated" if enough else "cannot_be_stated" if len(rooms) else "no_data",
        "confidence": confidence,
        "method": "korn_graubard",
    }
