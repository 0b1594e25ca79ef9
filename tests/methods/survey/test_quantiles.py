"""Oracle: quantiles worked out by hand."""

import numpy as np
import pytest

from qstats.methods.survey.design import make_design
from qstats.methods.survey.quantiles import quantile, weighted_quantile


def test_quantile_is_the_smallest_value_that_reaches_the_share() -> None:
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.25) == 1
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.26) == 2
    assert weighted_quantile([3, 1, 2], [1, 1, 2], 0.75) == 2
    assert weighted_quantile([3, 1, 2], [1, 1, 0], 1) == 3
    assert weighted_quantile([3, 1, 2], [1, 0, 1], 0) == 2


def test_tenths_that_do_not_add_up_exactly_still_reach_their_share() -> None:
    values = np.arange(10)
    assert [weighted_quantile(values, np.full(10, 0.1), k / 10) for k in range(1, 11)] == list(range(10))


@pytest.mark.parametrize(
    ("values", "weight", "share"), [([1], [1], 1.5), ([1], [0], 0.5), ([np.nan], [1], 0.5), ([1], [-1], 0.5)]
)
def test_impossible_quantiles_are_refused(values: list[float], weight: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        weighted_quantile(values, weight, share)


def test_quantile_of_a_domain_keeps_the_design() -> None:
    rng = np.random.default_rng(5)
    values, inside = rng.normal(size=400), rng.random(400) < 0.5
    found = quantile(make_design(400, cluster=np.arange(400) // 4), values, 0.5, inside=inside)
    assert found.lower <= found.estimate <= found.upper
    assert found.estimate == weighted_quantile(values[inside], np.ones(inside.sum()), 0.5)
    assert found.df == 99
