"""Which further cells must be suppressed, at least cost, so that the relations do not give any away?

Every sensitive cell needs a feasible interval of a declared width. Cells are chosen by an integer program
whose constraints are found one by one: where the chosen pattern leaves a cell too narrow, the dual of the
reader's own linear program says which cells would widen it, and that becomes a constraint. It ends when every
interval is wide enough, which the audit confirms.

Fischetti & Salazar-González (2001), doi:10.1287/mnsc.47.7.1008.9805.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from qstats.methods.disclosure.audit import EXACT, feasible_intervals
from qstats.methods.disclosure.relations import AdditiveTable

_NODES = 2_000  # a limit on work, not on time: the same table always gives the same pattern
_CLOSE_ENOUGH = 0.01  # share of the least cost that the choice may lie above the best known bound
_MOST_WIDENINGS = 12

_Array = NDArray[np.float64]
_Mask = NDArray[np.bool_]


class UnprotectableError(ValueError):
    """Cells that stay too narrow even when everything that may be suppressed is suppressed."""

    def __init__(self, names: Sequence[Hashable]) -> None:
        self.names = tuple(names)
        listed = ", ".join(map(repr, self.names[:5])) + (", …" if len(self.names) > 5 else "")
        super().__init__(f"cells that cannot be protected whatever else is suppressed: {listed}")


def suppress_complements(
    table: AdditiveTable,
    primary: ArrayLike,
    protection: ArrayLike,
    *,
    eligible: ArrayLike | None = None,
    cost: ArrayLike | None = None,
) -> _Mask:
    """Cells to suppress: the sensitive ones and, at least cost, what their protection needs besides.

    Parameters
    ----------
    table : AdditiveTable
    primary : array_like of bool, shape (cells,)
        Sensitive cells.
    protection : array_like of float, shape (cells,) or scalar
        Width that the feasible interval of each sensitive cell must have, above 0.
    eligible : array_like of bool, optional
        Cells that may be suppressed besides; by default all whose value is above 0, as a reader may know
        where nothing can be.
    cost : array_like of float, optional
        Loss by suppressing each cell, above 0; by default its value and one.

    Returns
    -------
    array of bool, shape (cells,)

    Raises
    ------
    UnprotectableError
        Some sensitive cells stay too narrow even with all eligible cells suppressed.
    ValueError
        Protection or cost that is not above 0.
    """
    first = np.asarray(primary, dtype=bool)
    allowed = first | (table.values > 0 if eligible is None else np.asarray(eligible, dtype=bool))
    loss = table.values + 1 if cost is None else np.asarray(cost, dtype=float)
    wanted = np.broadcast_to(np.asarray(protection, dtype=float), first.shape)
    need = wanted.copy()
    if np.any(loss <= 0) or np.any(need[first] <= 0):
        raise ValueError("costs and protection widths must be above 0")
    if not first.any():
        return first
    _check_protectable(table, first, allowed, need)
    for _ in range(_MOST_WIDENINGS):
        chosen = _cheapest_pattern(table, first, allowed, need, loss)
        narrow = first & (_width(table, chosen, of=first) < wanted - EXACT)
        if not narrow.any():
            return _drop_pointless(table, first, chosen)
        need[narrow] *= 2  # whole numbers leave less room than the linear program saw
    return _drop_pointless(table, first, allowed)


def _width(table: AdditiveTable, chosen: _Mask, *, of: _Mask) -> _Array:
    lower, upper = feasible_intervals(table, chosen, of=of)
    return upper - lower


def _check_protectable(table: AdditiveTable, first: _Mask, allowed: _Mask, need: _Array) -> None:
    narrow = first & (_width(table, allowed, of=first) < need - EXACT)
    if narrow.any():
        raise UnprotectableError([table.names[at] for at in np.flatnonzero(narrow)])


def _drop_pointless(table: AdditiveTable, first: _Mask, chosen: _Mask) -> _Mask:
    """The pattern without complements that a reader can compute anyway: they hide nothing."""
    width = _width(table, chosen, of=chosen & ~first)
    return chosen & (first | (width > EXACT * max(1.0, table.values.max())))


def _cheapest_pattern(
    table: AdditiveTable, first: _Mask, allowed: _Mask, need: _Array, loss: _Array
) -> _Mask:
    """Cheapest pattern found whose sensitive cells all have the room that they need in linear terms."""
    room = _room(table, need[first].max())
    cells = np.flatnonzero(first)
    cuts = _relation_cuts(table, cells, need, room)
    while True:
        chosen = _choose(cuts, first, allowed, loss)
        multipliers, width = _separate(table, cells, chosen, room)
        narrow = width < need[cells] - EXACT
        if not narrow.any():
            return chosen
        cuts = np.vstack([cuts, _dual_cuts(multipliers[narrow], cells[narrow], need, room)])


def _room(table: AdditiveTable, widest: float) -> tuple[_Array, _Array]:
    """How far below and above its value each cell may move; the reach of unbounded ones is kept finite."""
    reach = table.values.max() + widest
    return table.values - table.lower, np.minimum(table.upper - table.values, reach)


def _relation_cuts(
    table: AdditiveTable, cells: NDArray[np.intp], need: _Array, room: tuple[_Array, _Array]
) -> _Array:
    """A sensitive cell moves only as far as the other suppressed cells of each relation do together."""
    dense = table.relations.toarray()
    rows, columns = np.nonzero(dense[:, cells])
    scaled = dense[rows] / dense[rows, cells[columns]][:, None]
    reached = np.abs(scaled) * (room[0] + room[1])
    reached[np.arange(len(rows)), cells[columns]] = 0.0  # its own room does not move the others
    return _normalised(reached, cells[columns], need)


def _dual_cuts(
    multipliers: _Array, cells: NDArray[np.intp], need: _Array, room: tuple[_Array, _Array]
) -> _Array:
    """Widths bounded by duality: each suppressed cell adds at most its multiplier times its room."""
    below, above = room
    reached = np.maximum(multipliers, 0) * above + np.maximum(-multipliers, 0) * below
    return _normalised(reached.sum(axis=1), cells, need)


def _normalised(reached: _Array, cells: NDArray[np.intp], need: _Array) -> _Array:
    """Constraints "suppressed neighbours reach 1": no neighbour counts for more than all that is missing."""
    row = np.arange(len(cells))
    missing = need[cells] - reached[row, cells]
    scaled = np.minimum(reached / missing[:, None], 1.0)
    scaled[row, cells] = 0.0
    return np.where(scaled > EXACT, scaled, 0.0)


def _choose(cuts: _Array, first: _Mask, allowed: _Mask, loss: _Array) -> _Mask:
    """Cheapest pattern under the constraints so far; everything allowed where the search gives up."""
    result = milp(
        loss / loss.max(),
        integrality=np.ones(len(loss)),
        bounds=Bounds(first.astype(float), allowed.astype(float)),
        constraints=LinearConstraint(sparse.csr_array(cuts), lb=1 - EXACT),
        options={"mip_rel_gap": _CLOSE_ENOUGH, "node_limit": _NODES},
    )
    return allowed.copy() if result.x is None else result.x > 0.5


def _separate(
    table: AdditiveTable, cells: NDArray[np.intp], chosen: _Mask, room: tuple[_Array, _Array]
) -> tuple[_Array, _Array]:
    """Multipliers of all cells in the reader's two programs of each sensitive cell, and the width found.

    Returns
    -------
    multipliers : array, shape (sensitive cells, 2, cells)
        The move of the sensitive cell (up, and down) is at most the sum of multiplier times move.
    width : array, shape (sensitive cells,)
    """
    free = np.flatnonzero(chosen)
    left = sparse.csr_array(table.relations[:, free])
    place = np.searchsorted(free, cells)
    directions = np.array([1.0, -1.0])
    goals = np.zeros((len(cells), 2, len(table.names)))
    goals[np.arange(len(cells)), :, cells] = directions
    copies = 2 * len(cells)
    result = linprog(
        -goals[:, :, free].ravel(),
        A_eq=sparse.kron(sparse.eye_array(copies), left, format="csr"),
        b_eq=np.zeros(copies * left.shape[0]),
        bounds=np.tile(np.column_stack([-room[0][free], room[1][free]]), (copies, 1)),
        method="highs",
    )
    moves = result.x.reshape(len(cells), 2, len(free))[np.arange(len(cells)), :, place]
    duals = result.eqlin.marginals.reshape(len(cells), 2, -1)
    return goals + duals @ table.relations.toarray(), moves @ directions
