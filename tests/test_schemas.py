"""Columns that the contract fixes."""

import pytest

from qstats.schemas import (
    BATCH_ROWS,
    COMPLAINTS,
    DWELLINGS,
    INSPECTION_ITEMS,
    INSPECTIONS,
    ISSUES,
    PROJECTS,
    REGISTERS,
    RESPONDENTS,
    SOURCES,
)

CONTRACT = {
    "inspections": "batch_id, source_id, source_row, sampled_on, announced_on, county_code, township_code, "
    "enterprise_id, enterprise_name, enterprise_size, product_class, product_name, brand, model, stage, "
    "programme, level, fate, first_outcome, outcome, laboratory, sales_value, weight",
    "items": "batch_id, item_no, item, result, unit, limit_operator, limit, verdict, severity",
    "issues": "source_id, source_row, table, rule, field, old_value, new_value, action, cases",
    "batch_rows": "batch_id, source_id, source_row",
    "sources": "source_id, file, sha256, layout, supplier, encoding, rows_in, rows_kept, rows_rejected, "
    "rows_merged",
    "respondents": "respondent_id, wave, surveyed_on, county_code, sector, industry, mode, stratum, cluster, "
    "weight",
    "projects": "project_id, county_code, scale, building_type, first_accepted_on, first_outcome, route, "
    "final_accepted_on",
    "dwellings": "project_id, dwellings_total, dwellings_accepted, dwellings_first_time, "
    "dwellings_after_rework",
    "complaints": "complaint_id, county_code, project_id, opened_on, closed_on, kind",
    "registers": "entry_id, source_id, source_row, register, name, holder, holder_code, county_code, "
    "awarded_on, valid_until, withdrawn_on, grade, department, quantity",
}
TABLES = {
    "inspections": INSPECTIONS, "items": INSPECTION_ITEMS, "issues": ISSUES, "batch_rows": BATCH_ROWS,
    "sources": SOURCES, "respondents": RESPONDENTS, "projects": PROJECTS, "dwellings": DWELLINGS,
    "complaints": COMPLAINTS, "registers": REGISTERS,
}  # fmt: skip


@pytest.mark.parametrize("table", CONTRACT)
def test_no_column_of_the_contract_is_missing_or_renamed(table: str) -> None:
    assert set(CONTRACT[table].split(", ")) <= set(TABLES[table])
