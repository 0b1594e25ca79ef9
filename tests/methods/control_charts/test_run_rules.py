"""Run rules on series made by hand; invariants by hypothesis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.control_charts.run_length import run_test
from qstats.methods.control_charts.run_rules import (
    beyond_limits,
    improbable_runs,
    runs_on_one_side,
    sides,
    trends,
    two_of_three,
)

GAP = np.nan
SERIES = st.lists(st.floats(-3, 3), min_size=1, max_size=40).map(np.array)


def test_a_point_on_the_limit_is_within() -> None:
    assert beyond_limits([1.0, 2.0, 3.0, 0.9, GAP], 1.0, 2.0).tolist() == [0, 0, 1, -1, 0]


def test_runs_from_the_point_or_whole() -> None:
    points = [1, 1, 1, -1, -1, 0, 1, 1, 1, 1]
    assert runs_on_one_side(points, 0, 3).tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 1, 1]
    assert runs_on_one_side(points, 0, 3, whole=True).tolist() == [1, 1, 1, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("broken", [{"gap": 2}, {"phase": 2}])
def test_gaps_and_phases_break_runs_and_trends(broken: dict) -> None:
    points, phase = np.array([1.0, 2, 3, 4]), np.zeros(4)
    if "gap" in broken:
        points[2] = GAP
    else:
        phase[2:] = 1
    assert not runs_on_one_side(points, 0, 3, phase=phase).any()
    assert not trends(points, 3, phase=phase).any()


def test_trend_counts_its_first_point() -> None:
    points = [5, 1, 2, 3, 3, 2, 1, 0]
    assert trends(points, 3).tolist() == [0, 0, 0, 1, 0, 0, -1, -1]
    assert trends(points, 3, whole=True).tolist() == [0, 1, 1, 1, -1, -1, -1, -1]


def test_two_of_three_needs_all_three_on_one_side() -> None:
    points = [2.5, 0.5, 2.5, -0.5, 2.5, 2.5, 4.0]
    assert two_of_three(points, 0, -3, 3).tolist() == [1, 0, 1, 0, 1, 1, 0]
    assert two_of_three(points[:4], 0, -3, 3, phase=[0, 0, 1, 1]).tolist() == [0, 0, 0, 0]


@given(SERIES, st.integers(2, 9))
def test_improbable_runs_of_a_fair_coin_are_runs_by_count(points: np.ndarray, length: int) -> None:
    by_chance = improbable_runs(points, 0.0, 0.5, 0.5, at_most=0.5**length)
    assert by_chance.tolist() == runs_on_one_side(points, 0.0, length).tolist()


def test_eight_good_months_are_nothing_unusual_near_the_top() -> None:
    points = np.ones(12)
    assert runs_on_one_side(points, 0.98, 8).any()
    assert not improbable_runs(points, 0.98, 0.7, 0.3, at_most=0.5**8).any()
    assert improbable_runs(-points, 0.98, 0.7, 0.3, at_most=0.5**8).any()


@given(SERIES, st.integers(2, 9))
def test_rules_mirror(points: np.ndarray, length: int) -> None:
    assert (trends(points, length) == -trends(-points, length)).all()
    assert (runs_on_one_side(points, 0, length) == -runs_on_one_side(-points, 0, length)).all()
    assert (two_of_three(points, 0, -3, 3) == -two_of_three(-points, 0, -3, 3)).all()
    backwards = runs_on_one_side(points[::-1], 0, length, whole=True)[::-1]
    assert (backwards == runs_on_one_side(points, 0, length, whole=True)).all()


@given(SERIES)
def test_a_flag_has_the_sign_of_its_side(points: np.ndarray) -> None:
    for flags in (runs_on_one_side(points, 0, 2), two_of_three(points, 0, -3, 3)):
        assert (flags[flags != 0] == sides(points, 0)[flags != 0]).all()


def test_run_test_passes_over_the_centre_and_stops_at_gaps() -> None:
    assert run_test([1, 0, 1, -1], 0).longest_run == 2
    whole, gapped = run_test([1, 1, -1, 1], 0), run_test([1, 1, GAP, -1, 1], 0)
    assert (whole.crossings, gapped.crossings) == (2, 1)
    assert run_test([1] * 12, 0).signal
    with pytest.raises(ValueError, match="off the centre"):
        run_test([0.0, GAP], 0)
