"""What quality leaves an inspection that screens the lots it rejects?

Rejected lots are inspected item by item and what is nonconforming is replaced, in the sample too. Then
the outgoing quality is worst at some middling incoming quality: the average outgoing quality limit (AOQL).

References
----------
Dodge & Romig (1929), doi:10.1002/j.1538-7305.1929.tb01240.x.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from qstats.methods.acceptance_sampling.laws import Law
from qstats.methods.acceptance_sampling.plans import AttributesPlan, characterise


def outgoing_quality(
    plan: AttributesPlan, p: ArrayLike, *, lot_size: int | None = None, law: Law | None = None
) -> NDArray[np.float64]:
    """Average outgoing quality (AOQ) at each incoming fraction nonconforming.

    Parameters
    ----------
    plan : AttributesPlan
    p : array_like
        Incoming fraction nonconforming, 0-1.
    lot_size : int, optional
        Items in the lot; without it the sample counts as a negligible part of the lot. A law with a lot
        size brings its own.
    law : Law
        Binomial unless given.

    Returns
    -------
    array of float
        Outgoing fraction nonconforming.
    """
    lot_size = _checked_lot(plan, lot_size, law)
    curve = characterise(plan, p, law)
    drawn = np.cumsum(plan.sizes)
    uninspected = np.ones(len(drawn)) if lot_size is None else 1 - drawn / lot_size
    return curve.p * np.tensordot(uninspected, curve.accepted_at, axes=1)


def total_inspection(
    plan: AttributesPlan, p: ArrayLike, *, lot_size: int, law: Law | None = None
) -> NDArray[np.float64]:
    """Average total inspection (ATI): items inspected per lot, screening of rejected lots included."""
    _checked_lot(plan, lot_size, law)
    curve = characterise(plan, p, law)
    accepted = np.tensordot(np.cumsum(plan.sizes), curve.accepted_at, axes=1)
    return accepted + lot_size * (1 - curve.accepted)


def outgoing_quality_limit(
    plan: AttributesPlan, *, lot_size: int | None = None, law: Law | None = None
) -> tuple[float, float]:
    """The worst average outgoing quality (AOQL) and the incoming fraction at which it occurs.

    Returns
    -------
    limit, at : float
        Fractions 0-1. With the hypergeometric law ``at`` is a whole number of items of the lot.
    """
    lot_size = _checked_lot(plan, lot_size, law)

    def quality(p: ArrayLike) -> NDArray[np.float64]:
        return outgoing_quality(plan, p, lot_size=lot_size, law=law)

    if law is not None and law.name == "hypergeometric":
        grid = np.arange(lot_size + 1) / lot_size if lot_size else np.empty(0)
        best = int(np.argmax(values := quality(grid)))
        return float(values[best]), float(grid[best])
    # p·Pa has its peak near c/n: a grid in the square root of p is fine enough there for any plan
    grid = np.linspace(0, 1, 2001) ** 2
    best = int(np.argmax(values := quality(grid)))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    found = minimize_scalar(
        lambda p: -float(quality(p)), bounds=around, method="bounded", options={"xatol": 1e-12}
    )
    # the search stays inside its bounds: a plan that accepts all is worst at the very end
    at = max(float(found.x), float(grid[best]), key=lambda p: float(quality(p)))
    return float(quality(at)), at


def _checked_lot(plan: AttributesPlan, lot_size: int | None, law: Law | None) -> int | None:
    own = law.lot_size if law is not None else None
    if own is not None and lot_size not in (None, own):
        raise ValueError(f"lot_size {lot_size} contradicts that of the law, {own}")
    lot_size = own or lot_size
    if lot_size is not None and plan.largest > lot_size:
        raise ValueError(f"the plan inspects {plan.largest} items of a lot of {lot_size}")
    return lot_size
