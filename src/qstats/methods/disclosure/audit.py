"""What could a reader still work out about a suppressed cell?

For each suppressed cell two linear programs give the smallest and the largest value that agrees with every
published cell and every relation. Where the two meet, the cell was not hidden at all. Counts are whole
numbers, which a reader knows too: where the linear bound is not reached by whole numbers, an integer program
gives it.

Willenborg & de Waal (2001), doi:10.1007/978-1-4613-0121-9.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from qstats.methods.disclosure.relations import AdditiveTable

EXACT = 1e-6
"""Bounds closer than this share of the largest published value count as equal."""

_VARIABLES_AT_ONCE = 20_000
_FAR = 1e3  # multiple of all published values that stands for no bound at all
_UNBOUNDED = 0.03  # share of it from which a found maximum means that nothing published bounds the cell


@dataclass(frozen=True, slots=True, eq=False)
class SuppressionAudit:
    """What a reader can find out.

    Attributes
    ----------
    lower, upper : array of float, shape (cells,)
        Feasible interval of each cell (its value twice where it is published).
    recovered : tuple of names
        Suppressed cells that can be computed exactly.
    too_narrow : tuple of names
        Suppressed cells whose interval is narrower than their protection, those recovered included.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    recovered: tuple[Hashable, ...]
    too_narrow: tuple[Hashable, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing suppressed is recovered or known too narrowly."""
        return not self.recovered and not self.too_narrow


def audit_suppression(
    table: AdditiveTable, suppressed: ArrayLike, protection: ArrayLike = 0.0
) -> SuppressionAudit:
    """Feasible interval of every cell, and which suppressed cells are recovered or known too narrowly.

    Parameters
    ----------
    table : AdditiveTable
    suppressed : array_like of bool, shape (cells,)
    protection : array_like of float, shape (cells,) or scalar
        Width that the interval of a suppressed cell must have at least.

    Raises
    ------
    ValueError
        The published cells contradict the relations.
    """
    hidden = np.asarray(suppressed, dtype=bool)
    lower, upper = feasible_intervals(table, hidden)
    width, slack = upper - lower, EXACT * _scale(table, hidden)
    recovered = hidden & (width <= slack)
    narrow = hidden & (width < np.broadcast_to(protection, hidden.shape) - slack)
    return SuppressionAudit(lower, upper, _named(table, recovered), _named(table, narrow | recovered))


def _named(table: AdditiveTable, which: NDArray[np.bool_]) -> tuple[Hashable, ...]:
    return tuple(table.names[at] for at in np.flatnonzero(which))


def feasible_intervals(
    table: AdditiveTable, suppressed: ArrayLike, *, of: ArrayLike | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and largest value of each cell that agrees with everything published.

    The values of suppressed cells are not used. An upper bound that nothing published sets is infinite.

    Parameters
    ----------
    table : AdditiveTable
    suppressed : array_like of bool, shape (cells,)
    of : array_like of bool, shape (cells,), optional
        Suppressed cells to bound, by default all of them; the others keep their value twice.

    Returns
    -------
    lower, upper : array of float, shape (cells,)
    """
    hidden = np.asarray(suppressed, dtype=bool)
    wanted = np.flatnonzero(hidden if of is None else hidden & np.asarray(of, dtype=bool))
    lower, upper = table.values.copy(), table.values.copy()
    if len(wanted):
        lower[wanted], upper[wanted] = _bound(table, np.flatnonzero(hidden), wanted)
    return lower, upper


def _bound(
    table: AdditiveTable, hidden: NDArray[np.intp], wanted: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    shown = np.setdiff1d(np.arange(len(table.names)), hidden)
    left = sparse.csr_array(table.relations[:, hidden])
    right = table.constants - table.relations[:, shown] @ table.values[shown]
    unit = 1.0 if table.whole else max(1.0, float(np.abs(right).max(initial=0.0)))
    far = _FAR * (1 + np.abs(right).sum() + np.abs(table.lower[hidden]).sum()) / unit
    box = table.lower[hidden] / unit, np.minimum(table.upper[hidden] / unit, far)
    asked = np.eye(len(hidden))[np.searchsorted(hidden, wanted)]
    found = np.concatenate(
        [_solve(left, right / unit, box, portion, whole=table.whole) for portion in _portions(asked)]
    )
    lowest, highest = found[: len(wanted)], -found[len(wanted) :]
    return lowest * unit, np.where(highest >= far * _UNBOUNDED, np.inf, highest * unit)


def _portions(asked: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """What is minimised, one row each, in portions: every cell asked for, then its negative."""
    both = np.vstack([asked, -asked])
    size = max(1, _VARIABLES_AT_ONCE // asked.shape[1])
    return (both[start : start + size] for start in range(0, len(both), size))


def _solve(
    left: sparse.csr_array,
    right: NDArray[np.float64],
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
    questions: NDArray[np.float64],
    *,
    whole: bool,
) -> NDArray[np.float64]:
    """Least value of each question; as one program, because copies that share nothing are solved apart."""
    copies = len(questions)
    every, same = sparse.kron(sparse.eye_array(copies), left, format="csr"), np.tile(right, copies)
    bounds = Bounds(np.tile(box[0], copies), np.tile(box[1], copies))
    result = milp(questions.ravel(), constraints=LinearConstraint(every, same, same), bounds=bounds)
    if result.x is None:
        raise ValueError("the published cells contradict the relations between them")
    points = result.x.reshape(questions.shape)
    least = (points * questions).sum(axis=1)
    if whole:
        broken = np.flatnonzero(np.any(np.abs(points - np.round(points)) > EXACT, axis=1))
        least = np.round(least, 6)
        for number in broken:
            least[number] = _least_whole(left, right, box, questions[number])
    return least


def _least_whole(
    left: sparse.csr_array,
    right: NDArray[np.float64],
    box: tuple[NDArray[np.float64], NDArray[np.float64]],
    question: NDArray[np.float64],
) -> float:
    result = milp(
        question,
        integrality=np.ones(len(question)),
        constraints=LinearConstraint(left, right, right),
        bounds=Bounds(*box),
    )
    if result.x is None:
        raise ValueError("no whole numbers agree with the published cells")
    return float(np.round(result.fun))


def _scale(table: AdditiveTable, hidden: NDArray[np.bool_]) -> float:
    return 1.0 if table.whole else float(max(1.0, table.values[~hidden].max(initial=0.0)))
