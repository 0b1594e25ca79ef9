"""Covariances of the structural models: each part is what it says."""

import numpy as np
import pytest

from qstats.methods.forecasts.structure import LEVEL_SD, MODELS, SIZES, list_structures

TIMES = (np.arange(24) + 0.5) / 12


def only(part: str, size: float, season: int | None = None) -> np.ndarray:
    """Covariance of one part of a size, without the level's."""
    found = list_structures(TIMES, season=season)  # type: ignore[arg-type]
    wanted = [size if name == part else 0.0 for name in ("slope", "drift", "season", "shock")]
    place = np.flatnonzero((found.sizes == wanted).all(axis=1))
    assert len(place) == 1
    return found.covariance[place[0]] - LEVEL_SD**2


def test_drift_is_a_random_walk_with_its_size_a_year() -> None:
    covariance = only("drift", 0.35)
    step = covariance[12, 12] - 2 * covariance[12, 0] + covariance[0, 0]
    assert step == pytest.approx(0.35**2)


def test_slope_moves_the_level_in_a_straight_line() -> None:
    covariance = only("slope", 0.3)
    year = covariance[12, 12] - 2 * covariance[12, 0] + covariance[0, 0]
    two = covariance[23, 23] - 2 * covariance[23, 0] + covariance[0, 0]
    assert year == pytest.approx(0.3**2)
    assert two == pytest.approx((23 / 12 * 0.3) ** 2)


def test_season_repeats_after_a_year_and_has_its_variance_in_every_month() -> None:
    covariance = only("season", 0.35, season=12)
    assert np.allclose(np.diag(covariance), 0.35**2)
    assert np.allclose(covariance[:12, 12:], covariance[:12, :12])


def test_shocks_are_of_single_periods() -> None:
    assert np.allclose(only("shock", 0.2), 0.04 * np.eye(24))


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_prior_weights_add_up_to_1_and_every_covariance_is_one(family: str) -> None:
    found = list_structures(TIMES, season=12, family=family)  # type: ignore[arg-type]
    assert np.exp(found.log_prior).sum() == pytest.approx(1)
    assert len(found.sizes) == np.prod([len(sizes) for sizes in SIZES[family].values()])  # type: ignore[index]
    assert np.linalg.eigvalsh(found.covariance).min() > -1e-9


def test_models_admit_only_their_parts() -> None:
    found = list_structures(TIMES, season=12)
    assert found.answers_of("combined").all()
    assert set(found.sizes[found.answers_of("regression")][:, 1]) == {0.0}
    assert found.answers_of("level").sum() == len(SIZES["binomial"]["season"])
    with pytest.raises(ValueError, match="unknown model 'arima'; known: combined"):
        found.answers_of("arima")
    assert set(MODELS["combined"]) == {"slope", "drift", "season", "shock"}
