"""How many enterprises would fail repeatedly by chance alone?

If every batch failed with the same probability, whoever made it, an enterprise sampled n times would fail at
least twice with a binomial probability; the number of such enterprises is a sum of independent yes-or-no
variables (Poisson-binomial). More repeaters than that mean that failures cling to enterprises.

Hong (2013), doi:10.1016/j.csda.2012.10.006.
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom


@dataclass(frozen=True, slots=True)
class RepeatsByChance:
    """Number of enterprises that fail repeatedly, if all batches were alike.

    Attributes
    ----------
    expected : float
    lower, upper : int
        Range that holds the number with at least the probability asked for, equal tails.
    p_value : float
        Probability of at least as many as were observed.
    """

    expected: float
    lower: int
    upper: int
    p_value: float


def repeats_by_chance(
    batches: ArrayLike, failure_rate: float, observed: int, *, at_least: int = 2, confidence: float = 0.95
) -> RepeatsByChance:
    """Enterprises expected to fail at least so often, with what chance makes of their number.

    Parameters
    ----------
    batches : array_like of int, shape (enterprises,)
        Batches with a result of each enterprise.
    failure_rate : float
        Of all batches, 0–1.
    observed : int
        Enterprises that failed at least so often.
    at_least : int
        From how many failures on an enterprise counts.
    confidence : float
        Of the range, 0–1.

    Raises
    ------
    ValueError
        Negative numbers of batches, a rate outside 0–1, more repeaters than enterprises.
    """
    sizes = np.asarray(batches, dtype=np.int64)
    if np.any(sizes < 0) or not 0 <= failure_rate <= 1:
        raise ValueError("numbers of batches must not be negative and the failure rate lies within 0–1")
    if not 0 <= observed <= len(sizes):
        raise ValueError(f"{observed} of {len(sizes)} enterprises cannot have failed repeatedly")
    number = _distribution(sizes, failure_rate, at_least)
    below = np.cumsum(number)
    tail = (1 - confidence) / 2
    return RepeatsByChance(
        expected=float(np.arange(len(number)) @ number),
        lower=int(np.searchsorted(below, tail)),
        upper=min(int(np.searchsorted(below, 1 - tail)), len(number) - 1),
        p_value=float(min(1.0, number[observed:].sum())),
    )


def _distribution(sizes: NDArray[np.int64], failure_rate: float, at_least: int) -> NDArray[np.float64]:
    """Probability of 0, 1, 2 … repeaters; enterprises of one size are binomial together."""
    every, enterprises = np.unique(sizes, return_counts=True)
    chance = binom.sf(at_least - 1, every, failure_rate)
    parts = (
        binom.pmf(np.arange(count + 1), count, one) for count, one in zip(enterprises, chance, strict=True)
    )
    number: NDArray[np.float64] = reduce(np.convolve, parts, np.ones(1))
    return number
