"""Time to rectification and handling. Oracle: days counted by hand; the curve has tests of its own."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from qstats.acceptance import fit_durations, follow_complaints, follow_rectification, tabulate_durations
from qstats.periods import Period

YEAR, CUTOFF = Period.parse("2015"), date(2016, 1, 31)


def test_failed_projects_are_followed_to_their_end_or_the_cutoff(works) -> None:
    table = works.together(
        works.make_projects(1), works.make_failed(1, days=0), works.make_failed(1, days=45),
        works.make_failed(1, days=None), works.make_failed(1, first_accepted_on=date(2014, 12, 31)),
    )  # fmt: skip
    cases = follow_rectification(table, YEAR, CUTOFF)
    assert cases["days"].tolist() == [0, 45, 90] and cases["ended"].tolist() == [True, True, False]
    assert cases.attrs["left_out"] == 0


def test_accepted_on_an_unknown_day_is_neither_open_nor_of_known_length(works) -> None:
    """By its route it was accepted; one whose route is unknown may have been."""
    table = works.together(
        works.make_failed(1, final_accepted_on=None),
        works.make_failed(1, final_accepted_on=None, route=None),
        works.make_failed(1, days=None),
    )  # fmt: skip
    cases = follow_rectification(table, YEAR, CUTOFF)
    assert (len(cases), cases.attrs["left_out"]) == (1, 2)


def test_what_ends_after_the_cutoff_is_open_then(works) -> None:
    """45 days after the second of November is the seventeenth of December."""
    table = works.make_failed(1, days=45).to_pandas()
    cases = follow_rectification(table, YEAR, date(2015, 12, 16))
    assert cases["days"].tolist() == [44] and not cases["ended"][0]
    assert follow_rectification(table, YEAR, date(2015, 12, 17))["ended"][0]
    later = follow_rectification(table, YEAR, date(2015, 11, 1))  # begins after the cutoff
    assert (len(later), later.attrs["left_out"]) == (0, 1)


def test_complaints_closed_open_and_closed_on_an_unknown_day(works) -> None:
    table = works.together(
        works.make_complaints({2015: [1]}, days=20),
        works.make_complaints({2015: [0, 1]}, days=None, status="open"),
        works.make_complaints({2015: [0, 1]}, days=None, status="closed"),
        works.make_complaints({2015: [0, 1]}, days=None, status=None), works.make_complaints({2014: [1]}),
    )  # fmt: skip
    cases = follow_complaints(table, YEAR, CUTOFF)
    assert cases["days"].tolist() == [20, 355, 355]  # 10 February 2015 to 31 January 2016
    assert cases.attrs["left_out"] == 1


def test_times_of_ten_cases() -> None:
    cases = pd.DataFrame({"days": range(10, 110, 10), "ended": [True] * 8 + [False] * 2})
    row = tabulate_durations(cases, within=60, confidence=0.95)
    assert (row["n"], row["ended"], row["open"], row["longest_open"], row["status"]) == (
        10,
        8,
        2,
        100,
        "stated",
    )
    assert row["median"] == 50 and row["share"] == pytest.approx(0.6)
    assert np.isnan(tabulate_durations(cases, within=101, confidence=0.95)["share"])


def test_with_nine_cases_no_time_is_stated() -> None:
    cases = pd.DataFrame({"days": range(9), "ended": [True] * 9})
    row = tabulate_durations(cases, within=60, confidence=0.95)
    assert row["status"] == "cannot_be_stated" and np.isnan(row["median"]) and row["ended"] == 9
    assert fit_durations(cases, 0.95) is None


def test_nothing_to_follow(works) -> None:
    for cases in (
        follow_rectification(works.make_projects(0).to_pandas(), YEAR, CUTOFF),
        follow_complaints(works.make_complaints({}).to_pandas(), YEAR, CUTOFF),
    ):
        row = tabulate_durations(cases, within=60, confidence=0.95)
        assert (row["n"], row["status"]) == (0, "no_data") and np.isnan(row["longest_open"])
