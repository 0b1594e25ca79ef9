"""Is a pattern of points unlikely while nothing but chance is at work?

Each rule takes the points with their centre or limits and answers +1 (high, rising), −1 (low, falling) or 0
for each point. Gaps (NaN) and changes of phase break every pattern.

References
----------
Western Electric (1956), Statistical Quality Control Handbook; Nelson (1984),
doi:10.1080/00224065.1984.11978921.
"""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Signs = NDArray[np.int8]


def beyond_limits(statistic: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Signs:
    """+1 above the upper limit, −1 below the lower one; a point on a limit is within it."""
    points = np.asarray(statistic, dtype=float)
    return (points > upper).astype(np.int8) - (points < lower).astype(np.int8)


def sides(statistic: ArrayLike, centre: ArrayLike) -> Signs:
    """+1 above the centre, −1 below, 0 on it or in a gap."""
    return np.nan_to_num(np.sign(np.asarray(statistic, dtype=float) - centre)).astype(np.int8)


def runs_on_one_side(
    statistic: ArrayLike,
    centre: ArrayLike,
    length: int,
    *,
    phase: ArrayLike | None = None,
    whole: bool = False,
) -> Signs:
    """At least ``length`` points in a row on one side of the centre; a point on the centre ends the run.

    Parameters
    ----------
    statistic, centre : array_like
    length : int
        At least 2.
    phase : array_like of int, optional
        Runs end where it changes.
    whole : bool
        Flag all points of the run; otherwise those from which it was long enough, as they come in.
    """
    signs = sides(statistic, centre)
    flags = np.zeros(len(signs), dtype=np.int8)
    for run in _runs(signs, _phase(phase, len(signs)), length):
        flags[run.start + (0 if whole else length - 1) : run.stop] = signs[run.start]
    return flags


def trends(
    statistic: ArrayLike, length: int, *, phase: ArrayLike | None = None, whole: bool = False
) -> Signs:
    """At least ``length`` points in a row that each lie above (+1) or below (−1) the one before.

    Parameters as in :func:`runs_on_one_side`; the first point of a trend counts.
    """
    points = np.asarray(statistic, dtype=float)
    phases, flags = _phase(phase, len(points)), np.zeros(len(points), dtype=np.int8)
    steps = sides(points[1:], points[:-1])
    for run in _runs(steps, phases[1:], length - 1, broken=np.diff(phases) != 0):
        flags[run.start + (0 if whole else length - 1) : run.stop + 1] = steps[run.start]
    return flags


def two_of_three(
    statistic: ArrayLike,
    centre: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    phase: ArrayLike | None = None,
) -> Signs:
    """Points close to a limit, two or three of three in a row that all lie on that side of the centre.

    Close is more than two thirds of the way from the centre to the limit, and not beyond it. All the close
    points of the three are flagged.
    """
    points = np.asarray(statistic, dtype=float)
    signs, near = sides(points, centre), close_to_limit(points, centre, lower, upper)
    phases, flags = _phase(phase, len(points)), np.zeros(len(points), dtype=np.int8)
    for start in range(len(points) - 2):
        three = slice(start, start + 3)
        together = abs(int(signs[three].sum())) == 3 and len(set(phases[three])) == 1
        if together and near[three].sum() >= 2:
            flags[three][near[three]] = signs[start]
    return flags


def close_to_limit(
    statistic: ArrayLike, centre: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> NDArray[np.bool_]:
    """Points more than two thirds of the way from the centre to a limit, and not beyond it."""
    points, middle = np.asarray(statistic, dtype=float), np.asarray(centre, dtype=float)
    high = points > middle + 2 / 3 * (np.asarray(upper, dtype=float) - middle)
    low = points < middle - 2 / 3 * (middle - np.asarray(lower, dtype=float))
    return (high | low) & (beyond_limits(points, lower, upper) == 0)


def improbable_runs(
    statistic: ArrayLike,
    centre: ArrayLike,
    chance_above: ArrayLike,
    chance_below: ArrayLike,
    *,
    at_most: float,
    phase: ArrayLike | None = None,
) -> Signs:
    """Runs on one side of the centre, flagged from where their probability has fallen to ``at_most``.

    Near 100 % most points lie above their mean, and eight in a row there are nothing unusual. The chance of
    each point's side is multiplied up along the run instead of counting its points; with chances of one
    half and ``at_most = 0.5**8`` this is the rule of eight.

    Parameters
    ----------
    statistic, centre : array_like
    chance_above, chance_below : array_like
        Probability of a point above and below the centre while nothing has changed, 0–1.
    at_most : float
        Probability of a run from which it is flagged.
    """
    signs = sides(statistic, centre)
    phases, flags = _phase(phase, len(signs)), np.zeros(len(signs), dtype=np.int8)
    chances = np.where(
        signs > 0, np.asarray(chance_above, dtype=float), np.asarray(chance_below, dtype=float)
    )
    for run in _runs(signs, phases, 1):
        unlikely = np.cumprod(chances[run]) <= at_most * (1 + 1e-12)  # 0.5**8 as a product of floats
        flags[run] = np.where(unlikely, signs[run], 0)
    return flags


def _phase(phase: ArrayLike | None, points: int) -> NDArray[np.intp]:
    return np.zeros(points, dtype=np.intp) if phase is None else np.asarray(phase, dtype=np.intp)


def _runs(
    signs: Signs, phase: NDArray[np.intp], length: int, broken: NDArray[np.bool_] | None = None
) -> Iterator[slice]:
    """Stretches of at least ``length`` equal signs (not 0) within a phase, in order."""
    signs = signs if broken is None else np.where(broken, 0, signs).astype(np.int8)
    edges = np.flatnonzero((np.diff(signs) != 0) | (np.diff(phase) != 0)) + 1
    for first, last in itertools.pairwise([0, *edges, len(signs)]):
        if last - first >= length and signs[first] != 0:
            yield slice(int(first), int(last))
