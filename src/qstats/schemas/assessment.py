"""Columns of what the assessment of counties takes from the bureau: incidents, evidence and appeals."""

import polars as pl

INCIDENTS: dict[str, pl.DataType] = {
    "incident_id": pl.String(),
    "source_row": pl.Int64(),
    "county_code": pl.String(),
    "occurred_on": pl.Date(),
    "reported_on": pl.Date(),
    "area": pl.String(),
    "extent": pl.String(),
    "grade": pl.String(),
    "deaths": pl.Int64(),
    "injured": pl.Int64(),
    "loss": pl.Float64(),
    "status": pl.String(),
    "reported_by": pl.String(),
    "description": pl.String(),
}

ASSESSMENT_EVIDENCE: dict[str, pl.DataType] = {
    "evidence_id": pl.String(),
    "source_row": pl.Int64(),
    "scheme": pl.String(),
    "year": pl.String(),
    "county_code": pl.String(),
    "item": pl.String(),
    "kind": pl.String(),
    "points": pl.Float64(),
    "stated_on": pl.Date(),
    "author": pl.String(),
    "reason": pl.String(),
    "refers_to": pl.String(),
    "status": pl.String(),
}
