"""Is a target met? Oracle: the four ways in which an interval may lie to a level."""

import pandas as pd
import pytest

from qstats.satisfaction import judge_target


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "verdict"),
    [
        (82.0, 80.0, 84.0, "clearly_met"),  # a limit on the level reaches it
        (81.0, 79.9, 82.1, "met_within_error"),
        (80.0, 78.0, 82.0, "met_within_error"),
        (79.9, 78.0, 82.0, "missed_within_error"),
        (79.0, 78.0, 80.0, "missed_within_error"),
        (78.0, 76.0, 79.9, "clearly_missed"),
    ],
)
def test_interval_and_level(estimate: float, lower: float, upper: float, verdict: str) -> None:
    row = pd.Series({"status": "stated", "estimate": estimate, "lower": lower, "upper": upper})
    assert judge_target(row, 80) == verdict
    share = pd.Series({"status": "stated"} | {k: row[k] / 100 for k in ("estimate", "lower", "upper")})
    assert judge_target(share, 0.8) == verdict


@pytest.mark.parametrize("status", ["cannot_be_stated", "refused", "no_data"])
def test_without_a_figure_nothing_is_judged(status: str) -> None:
    assert (
        judge_target(pd.Series({"status": status, "estimate": 99.0, "lower": 99.0}), 80) == "cannot_be_stated"
    )
