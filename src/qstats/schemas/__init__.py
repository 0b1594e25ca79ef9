"""Columns and types of the row tables, fixed by contract (``docs/tables.md`` explains them)."""

from qstats.schemas.assessment import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.schemas.enterprises import (
    ENTERPRISE_LINKS,
    ENTERPRISE_RECORDS,
    ENTERPRISES,
    LINK_DECISIONS,
    LINK_REVIEW,
)
from qstats.schemas.records import DENOMINATORS, ENTERPRISE_RETURNS, PUBLISHED_SERIES, REGISTERS
from qstats.schemas.sampling import BATCH_ROWS, INSPECTION_ITEMS, INSPECTIONS, ISSUES, SOURCES
from qstats.schemas.surveys import MARGINS, RESPONDENTS, UNANSWERED
from qstats.schemas.works import COMPLAINTS, DWELLINGS, MEASUREMENTS, PROJECTS

__all__ = [
    "ASSESSMENT_EVIDENCE",
    "BATCH_ROWS",
    "COMPLAINTS",
    "DENOMINATORS",
    "DWELLINGS",
    "ENTERPRISES",
    "ENTERPRISE_LINKS",
    "ENTERPRISE_RECORDS",
    "ENTERPRISE_RETURNS",
    "INCIDENTS",
    "INSPECTIONS",
    "INSPECTION_ITEMS",
    "ISSUES",
    "LINK_DECISIONS",
    "LINK_REVIEW",
    "MARGINS",
    "MEASUREMENTS",
    "PROJECTS",
    "PUBLISHED_SERIES",
    "REGISTERS",
    "RESPONDENTS",
    "SOURCES",
    "UNANSWERED",
]
