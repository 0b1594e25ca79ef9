"""Targets that registers answer. Oracle: counting by hand; Poisson and beta-binomial laws of scipy."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from qstats.target_registry import find_target
from qstats.targets import read_status
from qstats.targets.projection import project_quantity, project_stock, project_total

END_2015, MID_2015 = date(2015, 12, 31), date(2015, 6, 30)


def test_136_of_150_trademarks_are_missed_and_150_are_met(judge, books) -> None:
    for n, status in ((136, "missed"), (149, "missed"), (150, "met")):
        awarded = [date(2014, 3, 1)] * n
        found = judge("T04", books.make_entries("national_trademark", awarded[:22]),
                      books.make_entries("provincial_trademark", awarded[22:]))  # fmt: skip
        assert (found.status, found.value, found.distance) == (status, n, 150 - n)
        assert np.isnan(found.probability) and found.reading == "count" and found.is_past


def test_more_than_100_is_not_met_by_100(judge, books) -> None:
    entries = [
        books.make_entries("drafted_standard", [date(2010, 1, 1)] * n, grade="national") for n in (100, 101)
    ]
    assert [judge("T13", one).status for one in entries] == ["missed", "met"]


def test_what_the_record_leaves_open_is_not_judged(judge, books) -> None:
    """79 enterprises of AAA and one whose grade is not stated: it may be the eightieth."""
    grades = ["AAA"] * 79 + [None]
    found = judge("T14", books.make_entries("good_conduct", [date(2014, 1, 1)] * 80, grade=grades))
    assert (found.status, found.reason, found.value, found.possible) == (
        "cannot_be_stated", "records_incomplete", 79, 80,
    )  # fmt: skip
    others = ["AAA"] * 78 + ["AA", None]
    assert (
        judge("T14", books.make_entries("good_conduct", [date(2014, 1, 1)] * 80, grade=others)).status
        == "missed"
    )


def test_an_enterprise_counts_once_however_many_certificates_it_holds(judge, books) -> None:
    days = [date(2014, 1, 1)] * 20
    entries = books.make_entries("service_brand", days, holder_id=[f"name:{at // 2}" for at in range(20)])
    assert judge("T09", entries).value == 10


def test_awards_before_the_policy_do_not_count_towards_new_ones(judge, books) -> None:
    days = [date(2013, 12, 11)] * 50 + [date(2013, 12, 12)] * 60
    assert judge("T12", books.make_entries("adopted_standard", days)).value == 60


def test_a_year_is_judged_by_its_own_awards(judge, books) -> None:
    days = [date(2014, 5, 1)] * 9 + [date(2015, 5, 1)] * 10
    found = judge("T08", books.make_entries("structure_cup", days))
    assert (found.status, found.period, found.value) == ("met", "2015", 10)
    assert dict(zip(found.history["period"], found.history["value"], strict=True)) == {"2014": 9, "2015": 10}


def test_cumulative_and_yearly_numbers_are_met_before_the_deadline_and_stocks_are_not(judge, books) -> None:
    days = books.spread(70, date(2014, 1, 1), date(2015, 6, 1))
    early = judge("T12", books.make_entries("adopted_standard", days), today=MID_2015)
    assert (early.status, early.is_past) == ("met", False)
    stock = judge("T05", books.make_entries("pollution_free_livestock", days * 3), today=MID_2015)
    assert stock.status == "on_course" and stock.value > 150 and stock.probability > 0.8


def test_a_stock_that_runs_out_before_the_deadline_is_at_risk_today(judge, books) -> None:
    """160 certificates today, 40 of them end in autumn, and none was ever renewed."""
    lasting = books.make_entries(
        "pollution_free_livestock", books.spread(120, date(2013, 1, 5), date(2013, 9, 1))
    )
    ending = books.make_entries(
        "pollution_free_livestock", [date(2012, 10, 5)] * 40, valid_until=date(2015, 10, 5), ending="dated",
        thing_id=[f"e{at}" for at in range(40)], holder_id=[f"name:e{at}" for at in range(40)],
        entry_id=[f"e{at}" for at in range(40)],
    )  # fmt: skip
    lapsed = books.make_entries(
        "pollution_free_livestock", [date(2011, 2, 1)] * 60, valid_until=date(2014, 2, 1), ending="dated",
        thing_id=[f"l{at}" for at in range(60)], holder_id=[f"name:l{at}" for at in range(60)],
        entry_id=[f"l{at}" for at in range(60)],
    )  # fmt: skip
    found = judge("T05", lasting, ending, lapsed, today=MID_2015)
    assert found.value == 160 and found.probability < 0.2 and found.status == "off_course"


def test_a_rate_needs_its_denominator(judge, books) -> None:
    officers = books.make_entries(
        "chief_quality_officer", [date(2014, 1, 1)] * 30, grade=["large"] * 25 + ["small"] * 5
    )
    assert judge("T27", officers).reason == "no_denominator"
    found = judge("T27", officers, denominators=[("large_medium_enterprises", 2014, 50)])
    assert (found.value, found.n, found.status) == (0.5, 50, "met")
    assert judge("T27", officers, denominators=[("large_medium_enterprises", 2015, 51)]).status == "missed"
    assert judge("T27", officers, denominators=[("large_medium_enterprises", 2016, 50)]).status == "no_data"


def test_without_a_deadline_nothing_is_missed(judge, books) -> None:
    experts = [
        books.make_entries("quality_expert", [date(2015, 1, 1)] * n, grade="national") for n in (9, 10)
    ]
    assert [judge("T28", one).status for one in experts] == ["cannot_be_stated", "met"]
    assert judge("T28", experts[0]).reason == "no_deadline"


def test_nothing_received_is_not_zero(judge) -> None:
    found = judge("T15")
    assert (found.status, found.reason, found.has_value, found.level) == ("no_data", "no_data", False, 10)


def test_area_is_summed(judge, books) -> None:
    bases = books.make_entries("standard_base", [date(2014, 1, 1)] * 4, quantity=[100.0, 100.0, 100.0, 80.0])
    assert (judge("T17", bases).status, judge("T17", bases).value) == ("met", 380)
    declared = [("agricultural_area", 2015, 1086)]
    assert judge("T16", bases, denominators=declared).status == "missed"  # 34.99 %
    assert judge("T16", bases, denominators=[("agricultural_area", 2015, 1085)]).status == "met"


def test_entries_after_the_day_do_not_count(judge, books) -> None:
    entries = books.make_entries("alliance_standard", [date(2015, 1, 1)] * 9 + [date(2016, 1, 10)])
    assert judge("T15", entries).value == 9


def test_awards_of_a_year_lie_in_no_month_and_are_not_projected(judge, books) -> None:
    """Twelve a year for six years, stated as 2009年 …: no reason to expect none in the seventh."""
    days = [date(year, 12, 31) for year in range(2009, 2015) for _ in range(12)]
    found = judge("T08", books.make_entries("structure_cup", days, award_stated="year"), today=MID_2015)
    assert (found.status, found.reason, found.value) == ("cannot_be_stated", "years_only", 0)
    assert np.isnan([found.probability, found.expected_upper, found.recent_pace]).all()
    known = books.make_entries("structure_cup", [day.replace(month=3) for day in days])
    assert judge("T08", known, today=MID_2015).status != "cannot_be_stated"


def test_an_award_of_the_running_year_may_count_today_and_does_by_its_end(judge, books) -> None:
    """50 on days and 5 "of 2015": 50 for certain in June and up to 55, 55 at the end of the year."""
    days = books.spread(50, date(2013, 12, 15), date(2015, 6, 1))
    dated = books.make_entries("adopted_standard", days)
    own = [f"y{at}" for at in range(5)]
    years = books.make_entries(
        "adopted_standard", [END_2015] * 5, award_stated="year", entry_id=own, thing_id=own
    )
    today = judge("T12", dated, years, today=MID_2015)
    assert (today.value, today.possible) == (50, 55)
    assert today.expected_lower >= 55
    assert judge("T12", dated, years).value == 55


def test_no_share_of_more_than_all_is_expected(judge, books) -> None:
    days = books.spread(130, date(2014, 1, 10), date(2015, 6, 20))
    found = judge(
        "T34", books.make_entries("campaign_enterprise", days), today=MID_2015,
        denominators=[("campaign_enterprises", 2015, 165)],
    )  # fmt: skip
    assert found.value < found.expected_lower <= found.expected_upper == 1


def test_total_to_come_is_near_poisson_where_months_are_even(books) -> None:
    """Ten a month for five years: six months ahead bring 60, with the spread of a count and a little more."""
    expected = project_total(pd.Series([10.0] * 60), MID_2015, END_2015)
    assert expected is not None and expected.mean == pytest.approx(60, rel=0.04)
    counts = expected.counts - expected.mean
    spread = float(np.sqrt(counts**2 @ expected.probability))
    assert np.sqrt(60) * 0.95 < spread < 2 * np.sqrt(60)


def test_stock_to_come_has_the_share_renewed_of_the_past(books) -> None:
    """No new entries: what ends is renewed with the beta-binomial share of the past."""
    rows = [{"day": date(2010, 1, 10), "until": date(2013, 1, 10), "thing": f"r{at}"} for at in range(30)] + [
        {"day": date(2013, 1, 11), "until": date(2019, 1, 10), "thing": f"r{at}"} for at in range(20)
    ]
    rows += [{"day": date(2012, 9, 1), "until": date(2015, 9, 1), "thing": f"o{at}"} for at in range(8)]
    entries = books.make_entries(
        "benchmark", [row["day"] for row in rows], valid_until=[row["until"] for row in rows], ending="dated",
        thing_id=[row["thing"] for row in rows], entry_id=[str(at) for at in range(len(rows))],
    )  # fmt: skip
    expected = project_stock(entries.to_pandas(), ("benchmark",), (), MID_2015, END_2015)
    assert expected is not None and expected.least == 20
    again = betabinom(8, 20.5, 10.5).mean()
    assert expected.mean == pytest.approx(20 + again, abs=1)  # new ones are never excluded


def test_quantity_to_come_is_what_lasts_and_things_of_their_size(books) -> None:
    bases = books.make_entries(
        "standard_base", books.spread(48, date(2011, 7, 1), date(2015, 6, 20)), quantity=5.0
    )
    drawn = project_quantity(bases.to_pandas(), ("standard_base",), MID_2015, END_2015)
    assert drawn is not None and drawn.min() >= 240 and np.allclose(drawn % 5, 0)
    assert drawn.mean() == pytest.approx(270, rel=0.05)  # one a month


@pytest.mark.parametrize(
    ("probability", "status"),
    [
        (1.0, "on_course"), (0.8, "on_course"), (0.79, "at_risk"), (0.2, "at_risk"), (0.19, "off_course"),
        (np.nan, "cannot_be_stated"),
    ],
)  # fmt: skip
def test_thresholds(probability: float, status: str) -> None:
    assert read_status(probability) == status


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(n=st.integers(1, 60), level=st.integers(1, 80))
def test_a_lower_level_is_never_less_probable(judge, books, n: int, level: int) -> None:
    entries = books.make_entries("benchmark", books.spread(n, date(2014, 1, 1), date(2015, 6, 1)))
    easier, harder = (
        judge(replace(find_target("T20"), level=float(one)), entries, today=MID_2015)
        for one in (level, level + 5)
    )
    assert easier.probability >= harder.probability
    assert easier.expected_lower <= easier.expected_upper
