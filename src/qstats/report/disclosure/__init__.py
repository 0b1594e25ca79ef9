"""What tables may not say about single enterprises: cells suppressed, verified and marked."""

from qstats.report.disclosure.audit import audit_publications
from qstats.report.disclosure.cross_tables import (
    NOT_STATED,
    DisclosureRule,
    ProtectedTable,
    labels_of,
    protect_cross_table,
    withhold_suppressed,
)
from qstats.report.disclosure.tables import (
    SUPPRESSED,
    describe_audit,
    mark_suppressed,
    tabulate_batches_by_cell,
    tabulate_failures_by_cell,
)

__all__ = [
    "NOT_STATED",
    "SUPPRESSED",
    "DisclosureRule",
    "ProtectedTable",
    "audit_publications",
    "describe_audit",
    "labels_of",
    "mark_suppressed",
    "protect_cross_table",
    "tabulate_batches_by_cell",
    "tabulate_failures_by_cell",
    "withhold_suppressed",
]
