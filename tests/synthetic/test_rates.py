"""The truth misleads as declared: every stratum improves while the crude rate falls."""

import numpy as np
import pytest
from scipy.special import expit

from qstats.synthetic.city import ENTERPRISE_SD
from qstats.synthetic.rates import (
    marginal_failure,
    mix_of_months,
    months_between,
    standardise_truth,
    tabulate_true_rates,
)

MONTHS = months_between("2010-01", "2015-12")


@pytest.fixture(scope="module")
def true_rates():
    return tabulate_true_rates(MONTHS)


def test_weights_are_shares_of_each_month(true_rates) -> None:
    sums = true_rates.groupby("month")[["weight", "standard_weight"]].sum()
    assert np.allclose(sums, 1)
    assert len(true_rates) == 11 * 10 * 4 * 3 * 72


def test_every_stratum_improves_from_year_to_year(true_rates) -> None:
    same_month = true_rates[true_rates["month"].str.endswith("-07")]
    strata = ["county_code", "product_class", "enterprise_size", "stage"]
    by_year = same_month.pivot_table(index=strata, columns="month", values="final_pass")
    assert (by_year.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


def test_crude_rate_falls_while_the_standardised_one_rises(true_rates) -> None:
    series = standardise_truth(true_rates)
    yearly = series.groupby(series["month"].str[:4])[["crude", "standardised"]].mean()
    assert (yearly["crude"].diff().dropna() < 0).all()
    assert (yearly["standardised"].diff().dropna() > 0).all()
    assert yearly.to_numpy().min() > 0.94
    assert yearly.to_numpy().max() < 0.975


def test_mix_moves_to_small_firms_and_retail() -> None:
    sizes, stages = mix_of_months(MONTHS)
    assert np.allclose(sizes.sum(axis=1), 1)
    assert np.allclose(stages.sum(axis=1), 1)
    assert sizes[-1, 2:].sum() > sizes[0, 2:].sum() + 0.3
    assert stages[-1, 1] > stages[0, 1] + 0.3


def test_marginal_failure_agrees_with_simulation() -> None:
    effects = np.random.default_rng(1).normal(0, ENTERPRISE_SD, 400_000)
    for logit in (-4.0, -2.0, 0.5):
        assert marginal_failure(np.array([logit]))[0] == pytest.approx(
            expit(logit + effects).mean(), rel=0.01
        )
