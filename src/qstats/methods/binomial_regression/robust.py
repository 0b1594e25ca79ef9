"""How sure are coefficients if the law of the counts is not believed?

Sandwich covariances: the inverse information on both sides of what the scores show. HC0 takes them as they
are, HC3 as each row would be predicted without itself, clusters sum them, Newey-West lets neighbours in
time go together (Bartlett weights, no prewhitening). On short series Newey-West limits are too narrow: they
are a check, not the answer.

Source: White (1980), doi:10.2307/1912934; MacKinnon & White (1985), doi:10.1016/0304-4076(85)90158-7; Liang
& Zeger (1986), doi:10.1093/biomet/73.1.13; Newey & West (1987), doi:10.2307/1913610; as in R's sandwich
(Zeileis 2006, doi:10.18637/jss.v016.i09).
"""

import numpy as np
from numpy.typing import ArrayLike

from qstats.methods.binomial_regression.diagnostics import diagnose_fit
from qstats.methods.binomial_regression.families import Floats
from qstats.methods.binomial_regression.fit import RateFit

KINDS = ("hc0", "hc3", "cluster", "newey_west")


def robust_covariance(
    fit: RateFit, *, kind: str = "hc3", clusters: ArrayLike | None = None, lag: int | None = None,
    adjust: bool = True,
) -> Floats:  # fmt: skip
    """Sandwich covariance of the coefficients.

    Parameters
    ----------
    fit : RateFit
    kind : {"hc0", "hc3", "cluster", "newey_west"}
    clusters : array_like, shape (n,)
        Of each row, for "cluster".
    lag : int
        Largest lag of "newey_west", in rows that follow each other in time; ``⌊4 (n / 100)^(2/9)⌋`` unless
        told.
    adjust : bool
        Whether the covariance of g clusters is multiplied by ``g / (g − 1)``.

    Raises
    ------
    ValueError
        An unknown kind, clusters not given or fewer than two, a negative lag.
    """
    rows = fit.size > 0
    scores = fit.design[rows] * (fit.count - fit.size * fit.fitted)[rows, None]
    if kind == "hc3":
        scores = scores / (1 - diagnose_fit(fit).hat[rows, None])
    if kind in ("hc0", "hc3"):
        meat = scores.T @ scores
    elif kind == "cluster":
        meat = cluster_meat(scores, None if clusters is None else np.asarray(clusters)[rows], adjust)
    elif kind == "newey_west":
        meat = newey_west_meat(scores, lag)
    else:
        raise ValueError(f"kind {kind!r} is none of {', '.join(KINDS)}")
    return np.asarray(fit.inverse_information @ meat @ fit.inverse_information)


def cluster_meat(scores: Floats, clusters: ArrayLike | None, adjust: bool = True) -> Floats:
    """Squared sums of scores by cluster, times ``g / (g − 1)`` where adjusted.

    Raises
    ------
    ValueError
        No clusters, or fewer than two.
    """
    if clusters is None:
        raise ValueError("clusters must be given")
    labels, place = np.unique(np.asarray(clusters), return_inverse=True)
    if len(labels) < 2:
        raise ValueError("one cluster says nothing of how clusters differ")
    sums = np.zeros((len(labels), scores.shape[1]))
    np.add.at(sums, place, scores)
    return np.asarray(sums.T @ sums * (len(labels) / (len(labels) - 1) if adjust else 1.0))


def newey_west_meat(scores: Floats, lag: int | None) -> Floats:
    """Squared scores and products with their neighbours up to a lag, Bartlett weights.

    Raises
    ------
    ValueError
        A negative lag.
    """
    reach = int(4 * (len(scores) / 100) ** (2 / 9)) if lag is None else lag
    if reach < 0:
        raise ValueError("a lag is not negative")
    meat = scores.T @ scores
    for step in range(1, min(reach, len(scores) - 1) + 1):
        product = scores[step:].T @ scores[:-step]
        meat = meat + (1 - step / (reach + 1)) * (product + product.T)
    return np.asarray(meat)
