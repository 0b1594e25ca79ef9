"""A bend by simulation with known truth, and its invariances."""

import numpy as np
import pytest

from qstats.methods.binomial_regression import fit_binomial
from qstats.methods.structural_breaks import davies_test, fit_bent_line

X = 2010 + np.arange(40) / 4


def counts(seed: int, before: float, after: float, bend: float = 2015.0) -> np.ndarray:
    eta = 2.5 + before * (X - bend) + (after - before) * np.maximum(X - bend, 0)
    return np.random.default_rng(seed).binomial(400, 1 / (1 + np.exp(-eta)))


def test_a_bend_is_found_where_it_is():
    found = fit_bent_line(counts(1, -0.2, 0.4), np.full(40, 400), X)
    assert found.bend == pytest.approx(2015, abs=3 * found.bend_error)
    assert found.bend_error < 0.5
    assert found.slopes == pytest.approx((-0.2, 0.4), abs=0.1)
    assert davies_test(counts(1, -0.2, 0.4), np.full(40, 400), X) < 1e-6


def test_no_place_of_the_bend_fits_better():
    y, n = counts(2, -0.1, 0.2), np.full(40, 400)
    found = fit_bent_line(y, n, X, dispersion="none")
    for bend in np.linspace(X[1], X[-2], 200):
        design = np.column_stack([np.ones(40), X, np.maximum(X - bend, 0)])
        assert found.deviance <= fit_binomial(y, n, design).deviance + 1e-6


def test_failures_bend_the_other_way():
    y, n = counts(3, -0.2, 0.4), np.full(40, 400)
    there, back = fit_bent_line(y, n, X), fit_bent_line(n - y, n, X)
    assert back.bend == pytest.approx(there.bend, abs=1e-3)
    assert back.slopes == pytest.approx([-slope for slope in there.slopes], abs=1e-4)
    assert davies_test(y, n, X) == pytest.approx(davies_test(n - y, n, X))


def test_a_gap_is_as_if_the_line_were_not_there():
    y, n = counts(4, -0.2, 0.4).astype(float), np.full(40, 400.0)
    y[7], n[7] = np.nan, np.nan
    assert fit_bent_line(y, n, X) == fit_bent_line(np.delete(y, 7), np.delete(n, 7), np.delete(X, 7))


def test_limits_hold_the_truth():
    fits = [fit_bent_line(counts(seed, -0.2, 0.4), np.full(40, 400), X) for seed in range(25)]
    held = [one.bend_limits[0] <= 2015 <= one.bend_limits[1] for one in fits]
    steep = [one.slope_limits[1][0] <= 0.4 <= one.slope_limits[1][1] for one in fits]
    assert min(np.mean(held), np.mean(steep)) >= 0.8


def test_a_straight_line_is_seldom_called_bent():
    p_values = [davies_test(counts(seed, 0.1, 0.1), np.full(40, 400), X) for seed in range(60)]
    assert np.mean(np.array(p_values) < 0.05) <= 0.1


def test_refused():
    with pytest.raises(ValueError, match="6 different values"):
        fit_bent_line([1] * 5, [2] * 5, range(5))
    with pytest.raises(ValueError, match="same length"):
        davies_test([1] * 5, [2] * 5, range(6))
