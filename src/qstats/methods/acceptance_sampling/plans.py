"""With what probability does a sampling plan accept, and how much is inspected?

Single, double and multiple plans by attributes. After each sample the lot is accepted (at most so many
nonconforming so far), rejected (at least so many), or the next sample is drawn. No sample is cut short.

References
----------
Duncan (1986), Quality Control and Industrial Statistics, 5th ed., chapters 7-8;
Schilling & Neubauer (2017), doi:10.1201/9781315120744.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qstats.methods.acceptance_sampling.laws import Law, checked_fraction


@dataclass(frozen=True, slots=True)
class AttributesPlan:
    """A plan of one or more samples, judged by the nonconforming items found so far.

    Attributes
    ----------
    sizes : tuple of int
        Size of each sample (not of all so far).
    acceptance, rejection : tuple of int
        Of each stage, for the count over all samples so far: accept at or below, reject at or above.
        -1 accepts nowhere at that stage. The last rejection number is the last acceptance number plus 1.

    Raises
    ------
    ValueError
        Lengths that differ, or numbers that leave a count undecided or decided twice.
    """

    sizes: tuple[int, ...]
    acceptance: tuple[int, ...]
    rejection: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.sizes or not len(self.sizes) == len(self.acceptance) == len(self.rejection):
            raise ValueError("a plan needs as many acceptance and rejection numbers as samples, at least one")
        if min(self.sizes) < 1:
            raise ValueError("a sample holds at least one item")
        if min(self.acceptance) < -1 or any(
            a >= r for a, r in zip(self.acceptance, self.rejection, strict=True)
        ):
            raise ValueError("acceptance numbers are -1 or more and lie below their rejection numbers")
        if min(self.rejection) < 1:
            raise ValueError("a rejection number is at least 1: no plan rejects a lot without a finding")
        if self.rejection[-1] != self.acceptance[-1] + 1:
            raise ValueError("the last rejection number is the last acceptance number plus 1")
        if list(self.acceptance) != sorted(self.acceptance):
            raise ValueError("acceptance numbers do not fall from one stage to the next")

    @classmethod
    def single(cls, n: int, c: int) -> "AttributesPlan":
        """One sample of ``n``, accepted with at most ``c`` nonconforming."""
        return cls((n,), (c,), (c + 1,))

    @classmethod
    def double(cls, n: tuple[int, int], acceptance: tuple[int, int], rejection: int) -> "AttributesPlan":
        """Two samples; ``rejection`` is the number that ends the first one against the lot."""
        return cls(n, acceptance, (rejection, acceptance[1] + 1))

    @property
    def largest(self) -> int:
        """Items inspected if every sample is drawn."""
        return sum(self.sizes)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What a plan does at each fraction nonconforming.

    Attributes
    ----------
    p : array
        Fraction nonconforming (``poisson``: nonconformities per item).
    accepted : array
        Probability of acceptance, 0-1: the operating characteristic (OC, 抽检特性).
    average_sample : array
        Items inspected on average, rejected lots not screened (ASN).
    accepted_at : array, stages x shape of p
        Probability of acceptance at each stage.
    """

    p: NDArray[np.float64]
    accepted: NDArray[np.float64]
    average_sample: NDArray[np.float64]
    accepted_at: NDArray[np.float64]


def characterise(plan: AttributesPlan, p: ArrayLike, law: Law | None = None) -> Characteristic:
    """Probability of acceptance (OC) and average sample number of a plan.

    Parameters
    ----------
    plan : AttributesPlan
    p : array_like
        Fraction nonconforming, 0-1; nonconformities per item, 0 or more, with the Poisson law.
    law : Law
        Binomial unless given.

    Returns
    -------
    Characteristic

    Raises
    ------
    ValueError
        ``p`` out of range, no whole number of items in the lot, or a plan larger than the lot.
    """
    law = law or Law()
    p = checked_fraction(p, law.name)
    if law.lot_size is not None and plan.largest > law.lot_size:
        raise ValueError(f"the plan inspects {plan.largest} items of a lot of {law.lot_size}")
    undecided = {0: np.ones_like(p)}  # nonconforming found so far -> probability of still being undecided
    accepted_at, average, drawn = [], np.zeros_like(p), 0
    for size, accept, reject in zip(plan.sizes, plan.acceptance, plan.rejection, strict=True):
        average = average + size * _total(undecided, p)
        accepted_at.append(
            _total(
                {
                    found: chance * law.cdf(accept - found, size, p, drawn=drawn, found=found)
                    for found, chance in undecided.items()
                },
                p,
            )
        )
        undecided = _carry_on(undecided, law, p, size, drawn, range(accept + 1, reject))
        drawn += size
    stages = np.stack(accepted_at)
    return Characteristic(p, stages.sum(axis=0), average, stages)


def _carry_on(
    undecided: dict[int, NDArray[np.float64]],
    law: Law,
    p: NDArray[np.float64],
    size: int,
    drawn: int,
    counts: range,
) -> dict[int, NDArray[np.float64]]:
    """Probability of each count that calls for another sample."""
    return {
        count: _total(
            {
                found: chance * law.pmf(count - found, size, p, drawn=drawn, found=found)
                for found, chance in undecided.items()
                if found <= count
            },
            p,
        )
        for count in counts
    }


def _total(chances: dict[int, NDArray[np.float64]], p: NDArray[np.float64]) -> NDArray[np.float64]:
    return sum(chances.values(), np.zeros_like(p))
