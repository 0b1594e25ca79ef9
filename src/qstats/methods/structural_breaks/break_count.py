"""How many steps does a rate have, and where do they fit best?

Once a test has found that there is a step at all, BIC chooses among one to five of them: each costs two
parameters, its size and its place. Errors are made independent first, with the correlation of the noise, as
BIC takes what is alike from period to period for steps. Two steps are searched over all pairs of places; a
further one is added to the best so far, and each is then moved while that helps.

Source: Bai and Perron (2003), doi:10.1002/jae.659; Zeileis et al. (2003), doi:10.1016/S0167-9473(03)00030-6
(BIC).
"""

import numpy as np

from qstats.methods.structural_breaks.linear_breaks import Floats
from qstats.methods.structural_breaks.rate_noise import Noise, correlations
from qstats.methods.structural_breaks.rate_series import RateSeries, Scan, fit_rate, make_scan

MOST_BREAKS = 5


def candidate_starts(series: RateSeries, noise: Noise) -> list[tuple[int, ...]]:
    """Where the new levels begin if there is one, two and so on, up to the number with the least BIC."""
    model = fit_rate(series)
    whiten = np.linalg.inv(np.linalg.cholesky(correlations(series.places, noise.cautious)))
    scan = make_scan(model.root, model.columns, series.candidates, whiten)
    left = scan.remove((whiten @ model.residual)[None])[0]
    found: list[tuple[int, ...]] = []
    starts: tuple[int, ...] = ()
    for count in range(1, MOST_BREAKS + 1):
        starts = _best_starts(scan, left, starts, series.shortest)
        if len(starts) < count:
            break
        found.append(starts)
    bics = [_bic(scan, left, starts, series.design.shape[1]) for starts in found]
    return found[: int(np.argmin(bics)) + 1]


def _bic(scan: Scan, left: Floats, starts: tuple[int, ...], columns: int) -> float:
    n = left.size
    return float(n * np.log(_squares(scan, left, starts) / n) + (columns + 2 * len(starts)) * np.log(n))


def _squares(scan: Scan, left: Floats, starts: tuple[int, ...]) -> float:
    """Sum of squares that steps at these starts leave."""
    jumps = scan.directions[np.searchsorted(scan.starts, starts)].T
    return float(((left - jumps @ np.linalg.lstsq(jumps, left, rcond=None)[0]) ** 2).sum())


def _best_starts(scan: Scan, left: Floats, so_far: tuple[int, ...], shortest: int) -> tuple[int, ...]:
    """Best starts, one more than so far; as many as so far where no further one fits."""
    if len(so_far) == 1:
        return _best_pair(scan, left, shortest) or so_far
    more = _place_one(scan, left, so_far, shortest)
    if more is None:
        return so_far
    starts, moved = tuple(sorted((*so_far, more))), True
    while moved:
        before = starts
        for start in before:
            others = tuple(place for place in starts if place != start)
            again = _place_one(scan, left, others, shortest)
            if again is not None:
                starts = tuple(sorted((*others, again)))
        moved = _squares(scan, left, starts) < _squares(scan, left, before) * (1 - 1e-9)
    return starts


def _place_one(scan: Scan, left: Floats, others: tuple[int, ...], shortest: int) -> int | None:
    """Best place of one more step beside the others."""
    places = np.array(others, dtype=int)
    free = np.all(np.abs(scan.starts[:, None] - places) >= shortest, axis=1)
    if not free.any():
        return None
    jumps = scan.directions[np.searchsorted(scan.starts, places)].T
    basis = np.linalg.qr(jumps)[0]
    beyond = scan.directions[free] - (scan.directions[free] @ basis) @ basis.T
    explained = (beyond @ left) ** 2 / (beyond**2).sum(axis=1)
    return int(scan.starts[free][explained.argmax()])


def _best_pair(scan: Scan, left: Floats, shortest: int) -> tuple[int, ...] | None:
    """Best of all pairs of places."""
    apart = scan.starts[None, :] - scan.starts[:, None] >= shortest
    if not apart.any():
        return None
    found, alike = scan.directions @ left, scan.directions @ scan.directions.T
    with np.errstate(divide="ignore", invalid="ignore"):
        explained = (found[:, None] ** 2 + found**2 - 2 * alike * np.outer(found, found)) / (1 - alike**2)
    first, second = np.unravel_index(np.where(apart, explained, -np.inf).argmax(), apart.shape)
    return int(scan.starts[first]), int(scan.starts[second])
