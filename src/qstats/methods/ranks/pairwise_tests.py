"""Is one pass rate better than another? Tests of all pairs of units at once.

Two kinds: for rates of clustered designs the MOVER difference of Korn-Graubard limits at the level asked
for, which works at 98–100 % and with real-valued effective counts; for independent batches, few of them,
exact tests of the counts.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import boschloo_exact, hypergeom

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.methods.ranks.rank_sets import RankSets
from qstats.methods.ranks.step_down import Decision, decided_rank_sets

_Floats = NDArray[np.float64]


def rate_rank_sets(
    estimates: ArrayLike,
    effective_n: ArrayLike,
    *,
    confidence: float = 0.95,
    simultaneous: bool = True,
    step_down: bool = True,
) -> RankSets:
    """Rank confidence sets of pass rates from clustered samples, best first.

    Parameters
    ----------
    estimates : array_like of float, shape (m,)
        Rates 0–1 of units sampled independently.
    effective_n : array_like of float, shape (m,)
        Effective sample sizes, above 0.
    confidence, simultaneous, step_down
        As for :func:`qstats.methods.ranks.step_down.decided_rank_sets`.

    Returns
    -------
    RankSets

    Raises
    ------
    ValueError
        A rate outside 0–1 or an effective size that is not positive.
    """
    decide = mover_decision(estimates, effective_n)
    return decided_rank_sets(
        decide, np.size(estimates), confidence=confidence, simultaneous=simultaneous, step_down=step_down
    )


def mover_decision(estimates: ArrayLike, effective_n: ArrayLike) -> Decision:
    """Test of every pair of rates: better where the MOVER limits of the difference at the level exclude 0.

    Parameters
    ----------
    estimates, effective_n : array_like of float, shape (m,)

    Returns
    -------
    callable
        Level of a one-sided test → bool matrix, ``[j, k]``: k clearly better than j.

    Raises
    ------
    ValueError
        A rate outside 0–1 or an effective size that is not positive.
    """
    p, n = np.asarray(estimates, dtype=float), np.asarray(effective_n, dtype=float)
    if p.ndim != 1 or p.shape != n.shape or not np.all((p >= 0) & (p <= 1) & (n > 0)):
        raise ValueError("each unit needs a rate between 0 and 1 and a positive effective size")

    def decide(level: float) -> NDArray[np.bool_]:
        low, high = korn_graubard_interval(p, n, confidence=1 - 2 * level)
        _, lower, _ = mover_difference(
            (p[None, :], p[:, None]), (low[None, :], low[:, None]), (high[None, :], high[:, None])
        )
        return lower > 0

    return decide


def exact_p_values(passes: ArrayLike, n: ArrayLike, *, test: str = "boschloo") -> _Floats:
    """One-sided p-values of all pairs of independent binomial counts.

    Parameters
    ----------
    passes, n : array_like of int, shape (m,)
        ``0 <= passes <= n``, ``n`` at least 1; batches independent of each other.
    test : {"boschloo", "fisher"}
        Boschloo's unconditional test is uniformly more powerful and takes tens of milliseconds a pair;
        Fisher's is conditional on the failures of both and takes none.

    Returns
    -------
    array of float, shape (m, m)
        ``[j, k]``: p-value against "k is not better than j"; 1 where k's rate is not above j's.

    Raises
    ------
    ValueError
        Counts that are none, an unknown test.

    References
    ----------
    Boschloo (1970), doi:10.1111/j.1467-9574.1970.tb00104.x.
    """
    counts, sizes = np.asarray(passes), np.asarray(n)
    if counts.ndim != 1 or counts.shape != sizes.shape:
        raise ValueError("each unit needs its passes and its batches")
    if np.any((counts < 0) | (counts > sizes) | (sizes < 1) | (counts % 1 != 0) | (sizes % 1 != 0)):
        raise ValueError("exact tests need whole counts with 0 <= passes <= n and n >= 1")
    if test not in _TESTS:
        raise ValueError(f"no test {test!r}; known: {', '.join(_TESTS)}")
    p = _TESTS[test](counts.astype(int), sizes.astype(int))
    rates = counts / sizes
    return np.where(rates[None, :] > rates[:, None], np.clip(p, 0.0, 1.0), 1.0)


def _fisher(passes: NDArray[np.int64], n: NDArray[np.int64]) -> _Floats:
    """Chance of so few passes in unit j, given those of both."""
    together, passed = n[:, None] + n[None, :], passes[:, None] + passes[None, :]
    return hypergeom.cdf(passes[:, None], together, passed, n[:, None])


def _boschloo(passes: NDArray[np.int64], n: NDArray[np.int64]) -> _Floats:
    failures, rates = n - passes, passes / n
    p = np.ones((len(n), len(n)))
    for j, k in np.argwhere(rates[None, :] > rates[:, None]):
        table = [[passes[j], passes[k]], [failures[j], failures[k]]]
        p[j, k] = boschloo_exact(table, alternative="less").pvalue
    return p


_TESTS = {"boschloo": _boschloo, "fisher": _fisher}
