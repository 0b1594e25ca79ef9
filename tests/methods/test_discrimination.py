"""Areas and trends by cluster. Oracle: pairs counted one by one; DeLong's variance; Armitage's test."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.discrimination import clustered_area, clustered_trend
from qstats.methods.several_proportions import trend_test

UNITS = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 6)), min_size=2, max_size=40)


def by_pairs(score: np.ndarray, event: np.ndarray) -> float:
    higher = score[~event][None, :] - score[event][:, None]
    return float(((higher > 0) + 0.5 * (higher == 0)).mean())


@given(UNITS)
def test_the_area_is_that_of_all_pairs(units: list[tuple[int, bool, int]]) -> None:
    score, event, cluster = (np.array(one) for one in zip(*units, strict=True))
    found = clustered_area(score, event, cluster)
    if event.all() or not event.any():
        assert np.isnan(found.estimate)
        return
    assert found.estimate == pytest.approx(by_pairs(score, event))
    flipped = clustered_area(-score, event, cluster)
    assert flipped.estimate == pytest.approx(1 - found.estimate)
    if np.isfinite(found.lower):
        assert 0 < found.lower < found.estimate < found.upper < 1
        assert (1 - flipped.upper, 1 - flipped.lower) == pytest.approx((found.lower, found.upper))


def test_single_units_have_the_variance_of_delong() -> None:
    random = np.random.default_rng(5)
    event = random.random(60) < 0.4
    score = random.normal(size=60) - event
    found = clustered_area(score, event, np.arange(60), confidence=0.95)
    shares = (score[~event][None, :] > score[event][:, None]).astype(float)
    variance = (
        shares.mean(axis=1).var(ddof=1) / event.sum() + shares.mean(axis=0).var(ddof=1) / (~event).sum()
    )
    width = np.sqrt(variance) / (found.estimate * (1 - found.estimate)) * 1.959963984540054
    logit = np.log(found.estimate / (1 - found.estimate))
    assert np.log(found.upper / (1 - found.upper)) == pytest.approx(logit + width)


def test_copies_within_clusters_add_no_certainty() -> None:
    random = np.random.default_rng(6)
    event, score = random.random(50) < 0.4, random.normal(size=50)
    once = clustered_area(score, event, np.arange(50))
    twice = clustered_area(np.tile(score, 2), np.tile(event, 2), np.tile(np.arange(50), 2))
    assert twice[:3] == pytest.approx(once[:3])


def test_a_perfect_order_has_no_limits() -> None:
    found = clustered_area([1, 2, 3, 4], [True, True, False, False], [0, 1, 2, 3])
    assert found.estimate == 1 and np.isnan(found.lower)


def test_limits_cover_the_true_area() -> None:
    """Normal scores, alike within clusters: the area of their difference; 95 % less two errors."""
    random = np.random.default_rng(7)
    truth, hits, runs = 0.7602, 0, 400  # Phi(1 / sqrt(2))
    for _ in range(runs):
        cluster = np.repeat(np.arange(80), 3)
        event = random.random(240) < 0.3
        score = np.repeat(random.normal(size=80), 3) * 0.7 + random.normal(size=240) * np.sqrt(0.51) - event
        found = clustered_area(score, event, cluster)
        hits += found.lower <= truth <= found.upper
    assert hits / runs >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / runs)


def test_single_units_have_nearly_armitages_trend() -> None:
    random = np.random.default_rng(8)
    score = random.integers(0, 3, 4000)
    event = random.random(4000) < 0.10 + 0.015 * score
    found = clustered_trend(event, np.ones(4000), score)
    n = np.bincount(score)
    known = trend_test(np.bincount(score, weights=event), n, np.arange(3))
    assert found.z**2 == pytest.approx(known.statistic, rel=0.05) and found.slope > 0


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 6), st.floats(0, 1), st.integers(0, 3)), min_size=2, max_size=20))
def test_the_trend_turns_with_the_score(units: list[tuple[int, float, int]]) -> None:
    n, share, score = (np.array(one) for one in zip(*units, strict=True))
    found, turned = (clustered_trend(np.round(share * n), n, sign * score) for sign in (1, -1))
    assert found.z == pytest.approx(-turned.z, nan_ok=True)
    assert found.p == pytest.approx(turned.p, nan_ok=True)
