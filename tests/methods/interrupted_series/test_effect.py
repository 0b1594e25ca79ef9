"""Known effects are found, the rest is refused. Oracle: drawn series, and densities written out."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import multivariate_normal

from qstats.methods.binomial_regression import correlate_errors, fit_binomial, profile_limits
from qstats.methods.interrupted_series import (
    fit_linear_ar1,
    interruption_design,
    interruption_effect,
    placebo_dates,
)

AT = 2014.0


def drawn(
    level: float = 0.5, slope: float = 0.0, *, before: int = 48, after: int = 24, n: int = 300, seed: int = 7
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    times = AT + (np.arange(before + after) - before) / 12
    since = times - AT
    linear = 3.1 + 0.07 * since - 0.2 * np.cos(2 * np.pi * (times - 0.5))
    linear = linear + np.where(since > -1e-9, level + slope * since, 0.0)
    size = generator.integers(int(n * 0.6), int(n * 1.4), len(times))
    return generator.binomial(size, expit(linear)), size, times


def test_a_known_effect_is_found_with_many_batches() -> None:
    found = interruption_effect(*drawn(0.5, 0.2, n=40_000), AT, season=12)
    assert found.reason is None
    assert (found.n_before, found.n_after) == (48, 24)
    assert found.level == pytest.approx(0.5, abs=0.06)
    assert found.slope == pytest.approx(0.2, abs=0.06)
    assert found.level_lower < 0.5 < found.level_upper
    assert found.slope_lower < 0.2 < found.slope_upper
    assert found.level_p_value < 1e-6
    assert found.joint_p_value < 1e-12
    times = drawn()[2]
    gone = expit(3.1 + 0.07 * (times - AT) - 0.2 * np.cos(2 * np.pi * (times - 0.5)))[48:]
    assert found.expected[48:] == pytest.approx(gone, abs=2e-3)
    assert np.isnan(found.expected[:48]).all()
    assert found.average_lower < np.mean(expit(logit(gone) + 0.5 + 0.2 * (times[48:] - AT)) - gone)


def test_limits_are_the_profile_widened_to_the_correlation() -> None:
    passed, n, times = drawn()
    generator = np.random.default_rng(2)
    shock = np.zeros(72)
    for month in range(1, 72):
        shock[month] = 0.6 * shock[month - 1] + generator.normal() * 0.4
    passed = generator.binomial(n, expit(logit(passed / n * 0.999) + shock))
    found = interruption_effect(passed, n, times, AT, season=12)
    design = interruption_design(times, AT, 12)
    fit = fit_binomial(passed, n, design.columns)
    errors = correlate_errors(fit, np.arange(72.0), least_dispersion=1.0)
    assert found.rho == pytest.approx(errors.rho)
    assert found.rho > 0.2
    assert found.dispersion > 1.5
    inflated = errors.covariance[2, 2] / fit.inverse_information[2, 2] * errors.quantile(0.975) ** 2
    assert (found.level_lower, found.level_upper) == pytest.approx(profile_limits(fit, 2, critical=inflated))
    quasi = interruption_effect(passed, n, times, AT, season=12, errors="quasi")
    assert quasi.level == found.level
    assert quasi.level_upper - quasi.level_lower < found.level_upper - found.level_lower
    newey_west = interruption_effect(passed, n, times, AT, season=12, errors="newey_west")
    assert newey_west.level == found.level
    assert newey_west.method == "newey_west"


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
def test_the_p_value_and_the_limits_agree(confidence: float) -> None:
    """0 lies outside the limits at a level exactly where the p-value lies below its complement."""
    outside = 0
    for seed in range(12):
        found = interruption_effect(*drawn(0.3, n=150, seed=seed), AT, season=12, confidence=confidence)
        excluded = not found.level_lower <= 0 <= found.level_upper
        assert excluded == (found.level_p_value < 1 - confidence)
        outside += excluded
    assert confidence > 0.9 or 0 < outside < 12


def test_without_a_change_of_trend_the_level_is_surer() -> None:
    both = interruption_effect(*drawn(), AT, season=12)
    alone = interruption_effect(*drawn(), AT, season=12, slope=False)
    assert np.isnan([alone.slope, alone.slope_lower, alone.slope_upper]).all()
    assert alone.level_upper - alone.level_lower < both.level_upper - both.level_lower
    assert alone.joint_p_value == pytest.approx(alone.level_p_value, abs=0.01)


def test_average_effect_is_the_mean_of_fitted_less_expected_by_batches() -> None:
    passed, n, times = drawn()
    found = interruption_effect(passed, n, times, AT, season=12)
    after = slice(48, None)
    difference = (found.fitted - found.expected)[after] @ n[after] / n[after].sum()
    assert found.average == pytest.approx(difference)
    assert found.average_lower < found.average < found.average_upper
    again = interruption_effect(passed, n, times, AT, season=12)
    assert again.average_lower == found.average_lower


def test_passes_and_failures_mirror_each_other() -> None:
    passed, n, times = drawn()
    ours, mirror = (interruption_effect(y, n, times, AT, season=12) for y in (passed, n - passed))
    assert mirror.level == pytest.approx(-ours.level, abs=1e-8)
    assert (mirror.level_lower, mirror.level_upper) == pytest.approx(
        (-ours.level_upper, -ours.level_lower), abs=1e-6
    )
    assert mirror.average == pytest.approx(-ours.average, abs=1e-10)


def test_what_happens_to_the_control_too_is_taken_away() -> None:
    """Both fall by 0.6 at the date, the series rises by 0.4 on top of it."""
    passed, n, times = drawn(-0.2, n=4_000, seed=1)
    control = drawn(-0.6, n=4_000, seed=2)[:2]
    alone = interruption_effect(passed, n, times, AT, season=12)
    beside = interruption_effect(passed, n, times, AT, season=12, control=control)
    assert alone.level_upper < 0
    assert beside.level_lower < 0.4 < beside.level_upper
    assert beside.level_lower > 0
    assert beside.average > 0
    assert beside.fitted.shape == (72,)
    assert (beside.n_before, beside.n_after) == (48, 24)


def test_events_per_exposure() -> None:
    generator = np.random.default_rng(3)
    times = AT + (np.arange(72) - 48) / 12
    exposure = generator.uniform(2_000, 5_000, 72)
    rate = 0.02 * np.exp(0.1 * (times - AT) - 0.5 * (times >= AT - 1e-9))
    found = interruption_effect(generator.poisson(exposure * rate), exposure, times, AT, family="poisson")
    assert found.level_lower < -0.5 < found.level_upper < 0
    assert found.average == pytest.approx(0.02 * (np.exp(-0.5) - 1) * 1.1, rel=0.25)
    assert found.average_upper < 0


def test_gaps_are_left_out_and_keep_their_place_in_time() -> None:
    passed, n, times = drawn()
    keep = np.ones(72, bool)
    keep[[5, 20, 60]] = False
    gappy = interruption_effect(np.where(keep, passed, 0), np.where(keep, n, 0), times, AT, season=12)
    short = interruption_effect(passed[keep], n[keep], times[keep], AT, season=12)
    assert (gappy.n_before, gappy.n_after) == (46, 23)
    assert gappy.level_lower == pytest.approx(short.level_lower, abs=1e-7)
    assert gappy.rho == pytest.approx(short.rho, abs=1e-6)
    assert gappy.average_upper == pytest.approx(short.average_upper, abs=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "season", "reason"),
    [
        (7, 24, 12, "too_few_before"),
        (24, 5, 12, "too_few_after"),
        (8, 6, None, None),
        (8, 8, 12, None),
    ],
)
def test_too_few_periods_are_refused_with_the_reason(before, after, season, reason) -> None:
    found = interruption_effect(*drawn(before=before, after=after), AT, season=season)
    assert found.reason == reason
    assert (found.n_before, found.n_after) == (before, after)
    assert np.isnan(found.level) == (reason is not None)


def test_what_the_design_cannot_tell_is_refused() -> None:
    passed, n, times = drawn(before=24)
    every_year = np.round(times * 12) % 12 < 4  # four months of each year fix no two pairs of harmonics
    seen = np.where(every_year, n, 0)
    found = interruption_effect(np.where(every_year, passed, 0), seen, times, AT, season=12)
    assert found.reason == "not_identified"
    short = interruption_effect(*drawn(before=8, after=6), AT, season=12)
    assert short.reason in {"not_identified", None}
    sparse = interruption_effect(
        *drawn(before=8, after=6), AT, season=12, control=drawn(before=8, after=6)[:2]
    )
    assert sparse.reason is None


def test_no_failure_on_one_side_is_refused() -> None:
    passed, n, times = drawn()
    found = interruption_effect(np.where(times >= AT - 1e-9, n, passed), n, times, AT, season=12)
    assert found.reason == "separated"
    assert np.isnan(found.average_upper)
    with pytest.raises(ValueError, match="not known"):
        interruption_effect(passed, n, times, AT, errors="hac")


def test_placebo_dates_show_less_than_a_real_effect_and_as_much_as_none() -> None:
    real = placebo_dates(*drawn(1.2, n=400), AT, season=12)
    assert real.reason is None
    assert len(real.dates) == len(real.levels) == 48 - 8 - 6 + 1
    assert real.dates.max() < AT - 5 / 12
    assert real.signal > 1
    assert real.share <= 0.05
    shares = [placebo_dates(*drawn(0.0, n=400, seed=seed), AT, season=12).share for seed in range(4)]
    assert np.mean(shares) > 0.2
    few = placebo_dates(*drawn(before=15), AT, season=12)
    assert few.reason == "too_few_before"
    assert np.isnan(few.share)


def test_placebo_dates_take_the_control_along() -> None:
    passed, n, times = drawn(0.0, n=2_000, seed=1)
    beside = placebo_dates(passed, n, times, AT, season=12, control=(passed, n))
    assert beside.levels == pytest.approx(0, abs=1e-9)
    assert beside.signal == pytest.approx(0, abs=1e-9)


def test_placebo_dates_see_nothing_of_what_came_after() -> None:
    passed, n, times = drawn(1.2)
    other = np.where(times >= AT - 1e-9, passed // 2, passed)
    assert placebo_dates(passed, n, times, AT, season=12).levels == pytest.approx(
        placebo_dates(other, n, times, AT, season=12).levels
    )


@pytest.mark.parametrize("restricted", [True, False])
def test_likelihood_of_linear_series_is_the_density_written_out(restricted: bool) -> None:
    """Also with gaps; the restricted one integrates the coefficients out of the density."""
    generator = np.random.default_rng(9)
    periods = np.array([0, 1, 2, 4, 5, 6, 9, 10, 11, 12, 13, 15, 16, 17, 18, 20.0])
    x = np.column_stack([np.ones(16), periods])
    y = generator.normal(size=16).cumsum() + periods
    found = fit_linear_ar1(y, x, periods, restricted=restricted)
    law = found.rho ** np.abs(np.subtract.outer(periods, periods)) * found.sigma**2
    inverse = np.linalg.inv(law)
    assert found.coefficients == pytest.approx(np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y))
    density = multivariate_normal(x @ found.coefficients, law).logpdf(y)
    if restricted:
        density += (
            np.log(2 * np.pi) + (np.linalg.slogdet(x.T @ x)[1] - np.linalg.slogdet(x.T @ inverse @ x)[1]) / 2
        )
    assert found.log_likelihood == pytest.approx(density, abs=1e-8)
    with pytest.raises(ValueError, match="rise"):
        fit_linear_ar1(y, x, periods[::-1])


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_the_default_covers_on_short_series(noise: float) -> None:
    """A small piece of benchmarks/interruptions.py: 11 months before, AR(0.3) noise of the logit or none."""
    generator = np.random.default_rng(4)
    times = AT + (np.arange(35) - 11) / 12
    linear = 3.3 + 0.25 * (times >= AT - 1e-9)
    held = 0
    for _ in range(150):
        shock = generator.normal(size=35) * noise
        for month in range(1, 35):
            shock[month] = 0.3 * shock[month - 1] + np.sqrt(1 - 0.09) * shock[month]
        n = generator.integers(130, 310, 35)
        found = interruption_effect(generator.binomial(n, expit(linear + shock)), n, times, AT, season=12)
        held += found.level_lower <= 0.25 <= found.level_upper
    assert held >= 136  # 95 % of 150 less two standard deviations
