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
    "worst_grade", "to_next", "above_limit", "grade_if_stricter", "grade_if_milder", "points_before",
    "grade_before", "missing", "status",
)  # fmt: skip
SHIFT = 1.0
"""Points by which the limits of the bands are moved to see whether a grade hangs on them."""


def total_counties(cards: Scorecards) -> pd.DataFrame:
    """Total and grade of each county (columns ``TOTALS``), highest first, those without a total last.

    ``best_grade, worst_grade``: grades between the limits of the total; after a veto there is only one.
    ``to_next``: points short of the next grade (NaN in the highest); ``above_limit``: points above the own
    one. ``status``: ``stated``, or ``refused`` where an item without base score has no data (``missing``).
    """
    vetoes = cards.vetoes.drop_duplicates("county_code").set_index("county_code")["grade"].to_dict()
    rows = [
        _total(cards.scheme, str(county), own, vetoes.get(county))
        for county, own in cards.scores.groupby("county_code", sort=False)
    ]
    table = pd.DataFrame(rows, columns=list(TOTALS))
    return table.sort_values("points", ascending=False, na_position="last", kind="stable", ignore_index=True)


def _total(scheme: Scheme, county: str, own: pd.DataFrame, veto: str | None) -> dict[str, object]:
    missing = ",".join(own.loc[own["points"].isna(), "item"])
    shared = {"county_code": county, "vetoed": veto is not None, "missing": missing}
    if missing:
        nothing = dict.fromkeys(TOTALS, None) | {"points": np.nan, "lower": np.nan, "upper": np.nan}
        return nothing | shared | {"status": "refused", "grade": veto}
    points, before = _within(own["points"].sum()), _within(own["points_before"].sum())
    down, up = (
        float(np.sqrt(((own[end] - own["points"]) ** 2).sum())) for end in ("points_lower", "points_upper")
    )
    lower, upper = _within(points - down), _within(points + up)
    grade = scheme.grade_of(points)
    limits = {band.grade: band.lower for band in scheme.bands}
    higher = [band.lower for band in scheme.bands if band.lower > points]
    return shared | {
        "points": points, "lower": lower, "upper": upper, "grade": veto or grade, "grade_by_points": grade,
        "best_grade": veto or scheme.grade_of(upper), "worst_grade": veto or scheme.grade_of(lower),
        "to_next": min(higher) - points if higher else np.nan, "above_limit": points - limits[grade],
        "grade_if_stricter": veto or scheme.grade_of(points, SHIFT),
        "grade_if_milder": veto or scheme.grade_of(points, -SHIFT),
        "points_before": before, "grade_before": veto or scheme.grade_of(before), "status": "stated",
    }  # fmt: skip


def _within(points: float) -> float:
    """No total lies below 0; beyond the scheme's total only a bonus leads."""
    return max(float(points), 0.0)
