"""Dwellings by sheet. Oracle: sums by hand; limits from an effective size worked out on paper."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.acceptance import (
    count_dwellings,
    count_undated_incomplete,
    list_counted_sheets,
    list_incomplete_sheets,
)
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.periods import Period

YEAR = Period.parse("2015")


def _count(table):
    return count_dwellings(table.to_pandas(), [YEAR]).iloc[0]


def test_dwellings_are_added_up(works) -> None:
    row = _count(
        works.make_sheets(
            3, dwellings_total=[100, 200, 50], dwellings_accepted=[100, 190, 50],
            dwellings_first_time=[95, 150, 50], dwellings_after_rework=[5, 30, 0],
        )
    )  # fmt: skip
    assert (row["sheets"], row["unusable"], row["projects"], row["complete_sheets"]) == (3, 0, 3, 2)
    assert (row["total"], row["inspected"], row["first_time_of"]) == (350, 340, 340)
    assert row["inspected_rate"] == pytest.approx(340 / 350)
    assert (row["first_time"], row["after_rework"], row["not_settled"], row["rework_unknown"]) == (
        295,
        35,
        10,
        0,
    )
    assert row["first_time_rate"] == pytest.approx(295 / 340)


def test_sheets_without_counts_enter_nothing_but_their_number(works) -> None:
    """Neither total nor inspected, only one of them, and one whose first-time count is missing."""
    sheets = works.make_sheets(
        4, dwellings_total=[100, None, 100, 100], dwellings_accepted=[100, 90, None, 100],
        dwellings_first_time=[90, 80, 80, None],
    )  # fmt: skip
    row = _count(sheets)
    assert list_counted_sheets(sheets.to_pandas(), YEAR)["dwellings_accepted"].tolist() == [100]
    assert (row["sheets"], row["unusable"], row["total"], row["inspected"]) == (4, 2, 200, 200)
    assert (row["first_time"], row["first_time_of"]) == (90, 100)
    assert row["first_time_rate"] == row["first_time"] / row["first_time_of"]


def test_rework_that_is_not_told_is_not_taken_for_none(works) -> None:
    row = _count(
        works.make_sheets(
            3, dwellings_first_time=[95, 100, 90], dwellings_after_rework=[None, None, 4]
        )
    )  # fmt: skip
    assert (row["after_rework"], row["not_settled"], row["rework_unknown"]) == (4, 6, 5)


def test_dwellings_of_alike_projects_are_worth_few(works) -> None:
    """Each of 20 projects passed or failed as a whole: 2,000 dwellings are worth 20, or fewer yet."""
    first = [100] * 16 + [0] * 4
    row = _count(
        works.make_sheets(20, dwellings_first_time=first, dwellings_after_rework=[100 - n for n in first])
    )
    assert row["effective_n"] <= 20
    limits = [float(limit) for limit in korn_graubard_interval(0.8, row["effective_n"])]
    assert [row["lower"], row["upper"]] == pytest.approx(limits) and row["lower"] < 0.57


def test_where_every_dwelling_passed_each_project_counts_once(works) -> None:
    """Nothing tells how alike they are: 0.025^(1/8) of eight projects, whatever they hold."""
    row = _count(works.make_sheets(8, dwellings_first_time=100, dwellings_after_rework=0))
    assert (row["first_time_rate"], row["upper"]) == (1, 1)
    assert row["effective_n"] == pytest.approx(8) and row["lower"] == pytest.approx(0.025 ** (1 / 8))


def test_a_single_project_is_one(works) -> None:
    row = _count(works.make_sheets(1, dwellings_first_time=100, dwellings_after_rework=0))
    assert row["effective_n"] == pytest.approx(1) and row["lower"] == pytest.approx(0.025)
    mixed = _count(works.make_sheets(1))
    assert mixed["status"] == "stated" and mixed["lower"] < 0.3 and mixed["upper"] > 0.99


def test_likeness_is_taken_from_all_sheets_on_record(works) -> None:
    """Other years show how alike dwellings are; the period holds one project that all passed."""
    alone = works.make_sheets(1, dwellings_first_time=100, dwellings_after_rework=0)
    others = works.make_sheets(30, accepted_on=date(2013, 5, 5), project_id=[f"O{at}" for at in range(30)])
    table = works.together(alone, others)
    found = count_dwellings(table, [YEAR]).iloc[0]
    assert found["effective_n"] > 50  # in all of them 95 of 100 passed: they are not alike


def test_groups_and_periods(works) -> None:
    table = works.make_sheets(
        3, county_code=["371502", None, "371502"], accepted_on=[date(2015, 1, 1), date(2015, 12, 31), None]
    )
    found = count_dwellings(table.to_pandas(), [YEAR, Period.parse("2014")], "county_code")
    assert found[["period", "county_code", "sheets"]].to_numpy().tolist() == [
        ["2015", "", 1], ["2015", "371502", 1], ["2014", "", 0], ["2014", "371502", 0],
    ]  # fmt: skip


def test_nothing_on_record(works) -> None:
    row = _count(works.make_sheets(0))
    assert (row["sheets"], row["total"], row["status"]) == (0, 0, "no_data") and np.isnan(
        row["inspected_rate"]
    )
    empty = _count(
        works.make_sheets(
            1, dwellings_total=0, dwellings_accepted=0, dwellings_first_time=0, dwellings_after_rework=0
        )
    )
    assert empty["status"] == "cannot_be_stated" and np.isnan(empty["inspected_rate"])
    unusable = _count(works.make_sheets(2, dwellings_total=None, dwellings_accepted=None))
    assert unusable["status"] == "cannot_be_stated" and np.isnan(unusable["first_time_rate"])


@settings(max_examples=10)
@given(st.permutations(range(5)))
def test_order_of_sheets_is_irrelevant(works, order: list[int]) -> None:
    table = works.make_sheets(
        5, dwellings_first_time=[95, 80, 100, None, 60], dwellings_after_rework=[5, 10, 0, 0, None]
    ).to_pandas()  # fmt: skip
    plain, mixed = (count_dwellings(rows, [YEAR]) for rows in (table, table.iloc[order]))
    assert mixed.drop(columns=["lower", "upper", "effective_n"]).equals(
        plain.drop(columns=["lower", "upper", "effective_n"])
    )
    np.testing.assert_allclose(mixed[["lower", "upper"]], plain[["lower", "upper"]])


def test_incomplete_sheets_are_listed_those_without_counts_first(works) -> None:
    table = works.make_sheets(
        6, project_id=["whole", "missing", "open", "untold", "no counts", "last year"],
        dwellings_accepted=[100, 97, 100, 100, None, 97], dwellings_first_time=[95, 97, 90, 90, None, 97],
        dwellings_after_rework=[5, 0, 4, None, None, 0],
        accepted_on=[date(2015, 3, 3)] * 5 + [date(2014, 3, 3)],
    )  # fmt: skip
    listed = list_incomplete_sheets(table.to_pandas(), YEAR)
    assert listed["project_id"].tolist() == ["no counts", "missing", "open", "untold"]
    assert listed["not_inspected"].tolist()[1:] == [3, 0, 0]
    assert listed["not_settled"].fillna(-1).tolist() == [-1, 0, 6, -1]


def test_undated_sheets_that_may_hide_a_dwelling(works) -> None:
    table = works.make_sheets(
        4, accepted_on=[None, None, None, date(2015, 1, 1)], dwellings_accepted=[100, 99, None, 99]
    )  # fmt: skip
    assert count_undated_incomplete(table.to_pandas()) == 2
    assert count_undated_incomplete(works.make_sheets(0).to_pandas()) == 0
