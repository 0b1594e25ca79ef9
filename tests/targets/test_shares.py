"""Shares that are counted. Oracle: counting by hand, binomial laws and the beta posterior of scipy."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from qstats.target_registry import find_target
from qstats.targets import judge_share
from qstats.targets.outlook import FEWEST_MONTHS
from qstats.targets.shares import failures_tolerated

NO_HISTORY = pd.DataFrame({"day": [date(2014, 12, 31)], "period": ["2014"], "value": [1.0]})
END_2015, END_NOVEMBER, MID_2015, MID_2014 = (
    date(2015, 12, 31), date(2015, 11, 30), date(2015, 6, 30), date(2014, 6, 30),
)  # fmt: skip


def months(n: int, fails: list[int]) -> pd.DataFrame:
    """So many projects in every month, and failures of each month."""
    return pd.DataFrame({"n": float(n), "passes": n - np.array(fails, float)})


def judge(target: str, table: pd.DataFrame, passes: int, n: int, verdict: str, today: date):
    counted = {"period": "2015", "n": n, "passes": passes, "failures": n - passes, "unknown": 0}
    return judge_share(
        find_target(target), table, counted, verdict, NO_HISTORY, today, confidence=0.95  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_count_after_the_deadline_is_met_or_missed_and_the_process_stands_apart() -> None:
    found = judge("T22", months(10, [0] * 24), 118, 120, "met", END_2015)
    assert (found.status, found.reading, found.is_past) == ("met", "reported_value", True)
    assert found.probability_true == pytest.approx(beta.sf(0.98, 118.5, 2.5))
    assert np.isnan(found.probability)
    missed = judge("T22", months(10, [0] * 24), 117, 120, "missed", END_2015)
    assert (missed.status, missed.distance) == ("missed", pytest.approx(0.98 - 117 / 120))


def test_no_count_shows_a_process_of_100_per_cent() -> None:
    assert judge("T21", months(10, [0] * 24), 120, 120, "met", END_2015).probability_true == 0


def test_open_records_are_not_judged() -> None:
    found = judge("T21", months(10, [0] * 24), 119, 119, "open", END_2015)
    assert (found.status, found.reason) == ("cannot_be_stated", "records_incomplete")


def test_failures_on_record_count_against_the_year() -> None:
    """With one month to come and nine failures in 110, no December brings 120 projects to 98 %."""
    table = months(10, [0] * 12 + [1] * 9 + [0, 0])
    found = judge("T22", table, 101, 110, "running", END_NOVEMBER)
    assert found.status == "off_course" and found.probability < 0.001
    assert found.expected_upper < 0.98


def test_a_good_year_with_one_month_to_come_is_on_course() -> None:
    found = judge("T22", months(10, [0] * 47), 110, 110, "running", END_NOVEMBER)
    assert found.status == "on_course" and found.probability > 0.97 and not found.is_past
    assert found.probability_reported == found.probability


def test_the_chance_of_no_failure_falls_with_what_is_to_come() -> None:
    """At about 1 failure in 100 projects, 60 more pass with a probability near 0.99^60."""
    fails = [1 if at % 10 == 4 else 0 for at in range(60)]
    half = judge("T21", months(10, fails[:54]), 54, 54, "running", MID_2015).probability
    month = judge("T21", months(10, fails[:59]), 110, 110, "running", END_NOVEMBER).probability
    assert half == pytest.approx(0.99**60, abs=0.15) and month == pytest.approx(0.99**10, abs=0.06)
    assert half < month


def test_a_year_that_has_not_begun_is_not_charged_with_what_failed_before() -> None:
    """In mid-2014 the failures of 2014 do not enter the count of 2015: its whole year is to come."""
    table = months(10, [1, 0] * 15)
    ahead = judge("T22", table, 27, 30, "running", MID_2014)
    assert 0 < ahead.probability < 0.2 and ahead.expected_lower > 0.6


def test_a_short_history_is_not_projected() -> None:
    found = judge("T22", months(10, [0] * (FEWEST_MONTHS - 1)), 30, 30, "running", MID_2015)
    assert (found.status, found.reason) == ("cannot_be_stated", "too_short")


def test_nothing_on_record_is_no_data() -> None:
    counted = {"period": "2015", "n": 0, "passes": 0, "failures": 0, "unknown": 0}
    found = judge_share(
        find_target("T21"), months(0, []), counted, "no_data", NO_HISTORY.iloc[:0], END_2015, confidence=0.95
    )
    assert found.status == "no_data"


def test_failures_tolerated_take_the_level_as_it_is_written() -> None:
    assert failures_tolerated(np.array([49, 50, 99, 100, 150]), 0.98).tolist() == [0, 1, 1, 2, 3]
    assert failures_tolerated(np.array([1, 1000]), 1.0).tolist() == [0, 0]
