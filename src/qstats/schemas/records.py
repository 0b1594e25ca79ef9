"""Columns of registers, of enterprises' returns and of figures that others published."""

import polars as pl

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
    **dict.fromkeys(
        "output_value superior_output first_grade_output qualified_output equipment_value "
        "microelectronic_equipment_value quality_loss rd_expenditure renovation_expenditure sales_revenue "
        "new_product_sales export_sales".split(),
        pl.Float64(),
    ),
    "patents": pl.Int64(),
    "management_certified": pl.String(),
    "export_batches": pl.Int64(),
    "export_batches_passed": pl.Int64(),
}
"""Amounts in 10,000 yuan."""
