"""Which points set the limits of a control chart, and where does a chart start anew?

The baseline is a mask of points; everything after it is judged against frozen limits. A rebase starts a
new phase with limits of its own and is accepted only with the recorded reason for it: limits that are moved
until nothing is flagged show nothing. A gap (no observation) sets no limit and takes part in no run and no
moving range.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Signs = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Rebase:
    """Start of a new phase.

    Attributes
    ----------
    start : int
        Position (from 0) of the first point of the new phase; 0 is no rebase.
    reason : str
        What changed in the process; without it the rebase is refused.
    """

    start: int
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"the rebase at point {self.start} has no reason: record what changed")
        if self.start < 1:
            raise ValueError(f"a rebase starts at point 1 or later, not at {self.start}")


@dataclass(frozen=True, slots=True)
class Phases:
    """Phase of each point, and which points set the limits of their phase.

    Attributes
    ----------
    number : array of int
        0 for the first phase.
    sets_limits : array of bool
    """

    number: NDArray[np.intp]
    sets_limits: Mask

    def masks(self) -> list[Mask]:
        """Points of each phase."""
        return [self.number == phase for phase in range(int(self.number.max(initial=0)) + 1)]

    def spread(self, measure: Callable[[Mask], float]) -> Floats:
        """One value for each phase, measured on the points that set its limits, given to all its points."""
        values = np.full(len(self.number), np.nan)
        for points in self.masks():
            values[points] = measure(points & self.sets_limits)
        return values


def lay_out_phases(known: Mask, baseline: ArrayLike | None = None, rebases: Sequence[Rebase] = ()) -> Phases:
    """Phases of a series.

    Parameters
    ----------
    known : array of bool
        False for a gap.
    baseline : array_like of bool, optional
        Points that set the limits (within their phase); all known points otherwise.
    rebases : sequence of Rebase

    Raises
    ------
    ValueError
        A mask of another length, a rebase outside the series or two at one point, or a phase in which no
        point sets the limits.
    """
    chosen = np.ones(len(known), dtype=bool) if baseline is None else np.asarray(baseline, dtype=bool)
    if chosen.shape != known.shape:
        raise ValueError(f"the baseline has {chosen.size} points, the series {known.size}")
    starts = [rebase.start for rebase in rebases]
    if len(set(starts)) < len(starts) or any(start >= len(known) for start in starts):
        raise ValueError(f"rebases at {starts} do not each start a phase within {len(known)} points")
    number = np.searchsorted(np.sort(starts), np.arange(len(known)), side="right")
    phases = Phases(number, chosen & known)
    empty = [phase for phase, points in enumerate(phases.masks()) if not phases.sets_limits[points].any()]
    if empty:
        raise ValueError(f"no known point sets the limits of phase {empty[0]}")
    return phases


def neighbours(phases: Phases, known: Mask) -> Mask:
    """Pairs of points side by side (first to second, second to third, …) with no gap or rebase between."""
    return known[1:] & known[:-1] & (phases.number[1:] == phases.number[:-1])
