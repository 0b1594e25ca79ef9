"""Slopes at one mix. Oracle: cities made so that the truth is known; the synthetic city's own truth."""

import numpy as np
import pandas as pd
import pytest

from qstats.periods import Period
from qstats.synthetic.rates import KNOWN_CHANGES, SLOPE_PER_YEAR, months_between, tabulate_true_rates
from qstats.trend import Rules, series_of_rates
from qstats.trend.one_mix import mixes_agree, slopes_at_mixes, tabulate_at_one_mix
from qstats.trend.slopes import fit_trend, tabulate_slope

RULES = Rules()
QUARTERS = [str(one) for one in Period.parse("2015Q4").preceding(24)]


def simpson(slope: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Large firms at 99 %, small ones at 93 %, and ever more small ones; each changes so much a year."""
    rows = []
    for at, period in enumerate(QUARTERS):
        share = 0.2 + 0.6 * at / 23
        for size, level, weight in (("large", 4.6, 1 - share), ("small", 2.6, share)):
            rate = 1 / (1 + np.exp(-(level + slope * (at - 11.5) / 4)))
            rows.append({"period": period, "size": size, "n": 4000 * weight, "passes": 4000 * weight * rate})
    cells = pd.DataFrame(rows)
    sums = cells.groupby("period")[["n", "passes"]].sum().reset_index()
    rates = sums.assign(
        effective_n=sums["n"] / 2, completeness=1.0, barred=0, reason="", estimate=sums["passes"] / sums["n"],
        lower=0.9, upper=1.0,
    )  # fmt: skip
    return series_of_rates(rates, series="pass_rate", complete_from=0.98), cells


def test_a_fall_that_the_mix_makes_is_none_at_one_mix() -> None:
    rows, cells = simpson()
    crude = tabulate_slope(fit_trend(rows, RULES), RULES)
    same = tabulate_at_one_mix(rows, cells, ["size"], RULES)
    assert crude["slope_upper"] < 0
    assert same["mix_slope"] == pytest.approx(0, abs=1e-6)
    assert same["mix_lower"] < 0 < same["mix_upper"]


def test_what_each_group_does_is_what_one_mix_shows() -> None:
    rows, cells = simpson(0.15)
    same = tabulate_at_one_mix(rows, cells, ["size"], RULES)
    assert same["mix_slope"] == pytest.approx(0.15, abs=1e-6)
    assert same["mix_change"] > 0


def test_batches_count_for_what_they_are_worth() -> None:
    rows, cells = simpson(0.15)
    full = tabulate_at_one_mix(rows.assign(n=rows["counted"]), cells, ["size"], RULES)
    half = tabulate_at_one_mix(rows, cells, ["size"], RULES)
    wide, narrow = (one["mix_upper"] - one["mix_lower"] for one in (half, full))
    assert wide == pytest.approx(np.sqrt(2) * narrow, rel=1e-6)


def test_a_group_in_which_nothing_failed_says_nothing() -> None:
    rows, cells = simpson(0.15)
    spotless = pd.DataFrame({"period": QUARTERS, "size": "huge", "n": 500.0, "passes": 500.0})
    same = tabulate_at_one_mix(rows, pd.concat([cells, spotless]), ["size"], RULES)
    assert same["mix_slope"] == pytest.approx(0.15, abs=1e-6)
    assert np.isnan(tabulate_at_one_mix(rows, spotless, ["size"], RULES)["mix_slope"])


def test_the_synthetic_city_improves_at_one_mix_while_its_crude_rate_falls() -> None:
    """Every stratum's failures fall by a known slope; the mix hides it. Changes of level are taken out."""
    months = months_between("2010-01", "2015-12")
    truth = tabulate_true_rates(months)
    strata = ["enterprise_size", "stage", "product_class"]
    logit = np.log(truth["final_pass"] / (1 - truth["final_pass"])) + sum(
        change.on_logit(truth["county_code"].to_numpy(), truth["month"].to_numpy())
        for change in KNOWN_CHANGES
    )
    truth = truth.assign(n=1e6 * truth["weight"], passes=1e6 * truth["weight"] / (1 + np.exp(-logit)))
    cells = (
        truth.rename(columns={"month": "period"})
        .groupby(["period", *strata])[["n", "passes"]]
        .sum()
        .reset_index()
    )
    sums = cells.groupby("period")[["n", "passes"]].sum().reset_index()
    rates = sums.assign(
        effective_n=sums["n"],
        completeness=1.0,
        barred=0,
        reason="",
        estimate=sums["passes"] / sums["n"],
        lower=0.9,
        upper=1.0,
    )
    rows = series_of_rates(rates, series="pass_rate", complete_from=0.98)
    crude = tabulate_slope(fit_trend(rows, RULES), RULES)
    same = tabulate_at_one_mix(rows, cells, strata, RULES)
    assert crude["slope"] < -0.02 and same["mix_slope"] > 0
    # Effects of size and stage add up within an enterprise, not quite over enterprises that differ.
    assert same["mix_slope"] == pytest.approx(-SLOPE_PER_YEAR, abs=0.01)


def test_directions_must_agree_at_every_mix(make_series, slope_rate) -> None:
    up, down = (make_series(slope_rate(slope, 24)) for slope in (0.2, -0.2))
    slopes = slopes_at_mixes(pd.concat([up.assign(mix="first"), up.assign(mix="last")]), RULES)
    assert slopes["slope"].tolist() == pytest.approx([0.2, 0.2]) and mixes_agree(slopes) is True
    assert (
        mixes_agree(slopes_at_mixes(pd.concat([up.assign(mix="first"), down.assign(mix="last")]), RULES))
        is False
    )
    assert mixes_agree(slopes.iloc[:0]) is None
    assert slopes_at_mixes(up.assign(mix="first"), RULES, since="2014Q3").empty  # six quarters are too few
