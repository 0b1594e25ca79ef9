"""Limits and rank sets of an index of samples: identities, and coverage of known truth by simulation."""

import numpy as np
import pytest
from scipy.stats import norm

from qstats.methods.binomial_intervals import clopper_pearson_interval
from qstats.methods.composite_index import (
    Settings,
    build_tree,
    index_limits,
    index_rank_sets,
)
from qstats.methods.ranks import true_ranks

TREE = build_tree(
    ["rate", "score", "share", "index"], ["index", "index", "index", None], [2, 1, 1, 1], [1, 1, -1]
)
SETTINGS = Settings(
    normalisation="goalposts",
    normalisation_options={"low": [0.8, 50, -0.2], "high": [1.0, 100, 0.0]},
)


def test_one_indicator_keeps_its_own_limits() -> None:
    tree = build_tree(["rate", "index"], ["index", None])
    chosen = Settings(normalisation="unchanged")
    low, high = clopper_pearson_interval([58, 60], [60, 60])
    found = index_limits([[58 / 60], [1.0]], low[:, None], high[:, None], tree, chosen)
    np.testing.assert_allclose(found, [[58 / 60, 1.0], low, high])


def test_complete_counts_have_no_sampling_error() -> None:
    x = np.array([[0.95, 80, 0.05]])
    index, low, high = index_limits(x, x, x, TREE, SETTINGS)
    assert index[0] == low[0] == high[0] == pytest.approx((2 * 75 + 60 + 75) / 4)


def test_distances_of_one_sample_add_up_in_full() -> None:
    x, low, high = np.array([[0.9, 80, 0.1]]), np.array([[0.88, 78, 0.08]]), np.array([[0.92, 82, 0.12]])
    apart = index_limits(x, low, high, TREE, SETTINGS)
    together = index_limits(x, low, high, TREE, SETTINGS, samples=[0, 1, 0])
    assert apart[2][0] - apart[0][0] == pytest.approx(np.sqrt((0.5 * 10) ** 2 + 1**2 + (0.25 * 10) ** 2))
    assert together[2][0] - together[0][0] == pytest.approx(np.sqrt(7.5**2 + 1**2))


def test_missing_indicators_leave_their_weight_to_the_others() -> None:
    x = np.array([[0.9, np.nan, 0.1], [np.nan, np.nan, 0.1]])
    index, low, high = index_limits(x, x, x, TREE, Settings(**{**SETTINGS.__dict__, "available": 0.5}))
    assert index[0] == pytest.approx(50) and np.isnan([index[1], low[1], high[1]]).all()


def test_no_score_leaves_the_scale() -> None:
    """Weights of thirds and sevenths, whose sums are not exact."""
    tree = build_tree([*"abcdefg", "index"], ["index"] * 7 + [None], [1, 2, 3, 1, 2, 3, 1.7, 1])
    chosen = Settings(
        normalisation="goalposts",
        normalisation_options={"low": [0.0] * 7, "high": [1.0] * 7, "scale": (60.0, 100.0)},
    )
    x = np.array([[0.0] * 7, [1.0] * 7])
    index, low, high = index_limits(x, x - 1, x + 1, tree, chosen)
    assert index.tolist() == [60.0, 100.0] and low[0] == 60.0 and high[1] == 100.0


@pytest.mark.parametrize(
    "change", [{"normalisation": "minmax"}, {"aggregation": "geometric"}, {"imputation": "mean"}]
)
def test_what_is_no_sum_is_refused(change: dict[str, str]) -> None:
    x = np.array([[0.9, 80, 0.1]])
    with pytest.raises(ValueError, match="weighted means on fixed bounds only"):
        index_limits(x, x, x, TREE, Settings(**{**SETTINGS.__dict__, **change}))


def test_an_estimate_outside_its_limits_is_refused() -> None:
    x = np.array([[0.9, 80, 0.1]])
    with pytest.raises(ValueError, match="between its limits"):
        index_limits(x, x + 0.1, x + 0.2, TREE, SETTINGS)


@pytest.mark.slow
def test_rank_sets_and_limits_cover_the_truth() -> None:
    """Pass rates near 98 % from 30 to 90 batches, scores with normal errors, shares near 0."""
    generator = np.random.default_rng(20151231)
    units, cities = 8, 400
    n = generator.integers(30, 90, units)
    error = generator.uniform(0.8, 2.5, units)
    hits, inside = 0, 0
    for _ in range(cities):
        truth = np.column_stack(
            [generator.beta(60, 1.5, units), generator.normal(78, 3, units), generator.beta(1.2, 40, units)]
        )
        drawn = np.column_stack(
            [generator.binomial(n, truth[:, 0]) / n, generator.normal(truth[:, 1], error),
             generator.binomial(n, truth[:, 2]) / n]
        )  # fmt: skip

        def limits(confidence: float, drawn: np.ndarray = drawn) -> tuple[np.ndarray, np.ndarray]:
            ends = [
                clopper_pearson_interval(np.rint(drawn[:, k] * n), n, confidence=confidence) for k in (0, 2)
            ]
            reach = norm.ppf((1 + confidence) / 2) * error
            return (
                np.column_stack([ends[0][0], drawn[:, 1] - reach, ends[1][0]]),
                np.column_stack([ends[0][1], drawn[:, 1] + reach, ends[1][1]]),
            )

        true_index = index_limits(truth, truth, truth, TREE, SETTINGS)[0]
        _, low, high = index_limits(drawn, *limits(0.95), TREE, SETTINGS)
        inside += int(((low <= true_index) & (true_index <= high)).sum())
        sets = index_rank_sets(drawn, limits, TREE, SETTINGS)
        best, worst = true_ranks(true_index)
        hits += bool(np.all((sets.low <= best) & (worst <= sets.high)))
    assert hits / cities >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / cities)
    assert inside / (cities * units) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / (cities * units))
