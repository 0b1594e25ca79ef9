"""A county beside all others, on batches that are counted by hand."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest

from qstats.estimation import Scope, estimate_pass_rates
from qstats.estimation.beside_rest import count_needed, estimate_beside_rest, estimate_difference
from qstats.periods import Period, TwelveMonths
from qstats.ranking import rank_counties
from qstats.schemas import INSPECTIONS

Q4 = Period.parse("2015Q4")
SCOPE = Scope(level="municipal", icc=0.0)
SCHEMA = {**INSPECTIONS, "refused_source": pl.String(), "unlisted": pl.Int64()}


def city(**counties: tuple[int, int]) -> pl.DataFrame:
    """Batches of counties (number, failures), each of an enterprise of its own."""
    rows = [
        {
            "batch_id": f"{code}-{number}", "sampled_on": Q4.start + timedelta(days=number % 90),
            "programme": "routine", "level": "municipal", "fate": "sampled",
            "county_code": code.strip("c") or None, "enterprise_id": f"name:{code}-{number}",
            "outcome": "fail" if number < failures else "pass",
        }
        for code, (n, failures) in counties.items()
        for number in range(n)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def compare(batches: pl.DataFrame, county: str, comparisons: int = 11) -> pd.Series:
    return estimate_difference(estimate_beside_rest(batches, [Q4], SCOPE, county), comparisons).iloc[0]


def test_county_and_rest_add_up_to_all_whose_county_is_known() -> None:
    batches = city(c1=(40, 3), c2=(50, 1), c3=(60, 2), c=(5, 5))
    rates = estimate_beside_rest(batches, [Q4], SCOPE, "1").set_index("area")
    assert rates.loc["county", ["n", "failures"]].tolist() == [40, 3]
    assert rates.loc["rest", ["n", "failures"]].tolist() == [110, 3]


@pytest.mark.parametrize("absent", ["county", "rest"])
def test_a_side_without_any_batch_is_there_and_says_so(absent: str) -> None:
    batches = city(c1=(40, 3))
    rates = estimate_beside_rest(batches, [Q4], SCOPE, "9" if absent == "county" else "1")
    row = rates[rates["area"] == absent].iloc[0]
    assert (row["n"], row["status"], row["reliability"]) == (0, "no_data", "cannot_be_stated")
    assert np.isnan(row["estimate"]) and np.isnan(row["upper"])
    assert set(rates["area"]) == {"county", "rest"}


def test_nothing_at_all_is_no_data_on_both_sides() -> None:
    rates = estimate_beside_rest(city(), [Q4], SCOPE, "1")
    assert dict(zip(rates["area"], rates["status"], strict=True)) == {"county": "no_data", "rest": "no_data"}
    assert estimate_difference(rates, 11)["status"].tolist() == ["refused"]


def test_county_where_everything_passed_is_not_singled_out() -> None:
    """88 of 88 beside a city at 97 %: chance does that."""
    difference = compare(city(c1=(88, 0), c2=(600, 18)), "1")
    assert difference["status"] == "stated"
    assert difference["difference"] == pytest.approx(0.03)
    assert difference["lower"] < 0 < difference["upper"]


def test_county_that_is_clearly_worse_is_told_apart() -> None:
    difference = compare(city(c1=(100, 25), c2=(900, 27)), "1")
    assert difference["upper"] < 0


def test_more_comparisons_make_the_interval_wider() -> None:
    batches = city(c1=(100, 9), c2=(900, 27))
    alone, among = (compare(batches, "1", comparisons) for comparisons in (1, 11))
    assert among["lower"] < alone["lower"] < alone["upper"] < among["upper"]
    assert alone["difference"] == among["difference"]


def test_too_few_batches_are_not_compared() -> None:
    difference = compare(city(c1=(17, 0), c2=(900, 27)), "1")
    assert (difference["status"], difference["reason"], difference["n"]) == (
        "refused",
        "not_stated_now",
        17,
    )
    assert np.isnan(difference["difference"])


def test_the_page_says_what_the_chapter_on_all_counties_says() -> None:
    """Limits of the difference are those of the ranking, county by county."""
    counties = {"c1": (100, 25), "c2": (300, 9), "c3": (88, 0), "c4": (400, 16)}
    batches = city(**counties)
    rates = estimate_pass_rates(batches, [Q4], SCOPE, by=["county_code"])
    codes = rates["county_code"].tolist()
    beside = {code: estimate_beside_rest(batches, [Q4], SCOPE, code) for code in codes}
    others = pd.concat(
        [areas[areas["area"] == "rest"].assign(county_code=code) for code, areas in beside.items()]
    )
    ranked = rank_counties(rates, others, confidence=0.95).set_index("county_code")
    for code in codes:
        mine = estimate_difference(beside[code], len(codes)).iloc[0]
        theirs = ranked.loc[code, ["difference", "difference_lower", "difference_upper"]]
        assert mine[["difference", "lower", "upper"]].tolist() == pytest.approx(theirs.tolist())


def test_twelve_months_are_a_period_like_others() -> None:
    year = TwelveMonths.ending(Q4)
    rates = estimate_beside_rest(city(c1=(40, 3), c2=(50, 1)), [Q4, year], SCOPE, "1")
    assert sorted(rates["period"].unique()) == ["2015", "2015Q4"]
    assert rates.groupby("period")["n"].sum().tolist() == [90, 90]


def test_batches_needed_grow_with_precision_and_likeness() -> None:
    independent, alike = (count_needed(0.96, deff, confidence=0.95)["needed"] for deff in (1.0, 1.5))
    assert independent.is_monotonic_increasing
    assert (alike >= 1.5 * independent).all() and (alike < 1.5 * independent + 1).all()


def test_a_reliable_rate_never_takes_fewer_batches_than_the_rule() -> None:
    assert count_needed(1.0, 1.0, confidence=replace(SCOPE).confidence)["needed"].iloc[0] >= 30
