"""Do published tables together give away what each of them suppresses?

A reader has every table: those of other periods, and of periods that add up. The audit takes them as one system.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from qstats.methods.disclosure import (
    AdditiveTable,
    SuppressionAudit,
    add_relation,
    audit_suppression,
    join_tables,
)
from qstats.report.disclosure.cross_tables import ProtectedTable, labels_of


def audit_publications(
    tables: Sequence[ProtectedTable], sums: Mapping[str, Sequence[str]] | None = None
) -> SuppressionAudit:
    """What a reader of all these tables together can work out.

    Parameters
    ----------
    tables : sequence of ProtectedTable
        Of the same groups; a cell of the same period and groups is the same cell. Refused tables are not
        published and are left out; where all are, there is nothing to work out.
    sums : mapping, optional
        Period → periods that add up to it, such as a half-year and its quarters, all of them among ``tables``.
    """
    published = [one for one in tables if not one.refused]
    if not published:
        return SuppressionAudit(np.empty(0), np.empty(0), (), ())
    together = join_tables(*(one.table for one in published))
    for whole, parts in (sums or {}).items():
        together = _add_period_sum(together, whole, parts)
    hidden = np.ones(len(together.names), dtype=bool)
    protection = np.zeros(len(together.names))
    for one in published:
        at = together.positions(one.table.names)
        hidden[at] &= one.suppressed
        protection[at] = np.maximum(protection[at], one.protection)
    return audit_suppression(together, hidden, protection)


def _add_period_sum(table: AdditiveTable, whole: str, parts: Sequence[str]) -> AdditiveTable:
    """Cell by cell, the batches of the parts add up to those of the whole period."""
    known = set(table.names)
    for name in [name for name in map(labels_of, table.names) if name[0] == whole]:
        pieces = [(part, *name[1:]) for part in parts if (part, *name[1:]) in known]
        table = add_relation(table, {name: -1.0, **dict.fromkeys(pieces, 1.0)})
    return table
