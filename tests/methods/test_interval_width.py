"""Sizes for Clopper-Pearson intervals of a width: the smallest, checked against one fewer (statsmodels)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from qstats.methods.interval_width import size_for_width


def width(rate: float, n: int, confidence: float) -> float:
    lower, upper = proportion_confint(rate * n, n, alpha=1 - confidence, method="beta")
    return float(upper - lower)


@pytest.mark.parametrize(
    ("rate", "wanted", "confidence"), [(0.95, 0.1, 0.95), (0.98, 0.04, 0.95), (1.0, 0.05, 0.99)]
)
def test_one_observation_fewer_is_too_few(rate: float, wanted: float, confidence: float) -> None:
    n = size_for_width(rate, wanted, confidence=confidence)
    assert width(rate, n, confidence) <= wanted < width(rate, n - 1, confidence)


def test_nothing_found_follows_the_closed_form() -> None:
    """With rate 1 the interval runs from (α/2)^(1/n) to 1."""
    n = size_for_width(1.0, 0.1)
    assert 1 - 0.025 ** (1 / n) <= 0.1 < 1 - 0.025 ** (1 / (n - 1))


@given(st.floats(0.5, 1), st.floats(0.02, 0.5))
def test_narrower_and_surer_take_more(rate: float, wanted: float) -> None:
    n = size_for_width(rate, wanted)
    assert size_for_width(rate, wanted / 2) > n
    assert size_for_width(rate, wanted, confidence=0.99) >= n


@pytest.mark.parametrize(("rate", "wanted"), [(1.1, 0.1), (-0.1, 0.1), (0.9, 0.0), (0.9, 1.0), (0.9, 1e-5)])
def test_impossible_wishes_are_refused(rate: float, wanted: float) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|takes more than"):
        size_for_width(rate, wanted)
