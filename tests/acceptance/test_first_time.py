"""First-time acceptance. Oracle: counting by hand; R 4.2.2 ``binom.test`` for limits and bound."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.acceptance import compare_first_time, count_first_time, count_strays, list_counted_projects
from qstats.periods import Period, YearToDate

QUARTER = Period.parse("2015Q4")


def test_forty_of_forty(works) -> None:
    row = count_first_time(works.make_projects(40).to_pandas(), [QUARTER]).iloc[0]
    assert (row["n"], row["passes"], row["failures"], row["unknown"]) == (40, 40, 0, 0)
    assert row["estimate"] == 1 and row["bound"] == pytest.approx(0.9278424755)
    assert (row["lower"], row["upper"]) == (pytest.approx(0.9119026), 1)  # binom.test(40, 40)$conf.int
    assert (row["status"], row["method"]) == ("stated", "clopper_pearson")


def test_unknown_outcomes_are_counted_apart(works) -> None:
    table = works.together(
        works.make_projects(29), works.make_failed(2), works.make_projects(3, first_outcome=None)
    )
    row = count_first_time(table, [QUARTER]).iloc[0]
    assert (row["n"], row["passes"], row["failures"], row["unknown"]) == (31, 29, 2, 3)
    assert row["estimate"] == pytest.approx(29 / 31)
    assert row["bound"] == pytest.approx(0.81053553)  # binom.test(29, 31, alternative = "greater")


def test_the_listed_projects_are_the_counted_ones(works) -> None:
    days = [date(2015, 10, 1), date(2015, 12, 31), date(2015, 11, 1), date(2016, 1, 1), None]
    outcomes = ["pass", "fail", None, "pass", "pass"]
    table = works.make_projects(5, first_accepted_on=days, first_outcome=outcomes).to_pandas()
    listed = list_counted_projects(table, QUARTER)
    assert listed.index.tolist() == [0, 1] and count_first_time(table, [QUARTER])["n"].tolist() == [2]


def test_days_decide_the_period_and_both_ends_belong_to_it(works) -> None:
    days = [date(2015, 9, 30), date(2015, 10, 1), date(2015, 12, 31), date(2016, 1, 1), None]
    table = works.make_projects(5, first_accepted_on=days).to_pandas()
    found = count_first_time(table, [QUARTER, YearToDate.ending(QUARTER), Period.parse("2014")])
    assert found["period"].tolist() == ["2015Q4", "2015", "2014"]
    assert found["n"].tolist() == [2, 3, 0] and found["status"].tolist() == ["stated", "stated", "no_data"]
    assert np.isnan(found.loc[2, ["estimate", "bound", "lower", "upper"]].astype(float)).all()


def test_weighted_by_dwellings_where_they_are_stated(works) -> None:
    """A project of 300 dwellings failed, one of 100 passed, one states none, one has no outcome."""
    table = works.together(
        works.make_failed(1, dwellings=300), works.make_projects(2, dwellings=[100, None]),
        works.make_projects(1, first_outcome=None, dwellings=900),
    )  # fmt: skip
    row = count_first_time(table, [QUARTER]).iloc[0]
    assert (row["dwellings"], row["dwellings_first_time"]) == (400, 100)
    assert row["estimate"] == pytest.approx(2 / 3) and row["by_dwellings"] == 0.25
    none = count_first_time(works.make_projects(2, dwellings=None).to_pandas(), [QUARTER]).iloc[0]
    assert none["estimate"] == 1 and np.isnan(none["by_dwellings"])


def test_every_group_stands_in_every_period(works) -> None:
    table = works.make_projects(3, scale=["other", None, "large_medium"]).to_pandas()
    found = count_first_time(table, [QUARTER, Period.parse("2014")], "scale")
    assert found["scale"].tolist() == ["", "large_medium", "other"] * 2
    assert found["n"].tolist() == [1, 1, 1, 0, 0, 0]


def test_nothing_on_record_or_no_outcome(works) -> None:
    empty = works.make_projects(0).to_pandas()
    assert count_first_time(empty, [QUARTER]).iloc[0]["status"] == "no_data"
    assert count_first_time(empty, [QUARTER], "scale").empty
    untold = works.make_projects(2, first_outcome=None).to_pandas()
    row = count_first_time(untold, [QUARTER]).iloc[0]
    assert (row["status"], row["unknown"]) == ("cannot_be_stated", 2)


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_order_of_rows_is_irrelevant(works, order: list[int]) -> None:
    table = works.together(
        works.make_projects(3), works.make_failed(2), works.make_projects(1, first_outcome=None)
    )
    mixed = table.iloc[order]
    assert count_first_time(mixed, [QUARTER], "scale").equals(count_first_time(table, [QUARTER], "scale"))


@pytest.mark.parametrize(
    ("columns", "strays"),
    [
        ({"first_accepted_on": None}, 1),
        ({"first_accepted_on": None, "final_accepted_on": None}, 1),
        ({"first_accepted_on": None, "final_accepted_on": date(2015, 10, 1)}, 1),
        ({"first_accepted_on": None, "final_accepted_on": date(2015, 9, 30)}, 0),  # over before the period
        ({"first_accepted_on": date(2015, 9, 30)}, 0),
        ({"scale": None}, 1),
        ({"scale": "other"}, 0),
        ({"scale": "other", "first_accepted_on": None}, 0),
        ({}, 0),  # counted where it belongs
        ({"first_accepted_on": None, "first_outcome": "pass"}, 0),  # a pass more does no harm
        ({"first_accepted_on": None, "first_outcome": None}, 1),
    ],
)  # fmt: skip
def test_projects_that_may_belong_to_a_count(works, columns: dict[str, object], strays: int) -> None:
    table = works.make_failed(1, **columns).to_pandas()
    assert count_strays(table, QUARTER, "large_medium") == strays


def test_without_scales_only_the_day_may_be_missing(works) -> None:
    table = works.make_failed(
        3, scale=[None, "other", None], first_accepted_on=[None, None, date(2015, 11, 1)]
    )
    assert count_strays(table.to_pandas(), QUARTER) == 2


def test_difference_of_two_shares(works) -> None:
    """122 of 129 against 115 of 125: MOVER by hand from the Clopper-Pearson limits."""

    def row(passes: int, failures: int):
        table = works.together(works.make_projects(passes), works.make_failed(failures))
        return count_first_time(table, [QUARTER]).iloc[0]

    now, before = row(122, 7), row(115, 10)
    difference, lower, upper = compare_first_time(now, before)
    assert difference == pytest.approx(122 / 129 - 115 / 125)
    down = np.hypot(now["estimate"] - now["lower"], before["upper"] - before["estimate"])
    up = np.hypot(now["upper"] - now["estimate"], before["estimate"] - before["lower"])
    assert (difference - lower, upper - difference) == pytest.approx((down, up))
    assert np.isnan(compare_first_time(now, row(0, 0))).all()
