"""Columns of what satisfaction surveys become."""

import polars as pl

RESPONDENTS: dict[str, pl.DataType] = {
    "respondent_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "wave": pl.String(),
    "surveyed_on": pl.Date(),
    "county_code": pl.String(),
    "sector": pl.String(),
    "industry": pl.String(),
    "mode": pl.String(),
    "stratum": pl.String(),
    "cluster": pl.String(),
    "weight": pl.Float64(),
    "seconds": pl.Float64(),
    "screened": pl.String(),
}
"""Behind these stand the profile columns (String) and the items (Float64) of the run's questionnaire."""

UNANSWERED: dict[str, pl.DataType] = {
    "respondent_id": pl.String(),
    "wave": pl.String(),
    "item": pl.String(),
    "reason": pl.String(),
}

MARGINS: dict[str, pl.DataType] = {
    "wave": pl.String(),
    "variable": pl.String(),
    "category": pl.String(),
    "population": pl.Float64(),
}
