"""Of which parts is a series made, and how large may each be? A grid of answers, each with its prior weight.

On the logit (rates) or log (events per exposure) scale a series is a level, a slope, a season, a level that
drifts as a random walk and shocks of single periods. All parts are Gaussian, so one answer to "how large?" is
one covariance matrix of the series over all its times, past and future. A part of size 0 is absent: the grid
holds the constant level, the regression on time, the local level and the local trend as special cases, and
their posterior weights say how much each of them is believed.

Sizes are standard deviations per year, on the logit or log scale: a size of 0.3 takes a failure rate of 3.0 %
to between 2.2 and 4.0 % in a year.

References
----------
Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter,
doi:10.1017/CBO9781107049994.
"""

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Family = Literal["binomial", "poisson"]
Season = Literal[4, 12] | None

LEVEL_SD = 2.0
"""Prior standard deviation of the level around the pooled rate: hardly any."""

Sizes = tuple[tuple[float, float], ...]
SIZES: dict[Family, dict[str, Sizes]] = {
    "binomial": {
        "slope": ((0.0, 0.1), (0.3, 0.9)),
        "drift": ((0.0, 0.45), (0.12, 0.35), (0.35, 0.2)),
        "season": ((0.0, 0.3), (0.12, 0.35), (0.35, 0.35)),
        "shock": ((0.0, 0.6), (0.2, 0.4)),
    },
    "poisson": {
        "slope": ((0.0, 0.1), (0.4, 0.9)),
        "drift": ((0.0, 0.4), (0.2, 0.35), (0.6, 0.25)),
        "season": ((0.0, 0.3), (0.2, 0.35), (0.6, 0.35)),
        "shock": ((0.0, 0.4), (0.3, 0.35), (0.8, 0.25)),
    },
}
"""Sizes that each part may have, with prior weights: small movements are likelier than large ones. Counts of
events (awards, complaints) move more than pass rates, and come in lumps."""

PARTS = ("slope", "drift", "season", "shock")
COMBINED = "combined"
MODELS: dict[str, tuple[str, ...]] = {
    COMBINED: PARTS,
    "level": ("season",),
    "regression": ("slope", "season"),
    "local_level": ("drift", "season", "shock"),
}
"""Models by name, as the parts that they may have. ``combined`` weighs them all, and the local trend."""

_HARMONICS = {12: (1, 2, 3), 4: (1, 2), None: ()}


@dataclass(frozen=True)
class Structures:
    """Covariances of a series under each answer.

    Attributes
    ----------
    covariance : ndarray of shape (answers, times, times)
    log_prior : ndarray of shape (answers,)
    sizes : ndarray of shape (answers, 4)
        Size of slope, drift, season and shock.
    """

    covariance: Floats
    log_prior: Floats
    sizes: Floats

    def answers_of(self, model: str) -> NDArray[np.bool_]:
        """Which answers a model admits: those without the parts that it does not have."""
        if model not in MODELS:
            raise ValueError(f"unknown model {model!r}; known: {', '.join(MODELS)}")
        absent = [place for place, part in enumerate(PARTS) if part not in MODELS[model]]
        return (self.sizes[:, absent] == 0).all(axis=1)


def list_structures(times: ArrayLike, *, season: Season = None, family: Family = "binomial") -> Structures:
    """Covariances over the times given, one for each combination of sizes.

    Parameters
    ----------
    times : array_like of shape (times,)
        Middle of each period in years, rising.
    season : {4, 12, None}
        Periods of a year, where there may be a season.
    family : {"binomial", "poisson"}

    Returns
    -------
    Structures
    """
    times = np.asarray(times, dtype=float)
    absent: Sizes = ((0.0, 1.0),)
    chosen = [SIZES[family][part] if season or part != "season" else absent for part in PARTS]
    unit = _unit_covariances(times, season)
    combinations = list(product(*chosen))
    sizes = np.array([[size for size, _ in one] for one in combinations])
    prior = np.array([np.prod([weight for _, weight in one]) for one in combinations])
    level = np.full((len(times), len(times)), LEVEL_SD**2)
    return Structures(
        covariance=level + np.einsum("gp,pij->gij", sizes**2, unit),
        log_prior=np.log(prior / prior.sum()),
        sizes=sizes,
    )


def _unit_covariances(times: Floats, season: Season) -> Floats:
    """Covariances of slope, drift, season and shock at size 1."""
    centred = times - times.mean()
    since = times - times[0]
    slope = np.outer(centred, centred)
    drift = np.minimum.outer(since, since)
    return np.stack([slope, drift, _season_covariance(times, season), np.eye(len(times))])


def _season_covariance(times: Floats, season: Season) -> Floats:
    """Harmonics of a year, weaker the faster they are; a season of size 1 has variance 1 in every period."""
    distance = times[:, None] - times[None, :]
    orders = np.array(_HARMONICS[season], dtype=float)
    if not orders.size:
        return np.zeros_like(distance)
    weight = orders**-2.0 / np.sum(orders**-2.0)
    return np.einsum("h,hij->ij", weight, np.cos(2 * np.pi * orders[:, None, None] * distance))
