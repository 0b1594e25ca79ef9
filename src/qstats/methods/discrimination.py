"""Does a score tell batches that fail from batches that pass, when batches of one cluster are alike?

The area under the curve is the chance that a batch that passed has a higher score than one that failed, ties
counted half; its variance adds up by cluster. The trend test asks whether failures fall in order of the
score, with a variance that is robust to likeness within clusters.

Source: Obuchowski (1997), doi:10.2307/2533958; with one unit a cluster it is DeLong, DeLong & Clarke-Pearson
(1988), doi:10.2307/2531595. Trend: the score statistic of Armitage (1955), doi:10.2307/3001775, with the
variance of Rao & Scott (1992), doi:10.2307/2532311.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

Floats = NDArray[np.float64]


class Area(NamedTuple):
    """Area under the curve with its limits (NaN where too few clusters bear them), and what it is made of."""

    estimate: float
    lower: float
    upper: float
    events: int
    others: int
    clusters: int


@dataclass(frozen=True, slots=True)
class ClusteredTrend:
    """Slope of the rate over the score, its z value and two-sided p-value; NaN where nothing can be said."""

    slope: float
    z: float
    p: float


def clustered_area(
    score: ArrayLike, event: ArrayLike, cluster: ArrayLike, *, confidence: float = 0.95
) -> Area:
    """Chance that a unit without the event has the higher score, with logit limits.

    Parameters
    ----------
    score : array_like, shape (n,)
        Higher promises fewer events.
    event : array_like of bool, shape (n,)
    cluster : array_like, shape (n,)
        What makes units alike.
    confidence : float
        Two-sided level, 0–1.

    Returns
    -------
    Area
        NaN throughout where no unit has the event, or every one.
    """
    values, hit = np.asarray(score, dtype=float), np.asarray(event, dtype=bool)
    _, code = np.unique(np.asarray(cluster), return_inverse=True)
    clusters, events = int(code.max(initial=-1)) + 1, int(hit.sum())
    others = len(hit) - events
    if not events or not others:
        return Area(np.nan, np.nan, np.nan, events, others, clusters)
    placed = _placements(values, hit)
    area = float(placed[hit].mean())
    spread = np.sqrt(_variance(placed - area, hit, code, clusters))
    return Area(area, *_logit_limits(area, spread, confidence), events, others, clusters)


def _placements(values: Floats, hit: NDArray[np.bool_]) -> Floats:
    """For each unit the share of the other kind that it is in the right order with."""
    overall, shares = rankdata(values), np.empty(len(values))
    events, others = hit.sum(), (~hit).sum()
    shares[hit] = 1 - (overall[hit] - rankdata(values[hit])) / others
    shares[~hit] = (overall[~hit] - rankdata(values[~hit])) / events
    return shares


def _variance(deviation: Floats, hit: NDArray[np.bool_], code: NDArray[np.intp], clusters: int) -> float:
    """Variance of the area: sums of each kind by cluster, and what the two kinds of a cluster share."""
    of_events = np.bincount(code[hit], weights=deviation[hit], minlength=clusters)
    of_others = np.bincount(code[~hit], weights=deviation[~hit], minlength=clusters)
    with_events, with_others = len(np.unique(code[hit])), len(np.unique(code[~hit]))
    if with_events < 2 or with_others < 2:
        return float("nan")
    events, others = hit.sum(), (~hit).sum()
    first = with_events / (with_events - 1) * float((of_events**2).sum()) / events**2
    second = with_others / (with_others - 1) * float((of_others**2).sum()) / others**2
    shared = clusters / (clusters - 1) * float((of_events * of_others).sum()) / (events * others)
    return max(first + second + 2 * shared, 0.0)


def _logit_limits(area: float, spread: float, confidence: float) -> tuple[float, float]:
    """Limits within 0–1; none where the order is perfect, as its spread is then 0 and says nothing."""
    if not 0 < area < 1 or not spread > 0:
        return float("nan"), float("nan")
    middle = np.log(area / (1 - area))
    reach = ndtri((1 + confidence) / 2) * spread / (area * (1 - area))
    lower, upper = 1 / (1 + np.exp(-(middle - reach))), 1 / (1 + np.exp(-(middle + reach)))
    return float(lower), float(upper)


def clustered_trend(events: ArrayLike, n: ArrayLike, score: ArrayLike) -> ClusteredTrend:
    """Whether the rate rises or falls with the score, one entry for each cluster.

    Parameters
    ----------
    events, n : array_like, shape (clusters,)
    score : array_like, shape (clusters,)
        The same for all units of a cluster.
    """
    hits, size, at = (np.asarray(one, dtype=float) for one in (events, n, score))
    total = size.sum()
    if total == 0 or len(hits) < 2:
        return ClusteredTrend(np.nan, np.nan, np.nan)
    rate, centred = hits.sum() / total, at - (size * at).sum() / total
    parts = centred * (hits - rate * size)
    spread = float((size * centred**2).sum())
    noise = np.sqrt(len(hits) / (len(hits) - 1) * float((parts**2).sum()))
    if spread == 0 or noise == 0:
        return ClusteredTrend(np.nan, np.nan, np.nan)
    z = float(parts.sum() / noise)
    return ClusteredTrend(float(parts.sum() / spread), z, float(2 * ndtr(-abs(z))))
