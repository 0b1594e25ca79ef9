"""How would the sample have come out another time? Resamples by design, and intervals from them.

Rao and Wu's rescaled bootstrap: in each stratum one cluster fewer than sampled is drawn with replacement,
and the weights are scaled up for the one that is missing. Without clusters each respondent is one.
Weights that were calibrated to known totals are calibrated again in each resample, else the interval
would leave out what calibration gains.

Few clusters say little of how clusters differ. Percentile limits are therefore taken further out, by as much
as Student limits lie beyond normal ones (the expanded percentile interval).

References
----------
Rao, J., Wu, C. (1988). Resampling inference with complex survey data. doi:10.1080/01621459.1988.10478591
Hesterberg, T. (2015). What teachers should know about the bootstrap. doi:10.1080/00031305.2015.1089789
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtrit

from qstats.methods.path_models.moments import Floats

MOST_FAILED = 0.05
"""With more resamples than this that have no solution, the others are no fair sample of samples."""


def resampled_weights(
    weight: ArrayLike,
    stratum: ArrayLike,
    cluster: ArrayLike,
    *,
    replicates: int,
    seed: int | Sequence[int],
    recalibrate: Callable[[Floats], Floats] | None = None,
) -> Floats:
    """Weights (replicates, n) of the resamples of a stratified sample of clusters.

    Parameters
    ----------
    weight, stratum, cluster : array_like, shape (n,)
        Clusters are told apart within strata; any labels.
    replicates : int
    seed : int or sequence of int
        Samples that are to be independent need seeds of their own: equal designs draw alike from equal ones.
    recalibrate : callable, optional
        Weights (n,) → calibrated weights (n,).

    Raises
    ------
    ValueError
        A stratum with one cluster: merge it with one that is alike.
    """
    w = np.asarray(weight, dtype=float)
    strata, of_row = np.unique(np.asarray(stratum).astype(str), return_inverse=True)
    labels = np.asarray(cluster).astype(str)
    _, unit = np.unique(np.stack([of_row.astype(str), labels]), axis=1, return_inverse=True)
    unit = unit.ravel()
    of_unit = np.zeros(unit.max() + 1, dtype=int)
    of_unit[unit] = of_row
    counts = _draw_clusters(of_unit, strata, replicates, np.random.default_rng(seed))
    resampled = counts[:, unit] * w
    return resampled if recalibrate is None else np.stack([recalibrate(one) for one in resampled])


def _draw_clusters(
    of_unit: NDArray[np.int64], strata: NDArray[np.str_], replicates: int, generator: np.random.Generator
) -> Floats:
    """Rescaled multiplicity (replicates, clusters) of each cluster."""
    factors = np.empty((replicates, len(of_unit)))
    for at, name in enumerate(strata):
        units = np.flatnonzero(of_unit == at)
        if len(units) < 2:
            raise ValueError(f"stratum {str(name)!r} has one cluster: merge it with one that is alike")
        drawn = generator.multinomial(len(units) - 1, np.full(len(units), 1 / len(units)), size=replicates)
        factors[:, units] = drawn * (len(units) / (len(units) - 1))
    return factors


def too_many_failed(converged: NDArray[np.bool_]) -> bool:
    """Whether so many resamples have no solution that the others say nothing of the error."""
    return bool(1 - converged.mean() > MOST_FAILED)


def percentile_interval(
    draws: Floats, converged: NDArray[np.bool_], confidence: float, df: float = np.inf
) -> tuple[Floats, Floats, Floats]:
    """Standard errors and limits of the draws (B, …) along their first axis, failed ones left out.

    Parameters
    ----------
    draws : ndarray, shape (B, …)
    converged : ndarray of bool, shape (B,)
    confidence : float
    df : float
        Degrees of freedom of the design, clusters less strata; above 0.

    Raises
    ------
    ValueError
        More than one in twenty resamples has no solution.
    """
    if too_many_failed(converged):
        failed = 1 - converged.mean()
        raise ValueError(
            f"{failed:.0%} of the resamples have no solution: the sample is too small for this model"
        )
    kept = draws[converged]
    tail = ndtr(stdtrit(df, (1 - confidence) / 2)) if np.isfinite(df) else (1 - confidence) / 2
    lower, upper = np.quantile(kept, [tail, 1 - tail], axis=0)
    return kept.std(axis=0, ddof=1), lower, upper
