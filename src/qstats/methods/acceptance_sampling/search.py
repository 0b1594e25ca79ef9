"""Which single plan protects producer and consumer?

The smallest plan that accepts good lots (fraction ``aql``) with probability at least 1 - α and bad ones
(fraction ``limiting_quality``) with probability at most β. For each acceptance number c the sample is the
smallest one that keeps the consumer's risk; c grows until the producer's risk is kept too.

References
----------
Guenther (1969), doi:10.1080/00224065.1969.11980358; Kiermeier (2008), doi:10.18637/jss.v026.i06.
"""

import math

from qstats.methods.acceptance_sampling.laws import Law
from qstats.methods.acceptance_sampling.plans import AttributesPlan

_LARGEST = 1_000_000  # items; beyond it the two points cannot be told apart by sampling in practice


def find_single_plan(
    aql: float,
    limiting_quality: float,
    *,
    producer_risk: float = 0.05,
    consumer_risk: float = 0.10,
    law: Law | None = None,
) -> AttributesPlan:
    """The smallest single plan that keeps both risks.

    Parameters
    ----------
    aql, limiting_quality : float
        Fractions nonconforming that are to be accepted and not to be accepted, ``aql < limiting_quality``.
        In a lot they are rounded to whole items to the safe side: down for the producer's, up for the
        consumer's point.
    producer_risk, consumer_risk : float
        α and β, 0-1.
    law : Law
        Binomial unless given.

    Returns
    -------
    AttributesPlan

    Raises
    ------
    ValueError
        Points or risks out of order, or points so close that more than 1,000,000 items were needed.
    """
    law = law or Law()
    check_risk_points(aql, limiting_quality, producer_risk, consumer_risk)
    good, bad = _in_whole_items(aql, limiting_quality, law)
    largest = law.lot_size or _LARGEST
    c, n = 0, 1
    while n <= largest:
        n = _smallest_sample(c, bad, consumer_risk, law, start=max(n, c + 1), largest=largest)
        if n <= largest and float(law.cdf(c, n, good)) >= 1 - producer_risk:
            return AttributesPlan.single(n, c)
        c += 1
    raise ValueError(f"no plan of up to {largest} items tells {aql:g} from {limiting_quality:g}")


def check_risk_points(
    aql: float, limiting_quality: float, producer_risk: float, consumer_risk: float
) -> None:
    """Raise ValueError unless points and risks are in order."""
    if not 0 <= aql < limiting_quality <= 1:
        raise ValueError("wanted: 0 <= aql < limiting_quality <= 1")
    if not (0 < producer_risk < 1 and 0 < consumer_risk < 1 - producer_risk):
        raise ValueError("risks lie between 0 and 1, and together below 1")


def _in_whole_items(aql: float, limiting_quality: float, law: Law) -> tuple[float, float]:
    if law.lot_size is None:
        return aql, limiting_quality
    size, slack = law.lot_size, 1e-9  # 0.29 * 100 is 28.999999999999996
    return math.floor(aql * size + slack) / size, math.ceil(limiting_quality * size - slack) / size


def _smallest_sample(c: int, bad: float, risk: float, law: Law, *, start: int, largest: int) -> int:
    """Smallest n that accepts ``bad`` with at most ``risk``; one more than the largest if there is none."""

    def keeps(n: int) -> bool:
        return float(law.cdf(c, n, bad)) <= risk

    low, step = start - 1, 1
    while low + step <= largest and not keeps(low + step):
        low, step = low + step, 2 * step
    high = min(low + step, largest + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high
