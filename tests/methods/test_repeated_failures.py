"""Repeaters by chance: a binomial where all enterprises are alike, simulation where they are not."""

import numpy as np
import pytest
from scipy.stats import binom

from qstats.methods.repeated_failures import repeats_by_chance


def test_alike_enterprises_are_binomial() -> None:
    chance = binom.sf(1, 4, 0.1)
    found = repeats_by_chance([4] * 30, 0.1, observed=3)
    assert found.expected == pytest.approx(30 * chance)
    assert found.p_value == pytest.approx(binom.sf(2, 30, chance))
    assert (found.lower, found.upper) == tuple(binom.interval(0.95, 30, chance))


def test_one_batch_cannot_fail_twice() -> None:
    found = repeats_by_chance([1] * 50, 0.3, observed=0)
    assert (found.expected, found.lower, found.upper, found.p_value) == (0, 0, 0, 1)


def test_unlike_enterprises_against_simulation() -> None:
    rng = np.random.default_rng(7)
    sizes = rng.integers(1, 9, 60)
    drawn = (rng.binomial(sizes, 0.08, (20_000, 60)) >= 2).sum(axis=1)
    found = repeats_by_chance(sizes, 0.08, observed=9)
    assert found.expected == pytest.approx(drawn.mean(), abs=0.06)
    assert found.p_value == pytest.approx((drawn >= 9).mean(), abs=0.01)
    assert ((drawn >= found.lower) & (drawn <= found.upper)).mean() >= 0.95 - 0.01


def test_no_enterprise_at_all() -> None:
    assert repeats_by_chance([], 0.0, observed=0).expected == 0


@pytest.mark.parametrize(("batches", "rate", "observed"), [([-1], 0.1, 0), ([2], 1.1, 0), ([2], 0.1, 2)])
def test_impossible_input_is_refused(batches: list[int], rate: float, observed: int) -> None:
    with pytest.raises(ValueError, match=r"must not be negative|cannot have failed"):
        repeats_by_chance(batches, rate, observed)
