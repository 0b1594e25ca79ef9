"""Can a reader work out what a table hides? Cell suppression in additive tables, and its audit.

A table is a system of linear equations between its cells: rows, columns, totals, levels of a hierarchy,
tables that share cells. What is sensitive is suppressed first (primary), then as much beside it as the
equations make necessary (complementary), and linear programming shows what a reader could still find out
(audit).
"""

from qstats.methods.disclosure.audit import SuppressionAudit, audit_suppression, feasible_intervals
from qstats.methods.disclosure.complementary import UnprotectableError, suppress_complements
from qstats.methods.disclosure.primary import breaks_dominance, breaks_p_percent, breaks_threshold
from qstats.methods.disclosure.relations import TOTAL, AdditiveTable, add_relation, cross_table, join_tables

__all__ = [
    "TOTAL",
    "AdditiveTable",
    "SuppressionAudit",
    "UnprotectableError",
    "add_relation",
    "audit_suppression",
    "breaks_dominance",
    "breaks_p_percent",
    "breaks_threshold",
    "cross_table",
    "feasible_intervals",
    "join_tables",
    "suppress_complements",
]
