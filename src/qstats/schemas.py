"""Columns and types of the row tables, fixed by contract (``docs/tables.md`` explains them)."""

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

PUBLISHED_SERIES: dict[str, pl.DataType] = {
    "series": pl.String(),
    "label_zh": pl.String(),
    "label_en": pl.String(),
    "measure": pl.String(),
    "period_start": pl.Date(),
    "period_end": pl.Date(),
    "value": pl.Float64(),
    "unit": pl.String(),
    "rounded_to": pl.Float64(),
    "n": pl.Int64(),
    "events": pl.Int64(),
    "segment": pl.Int64(),
    "basis_zh": pl.String(),
    "basis_en": pl.String(),
    "break_note_zh": pl.String(),
    "break_note_en": pl.String(),
    "status": pl.String(),
    "issuer": pl.String(),
    "source_url": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
}

DENOMINATORS: dict[str, pl.DataType] = {
    "denominator": pl.String(),
    "year": pl.Int64(),
    "county_code": pl.String(),
    "count": pl.Int64(),
}

REGISTERS: dict[str, pl.DataType] = {
    "entry_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "register": pl.String(),
    "thing_id": pl.String(),
    "name": pl.String(),
    "number": pl.String(),
    "holder": pl.String(),
    "holder_code": pl.String(),
    "holder_id": pl.String(),
    "county_code": pl.String(),
    "awarded_on": pl.Date(),
    "award_stated": pl.String(),
    "valid_until": pl.Date(),
    "withdrawn_on": pl.Date(),
    "ending": pl.String(),
    "grade": pl.String(),
    "department": pl.String(),
    "quantity": pl.Float64(),
}

ENTERPRISE_RETURNS: dict[str, pl.DataType] = {
    "return_id": pl.String(),
    "source_id": pl.String(),
    "source_row": pl.Int64(),
    "year": pl.Int64(),
    "enterprise_id": pl.String(),
    "enterprise_code": pl.String(),
    "enterprise_name": pl.String(),
    "county_code": pl.String(),
    "industry": pl.String(),
    "enterprise_size": pl.String(),
    "output_value": pl.Float64(),
    "superior_output": pl.Float64(),
    "first_grade_output": pl.Float64(),
    "qualified_output": pl.Float64(),
    "equipment_value": pl.Float64(),
    "microelectronic_equipment_value": pl.Float64(),
    "quality_loss": pl.Float64(),
    "rd_expenditure": pl.Float64(),
    "renovation_expenditure": pl.Float64(),
    "sales_revenue": pl.Float64(),
    "new_product_sales": pl.Float64(),
    "export_sales": pl.Float64(),
    "patents": pl.Int64(),
    "management_certified": pl.String(),
    "export_batches": pl.Int64(),
    "export_batches_passed": pl.Int64(),
}
"""Amounts in 10,000 yuan."""

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

LINK_REVIEW: dict[str, pl.DataType] = {
    "left_key": pl.String(),
    "right_key": pl.String(),
    "left_name": pl.String(),
    "right_name": pl.String(),
    "probability": pl.Float64(),
    "reason": pl.String(),
    "decision": pl.String(),
}
