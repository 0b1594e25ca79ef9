"""What grade has each county, and how sure is that?

Points of measured items are sums of independent samples, so that their limits give limits of the total
(MOVER). Grades that lie between these limits are the ones that sampling errors leave. How near a total is
to the limits of its band is told apart from that: a limit is a convention, and a point more or less of it
may decide a grade.

References
----------
Zou, Huang & Zhang (2009), doi:10.1016/j.csda.2009.06.006.
"""

import numpy as np
import pandas as pd

from qstats.county_assessment.scorecards import Scorecards
from qstats.scheme_registry import Scheme

TOTALS = (
    "county_code", "points", "lower", "upper", "grade", "grade_by_points", "vetoed", "best_grade",
    "worst_grade", "to_next", "above_limit", "grade_if_stricter", "grade_if_milder", "points_before_appeals",
    "grade_before_appeals", "missing", "status",
)  # fmt: skip
_HELD_BY_VETO = (
    "grade", "best_grade", "worst_grade", "grade_if_stricter", "grade_if_milder", "grade_before_appeals",
)  # fmt: skip
SHIFT = 1.0
"""Points by which the limits of the bands are moved to see whether a grade hangs on them."""


def total_counties(cards: Scorecards) -> pd.DataFrame:
    """Total and grade of each county (columns ``TOTALS``), highest first, those without a total last.

    A veto holds without a total too, and lifts no grade; of several the worst holds. ``best_grade,
    worst_grade``: grades between the limits of the total, none better than a veto leaves.
    ``to_next``: points short of the next grade, NaN where points lead to no higher one (in the highest, or by
    a veto); ``above_limit``: points above the own one. ``status``: ``stated``, or ``refused`` where an item
    without base score has no data (``missing``).
    """
    vetoes = cards.vetoes.groupby("county_code")["grade"].agg(list).to_dict()
    rows = [
        _total(cards.scheme, str(county), own, vetoes.get(county, []))
        for county, own in cards.scores.groupby("county_code", sort=False)
    ]
    table = pd.DataFrame(rows, columns=list(TOTALS))
    return table.sort_values("points", ascending=False, na_position="last", kind="stable", ignore_index=True)


def _total(scheme: Scheme, county: str, own: pd.DataFrame, vetoes: list[str]) -> dict[str, object]:
    missing = ",".join(own.loc[own["points"].isna(), "item"])
    shared = {"county_code": county, "vetoed": bool(vetoes), "missing": missing}
    if missing:
        nothing = dict.fromkeys(TOTALS, None) | {"points": np.nan, "lower": np.nan, "upper": np.nan}
        grade = scheme.worst_of(vetoes) if vetoes else None
        return nothing | shared | {"status": "refused"} | dict.fromkeys(_HELD_BY_VETO, grade)
    points, before = _within(own["points"].sum()), _within(own["points_before_appeals"].sum())
    down, up = (
        float(np.sqrt(((own[end] - own["points"]) ** 2).sum())) for end in ("points_lower", "points_upper")
    )
    lower, upper = _within(points - down), _within(points + up)
    grade = scheme.grade_of(points)
    grades = {
        "grade": grade, "best_grade": scheme.grade_of(upper), "worst_grade": scheme.grade_of(lower),
        "grade_if_stricter": scheme.grade_of(points, SHIFT), "grade_before_appeals": scheme.grade_of(before),
        "grade_if_milder": scheme.grade_of(points, -SHIFT),
    }  # fmt: skip
    limits = {band.grade: band.lower for band in scheme.bands}
    return shared | {
        "points": points, "lower": lower, "upper": upper, "grade_by_points": grade,
        "points_before_appeals": before, "to_next": _short_of_next(scheme, points, vetoes),
        "above_limit": points - limits[grade], "status": "stated",
    } | {name: scheme.worst_of([one, *vetoes]) for name, one in grades.items()}  # fmt: skip


def _short_of_next(scheme: Scheme, points: float, vetoes: list[str]) -> float:
    held = scheme.worst_of([scheme.grade_of(points), *vetoes])
    better = [
        band.lower
        for band in scheme.bands
        if band.lower > points and scheme.worst_of([band.grade, *vetoes]) != held
    ]
    return min(better) - points if better else np.nan


def _within(points: float) -> float:
    """None below 0; beyond the scheme's total only a bonus leads. 24.4 + 39.8 + 15.8 are 80, no less."""
    return max(round(float(points), 9), 0.0)
