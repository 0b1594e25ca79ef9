"""Columns of what supervision sampling and its files become."""

import polars as pl

INSPECTIONS: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "sampled_on": pl.Date(),
    "announced_on": pl.Date(),
    "county_code": pl.String(),
    "township_code": pl.String(),
    "enterprise_id": pl.String(),
    "enterprise_name": pl.String(),
    "enterprise_size": pl.String(),
    "product_class": pl.String(),
    "product_name": pl.String(),
    "brand": pl.String(),
    "model": pl.String(),
    "production": pl.String(),
    "stage": pl.String(),
    "programme": pl.String(),
    "level": pl.String(),
    "fate": pl.String(),
    "first_outcome": pl.String(),
    "outcome": pl.String(),
    "laboratory": pl.String(),
    "sales_value": pl.Float64(),
    "weight": pl.Float64(),
    "sampled_unit": pl.String(),
    "issuer": pl.String(),
    "province": pl.String(),
    "listing": pl.String(),
}

INSPECTION_ITEMS: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "item_no": pl.Int64(),
    "item": pl.String(),
    "result": pl.String(),
    "unit": pl.String(),
    "limit_operator": pl.String(),
    "limit": pl.String(),
    "verdict": pl.String(),
    "severity": pl.String(),
}

ISSUES: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "table": pl.String(),
    "rule": pl.String(),
    "field": pl.String(),
    "old_value": pl.String(),
    "new_value": pl.String(),
    "action": pl.String(),
    "cases": pl.Int64(),
}

BATCH_ROWS: dict[str, pl.DataType] = {
    "batch_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
}

SOURCES: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "file": pl.String(),
    "sha256": pl.String(),
    "layout": pl.String(),
    "supplier": pl.String(),
    "encoding": pl.String(),
    "rows_in": pl.Int64(),
    "rows_kept": pl.Int64(),
    "rows_rejected": pl.Int64(),
    "rows_merged": pl.Int64(),
    "programme": pl.String(),
    "level": pl.String(),
    "lists": pl.String(),
    "batches_declared": pl.Int64(),
    "problem_zh": pl.String(),
    "problem_en": pl.String(),
}
