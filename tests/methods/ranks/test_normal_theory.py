"""Oracle 08: csranks 1.2.2.9001 (R), PISA 2018 mathematics, 36 countries, bounds over six seeds."""

import numpy as np
import pandas as pd
import pytest

from qstats.methods.ranks import best_candidates, normal_rank_sets, true_ranks


@pytest.fixture(scope="module")
def pisa(shared_data):
    folder = shared_data / "oracles" / "08_rank_uncertainty"
    scores = pd.read_csv(folder / "input_pisa2018.csv")
    sets = pd.read_csv(folder / "expected_csranks_pisa.csv")
    candidates = pd.read_csv(folder / "expected_tau_best_worst.csv")
    return scores, sets, candidates


@pytest.mark.oracle
@pytest.mark.parametrize("simultaneous", [True, False])
@pytest.mark.parametrize("step_down", [True, False])
def test_rank_sets_lie_within_those_of_csranks(pisa, simultaneous, step_down):
    scores, expected, _ = pisa
    sets = normal_rank_sets(
        scores["math_score"], scores["math_se"] ** 2, simultaneous=simultaneous, step_down=step_down
    )
    case = (expected["simultaneous"] == simultaneous) & (expected["stepdown"] == step_down)
    rows = expected[case].set_index("unit").loc[scores["jurisdiction"]]
    assert len(rows) == 36
    assert ((rows["L_min"] <= sets.low) & (sets.low <= rows["L_max"])).all()
    assert ((rows["U_min"] <= sets.high) & (sets.high <= rows["U_max"])).all()


@pytest.mark.oracle
@pytest.mark.parametrize("count", [3, 5, 10])
def test_candidates_for_best_and_worst_are_those_of_csranks(pisa, count):
    scores, _, expected = pisa
    rows = expected[expected["tau"] == count].set_index("unit").loc[scores["jurisdiction"]]
    estimates, variances = scores["math_score"].to_numpy(), scores["math_se"].to_numpy() ** 2
    assert (best_candidates(estimates, variances, count) == rows["in_tau_best"]).all()
    assert (best_candidates(-estimates, variances, count) == rows["in_tau_worst"]).all()


def test_variances_are_a_covariance_without_correlation():
    estimates, variances = np.arange(6.0), np.full(6, 0.3)
    one, other = (normal_rank_sets(estimates, matrix) for matrix in (variances, np.diag(variances)))
    assert (one.low == other.low).all() and (one.high == other.high).all()


def test_positive_correlation_tells_more_apart():
    estimates, variance = np.arange(6.0), np.full((6, 6), 0.45)
    correlated = normal_rank_sets(estimates, variance + 0.05 * np.eye(6))
    independent = normal_rank_sets(estimates, np.full(6, 0.5))
    assert (correlated.high - correlated.low).sum() < (independent.high - independent.low).sum()


@pytest.mark.parametrize("simultaneous", [True, False])
def test_true_ranks_are_covered_at_the_nominal_level(simultaneous):
    values, errors = np.array([0.0, 0.0, 0.0, 2.0, 2.5]), np.array([0.5, 0.8, 0.3, 0.6, 0.4])
    low, high = true_ranks(values)
    rng, covered = np.random.default_rng(1), []
    for _ in range(400):
        sets = normal_rank_sets(rng.normal(values, errors), errors**2, simultaneous=simultaneous, draws=2000)
        covered.append((sets.low <= low) & (sets.high >= high))
    shares = np.array(covered)
    least = shares.all(axis=1).mean() if simultaneous else shares.mean(axis=0).min()
    assert least >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize(
    ("estimates", "covariance", "message"),
    [
        ([1.0, 2.0], [1.0], "do not fit"),
        ([1.0, np.nan], [1.0, 1.0], "finite"),
        ([1.0, 2.0], [1.0, -1.0], "variances of 0 or more"),
        ([1.0, 2.0], [0.0, 0.0], "no variance"),
        ([1.0, 2.0], [[1.0, 0.5], [0.2, 1.0]], "symmetric"),
    ],
)
def test_what_is_no_estimate_is_refused(estimates, covariance, message):
    with pytest.raises(ValueError, match=message):
        normal_rank_sets(estimates, covariance)


@pytest.mark.parametrize("count", [0, 3])
def test_more_best_than_units_are_refused(count):
    with pytest.raises(ValueError, match="outside 1 to 2"):
        best_candidates([1.0, 2.0], [1.0, 1.0], count)
