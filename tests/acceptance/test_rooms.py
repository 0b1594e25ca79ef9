"""Measured rooms. Oracle: spreads and deviations by hand; limits as tests of clustered rates have them."""

import numpy as np
import pytest

from qstats.acceptance import RoomLimits, assess_rooms
from qstats.periods import Period

YEAR = Period.parse("2015")
EVEN, PLAN = [2800.0] * 5, [3600.0] * 4


def _assess(table, **limits: float):
    found = assess_rooms(table.to_pandas(), [YEAR], RoomLimits(**limits)).set_index("quantity")
    return found.loc["height_spread"], found.loc["plan_deviation"]


def test_spread_and_worst_deviation_of_a_room(works) -> None:
    """Heights 2790 to 2811 spread by 21 mm; the worst length is 3585, 15 mm short."""
    heights, plans = _assess(
        works.make_rooms([[2790, 2800, 2811, 2805, 2799], EVEN], [[3604, 3585, 3600, 3610], PLAN])
    )
    assert (heights["rooms"], heights["within"], heights["largest"]) == (2, 1, 21)
    assert (plans["rooms"], plans["within"], plans["largest"], plans["median"]) == (2, 2, 15, 7.5)
    assert heights["estimate"] == 0.5 and heights["status"] == "cannot_be_stated"


@pytest.mark.parametrize(("spread", "within"), [(20.0, 1), (20.0000001, 1), (20.01, 0), (20.5, 0)])
def test_a_limit_counts_as_kept(works, spread: float, within: int) -> None:
    """2.82 m less 2.8 m is 20.00000000000001 mm."""
    heights, _ = _assess(works.make_rooms([[2800, 2800 + spread]], [PLAN]))
    assert heights["within"] == within
    metres, _ = _assess(works.make_rooms([[2.82 * 1000, 2.8 * 1000]], [PLAN]))
    assert metres["within"] == 1


def test_other_limits(works) -> None:
    heights, plans = _assess(works.make_rooms([[2800, 2812]], [[3608]]), height_spread=10, plan_deviation=8)
    assert (heights["within"], plans["within"], heights["limit"], plans["limit"]) == (0, 1, 10, 8)


def test_rooms_with_too_few_values_are_counted_apart(works) -> None:
    """One height shows no spread, a length without its design no deviation."""
    table = works.make_rooms([[2800], [None, None], EVEN], [[None], PLAN, PLAN])
    heights, plans = _assess(table)
    assert (heights["rooms"], heights["incomplete"]) == (1, 2)
    assert (plans["rooms"], plans["incomplete"]) == (2, 1)
    nowhere = table.to_pandas().assign(nominal=np.nan)
    found = assess_rooms(nowhere, [YEAR], RoomLimits()).set_index("quantity").loc["plan_deviation"]
    assert (found["rooms"], found["incomplete"]) == (0, 3) and np.isnan(found["estimate"])


def test_limits_take_projects_as_clusters(works) -> None:
    """60 rooms in ten projects, all of two projects too uneven: as ten observations, not as sixty."""
    bad, projects = [2800, 2840], [f"P{at // 6}" for at in range(60)]
    heights, plans = _assess(works.make_rooms([bad] * 12 + [EVEN] * 48, [PLAN] * 60, project_id=projects))
    assert (heights["projects"], heights["rooms"], heights["status"]) == (10, 60, "stated")
    assert heights["estimate"] == 0.8 and heights["lower"] < 0.4435  # binom.test(8, 10) begins at 0.4439
    assert (plans["estimate"], plans["upper"]) == (1, 1)
    assert plans["lower"] == pytest.approx(0.025 ** (1 / 10))


@pytest.mark.parametrize(("rooms", "projects"), [(29, 29), (60, 4)])
def test_few_rooms_or_projects_are_counted_only(works, rooms: int, projects: int) -> None:
    table = works.make_rooms(
        [EVEN] * rooms, [PLAN] * rooms, project_id=[f"P{at % projects}" for at in range(rooms)]
    )
    heights, _ = _assess(table)
    assert (heights["within"], heights["status"]) == (rooms, "cannot_be_stated") and np.isnan(
        heights["lower"]
    )


def test_undated_and_absent_rooms_belong_to_no_period(works) -> None:
    heights, _ = _assess(works.make_rooms([EVEN], [PLAN], measured_on=None))
    assert (heights["rooms"], heights["status"]) == (0, "no_data")
    nothing = assess_rooms(works.make_rooms([], []).to_pandas(), [YEAR], RoomLimits())
    assert nothing["status"].tolist() == ["no_data"] * 2


def test_order_of_rows_is_irrelevant(works) -> None:
    table = works.make_rooms([[2790, 2800, 2811], EVEN, [2801]], [PLAN, [3600, 3581], PLAN]).to_pandas()
    plain, mixed = (
        assess_rooms(rows, [YEAR], RoomLimits()) for rows in (table, table.sample(frac=1, random_state=1))
    )
    assert mixed.equals(plain)
