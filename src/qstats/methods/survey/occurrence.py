"""Which codes occur, and where?

Millions of units carry codes of strata, clusters and domains, and pairs of them. Codes in a range not much
longer than the list are counted in one pass; only codes that are scattered widely are sorted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.int64]

# A table of so many cells for each code, and in all, is faster than sorting and fits in memory.
CELLS_PER_CODE, MOST_CELLS = 8, 2**25


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Codes that occur, k of them, in ascending order.

    Attributes
    ----------
    code : array of int, shape (k,)
    position : array of int, shape (n,)
        Place among the codes, 0…k−1, of each of the n given ones.
    count : array of int, shape (k,)
    """

    code: Codes
    position: Codes
    count: Codes


def occurring(codes: Codes) -> Occurrence:
    """Codes that occur among the given ones (whole numbers from 0), shape (n,)."""
    if codes.max(initial=0) >= min(CELLS_PER_CODE * max(len(codes), 1), MOST_CELLS):
        code, position, count = np.unique(codes, return_inverse=True, return_counts=True)
        return Occurrence(code, position, count)
    counts = np.bincount(codes)
    found = np.flatnonzero(counts)
    place = np.zeros(len(counts), np.int64)
    place[found] = np.arange(len(found))
    return Occurrence(found, place[codes], counts[found])


def codes_of(labels: ArrayLike) -> Codes:
    """Codes 0…k−1 of labels of any kind, in their order."""
    labels = np.asarray(labels)
    if labels.size and labels.dtype.kind in "iu" and int(labels.max()) - int(labels.min()) < 2**62:
        return occurring((labels - labels.min()).astype(np.int64)).position
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
