"""Over-dispersion and the funnels of other tools: FunnelPlotR, PHEindicatormethods, simulated units."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from qstats.methods.binomial_intervals import Floats
from qstats.methods.funnel_dispersion import (
    arcsine_limits,
    arcsine_scores,
    between_unit_variance,
    dispersion_ratio,
    intra_class_correlation,
    normal_limits,
    winsorise,
)

FOLDER = "16_funnel_standardisation"
QUANTILES = {"95": 1.959964, "998": 3.090232}
"""Of the normal distribution, as FunnelPlotR rounds them."""


def _columns(path: Path) -> dict[str, list[str]]:
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    return {name: [row[name] for row in rows] for name in rows[0]}


def _numbers(values: list[str]) -> Floats:
    return np.array([float(value) for value in values])


@pytest.mark.oracle
def test_over_dispersion_as_funnelplotr_has_it(shared_data: Path) -> None:
    expected = _columns(shared_data / "oracles" / FOLDER / "expected_funnel_od_pct.csv")
    given_counts = _columns(shared_data / "oracles" / FOLDER / "input_pct_rounded.csv")
    assert expected["county"] == given_counts["county"]
    x, n = _numbers(given_counts["numerator"]), _numbers(given_counts["denominator"])
    scores = arcsine_scores(x, n)
    z = winsorise(scores.z)
    ours = {
        "target_transformed": scores.target,
        "Y": scores.value,
        "s": scores.std_error,
        "Uzscore": scores.z,
        "Wuzscore": z,
        "phi": dispersion_ratio(z),
        "tau2": between_unit_variance(z, scores.std_error),
        "target": np.sin(scores.target) ** 2,
        "rr": x / n,
    }
    for name, value in ours.items():
        theirs = _numbers(expected[name])
        # the file gives ten digits, so scores of 25 and a ratio of 242 are known to fewer decimals
        np.testing.assert_allclose(np.broadcast_to(value, theirs.shape), theirs, atol=1e-8, rtol=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize("label", QUANTILES)
def test_arcsine_limits_as_funnelplotr_has_them(shared_data: Path, label: str) -> None:
    expected = _columns(shared_data / "oracles" / FOLDER / "expected_funnel_od_pct.csv")
    x, n = _numbers(expected["numerator"]), _numbers(expected["denominator"])
    scores = arcsine_scores(x, n)
    variance = between_unit_variance(winsorise(scores.z), scores.std_error)
    coverage = 1 - 2 * ndtr(-QUANTILES[label])
    for extra, prefix, flag in ((0.0, "", "outlier_unadj998"), (variance, "od_", "outlier_od998")):
        limits = arcsine_limits(x.sum() / n.sum(), n, coverage=coverage, variance=extra)
        for ours, side in zip(limits, ("lo", "hi"), strict=True):
            np.testing.assert_allclose(ours, _numbers(expected[prefix + side + label]), atol=1e-8, rtol=0)
        if label == "998":
            beyond = (x / n < limits[0]) | (x / n > limits[1])
            assert [str(one).upper() for one in beyond] == expected[flag]


@pytest.mark.oracle
def test_normal_limits_as_phe_has_them(shared_data: Path) -> None:
    expected = _columns(shared_data / "oracles" / FOLDER / "expected_phe_funnel_limits_proportion.csv")
    counts = _columns(shared_data / "oracles" / FOLDER / "input_pct_proportion.csv")
    target = _numbers(counts["numerator"]).sum() / _numbers(counts["denominator"]).sum()
    np.testing.assert_allclose(100 * target, _numbers(expected["Baseline"]), atol=1e-6)
    n = _numbers(expected["Population"])
    for coverage, names in ((0.95, "2s0025"), (0.998, "3s0001")):
        lower, upper = normal_limits(target, n, coverage=coverage)
        np.testing.assert_allclose(100 * lower, _numbers(expected[f"Lower{names}limit"]), atol=1e-6)
        np.testing.assert_allclose(100 * upper, _numbers(expected[f"Upper{names}limit"]), atol=1e-6)


@pytest.mark.parametrize("rho", [0.0, 0.02, 0.1])
def test_the_correlation_of_simulated_units_is_found(rho: float) -> None:
    random = np.random.default_rng(20260)
    n = random.integers(20, 200, size=(400, 60))
    strength = (1 - rho) / rho if rho else np.inf
    rates = random.beta(0.95 * strength, 0.05 * strength, size=n.shape) if rho else np.full(n.shape, 0.95)
    estimates = [
        intra_class_correlation(x, size) for x, size in zip(random.binomial(n, rates), n, strict=True)
    ]
    # estimates below 0 are cut off, which lifts the mean at rho = 0 a little
    assert np.mean(estimates) == pytest.approx(rho, abs=0.003)


def test_an_outlier_drawn_in_widens_the_funnel_less() -> None:
    x, n = [95, 96, 94, 97, 95, 96, 94, 95, 96, 60], [100] * 10
    assert intra_class_correlation(x, n, winsorised=0.2) < intra_class_correlation(x, n) / 5


@pytest.mark.parametrize(("x", "n"), [([30, 40], [30, 40]), ([0, 1], [1, 1]), ([], []), ([0, 0], [0, 0])])
def test_without_evidence_of_likeness_there_is_none(x: list[int], n: list[int]) -> None:
    assert intra_class_correlation(x, n) == 0.0


@given(st.lists(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2))
def test_a_correlation_lies_between_0_and_1_in_any_order(units: list[tuple[int, int]]) -> None:
    x, n = np.transpose(units)
    rho = intra_class_correlation(x, n)
    assert 0 <= rho <= 1
    assert intra_class_correlation(x[::-1], n[::-1]) == pytest.approx(rho)


def test_units_as_alike_as_chance_have_no_variance_between_them() -> None:
    assert between_unit_variance([0.1, -0.2, 0.1], [0.05, 0.04, 0.05]) == 0.0
    assert between_unit_variance([3.0], [0.05]) == 0.0


def test_a_multiplicative_funnel_is_wider_by_the_root_of_the_ratio() -> None:
    wide, plain = arcsine_limits(0.5, 400, ratio=4.0), arcsine_limits(0.5, 100)
    np.testing.assert_allclose(wide, plain)


def test_arcsine_limits_do_not_fold_back() -> None:
    lower, upper = arcsine_limits(0.98, [1, 5, 20], coverage=0.998)
    assert np.all((lower < 0.98) & (upper == 1.0))


def test_impossible_units_are_errors() -> None:
    with pytest.raises(ValueError, match="every unit"):
        arcsine_scores([3, 0], [4, 0])
    with pytest.raises(ValueError, match="between 0 and n"):
        intra_class_correlation([5], [4])
    with pytest.raises(ValueError, match="winsorised share"):
        winsorise([1.0, 2.0], share=0.6)
