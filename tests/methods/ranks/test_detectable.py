import numpy as np
import pytest

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.methods.ranks import highest_clearly_lower


def upper_limit(rate: float, n: float, reference: float, reference_n: float) -> float:
    pairs = [korn_graubard_interval(*one) for one in ((rate, n), (reference, reference_n))]
    (low, high), (other_low, other_high) = pairs
    return float(mover_difference((rate, reference), (low, other_low), (high, other_high))[2])


@pytest.mark.parametrize(("n", "reference"), [(60.0, 0.965), (15.5, 0.98), (238.0, 0.95)])
def test_just_there_the_interval_begins_to_exclude_zero(n, reference):
    rate = float(highest_clearly_lower(n, reference, 900.0))
    assert upper_limit(rate - 1e-6, n, reference, 900.0) < 0
    assert upper_limit(rate + 1e-6, n, reference, 900.0) > 0


def test_larger_samples_show_smaller_shortfalls():
    rates = highest_clearly_lower([20, 60, 200], 0.97, 2000.0)
    assert (np.diff(rates) > 0).all() and (rates < 0.97).all()


def test_a_sample_of_one_shows_nothing():
    assert np.isnan(highest_clearly_lower(1.0, 0.9, 10.0))
