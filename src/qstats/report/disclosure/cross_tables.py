"""Which cells of a published table would say too much about single enterprises, and can they be worked out?

A cell with fewer enterprises than the declared minimum is suppressed, and as many cells beside it as keep a
reader from computing it. The one-way tables of the same groups are published as they stand, so that margins are
known; so are failures, which are announced by law with the name of the enterprise. Neither is ever suppressed,
and a reader is taken to know that a cell has at least as many batches as failures.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qstats.methods.disclosure import (
    TOTAL,
    AdditiveTable,
    breaks_threshold,
    cross_table,
    feasible_intervals,
    suppress_complements,
)

NOT_STATED = ""
"""Group of the batches that state none; it points at nobody and is never sensitive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRule:
    """When a cell is sensitive, and how little a reader may find out about it.

    Attributes
    ----------
    minimum_enterprises : int
        A cell with fewer (and at least one) is sensitive.
    minimum_width : int
        Least difference between the largest and the smallest number of batches that a reader may think possible.
    """

    minimum_enterprises: int
    minimum_width: int


@dataclass(frozen=True, slots=True, eq=False)
class ProtectedTable:
    """Batches by two groups, with what is not to be published taken out.

    Attributes
    ----------
    by : pair of str
        Group columns.
    cells : DataFrame
        What may be published: ``period``, the groups, ``n`` (null where suppressed), ``failures``, ``status``.
    table : AdditiveTable
        True values with their margins; cells are named ``(period, group, group)``. Not for publication.
    sensitive, suppressed : array of bool
        Over the cells of ``table``.
    protection : array of float
        Width that the interval of each sensitive cell must have: that of the rule, or as much as margins that
        are published anyway leave to it (a class with a single batch leaves 0 or 1).
    unprotectable : tuple of names
        Sensitive cells that margins and failures give away exactly whatever is suppressed: the table is
        refused as a whole.
    """

    by: tuple[str, str]
    cells: pd.DataFrame
    table: AdditiveTable
    sensitive: NDArray[np.bool_]
    protection: NDArray[np.float64]
    suppressed: NDArray[np.bool_]
    unprotectable: tuple[Hashable, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing of the table may be published."""
        return bool(self.unprotectable)


def protect_cross_table(
    counts: pd.DataFrame, by: tuple[str, str], rule: DisclosureRule, parts: Sequence[ProtectedTable] = (),
    also: Collection[tuple[str, str]] = (),
) -> ProtectedTable:  # fmt: skip
    """Batches by two groups of one period, with sensitive cells and their complements suppressed.

    Parameters
    ----------
    counts : DataFrame
        ``period`` (one), the columns of ``by``, ``n, failures, enterprises``; groups that are not listed have no
        batch, a missing group is :data:`NOT_STATED`. Without any row there is one cell, not stated and empty.
    by : pair of str
    rule : DisclosureRule
    parts : sequence of ProtectedTable
        Published tables of periods that add up to this one, such as the quarters of its year: what is suppressed
        in one of them is sensitive here, as the sum and the other parts would give it away.
    also : collection of pairs of groups
        Cells that are sensitive for a reason of the caller's.
    """
    if counts.empty:
        nothing = {"period": "", **dict.fromkeys(by), "n": 0, "failures": 0, "enterprises": 0}
        counts = pd.DataFrame([nothing])
    grids = {name: _grid(counts, by, name) for name in ("n", "failures", "enterprises")}
    table = _as_table(grids, str(counts["period"].iloc[0]))
    inner = _inner(table)
    stated = np.array([NOT_STATED not in labels_of(name) for name in table.names])
    few = breaks_threshold(_with_margins(grids["enterprises"]), rule.minimum_enterprises)
    asked = np.array([labels_of(name)[1:] in also for name in table.names])
    sensitive = inner & ((stated & few) | _suppressed_in(table, parts) | asked)
    protection = _protection(table, sensitive, inner, rule)
    unprotectable = tuple(
        name for name, bare in zip(table.names, sensitive & (protection == 0), strict=True) if bare
    )
    suppressed = (
        inner if unprotectable else suppress_complements(table, sensitive, protection, eligible=inner)
    )
    published = _publish(table, grids["failures"], suppressed, by)
    return ProtectedTable(by, published, table, sensitive, protection, suppressed, unprotectable)


def _suppressed_in(table: AdditiveTable, parts: Sequence[ProtectedTable]) -> NDArray[np.bool_]:
    """Cells whose groups are suppressed in a part."""
    hidden = {
        labels_of(name)[1:]
        for part in parts
        for name, gone in zip(part.table.names, part.suppressed, strict=True)
        if gone
    }
    return np.array([labels_of(name)[1:] in hidden for name in table.names])


def _protection(
    table: AdditiveTable, sensitive: NDArray[np.bool_], inner: NDArray[np.bool_], rule: DisclosureRule
) -> NDArray[np.float64]:
    """Width asked of each sensitive cell: the rule's, or what the published margins leave at best."""
    lower, upper = feasible_intervals(table, inner, of=sensitive)
    return np.where(sensitive, np.minimum(rule.minimum_width, upper - lower), 0.0)


def withhold_suppressed(rates: pd.DataFrame, protected: ProtectedTable, group: str) -> pd.DataFrame:
    """Rates of one row of a protected table, with nothing left from which a suppressed number follows.

    A page about one county shows the same cells as the table of all counties and must hide the same ones. A rate,
    its interval and the order by size would tell the number of batches as well as the number itself.

    Parameters
    ----------
    rates : DataFrame
        Rates by the second group, within the first group ``group``.
    protected : ProtectedTable
        Of the same period.
    group : str
        Code of the first group.

    Returns
    -------
    DataFrame
        One row for each cell that is suppressed or has batches, most failures first: the second group, ``n`` (null
        where suppressed), ``failures, status, estimate, lower, upper, confidence, method, reliability``.
    """
    row, column = protected.by
    cells = protected.cells
    own = cells[(cells[row] == group) & (cells[column] != TOTAL) & (cells["n"].fillna(1) > 0)]
    told = rates.assign(**{column: rates[column].fillna(NOT_STATED).astype(str)})[[column, "status", *_RATE]]
    joined = own[[column, "n", "failures", "status"]].merge(
        told, on=column, how="left", suffixes=("", "_of_rate")
    )
    hidden = joined["status"] == "suppressed"
    return (
        joined.assign(
            status=joined["status"].where(hidden, joined["status_of_rate"]),
            **{name: joined[name].mask(hidden) for name in _RATE},
        )
        .drop(columns="status_of_rate")
        .sort_values(["failures", column], ascending=[False, True])
        .reset_index(drop=True)
    )


_RATE = ["estimate", "lower", "upper", "confidence", "method", "reliability"]


def _grid(counts: pd.DataFrame, by: tuple[str, str], column: str) -> pd.DataFrame:
    """Counts as rows and columns of groups in the order of their codes, 0 where nothing was sampled.

    A column without any batch is left out; a row, such as a county, stays visible.
    """
    named = counts.assign(**{name: counts[name].fillna(NOT_STATED).astype(str) for name in by})
    grid = named.pivot_table(index=by[0], columns=by[1], values=column, aggfunc="sum", fill_value=0)
    filled = named.groupby(by[1])["n"].sum()
    return grid[sorted(filled.index[filled > 0])].astype("int64").sort_index()


def _as_table(grids: Mapping[str, pd.DataFrame], period: str) -> AdditiveTable:
    batches = grids["n"]
    table = cross_table(batches.to_numpy(), [list(batches.index), list(batches.columns)])
    return replace(
        table,
        names=tuple((period, *labels_of(name)) for name in table.names),
        lower=_with_margins(grids["failures"]).astype(float),
    )


def _with_margins(grid: pd.DataFrame) -> NDArray[np.int64]:
    """Cells in the order of a cross table: rows with their sums, then the sums of columns."""
    inner = grid.to_numpy(dtype=np.int64)
    rows = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)]).ravel()


def _inner(table: AdditiveTable) -> NDArray[np.bool_]:
    return np.array([TOTAL not in labels_of(name) for name in table.names])


def labels_of(name: Hashable) -> tuple[str, ...]:
    """Period and groups that a cell is named by."""
    assert isinstance(name, tuple)
    return name


def _publish(
    table: AdditiveTable, failures: pd.DataFrame, suppressed: NDArray[np.bool_], by: tuple[str, str]
) -> pd.DataFrame:
    """What may be read: every cell and margin, without the number of batches where it is suppressed."""
    frame = pd.DataFrame([list(labels_of(name)) for name in table.names], columns=["period", *by])
    hidden = pd.Series(suppressed)
    return frame.assign(
        n=pd.Series(table.values).astype("Int64").mask(hidden),
        failures=_with_margins(failures),
        status=np.where(suppressed, "suppressed", "stated"),
    )
