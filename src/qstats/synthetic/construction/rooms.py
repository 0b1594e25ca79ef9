"""What is measured in the rooms of the synthetic city? Five heights and four lengths, errors of known law.

Errors are whole millimetres, so that the shares of rooms and lengths within the limits are known exactly.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

HEIGHTS, PLANS = 5, 4
LENGTHS = (
    "height_derived", "plan_derived_1", "plan_derived_2",
    *(f"height_{at}" for at in range(1, HEIGHTS + 1)), *(f"plan_{at}" for at in range(1, PLANS + 1)),
)  # fmt: skip
HEIGHT_SD, PLAN_SD, ROOM_SD = 6.5, 6.0, 4.0
"""Standard deviations in mm: of a height within its room, of a plan length, of the mean height of a room."""

SPREAD_LIMIT, PLAN_LIMIT = 20, 15
NOMINAL_HEIGHTS = (2_760, 2_800, 2_850)
NOMINAL_PLANS = (3_000, 3_300, 3_600, 3_900, 4_200, 4_500)
ROOMS = ("客厅", "主卧", "次卧")
SHEETS_MEASURED = {"tiny": 6, "demo": 60, "large": 120}
DWELLINGS_MEASURED = 4


@lru_cache
def share_of_spreads_within(limit: int = SPREAD_LIMIT) -> float:
    """Share of rooms whose five heights lie within ``limit`` mm of each other."""
    errors = np.arange(-80, 81)
    chance = stats.norm.cdf((errors + 0.5) / HEIGHT_SD) - stats.norm.cdf((errors - 0.5) / HEIGHT_SD)
    total = np.concatenate([[0.0], np.cumsum(chance)])
    from_here = [total[min(at + limit + 1, len(errors))] - total[at] for at in range(len(errors))]
    above = [total[min(at + limit + 1, len(errors))] - total[at + 1] for at in range(len(errors))]
    return float(np.sum(np.power(from_here, HEIGHTS) - np.power(above, HEIGHTS)))


def share_of_plans_within(limit: int = PLAN_LIMIT) -> float:
    """Share of plan lengths that are off by no more than ``limit`` mm."""
    return float(2 * stats.norm.cdf((limit + 0.5) / PLAN_SD) - 1)


def draw_rooms(dwellings: pl.DataFrame, size: str, generator: np.random.Generator) -> pl.DataFrame:
    """Rooms of some sheets of the last two years, in mm; one row per room."""
    late = dwellings.filter(pl.col("accepted_on").dt.year() >= 2014)
    count = min(SHEETS_MEASURED[size], late.height)
    chosen = np.sort(generator.choice(late.height, count, replace=False))
    rows = []
    for sheet in late[chosen].iter_rows(named=True):
        for dwelling in range(DWELLINGS_MEASURED):
            for room in ROOMS:
                rows.append(_draw_room(sheet, dwelling, room, generator))
    return pl.DataFrame(rows)


def _draw_room(
    sheet: dict[str, Any], dwelling: int, room: str, generator: np.random.Generator
) -> dict[str, Any]:
    height = int(generator.choice(NOMINAL_HEIGHTS))
    plans = generator.choice(NOMINAL_PLANS, 2)
    level = height + round(generator.normal(0, ROOM_SD))
    heights = level + np.rint(generator.normal(0, HEIGHT_SD, HEIGHTS)).astype(int)
    lengths = np.repeat(plans, 2) + np.rint(generator.normal(0, PLAN_SD, PLANS)).astype(int)
    return {
        "project_id": sheet["project_id"], "project_name": sheet["project_name"],
        "building": sheet["building"], "county_code": sheet["county_code"],
        "measured_on": sheet["accepted_on"], "dwelling": f"{sheet['building'][:-2]}-{2 + dwelling}01",
        "room": room, "height_derived": height, "plan_derived_1": int(plans[0]),
        "plan_derived_2": int(plans[1]),
        **{f"height_{at}": int(one) for at, one in enumerate(heights, start=1)},
        **{f"plan_{at}": int(one) for at, one in enumerate(lengths, start=1)},
        "spread": int(heights.max() - heights.min()),
    }  # fmt: skip
