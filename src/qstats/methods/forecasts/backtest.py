"""Would the forecasts of past periods have been good? Rolling origins, scored on what came.

At each origin only what was on record then is used, sizes of the parts included. Forecasts are scored on the
reported rate by the CRPS, beside the figure of the same period last year. A forecast that is not better than
that figure is not worth printing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.forecasts.laplace import approximate
from qstats.methods.forecasts.last_year import same_period_last_year
from qstats.methods.forecasts.rates import centres, checked_counts, mixture, structures_of
from qstats.methods.forecasts.scores import crps_of_draws, randomised_pit, skill
from qstats.methods.forecasts.structure import COMBINED, Family, Season

Floats = NDArray[np.float64]

LAST_YEAR = "last_year"
DRAWS = 400
FEWEST_ORIGINS = 4
"""Origins with a score below which nothing is said of a forecast's quality."""

_YEARS_BEFORE = 2
_YEARS_TESTED = 2
_ORIGINS_A_YEAR = 6
_MOST_CELLS = 2e7
"""Numbers in the largest array at a time: more series go through in blocks."""


@dataclass(frozen=True)
class Backtest:
    """Scores of past forecasts.

    Attributes
    ----------
    models : tuple of str
        ``last_year`` is the last.
    origins : ndarray of shape (origins,)
        Periods that were on record.
    crps : ndarray of shape (models, series, origins, steps)
        On the reported rate (0–1, or per exposure); NaN where nothing was reported.
    pit : ndarray of shape (models, series, origins, steps)
        Place of the reported figure in its forecast, randomised.
    """

    models: tuple[str, ...]
    origins: NDArray[np.int64]
    crps: Floats
    pit: Floats

    def score(self, model: str, series: int) -> float:
        """Mean CRPS of a model where it and the figure of last year can be scored; NaN if nowhere."""
        ours, theirs = (self.crps[self.models.index(one), series] for one in (model, LAST_YEAR))
        both = np.isfinite(ours) & np.isfinite(theirs)
        return float(ours[both].mean()) if both.any() else np.nan

    def skill(self, model: str, series: int) -> float:
        """Share by which a model's score is better than that of the same period last year; NaN if unknown."""
        reference = self.score(LAST_YEAR, series)
        return skill(self.score(model, series), reference) if reference > 0 else np.nan

    def scored_origins(self, model: str, series: int) -> int:
        """Origins from which at least one forecast of a model could be scored."""
        return int(np.isfinite(self.crps[self.models.index(model), series]).any(axis=1).sum())

    def beats_last_year(self, model: str, series: int) -> bool:
        """Whether a forecast may be shown: scored from enough origins, and better than last year's figure."""
        scored = self.scored_origins(model, series)
        return scored >= FEWEST_ORIGINS and self.skill(model, series) > 0

    def coverage(self, model: str, series: int, confidence: float) -> float:
        """Share of reported figures inside the central interval of the model."""
        place = self.pit[self.models.index(model), series]
        place = place[np.isfinite(place)]
        return float(np.mean(np.abs(place - 0.5) <= confidence / 2)) if place.size else np.nan


def rolling_origins(periods: int, per_year: int) -> list[int]:
    """Origins of a backtest: up to six a year over the last two years, each with two years on record before.

    Empty where the record is too short.
    """
    first = max(_YEARS_BEFORE * per_year, periods - _YEARS_TESTED * per_year)
    return list(range(first, periods, max(per_year // _ORIGINS_A_YEAR, 1)))


def backtest_rates(
    passed: ArrayLike,
    n: ArrayLike,
    *,
    steps: int,
    origins: Sequence[int],
    season: Season = None,
    per_year: int | None = None,
    models: Sequence[str] = (COMBINED,),
    family: Family = "binomial",
    dispersion: ArrayLike = 1.0,
    seed: int = 0,
) -> Backtest:
    """Forecasts of several series from several origins, scored.

    Parameters
    ----------
    passed, n : array_like of shape (series, periods)
        As in :func:`~qstats.methods.forecasts.rates.forecast_rate`; batches are whole numbers.
    steps : int
        Periods ahead.
    origins : sequence of int
        Numbers of periods that were on record, at least 2 each.
    season, per_year, family
        As in ``forecast_rate``.
    models : sequence of str
        Of ``MODELS``; the same period last year is always added.
    dispersion : float or array_like of shape (series,)
    seed : int

    Returns
    -------
    Backtest
    """
    x, size = checked_counts(np.asarray(passed, float), np.asarray(n, float), family)
    spread = np.broadcast_to(np.asarray(dispersion, float), len(x))
    setting = _Setting(tuple(dict.fromkeys(models)), steps, season, int(per_year or season or 1), family)
    generator = np.random.default_rng(seed)
    scored = [_from_origin(x, size, origin, spread, setting, generator) for origin in origins]
    crps, pit = (np.stack(parts, axis=2) for parts in zip(*scored, strict=True))
    return Backtest((*setting.models, LAST_YEAR), np.asarray(origins), crps, pit)


@dataclass(frozen=True)
class _Setting:
    models: tuple[str, ...]
    steps: int
    season: Season
    per_year: int
    family: Family


def _from_origin(
    x: Floats, n: Floats, origin: int, spread: Floats, setting: _Setting, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Scores and places of the forecasts of every model from one origin, (models, series, steps) each."""
    came = _after(x, origin, setting.steps), _after(n, origin, setting.steps)
    structural = _structural(x[:, :origin], n[:, :origin], came, spread, setting, generator)
    reported = _rate(*came)
    drawn = _draw_last_year(_rate(x, n)[:, :origin], n[:, :origin], setting, generator)
    place = np.where(np.isfinite(reported), (drawn < reported).mean(axis=0), np.nan)
    naive = crps_of_draws(drawn, reported)[None], place[None]
    crps, pit = (np.concatenate(parts) for parts in zip(structural, naive, strict=True))
    return crps, pit


def _structural(
    x: Floats, n: Floats, came: tuple[Floats, Floats], spread: Floats, setting: _Setting,
    generator: np.random.Generator,
) -> tuple[Floats, Floats]:  # fmt: skip
    periods, family = x.shape[1], setting.family
    structures = structures_of(periods + setting.steps, setting.season, setting.per_year, family)
    crps = np.full((len(setting.models), len(x), setting.steps), np.nan)
    pit = crps.copy()
    for block in _blocks(len(x), structures.covariance.size):
        known = x[block] / spread[block, None], n[block] / spread[block, None]
        posterior = approximate(*known, structures.covariance, centres(*known, family), family=family)
        for one, series in enumerate(range(block.start, block.stop)):
            seen, exposed = came[0][series], came[1][series]
            for at, model in enumerate(setting.models):
                ahead = mixture(posterior, structures, one, periods, model=model, family=family)
                counts = ahead.reported(exposed, DRAWS, generator, dispersion=spread[series], jointly=False)
                crps[at, series] = crps_of_draws(_rate(counts, exposed), _rate(seen, exposed))
                place = randomised_pit(counts, seen, generator)
                pit[at, series] = np.where(exposed > 0, place, np.nan)
    return crps, pit


def _draw_last_year(rate: Floats, n: Floats, setting: _Setting, generator: np.random.Generator) -> Floats:
    centre, width = same_period_last_year(
        rate, n, steps=setting.steps, per_year=setting.per_year, family=setting.family
    )
    drawn = centre + width * generator.standard_normal((DRAWS, *centre.shape))
    return np.clip(drawn, 0.0, 1.0 if setting.family == "binomial" else None)


def _after(values: Floats, origin: int, steps: int) -> Floats:
    """What came in the periods ahead; nothing beyond the end of the record."""
    beyond = max(origin + steps - values.shape[1], 0)
    return np.pad(values, ((0, 0), (0, beyond)))[:, origin : origin + steps]


def _rate(events: NDArray[np.generic], exposure: Floats) -> Floats:
    """Reported rate; NaN where nothing was observed."""
    return np.divide(
        events, exposure, out=np.full(np.broadcast_shapes(events.shape, exposure.shape), np.nan),
        where=exposure > 0,
    )  # fmt: skip


def _blocks(series: int, cells: int) -> Iterator[slice]:
    step = max(int(_MOST_CELLS // cells), 1)
    return (slice(start, min(start + step, series)) for start in range(0, series, step))
