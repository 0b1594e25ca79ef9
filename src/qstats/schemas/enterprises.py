"""Columns of the enterprise register: records of departments, enterprises, links, pairs for review."""

import polars as pl

ENTERPRISE_RECORDS: dict[str, pl.DataType] = {
    "record_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "department": pl.String(),
    "kind": pl.String(),
    "enterprise_code": pl.String(),
    "credit_code": pl.String(),
    "enterprise_name": pl.String(),
    "address": pl.String(),
    "legal_person": pl.String(),
    "county_code": pl.String(),
    "township_code": pl.String(),
    "industry": pl.String(),
    "enterprise_size": pl.String(),
    "recorded_on": pl.Date(),
    "ended_on": pl.Date(),
    "severity": pl.String(),
    "amount": pl.Float64(),
    "document_no": pl.String(),
    "basis": pl.String(),
}
"""Amounts in 10,000 yuan."""

ENTERPRISES: dict[str, pl.DataType] = {
    "enterprise_id": pl.String(),
    "enterprise_name": pl.String(),
    "organisation_code": pl.String(),
    "credit_code": pl.String(),
    "county_code": pl.String(),
    "address": pl.String(),
    "legal_person": pl.String(),
    "industry": pl.String(),
    "enterprise_size": pl.String(),
    "departments": pl.Int64(),
    "records": pl.Int64(),
}

ENTERPRISE_LINKS: dict[str, pl.DataType] = {
    "table": pl.String(),
    "record_key": pl.String(),
    "enterprise_id": pl.String(),
    "link": pl.String(),
    "probability": pl.Float64(),
}

LINK_DECISIONS: dict[str, pl.DataType] = {
    "left_key": pl.String(),
    "right_key": pl.String(),
    "decision": pl.String(),
    "author": pl.String(),
    "decided_on": pl.Date(),
}
"""Clerical decisions on pairs; keys are those of ``link_review``."""

STATED = ("name", "code", "address", "legal_person", "county_code", "tables")
"""What a side of a pair for review tells, and which tables state it."""

LINK_REVIEW: dict[str, pl.DataType] = {
    "reason": pl.String(),
    "probability": pl.Float64(),
    **{f"{side}_{name}": pl.String() for name in STATED for side in ("left", "right")},
    **LINK_DECISIONS,
}
"""One line for a clerk, who fills in its last three columns and sends it back."""
