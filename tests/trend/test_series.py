"""The table of series. Oracle: the calendar, and counting by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.trend import (
    series_of_counts,
    series_of_events,
    series_of_published,
    series_of_rates,
    time_of,
    used_rows,
)
from qstats.trend.series import COLUMNS, describe_used


def rates(**columns: object) -> pd.DataFrame:
    usual = {
        "period": ["2015-01", "2015-02", "2015-03", "2015-04"], "n": [100, 50, 0, 80],
        "passes": [95, 50, 0, 76], "effective_n": [80.0, 50.0, 0.0, 40.0],
        "completeness": [1.0, 1.0, np.nan, 0.9], "barred": 0, "reason": "",
        "estimate": [0.95, 1.0, np.nan, 0.95], "lower": 0.9, "upper": 1.0,
    }  # fmt: skip
    return pd.DataFrame(usual | columns)


@pytest.mark.parametrize(
    ("period", "time"),
    [("2015", 2015.5), ("2015H1", 2015.25), ("2015Q4", 2015.875), ("2015-01", 2015 + 1 / 24)],
)
def test_time_is_the_middle_of_a_period(period: str, time: float) -> None:
    assert time_of(period) == pytest.approx(time)


def test_a_month_without_batches_is_a_gap_and_the_newest_incomplete_one_provisional() -> None:
    table = series_of_rates(rates(), series="pass_rate", complete_from=0.98)
    assert list(table.columns) == list(COLUMNS)
    assert table["n"].tolist()[:2] == [80.0, 50.0] and np.isnan(table["n"].iloc[2])
    assert table["passed"].iloc[0] == pytest.approx(0.95 * 80) and table["counted"].iloc[0] == 100
    assert table["release"].tolist() == ["final", "final", "provisional", "provisional"]
    used = used_rows(table, "pass_rate")
    assert used["period"].tolist() == ["2015-01", "2015-02"]
    told = describe_used(used)
    assert (told["periods"], told["counted"], told["failures"]) == (2, 150.0, 5)


def test_an_older_incomplete_month_is_final_once_a_later_one_is_complete() -> None:
    late = rates(completeness=[1.0, 0.5, np.nan, 1.0])
    table = series_of_rates(late, series="pass_rate", complete_from=0.98)
    assert set(table["release"]) == {"final"}


def test_what_may_not_be_published_enters_no_model_but_few_batches_do() -> None:
    barred = rates(
        barred=[1, 0, 0, 0], reason=["source_barred", "too_few_batches", "no_data", "no_sampling_date"]
    )
    table = series_of_rates(barred, series="pass_rate", complete_from=0.5)
    assert table["passed"].notna().tolist() == [False, True, False, False]


def test_groups_without_a_name_are_left_out() -> None:
    grouped = rates(county_code=["a", None, "a", "b"])
    table = series_of_rates(grouped, series="county", group="county_code", complete_from=0.5)
    assert sorted(table["group"]) == ["a", "a", "b"]


def test_counts_are_worth_what_their_clusters_are() -> None:
    counts = pd.DataFrame({
        "period": ["2015Q1", "2015Q2"], "of": [100, 0], "good": [90, 0], "rate": [0.9, np.nan],
        "worth": [20.0, np.nan], "lower": 0.8, "upper": 1.0, "complete": True,
    })  # fmt: skip
    table = series_of_counts(counts, series="x", n="of", passed="good", value="rate", effective="worth")
    assert (table["passed"].iloc[0], table["n"].iloc[0], table["counted"].iloc[0]) == (18.0, 20.0, 100.0)
    assert np.isnan(table["passed"].iloc[1]) and np.isnan(table["counted"].iloc[1])


def test_events_without_a_denominator_are_gaps() -> None:
    events = pd.DataFrame(
        {"period": ["2014-12", "2015-01"], "events": [3, 5], "exposure": [np.nan, 2000.0], "complete": True}
    )
    table = series_of_events(events, series="complaint_rate", per=1000)
    assert np.isnan(table["value"].iloc[0]) and table["value"].iloc[1] == 2.5
    assert table["family"].unique().tolist() == ["poisson"]


def published(**columns: object) -> pd.DataFrame:
    usual = {
        "series": "nat", "period_start": [date(year, 1, 1) for year in (2010, 2011, 2013)],
        "period_end": [date(year, 12, 31) for year in (2010, 2011, 2013)], "value": [0.8, 0.9, 0.95],
        "unit": "proportion", "n": [np.nan, 1000, 1000], "events": [np.nan, np.nan, 951],
        "segment": [1, 1, 2],
    }  # fmt: skip
    return pd.DataFrame(usual | columns)


def test_published_series_are_never_joined_across_a_break() -> None:
    table = series_of_published(published())
    assert table["group"].tolist() == ["1", "1", "2"] and table["season"].unique().tolist() == [1]
    assert table["family"].tolist() == ["figure", "figure", "binomial"]  # one without its number: none has
    assert table["passed"].iloc[2] == 951.0 and table["passed"].isna().sum() == 2
    whole = series_of_published(published(n=1000))
    assert whole["passed"].tolist() == [800.0, 900.0, 951.0]
    assert table["time"].tolist() == pytest.approx([2010.5, 2011.5, 2013.5], abs=0.01)
    assert used_rows(table, "nat", "2")["period"].tolist() == ["2013"]
    one = series_of_published(published(segment=1))
    assert set(one["group"]) == {""}


def test_periods_that_are_no_calendar_ones_keep_their_days() -> None:
    odd = published(period_end=[date(2010, 9, 30), date(2011, 6, 30), date(2013, 3, 31)])
    table = series_of_published(odd).sort_values("time")
    assert table["period"].tolist() == ["2010-01-01/2010-09-30", "2011H1", "2013Q1"]
    assert table["season"].tolist()[1:] == [2, 4]


@given(st.lists(st.booleans(), min_size=1, max_size=20))
def test_only_a_run_of_newest_periods_is_provisional(complete: list[bool]) -> None:
    months = [f"{2010 + at // 12}-{at % 12 + 1:02d}" for at in range(len(complete))]
    known = pd.DataFrame(
        {"period": months, "completeness": [1.0 if one else 0.1 for one in complete], "n": 10, "passes": 9}
    )
    known = known.assign(effective_n=10.0, barred=0, reason="", estimate=0.9, lower=0.8, upper=1.0)
    table = series_of_rates(known, series="s", complete_from=0.98)
    provisional = (table["release"] == "provisional").tolist()
    assert provisional == sorted(provisional)
    assert sum(provisional) == len(complete) - (
        max((at for at, one in enumerate(complete) if one), default=-1) + 1
    )
