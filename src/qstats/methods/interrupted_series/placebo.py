"""Would the same calculation have found as much at dates at which nothing happened?

The effect is estimated again, on the observations before the date alone, at every earlier date that leaves
enough of them on either side. Compared are the changes of level over their standard errors, as the places
differ in how much they can show. Placebo effects overlap: their share is no p-value, but an effect that
many earlier dates would have shown as well is none.

Source: Abadie, Diamond & Hainmueller (2015), doi:10.1111/ajps.12116 (placebos in time).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_regression.families import Floats
from qstats.methods.interrupted_series.design import EDGE
from qstats.methods.interrupted_series.effect import (
    LEAST_AFTER,
    LEAST_BEFORE,
    Interruption,
    interruption_effect,
)

LEAST_DATES = 5


@dataclass(frozen=True, slots=True)
class PlaceboDates:
    """Effects at dates at which nothing is known to have happened.

    Attributes
    ----------
    dates : array, shape (k,)
        Decimal years.
    levels : array, shape (k,)
        Changes of level there.
    signals : array, shape (k,)
        Changes over their half width: beyond 1 (either way) the limits exclude 0.
    signal : float
        The same of the date itself.
    share : float
        Share of placebo dates whose signal is at least as large, either way; NaN where there is a reason.
    reason : str or None
        ``too_few_before`` where fewer than 5 dates can be tried, or why the effect itself is not stated.
    """

    dates: Floats
    levels: Floats
    signals: Floats
    signal: float
    share: float
    reason: str | None


def placebo_dates(
    passed: ArrayLike, n: ArrayLike, times: ArrayLike, at: float, *, season: int | None = None,
    control: tuple[ArrayLike, ArrayLike] | None = None, slope: bool = True, family: str = "binomial",
    errors: str = "auto", confidence: float = 0.95,
) -> PlaceboDates:  # fmt: skip
    """Effects at all earlier dates beside the one at the date.

    Parameters
    ----------
    passed, n, times, at, season, control, slope, family, errors, confidence
        As in `interruption_effect`.
    """
    year = np.asarray(times, dtype=float)
    effect_at = partial(
        interruption_effect, season=season, slope=slope, family=family, errors=errors, confidence=confidence
    )
    real = effect_at(passed, n, year, at, control=control)
    before = year < at - EDGE
    counts = [np.asarray(values, dtype=float)[before] for values in (passed, n, *(control or ()))]
    other = (counts[2], counts[3]) if control is not None else None
    earlier = np.sort(year[before])[LEAST_BEFORE : 1 - LEAST_AFTER]
    effects = [effect_at(counts[0], counts[1], year[before], date, control=other) for date in earlier]
    stated = np.array([effect.reason is None for effect in effects], dtype=bool)
    levels = np.array([effect.level for effect in effects])[stated]
    signals = np.array([_signal(effect) for effect in effects])[stated]
    reason = real.reason or ("too_few_before" if stated.sum() < LEAST_DATES else None)
    share = np.nan if reason else float(np.mean(np.abs(signals) >= abs(_signal(real))))
    return PlaceboDates(earlier[stated], levels, signals, _signal(real), share, reason)


def _signal(effect: Interruption) -> float:
    """Change of level over the distance from it to the limit towards 0."""
    towards = effect.level_lower if effect.level > 0 else effect.level_upper
    return float(effect.level / abs(effect.level - towards))
