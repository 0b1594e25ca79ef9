"""Which weights bring a sample into line with known totals of its population?

Post-stratification, raking over margins, and calibration by a distance between old and new weights: linear
(the generalised regression estimator), raking, or either held between bounds. Whatever cannot be done is
refused with its reason: margins that contradict each other, cells without units, bounds that the totals do
not allow. How sure an estimate is after calibration is judged in `calibrated_estimates`.

Source: Deville & Särndal (1992), doi:10.1080/01621459.1992.10475217; raking: Deming & Stephan (1940),
doi:10.1214/aoms/1177731829; design effect of weights: Kish (1992), Journal of Official Statistics 8(2).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.calibration_distances import Distance, Floats, distance_factors

MOST_STEPS, MOST_ROUNDS, WITHIN = 100, 10_000, 1e-10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibrated weights, and what their estimates' variance needs.

    Attributes
    ----------
    weight : array of float, shape (n,)
        What estimates are computed with.
    base : array of float, shape (n,)
        Weights before.
    auxiliary : array of float, shape (n, p)
        Variables whose totals are met (indicators of cells or margins among them).
    unit_variance : array of float, shape (n,)
        Of each unit about the line that calibration implies, up to a factor.
    trimming : array of float, shape (n,)
        Factor that trimming applied afterwards; ones without trimming.
    """

    weight: Floats
    base: Floats
    auxiliary: Floats
    unit_variance: Floats
    trimming: Floats


def post_stratify(weight: ArrayLike, cell: ArrayLike, totals: ArrayLike) -> Calibration:
    """Weights whose sum in each cell is the known number of units.

    Parameters
    ----------
    weight : array_like of float, shape (n,)
        Above 0.
    cell : array_like of int, shape (n,)
        0…cells − 1.
    totals : array_like of float, shape (cells,)
        Units of the population in each cell.

    Raises
    ------
    ValueError
        Cells with a total and no units (named); totals below 0.
    """
    return rake(weight, [cell], [totals])


def rake(weight: ArrayLike, margins: Sequence[ArrayLike], totals: Sequence[ArrayLike]) -> Calibration:
    """Weights whose sums meet the known totals of several margins, by iterative proportional fitting.

    Parameters
    ----------
    weight : array_like of float, shape (n,)
        Above 0.
    margins : sequence of array_like of int, shape (n,)
        Category 0…k−1 of each unit, one array for each margin.
    totals : sequence of array_like of float, shape (k,)
        Units of the population in each category.

    Raises
    ------
    ValueError
        Margins whose totals differ; categories with a total and no units (named); margins that cannot be
        met at once.
    """
    base = _checked_weights(weight)
    codes = [np.asarray(margin, dtype=np.int64) for margin in margins]
    known = [np.asarray(total, dtype=float) for total in totals]
    _check_margins(codes, known, len(base))
    fitted = base
    for _ in range(MOST_ROUNDS):
        for margin, total in zip(codes, known, strict=True):
            fitted = np.asarray(fitted * _ratio(total, _sums(margin, fitted, len(total)))[margin])
        if all(_is_met(_sums(m, fitted, len(t)), t) for m, t in zip(codes, known, strict=True)):
            indicators = [
                margin[:, None] == np.arange(len(t)) for margin, t in zip(codes, known, strict=True)
            ]
            return _calibration(fitted, base, np.hstack(indicators).astype(float))
    raise ValueError(f"the margins cannot be met at once: raking did not settle in {MOST_ROUNDS} rounds")


def rake_resamples(
    weight: Floats, margins: Sequence[ArrayLike], totals: Sequence[ArrayLike], *, rounds: int = 25
) -> Floats:
    """Weights of many resamples, each raked to the same margins; a category that a resample lost is left out.

    Parameters
    ----------
    weight : ndarray, shape (B, n)
        0 or more.
    margins, totals
        As in `rake`.
    rounds : int
        A resample needs no more digits than its own chance leaves.
    """
    codes = [np.asarray(margin, dtype=np.int64) for margin in margins]
    known = [np.asarray(total, dtype=float) for total in totals]
    base = np.asarray(weight, dtype=float)
    cells, of_unit = np.unique(np.stack(codes), axis=1, return_inverse=True)
    before = _sums_of_cells(base, of_unit.ravel())
    fitted = before.copy()
    for _ in range(rounds):
        for margin, total in zip(cells, known, strict=True):
            found = fitted @ (margin[:, None] == np.arange(len(total))).astype(float)
            fitted *= _ratio(np.broadcast_to(total, found.shape), found)[:, margin]
    return np.asarray(base * _ratio(fitted, before)[:, of_unit.ravel()])


def _sums_of_cells(weight: Floats, of_unit: NDArray[np.int64]) -> Floats:
    """Sums (B, cells): units that share every category are raked by one factor."""
    order = np.argsort(of_unit, kind="stable")
    starts = np.searchsorted(of_unit[order], np.arange(of_unit.max() + 1))
    return np.asarray(np.add.reduceat(weight[:, order], starts, axis=1))


def trim_resamples(weight: Floats, times: Floats, most: float, *, rounds: int = 10) -> Floats:
    """Weights of many resamples, trimmed as `trim_weights` trims those of the sample.

    A unit that was drawn several times stands for several units: its weight is held against as many times
    the largest one, else trimming would undo the resampling.

    Parameters
    ----------
    weight, times : ndarray, shape (B, n)
        Weight of each unit in each resample, and how often it counts there (0 where it was not drawn).
    most : float
        Largest weight of one unit as a multiple of the mean, above 1.
    """
    total = weight.sum(axis=1, keepdims=True)
    cap = most * total / times.sum(axis=1, keepdims=True) * times
    for _ in range(rounds):
        cut = np.minimum(weight, cap)
        lost = total - cut.sum(axis=1, keepdims=True)
        if (lost <= WITHIN * total).all():
            break
        open_ = np.where(weight < cap, times, 0.0)
        room = open_.sum(axis=1, keepdims=True)
        weight = cut + np.divide(open_ * lost, room, out=np.zeros_like(cut), where=room > 0)
    return np.minimum(weight, cap)


def calibrate(
    weight: ArrayLike,
    auxiliary: ArrayLike,
    totals: ArrayLike,
    *,
    distance: str = "linear",
    bounds: tuple[float, float] | None = None,
    unit_variance: ArrayLike | None = None,
) -> Calibration:
    """Weights nearest to the old ones that meet known totals of auxiliary variables.

    Parameters
    ----------
    weight : array_like of float, shape (n,)
        Above 0.
    auxiliary : array_like of float, shape (n, p)
        A column of ones for the number of units.
    totals : array_like of float, shape (p,)
        Known totals of the population.
    distance : {"linear", "raking", "logit"}
        ``linear`` may give weights below 0 without bounds; ``raking`` keeps them above 0; ``logit`` needs
        bounds.
    bounds : pair of float, optional
        Smallest and largest factor of a weight, below and above 1; for ``linear`` and ``logit``.
    unit_variance : array_like of float, shape (n,), optional
        Variance of a unit about the line, up to a factor; with the auxiliary variable itself this is the
        ratio estimator. Ones if left out.

    Raises
    ------
    ValueError
        An unknown distance, bounds that do not hold 1, or totals that cannot be met.
    """
    base, x, known = _checked_weights(weight), np.asarray(auxiliary, float), np.asarray(totals, float)
    if x.shape != (len(base), len(known)):
        raise ValueError(f"{len(base)} units and {len(known)} totals need auxiliary variables of that shape")
    spread = np.ones(len(base)) if unit_variance is None else np.asarray(unit_variance, dtype=float)
    if not np.all(spread > 0):
        raise ValueError("the variance of a unit is above 0")
    factor = _solve(distance_factors(distance, bounds), base, x, spread, known)
    return replace(_calibration(base * factor, base, x), unit_variance=spread)


def trim_weights(calibration: Calibration, lower: float, upper: float) -> Calibration:
    """Weights cut to bounds, the sum kept by spreading what was cut over the others, until all lie between.

    Totals that were met before are then met in sum only.

    Parameters
    ----------
    calibration : Calibration
    lower, upper : float
        Smallest and largest weight.

    Raises
    ------
    ValueError
        Bounds between which the sum of the weights cannot be kept.
    """
    weight, count = calibration.weight, len(calibration.weight)
    if not lower * count <= weight.sum() <= upper * count:
        raise ValueError("the sum of the weights cannot be kept between these bounds")
    for _ in range(count):
        outside = (weight < lower) | (weight > upper)
        if not outside.any():
            break
        cut = np.clip(weight, lower, upper)
        weight = np.where(outside, cut, weight + (weight - cut).sum() / max((~outside).sum(), 1))
    return replace(calibration, weight=weight, trimming=calibration.trimming * weight / calibration.weight)


def kish_deff(weight: ArrayLike) -> float:
    """Factor by which unequal weights alone raise a variance: 1 plus their squared relative spread."""
    weight = np.asarray(weight, dtype=float)
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)


def _calibration(weight: Floats, base: Floats, auxiliary: Floats) -> Calibration:
    return Calibration(weight, base, auxiliary, np.ones(len(base)), np.ones(len(base)))


def _checked_weights(weight: ArrayLike) -> Floats:
    base = np.asarray(weight, dtype=float)
    if not (np.isfinite(base).all() and np.all(base > 0)):
        raise ValueError("weights to be calibrated are finite and above 0")
    return base


def _check_margins(codes: list[NDArray[np.int64]], known: list[Floats], n: int) -> None:
    for k, (margin, total) in enumerate(zip(codes, known, strict=True)):
        if margin.shape != (n,) or (n and not 0 <= margin.min() <= margin.max() < len(total)):
            raise ValueError(f"margin {k} needs a category from 0 to {len(total) - 1} for each of {n} units")
        if not np.all(total >= 0):
            raise ValueError(f"totals of margin {k} must not be negative")
        empty = np.flatnonzero((np.bincount(margin, minlength=len(total)) == 0) & (total > 0))
        if len(empty):
            raise ValueError(f"margin {k}: no units in categories {empty.tolist()}, which have a total")
    sums = [float(total.sum()) for total in known]
    if not np.allclose(sums, sums[0], rtol=1e-9, atol=0):
        raise ValueError(f"the margins add up to different totals: {sums}")


def _sums(codes: NDArray[np.int64], values: Floats, n_codes: int) -> Floats:
    return np.bincount(codes, values, minlength=n_codes).astype(float, copy=False)


def _ratio(known: Floats, found: Floats) -> Floats:
    return np.divide(known, found, out=np.zeros(found.shape), where=found > 0)


def _is_met(found: Floats, known: Floats) -> bool:
    return bool(np.all(np.abs(found - known) <= WITHIN * (1 + np.abs(known))))


def _solve(distance: Distance, base: Floats, x: Floats, spread: Floats, known: Floats) -> Floats:
    """Factors of the weights by Newton's method; a step that leads away from the totals is halved."""
    scaled = x / spread[:, None]
    multiplier: Floats = np.zeros(x.shape[1])
    step, best = multiplier, np.inf
    size = np.abs(known) + base @ np.abs(x)
    for _ in range(MOST_STEPS):
        for _ in range(40):
            factor, slope = distance(scaled @ (multiplier + step))
            gap = known - (base * factor) @ x
            if (distant := float(np.abs(gap / size).max())) < best:
                break
            step = step / 2
        multiplier, best = multiplier + step, distant
        if best <= WITHIN:
            return factor
        curvature = x.T @ ((base * slope)[:, None] * scaled)
        step = np.asarray(np.linalg.lstsq(curvature, gap, rcond=None)[0], dtype=float)
    raise ValueError("the totals cannot be met, or not within these bounds")
