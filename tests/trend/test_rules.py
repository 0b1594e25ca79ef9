"""When a direction is called a trend. Oracle: the rules as they are declared, one taken away at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.trend import Rules
from qstats.trend.rules import is_long_enough, judge_at_one_mix, judge_ranks, judge_trend

RULES = Rules()
RISE = {
    "status": "stated", "slope": 0.2, "slope_lower": 0.1, "slope_upper": 0.3, "p_adjusted": np.nan,
    "ar_lower": 0.05, "ar_upper": 0.35, "mix_slope": np.nan, "mix_lower": np.nan, "mix_upper": np.nan,
    "mixes_agree": None, "p_bend": np.nan, "end_slope": np.nan, "end_lower": np.nan, "end_upper": np.nan,
}  # fmt: skip
FALL = {"slope": -0.2, "slope_lower": -0.3, "slope_upper": -0.1, "ar_lower": -0.4, "ar_upper": -0.01}
BENT = {"p_bend": 0.001, "end_slope": -0.1, "end_lower": -0.2, "end_upper": -0.02}
SAME_MIX = {"mix_slope": 0.15, "mix_lower": 0.05, "mix_upper": 0.25}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, ("rise", "")),
        (FALL, ("fall", "")),
        ({"slope_upper": np.inf}, ("rise", "")),
        (SAME_MIX | {"mixes_agree": True}, ("rise", "")),
        ({"p_adjusted": 0.04}, ("rise", "")),
        ({"slope_lower": -0.01}, ("no_clear_trend", "covers_none")),
        ({"slope_lower": np.nan}, ("no_clear_trend", "covers_none")),
        ({"p_adjusted": 0.06}, ("no_clear_trend", "many_compared")),
        ({"ar_lower": -0.01}, ("no_clear_trend", "autocorrelated")),
        (BENT, ("no_clear_trend", "bends")),
        (BENT | {"ar_lower": -0.01}, ("no_clear_trend", "bends")),
        (BENT | {"p_bend": 0.06}, ("rise", "")),
        (BENT | {"end_slope": 0.1, "end_lower": 0.01, "end_upper": 0.2}, ("rise", "")),
        (BENT | {"end_slope": 0.1, "end_lower": -0.01, "end_upper": 0.2}, ("no_clear_trend", "bends")),
        (BENT | FALL, ("fall", "")),
        (SAME_MIX | {"mix_lower": -0.01}, ("no_clear_trend", "mix")),
        (SAME_MIX | {"mixes_agree": False}, ("no_clear_trend", "mix")),
        ({"mix_slope": -0.1, "mix_lower": -0.2, "mix_upper": -0.05}, ("no_clear_trend", "mix")),
        ({"status": "break_recent"}, ("withheld", "break_recent")),
        ({"status": "laboratory_recent"}, ("withheld", "laboratory_recent")),
        ({"status": "too_short"}, ("too_short", "too_short")),
    ],
)  # fmt: skip
def test_each_rule_can_only_take_a_direction_away(changed: dict, verdict: tuple[str, str]) -> None:
    assert judge_trend(RISE | changed, RULES) == verdict


RANKS = {"rank_p": 0.01, "rank_p_adjusted": np.nan, "sen": 0.2, "sen_lower": 0.1, "sen_upper": 0.3}


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, ("leans_up", "no_counts")),
        ({"sen": -0.2, "sen_lower": -0.3, "sen_upper": -0.1}, ("leans_down", "no_counts")),
        ({"rank_p": 0.06}, ("no_clear_trend", "ranks_unclear")),
        ({"rank_p": np.nan}, ("no_clear_trend", "ranks_unclear")),
        ({"rank_p_adjusted": 0.06}, ("no_clear_trend", "many_ranks")),
        ({"sen_lower": 0.0}, ("no_clear_trend", "sen_touches_none")),
    ],
)
def test_ranks_lean_at_most_and_the_reason_is_the_true_one(changed: dict, verdict: tuple[str, str]) -> None:
    assert judge_ranks(RANKS | changed, RULES) == verdict


def test_what_a_series_does_at_one_mix() -> None:
    assert judge_at_one_mix(RISE, RULES) == ""
    assert judge_at_one_mix(RISE | SAME_MIX, RULES) == "rise"
    assert judge_at_one_mix(RISE | SAME_MIX | {"mixes_agree": False}, RULES) == "no_clear_trend"
    assert judge_at_one_mix(RISE | {"mix_slope": -1.0, "mix_lower": -2.0, "mix_upper": -0.5}, RULES) == "fall"
    assert judge_at_one_mix(RISE | SAME_MIX | BENT, RULES) == "no_clear_trend"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1))
def test_a_trend_never_has_an_interval_that_covers_none(
    slope: float, half: float, ar: float, mix: float, mix_half: float
) -> None:
    row = RISE | {
        "slope": slope, "slope_lower": slope - half, "slope_upper": slope + half, "ar_lower": slope - ar,
        "ar_upper": slope + ar, "mix_slope": mix, "mix_lower": mix - mix_half, "mix_upper": mix + mix_half,
    }  # fmt: skip
    verdict, reason = judge_trend(row, RULES)
    assert (reason == "") == (verdict in ("rise", "fall"))
    if verdict in ("rise", "fall"):
        sign = 1 if verdict == "rise" else -1
        assert sign * (slope - sign * max(half, ar)) > 0 and sign * (mix - sign * mix_half) > 0


def test_a_history_needs_periods_and_years() -> None:
    assert is_long_enough(12, 3.0, 4, RULES) and not is_long_enough(11, 3.0, 4, RULES)
    assert not is_long_enough(24, 2.0, 12, RULES)
    assert is_long_enough(8, 8.0, 1, RULES) and not is_long_enough(7, 7.0, 1, RULES)
