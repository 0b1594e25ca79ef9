import numpy as np
import pytest
from scipy.stats import beta

from qstats.methods.ranks import probability_among_best


def test_shares_of_draws_add_up_to_the_places():
    draws = np.random.default_rng(0).normal(size=(500, 7))
    assert probability_among_best(draws, 3).sum() == pytest.approx(3)


def test_ties_share_the_places_they_compete_for():
    assert probability_among_best([[1.0, 1.0, 1.0, 0.0]], 2).tolist() == pytest.approx([2 / 3] * 3 + [0])


def test_two_counties_agree_with_integration():
    draws = np.random.default_rng(1).beta([57.5, 51], [3.5, 5], size=(40_000, 2))
    grid = np.linspace(0, 1, 20_001)
    first, second = beta(57.5, 3.5), beta(51, 5)
    exact = np.trapezoid(first.pdf(grid) * second.cdf(grid), grid)
    assert probability_among_best(draws, 1)[0] == pytest.approx(exact, abs=0.01)


def test_the_worst_are_the_best_of_the_negative():
    draws = np.array([[0.9, 0.95, 0.99]])
    assert probability_among_best(-draws, 1).tolist() == [1, 0, 0]


@pytest.mark.parametrize(("draws", "count"), [([[1.0, 2.0]], 3), ([[1.0, 2.0]], 0), (np.empty((0, 2)), 1)])
def test_no_places_are_refused(draws, count):
    with pytest.raises(ValueError, match="no best"):
        probability_among_best(draws, count)
