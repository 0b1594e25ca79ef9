"""What the batches of a period can show, and how plans for the next ones are shown."""

from qstats.report.sampling.evidence import Evidence, list_findings, weigh_evidence
from qstats.report.sampling.evidence_narrative import describe_evidence
from qstats.report.sampling.evidence_tables import chart_contradiction, tabulate_needed
from qstats.report.sampling.plan_tables import (
    chart_lot_plan,
    tabulate_allocation,
    tabulate_declared_levels,
    tabulate_lot_plan,
    tabulate_switching,
)

__all__ = [
    "Evidence",
    "chart_contradiction",
    "chart_lot_plan",
    "describe_evidence",
    "list_findings",
    "tabulate_allocation",
    "tabulate_declared_levels",
    "tabulate_lot_plan",
    "tabulate_needed",
    "tabulate_switching",
    "weigh_evidence",
]
