"""How are the batches of the next sample best shared out among strata?

The sum Σ N² S² / n over the strata is made as small as whole numbers allow: the variance of the estimated
total, up to a constant. For a fixed number of batches, one batch after another goes where it helps most,
which is exact because each further batch of a stratum helps less. For a fixed budget with unlike costs it is
a whole-number programme. No stratum gets more than it has.

References
----------
Neyman (1934), doi:10.2307/2342192; Wright (2012), doi:10.1080/00031305.2012.733679;
Wright (2017), doi:10.1016/j.spl.2017.04.026.
"""

import heapq

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import LinearConstraint, milp

Whole = NDArray[np.int64]


def allocate_total(
    total: int,
    population: ArrayLike,
    deviation: ArrayLike = 1.0,
    *,
    floor: ArrayLike = 1,
    cap: ArrayLike | None = None,
) -> Whole:
    """Batches per stratum that minimise the variance for a fixed total.

    Parameters
    ----------
    total : int
        Batches to share out.
    population : array_like of int
        Units N of each stratum, 0 or more.
    deviation : array_like
        Standard deviation S of a unit; equal ones (the default) give the proportional allocation.
    floor, cap : array_like of int
        Least and most batches of a stratum. The population always caps, the floor too.

    Returns
    -------
    array of int
        Sums up to ``total``; ``min(floor, N) <= n <= min(cap, N)``.

    Raises
    ------
    ValueError
        Negative numbers, or a total that floors or caps make impossible.
    """
    weight, low, high = _bounds(population, deviation, floor, cap)
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"total is {total}, but floors need {low.sum()} and caps allow {high.sum()} batches")
    n = low.copy()
    queue = [(-_gain(weight[h], n[h]), h) for h in range(len(n)) if n[h] < high[h]]
    heapq.heapify(queue)
    for _ in range(total - int(low.sum())):
        h = queue[0][1]
        n[h] += 1
        if n[h] < high[h]:
            heapq.heapreplace(queue, (-_gain(weight[h], n[h]), h))
        else:
            heapq.heappop(queue)
    return n


def allocate_budget(
    budget: float,
    population: ArrayLike,
    deviation: ArrayLike,
    cost: ArrayLike,
    *,
    floor: ArrayLike = 1,
    cap: ArrayLike | None = None,
) -> Whole:
    """Batches per stratum that minimise the variance for a fixed budget.

    Parameters
    ----------
    budget : float
        Money to spend at most.
    cost : array_like
        Cost of one batch of each stratum, above 0.
    population, deviation, floor, cap
        As for :func:`allocate_total`.

    Returns
    -------
    array of int

    Raises
    ------
    ValueError
        Negative numbers, or a budget that does not pay for the floors.
    """
    weight, low, high = _bounds(population, deviation, floor, cap)
    price = np.broadcast_to(np.asarray(cost, dtype=float), weight.shape)
    if not np.all((price > 0) & np.isfinite(price)):
        raise ValueError("costs must be above 0")
    rest = budget - float(price @ low)
    if rest < 0:
        raise ValueError(f"the budget is {budget:g}, but the floors alone cost {float(price @ low):g}")
    high = np.minimum(high, low + np.floor(rest / price + 1e-9).astype(np.int64))
    stratum = np.repeat(np.arange(len(low)), high - low)  # one 0-1 choice for each further batch
    if not len(stratum):
        return low
    before = np.concatenate([np.arange(a, b) for a, b in zip(low, high, strict=True)])
    gain = np.array([_gain(weight[h], k) for h, k in zip(stratum, before, strict=True)])
    gain = np.where(np.isinf(gain), 1e6 * gain[np.isfinite(gain)].sum() + 1, gain)
    chosen = _choose(gain, price[stratum], rest * (1 + 1e-12))
    return low + np.bincount(stratum[chosen], minlength=len(low))


def _choose(gain: NDArray[np.float64], price: NDArray[np.float64], budget: float) -> NDArray[np.bool_]:
    """Choices with the largest gain in all that the budget pays for.

    With fractions allowed, choices are taken by gain per price until the money ends. Whatever would lose more
    against that bound than the best whole solution by hand does is settled; the few choices left are a
    whole-number programme.
    """
    if price.sum() <= budget:
        return np.ones(len(gain), dtype=bool)
    order = np.argsort(-gain / price, kind="stable")
    by_hand, first = _fill(order, price, budget)
    before = order[:first]
    rate = gain[order[first]] / price[order[first]]
    bound = gain[before].sum() + rate * (budget - price[before].sum())
    slack = bound - gain[by_hand].sum() + 1e-12 * bound
    surplus = gain - rate * price
    chosen, open_ = surplus > slack, np.flatnonzero(np.abs(surplus) <= slack)
    chosen[open_] = _solve(gain[open_], price[open_], budget - price[chosen].sum())
    return chosen


def _fill(
    order: NDArray[np.int64], price: NDArray[np.float64], budget: float
) -> tuple[NDArray[np.bool_], int]:
    """Choices in order while they can be paid, then whatever still fits; place of the first that did not."""
    spent = np.cumsum(price[order])
    first = int(np.argmax(spent > budget))
    taken, left = np.zeros(len(order), dtype=bool), budget - (spent[first] - price[order[first]])
    taken[order[:first]] = True
    for choice in order[first:]:
        if price[choice] <= left:
            taken[choice], left = True, left - price[choice]
    return taken, first


def _solve(gain: NDArray[np.float64], price: NDArray[np.float64], budget: float) -> NDArray[np.bool_]:
    solved = milp(
        -gain / max(gain.max(), 1e-300),
        integrality=np.ones(len(gain)),
        bounds=(0, 1),
        constraints=LinearConstraint(price[None, :], ub=budget),
        options={"mip_rel_gap": 0.0},
    )
    if solved.x is None:
        raise ValueError(f"no allocation was found: {solved.message}")
    return solved.x > 0.5


def allocation_variance(allocation: ArrayLike, population: ArrayLike, deviation: ArrayLike) -> float:
    """Variance of the estimated mean over all strata, finite populations corrected for.

    Infinite where a stratum that varies gets no batch.
    """
    n, size, spread = (np.asarray(x, dtype=float) for x in (allocation, population, deviation))
    spread = np.broadcast_to(spread, n.shape)
    matters = (size > 0) & (spread > 0)
    n, size, spread = n[matters], size[matters], spread[matters]
    if np.any(n == 0):
        return float("inf")
    share = size / np.asarray(population, dtype=float).sum()
    return float(np.sum(share**2 * spread**2 * (1 / n - 1 / size)))


def _bounds(
    population: ArrayLike, deviation: ArrayLike, floor: ArrayLike, cap: ArrayLike | None
) -> tuple[NDArray[np.float64], Whole, Whole]:
    """Weight N·S of each stratum, fewest and most batches."""
    size = np.atleast_1d(np.asarray(population, dtype=float))
    spread = np.broadcast_to(np.asarray(deviation, dtype=float), size.shape)
    least = np.broadcast_to(np.asarray(floor, dtype=float), size.shape)
    most = size if cap is None else np.minimum(size, np.asarray(cap, dtype=float))
    for name, values in {"population": size, "floor": least, "cap": most}.items():
        if not np.all((values >= 0) & (values == np.rint(values))):
            raise ValueError(f"{name} must be whole numbers, 0 or more")
    if not np.all((spread >= 0) & np.isfinite(spread)):
        raise ValueError("deviation must be 0 or more")
    low = np.minimum(least, size)
    if np.any(low > most):
        raise ValueError("a floor lies above its cap")
    return size * spread, low.astype(np.int64), most.astype(np.int64)


def _gain(weight: float, n: int) -> float:
    """What one more batch than ``n`` takes off the variance."""
    if n == 0:
        return float("inf") if weight > 0 else 0.0
    return float(weight) ** 2 / (n * (n + 1))
