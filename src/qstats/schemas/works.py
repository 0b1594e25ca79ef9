"""Columns of what acceptance of construction works becomes."""

import polars as pl

PROJECTS: dict[str, pl.DataType] = {
    "project_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "project_name": pl.String(),
    "county_code": pl.String(),
    "scale": pl.String(),
    "building_type": pl.String(),
    "dwellings": pl.Int64(),
    "first_accepted_on": pl.Date(),
    "first_outcome": pl.String(),
    "route": pl.String(),
    "final_accepted_on": pl.Date(),
    "rounds": pl.Int64(),
}

DWELLINGS: dict[str, pl.DataType] = {
    "project_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "project_name": pl.String(),
    "county_code": pl.String(),
    "accepted_on": pl.Date(),
    "dwellings_total": pl.Int64(),
    "dwellings_accepted": pl.Int64(),
    "dwellings_first_time": pl.Int64(),
    "dwellings_after_rework": pl.Int64(),
    "building": pl.String(),
}

MEASUREMENTS: dict[str, pl.DataType] = {
    "project_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "county_code": pl.String(),
    "measured_on": pl.Date(),
    "dwelling": pl.String(),
    "room": pl.String(),
    "quantity": pl.String(),
    "point": pl.Int64(),
    "nominal": pl.Float64(),
    "measured": pl.Float64(),
    "building": pl.String(),
}

COMPLAINTS: dict[str, pl.DataType] = {
    "complaint_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "county_code": pl.String(),
    "project_id": pl.String(),
    "opened_on": pl.Date(),
    "closed_on": pl.Date(),
    "kind": pl.String(),
    "status": pl.String(),
}
