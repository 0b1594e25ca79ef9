"""Complaints by year. Oracles: hand calculation; R 4.2.2 ``poisson.test``, ``glm`` (family poisson) and MASS
7.3-58.2 ``glm.nb`` of ``counts ~ year + month + offset(log(exposure))`` and with free years; simulation.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from scipy.stats import t as student

from qstats.acceptance import (
    PER,
    count_by_month,
    declared_exposure,
    estimate_complaint_rates,
    fit_complaint_trend,
    judge_falling,
    rate_of_county,
    whole_years,
)

EVEN = [9, 7, 12, 8, 5, 6, 4, 9, 11, 13, 8, 10, 8, 5, 9, 12, 3, 4, 5, 6, 9, 9, 11, 7,
        6, 7, 4, 9, 2, 5, 3, 6, 8, 10, 5, 7, 7, 4, 6, 5, 1, 3, 4, 2, 9, 6, 8, 3]  # fmt: skip
WILD = [19, 2, 12, 8, 5, 16, 4, 9, 21, 13, 8, 1, 8, 5, 19, 2, 3, 14, 5, 6, 9, 19, 1, 7,
        6, 17, 4, 9, 2, 5, 13, 6, 8, 0, 5, 7, 17, 4, 6, 5, 11, 3, 4, 2, 9, 6, 8, 3]  # fmt: skip
EXPOSURE = {2011: 19_000.0, 2012: 20_000.0, 2013: 21_000.0, 2014: 22_500.0}


def _months(counts: Sequence[int], first: int = 2011) -> pd.DataFrame:
    table = np.reshape(counts, (-1, 12))
    return pd.DataFrame(table, index=range(first, first + len(table)), columns=range(1, 13))


def _years(*totals: int) -> pd.DataFrame:
    """Years whose complaints are spread over months without scatter."""
    return _months([n // 12 + (month < n % 12) for n in totals for month in range(12)])


def test_months_without_complaints_are_zeros(works) -> None:
    table = works.make_complaints({2014: [2] + [0] * 10 + [1], 2015: [0, 3]}).to_pandas()
    counted = count_by_month(table, [2013, 2014, 2015])
    assert counted.shape == (3, 12) and counted.loc[2013].sum() == 0
    assert counted.loc[2014].tolist() == [2] + [0] * 10 + [1] and counted.loc[2015, 2] == 3
    assert count_by_month(works.make_complaints({}).to_pandas(), [2015]).to_numpy().sum() == 0


@pytest.mark.parametrize(
    ("counts", "years"),
    [
        ({2013: [6] * 12, 2014: [5] * 12, 2015: [4] * 12}, [2013, 2014, 2015]),
        ({2013: [0] * 5 + [6] * 7, 2014: [5] * 12, 2015: [4] * 12}, [2014, 2015]),  # begins in June
        ({2013: [6] * 12, 2014: [5] * 12, 2015: [4] * 9}, [2013, 2014]),  # ends in September
        ({2013: [6] * 12, 2014: [5] * 12}, [2013, 2014]),  # nothing of the last year
        ({2014: [1, 0, 0, 2] + [0] * 8, 2015: [0, 0, 0, 1] + [0] * 8}, [2014, 2015]),  # few, no gap
        ({2012: [6] * 12, 2013: [5, 5, 5, 0, 0, 0, *[5] * 6], 2014: [5] * 12, 2015: [4] * 12}, [2014, 2015]),
        ({2014: [5] * 12, 2015: [5, 5, 5, 0, 0, 0, *[5] * 6]}, [2014]),  # a quarter that was never sent
        ({2010: [6] * 12, 2014: [5] * 12, 2015: [4] * 12}, [2014, 2015]),  # beyond the years shown, a gap
        ({}, []),
        ({2015: [0] * 10 + [9, 9]}, []),
    ],
)  # fmt: skip
def test_years_that_the_register_covers(works, counts: dict[int, list[int]], years: list[int]) -> None:
    opened = works.make_complaints(counts).to_pandas()["opened_on"]
    assert whole_years(pd.to_datetime(opened), 2015, most=5) == years


def test_no_more_years_than_asked_for(works) -> None:
    opened = pd.to_datetime(
        works.make_complaints({y: [5] * 12 for y in range(2008, 2017)}).to_pandas()["opened_on"]
    )
    assert whole_years(opened, 2015, most=3) == [2013, 2014, 2015]


def test_a_whole_place_or_the_sum_of_its_counties(works) -> None:
    counties = [
        ("projects", 2014, "371502", 10),
        ("projects", 2014, "371521", 5),
        ("projects", 2015, "371502", 9),
    ]
    whole = [("projects", 2015, None, 40), ("dwellings_delivered", 2015, None, 9000)]
    given = works.make_denominators(*counties, *whole).to_pandas()
    assert declared_exposure(given, "projects", [2014, 2015]) == {2015: 40}
    assert declared_exposure(given, "projects", [2014, 2015], "371502") == {2014: 10, 2015: 9}
    parts = works.make_denominators(*counties).to_pandas()
    assert declared_exposure(parts, "projects", [2014, 2015]) == {2014: 15}  # in 2015 a county is missing
    assert declared_exposure(works.make_denominators().to_pandas(), "projects", [2015]) == {}


def test_rate_and_step_by_hand() -> None:
    """96 and 72 complaints of 20,000 and 18,000 dwellings: 4.8 and 4.0 per 1,000, a fall by a sixth.

    R: ``poisson.test(72, 18)``, ``poisson.test(c(72, 96), c(18, 20))``.
    """
    rates, scatter = estimate_complaint_rates(
        _years(96, 72), {2011: 20_000, 2012: 18_000}, PER["dwellings_delivered"]
    )
    first, last = rates.iloc[0], rates.iloc[1]
    assert scatter.value == 1
    assert (first["estimate"], last["estimate"]) == pytest.approx((4.8, 4.0)) and last["exposure"] == 18_000
    assert (last["lower"], last["upper"]) == pytest.approx((3.12975365, 5.03733800))
    assert (last["change"], last["change_lower"], last["change_upper"]) == pytest.approx(
        (-1 / 6, -0.394770852, 0.143032835)
    )
    assert last["verdict"] == "no_clear_change" and pd.isna(first["verdict"]) and np.isnan(first["change"])


def test_scattering_months_widen_every_interval() -> None:
    plain, _ = estimate_complaint_rates(_years(*np.reshape(WILD, (4, 12)).sum(axis=1)), EXPOSURE, 1000)
    wild, scatter = estimate_complaint_rates(_months(WILD), EXPOSURE, 1000)
    assert scatter.value == pytest.approx(121.2792993 / 33)
    assert (wild["estimate"] == plain["estimate"]).all()
    phi = scatter.value * (student.ppf(0.975, 33) / 1.959964) ** 2  # its own error included
    upper = phi * chi2.ppf(0.975, 2 * wild["n"] / phi + 2) / 2 * 1000 / wild["exposure"]
    np.testing.assert_allclose(wild["upper"], upper, rtol=1e-6)
    assert (wild["lower"] < plain["lower"]).all() and (wild["upper"] > plain["upper"]).all()
    assert (wild["change_upper"][1:] > plain["change_upper"][1:]).all()


def test_a_year_without_a_denominator_has_neither_rate_nor_step() -> None:
    rates, _ = estimate_complaint_rates(_years(60, 50, 40), {2011: 1000, 2013: 0.0}, 100)
    assert rates["status"].tolist() == ["stated", "refused", "refused"] and rates["change"].isna().all()
    assert judge_falling(rates) == "cannot_be_stated"
    counts, _ = estimate_complaint_rates(_years(60, 20), {}, 1)
    assert counts["estimate"].tolist() == [60, 20] and counts["verdict"][1] == "fall"


def test_years_without_complaints() -> None:
    rates, _ = estimate_complaint_rates(_years(0, 9, 0, 0), dict.fromkeys(range(2011, 2015), 1000), 1000)
    assert rates["change"].tolist()[1:3] == [np.inf, -1] and np.isnan(rates["change"][3])
    assert rates["verdict"].fillna("").tolist() == ["", "rise", "fall", ""]
    assert (rates["lower"][0], rates["upper"][0]) == (0, pytest.approx(3.688879))


def test_one_year_has_no_step() -> None:
    rates, _ = estimate_complaint_rates(_years(60), {2011: 1000}, 100)
    assert judge_falling(rates) == "cannot_be_stated"


@pytest.mark.parametrize(
    ("totals", "since", "verdict"),
    [
        ((400, 250, 150), None, "fell_each_year_clearly"),
        ((400, 250, 240), None, "fell_each_year"),
        ((100, 96, 90), None, "fell_each_year"),
        ((400, 250, 250), None, "did_not_fall_each_year"),  # equal is no fall
        ((400, 100, 110), None, "did_not_fall_each_year"),  # however low it is
        ((100, 120, 90, 80), None, "did_not_fall_each_year"),
        ((100, 120, 90, 80), 2012, "fell_each_year"),
        ((100, 120, 90, 80), 2011, "did_not_fall_each_year"),
        ((100, 90, 80), 2010, "cannot_be_stated"),  # the first fall would be that of 2011
        ((100, 90, 80), 2013, "cannot_be_stated"),
        ((100, 0, 0), None, "cannot_be_stated"),
    ],
)
def test_every_step_must_fall(totals: tuple[int, ...], since: int | None, verdict: str) -> None:
    months = _years(*totals)
    rates, _ = estimate_complaint_rates(months, dict.fromkeys(months.index, 10_000), 1000)
    assert judge_falling(rates, since) == verdict


def test_rate_falls_where_counts_rise_less_than_what_they_are_counted_per() -> None:
    rates, _ = estimate_complaint_rates(_years(100, 110), {2011: 10_000, 2012: 20_000}, 1000)
    assert judge_falling(rates) == "fell_each_year_clearly"


def test_county_rates(works) -> None:
    row = rate_of_county(6, 3000, 1000, 1.0, confidence=0.95)
    assert row["estimate"] == 2 and (row["lower"], row["upper"]) == pytest.approx((0.733964751, 4.353158008))
    assert rate_of_county(6, None, 1000, 1.0, confidence=0.95)["status"] == "refused"


def test_trend_of_poisson_months_as_r_has_it() -> None:
    found = fit_complaint_trend(_months(EVEN), EXPOSURE)
    assert (found.status, found.model) == ("stated", "poisson")
    slope, error = -0.24179559127, 0.05065839975
    assert np.log(found.factor) == pytest.approx(slope, abs=1e-6)
    assert np.log([found.lower, found.upper]) == pytest.approx(
        slope + np.array([-1, 1]) * 1.959964 * error, abs=1e-5
    )
    assert found.p_even == pytest.approx(0.92838536362, abs=1e-5)


def test_trend_of_scattering_months_as_mass_has_it() -> None:
    """Limits are wider than those of glm.nb: of t with 35 degrees of freedom, and as Pearson asks."""
    found = fit_complaint_trend(_months(WILD), EXPOSURE)
    assert (found.status, found.model) == ("stated", "negative_binomial")
    assert np.log(found.factor) == pytest.approx(-0.17227850470, abs=1e-4)
    reach = (np.log(found.upper) - np.log(found.lower)) / 2
    assert 2.0 * 0.07672049622 < reach < 2.6 * 0.07672049622


def test_years_that_jump_have_no_average() -> None:
    found = fit_complaint_trend(_years(120, 40, 130, 45), EXPOSURE)
    assert found.status == "uneven" and found.p_even < 1e-6


def test_season_is_no_scatter_and_no_trend() -> None:
    season = np.array([2, 2, 4, 8, 12, 18, 20, 18, 12, 8, 4, 2])
    found = fit_complaint_trend(_months(np.concatenate([season, season + [1, -1] * 6, season])), {})
    assert (found.model, found.factor) == ("poisson", pytest.approx(1, abs=1e-6))


def test_months_without_any_complaint_in_all_years_are_no_obstacle() -> None:
    found = fit_complaint_trend(_months([0, 0] + [9] * 10 + [0, 0] + [6, 7] * 5 + [0, 0] + [4, 5] * 5), {})
    assert found.status == "stated" and found.factor < 1


@pytest.mark.parametrize(
    ("months", "exposure"),
    [
        (_years(60, 50), {}),  # two years make no trend
        (_years(60, 0, 40), {}),
        (_years(60, 50, 40), {2011: 1000.0, 2013: 1000.0}),
        (_months([]), {}),
    ],
)
def test_where_no_trend_is_stated(months: pd.DataFrame, exposure: dict[int, float]) -> None:
    found = fit_complaint_trend(months, exposure)
    assert found.status == "cannot_be_stated" and np.isnan(found.factor)


@pytest.mark.slow
@pytest.mark.parametrize("dispersion", [1, 3])
def test_trend_holds_95_per_cent(dispersion: int) -> None:
    """Five years of 96 complaints, seasonal, each a tenth below the last; tolerance 2.5 errors."""
    draws, runs = np.random.default_rng(3), 80
    season = 1 + 0.3 * np.cos(np.arange(12) / 12 * 2 * np.pi)
    mean, held, uneven = 8 * 0.9 ** np.arange(5)[:, None] * season, 0, 0
    for _ in range(runs):
        counts = draws.poisson(mean)
        if dispersion > 1:
            counts = draws.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
        found = fit_complaint_trend(_months(counts.ravel()), {})
        held, uneven = held + (found.lower <= 0.9 <= found.upper), uneven + (found.status == "uneven")
    assert held / runs >= 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / runs)
    assert uneven / runs <= 0.05 + 2.5 * np.sqrt(0.95 * 0.05 / runs)


def test_order_of_complaints_is_irrelevant(works) -> None:
    table = works.make_complaints({2014: [3, 0, 2], 2015: [1, 4]}).to_pandas()
    mixed = table.sample(frac=1, random_state=2)
    assert count_by_month(mixed, [2014, 2015]).equals(count_by_month(table, [2014, 2015]))


def test_undated_complaints_are_of_no_year(works) -> None:
    table = works.make_complaints({2015: [2]}, opened_on=[None, date(2015, 1, 10)]).to_pandas()
    assert count_by_month(table, [2015]).to_numpy().sum() == 1
