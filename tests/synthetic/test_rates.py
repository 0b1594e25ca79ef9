"""The truth misleads as declared: every stratum improves while the crude rate falls. Changes are found."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from qstats.methods.binomial_regression import fit_binomial, trend_design
from qstats.synthetic.city import ENTERPRISE_SD, draw_enterprises
from qstats.synthetic.rates import (
    LABORATORY_CHANGE,
    POLICY,
    PROBLEMS,
    SLOPE_PER_YEAR,
    marginal_failure,
    mix_of_months,
    months_between,
    standardise_truth,
    tabulate_true_rates,
    tabulate_true_series,
)
from qstats.synthetic.sampling import draw_batches

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
    change = yearly.diff().dropna()
    # In the first year of the policy alone, its effect outweighs the mix.
    assert (change["crude"].drop("2014") < 0).all()
    assert yearly["crude"].iloc[-1] < yearly["crude"].iloc[0] - 0.01
    assert (change["standardised"] > 0).all()
    assert yearly.to_numpy().min() > 0.94
    assert yearly.to_numpy().max() < 0.975


def test_the_policy_is_a_level_of_every_stratum_from_its_month_on(true_rates) -> None:
    """Without enterprise effects it is its logit exactly; the marginal rates show a little less."""
    without = tabulate_true_rates(MONTHS, (LABORATORY_CHANGE,))
    shift = logit(1 - true_rates["first_pass"]) - logit(1 - without["first_pass"])
    after = true_rates["month"] >= "2013-12"
    assert (shift[~after] == 0).all()
    assert shift[after].between(POLICY.effect, POLICY.effect * 0.85).all()
    series = tabulate_true_series(MONTHS)
    gain = (series["standardised"] - series["standardised_without_policy"]).to_numpy()
    assert (gain[:47] == 0).all()
    assert np.all((gain[47:] > 0.006) & (gain[47:] < 0.012))


def test_one_county_changes_with_its_laboratory(true_rates) -> None:
    without = tabulate_true_rates(MONTHS, (POLICY,))
    differs = (true_rates["first_pass"] - without["first_pass"]).abs() > 1e-12
    touched = (true_rates["county_code"] == LABORATORY_CHANGE.county_code) & (true_rates["month"] < "2012-07")
    assert (differs == touched).all()
    shift = logit(1 - without["first_pass"][touched]) - logit(1 - true_rates["first_pass"][touched])
    assert shift.between(LABORATORY_CHANGE.effect, LABORATORY_CHANGE.effect * 0.8).all()


def test_slope_and_changes_come_back_from_drawn_batches() -> None:
    """Logistic regression on the strata of 400,000 batches finds slope, policy and laboratory as declared."""
    generator = np.random.default_rng(12)
    enterprises = draw_enterprises(40_000, generator).with_columns(effect=pl.lit(0.0))
    drawn = draw_batches(enterprises, MONTHS, 400_000, date(2016, 12, 31), generator)
    problems = [(problem.county_code, problem.product) for problem in PROBLEMS]
    touched = pl.concat_list("county_code", "product_name").is_in([list(problem) for problem in problems])
    drawn = drawn.filter(pl.col("programme") == "routine", ~touched)
    groups = ["county_code", "enterprise_size", "stage", "product_class"]
    cells = drawn.group_by(pl.col("sampled_on").dt.strftime("%Y-%m").alias("month"), *groups).agg(
        pl.len().alias("n"), pl.col("first_fails").sum()
    )
    month = cells["month"].to_numpy().astype(str)
    times = np.array([int(m[:4]) + (int(m[5:]) - 1) / 12 for m in month])
    changed = change_columns(cells, month)
    dummies = cells.select(groups).to_dummies(drop_first=True).to_numpy()
    design = np.column_stack([trend_design(times, 12), changed, dummies])
    fit = fit_binomial(cells["first_fails"].to_numpy(), cells["n"].to_numpy(), design)
    known, error = (SLOPE_PER_YEAR, POLICY.effect, LABORATORY_CHANGE.effect), fit.std_error[[1, 6, 7]]
    assert (error < 0.06).all()
    assert (np.abs(fit.coefficients[[1, 6, 7]] - known) < 2.5 * error).all()


def change_columns(cells: pl.DataFrame, month: np.ndarray) -> np.ndarray:
    """Whether the policy, and the laboratory's change, hold in a cell."""
    county = cells["county_code"].to_numpy().astype(str)
    at_laboratory = (county == LABORATORY_CHANGE.county_code) & (month >= LABORATORY_CHANGE.first_month)
    return np.column_stack([month >= POLICY.first_month, at_laboratory]).astype(float)


def test_mix_moves_to_small_firms_and_retail() -> None:
    sizes, stages = mix_of_months(MONTHS)
    assert np.allclose(sizes.sum(axis=1), 1)
    assert np.allclose(stages.sum(axis=1), 1)
    assert sizes[-1, 2:].sum() > sizes[0, 2:].sum() + 0.3
    assert stages[-1, 1] > stages[0, 1] + 0.3


def test_marginal_failure_agrees_with_simulation() -> None:
    effects = np.random.default_rng(1).normal(0, ENTERPRISE_SD, 400_000)
    for level in (-4.0, -2.0, 0.5):
        assert marginal_failure(np.array([level]))[0] == pytest.approx(
            expit(level + effects).mean(), rel=0.01
        )
