"""Scores measured on samples. Oracle: the normal law of scipy, worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from qstats.target_registry import find_target
from qstats.targets import judge_score

END_2015, MID_2015 = date(2015, 12, 31), date(2015, 6, 30)


def waves(*rows: tuple[date, float, float], status: str = "stated") -> pd.DataFrame:
    """Day, score and standard error of each wave."""
    half = norm.ppf(0.975)
    return pd.DataFrame(
        [
            {"day": day, "period": str(day.year), "n": 800, "estimate": score, "lower": score - half * error,
             "upper": score + half * error, "confidence": 0.95, "status": status}
            for day, score, error in rows
        ]
    )  # fmt: skip


def test_a_score_above_its_level_is_not_plainly_met() -> None:
    found = judge_score(find_target("T25"), waves((date(2015, 11, 1), 81.0, 1.0)), END_2015)
    assert found.status == "on_course" and found.is_past and found.basis == "sample"
    assert found.probability == pytest.approx(norm.cdf(1)) == found.probability_true
    assert found.probability_reported == 1.0


@pytest.mark.parametrize(
    ("score", "status"), [(80.0, "at_risk"), (78.9, "off_course"), (80.9, "on_course"), (79.9, "at_risk")]
)
def test_status_follows_the_probability(score: float, status: str) -> None:
    found = judge_score(find_target("T25"), waves((date(2015, 11, 1), score, 1.0)), END_2015)
    assert found.status == status and found.probability == pytest.approx(norm.cdf(score - 80))
    assert found.probability_reported == float(score >= 80)


def test_waves_after_the_deadline_do_not_count() -> None:
    table = waves((date(2015, 11, 1), 78.0, 1.0), (date(2016, 2, 1), 85.0, 1.0))
    assert judge_score(find_target("T25"), table, date(2016, 3, 31)).value == 78


def test_movement_beyond_the_errors_widens_a_projection() -> None:
    """Scores that move by 2 a year with errors of 0.5: variance of a year 4 − 2·0.25 = 3.5."""
    days = [date(2012, 1, 1), date(2012, 12, 31), date(2013, 12, 31), date(2014, 12, 31)]
    table = waves(*zip(days, (79.0, 81.0, 79.0, 81.0), [0.5] * 4, strict=True))
    found = judge_score(find_target("T25"), table, MID_2015)
    years = 365 / 365.25
    spread = np.sqrt(0.25 + years * (4 - 0.5) / years)
    assert found.probability == pytest.approx(float(t(3).cdf(1 / spread)), abs=0.002)
    assert found.method == "random_walk" and not found.is_past
    assert found.expected_upper - found.value == pytest.approx(t(3).ppf(0.975) * spread, rel=0.01)


def test_two_waves_tell_no_movement() -> None:
    table = waves((date(2013, 11, 1), 79.0, 0.5), (date(2014, 11, 1), 81.0, 0.5))
    found = judge_score(find_target("T25"), table, MID_2015)
    assert (found.status, found.reason) == ("cannot_be_stated", "too_short")
    near = waves((date(2014, 11, 1), 79.0, 0.5), (date(2015, 10, 20), 81.0, 0.5))
    close = judge_score(find_target("T25"), near, date(2015, 10, 31))
    assert close.probability == pytest.approx(norm.cdf(2)) and close.probability_reported < close.probability


def test_what_cannot_be_stated_has_no_probability() -> None:
    found = judge_score(find_target("T26"), waves((date(2015, 11, 1), 76.0, 1.0), status="refused"), END_2015)
    assert (found.status, found.reason, found.has_value) == ("cannot_be_stated", "not_stated", False)


def test_no_wave_by_the_deadline_is_no_data() -> None:
    assert judge_score(find_target("T26"), waves((date(2016, 2, 1), 76.0, 1.0)), END_2015).status == "no_data"
