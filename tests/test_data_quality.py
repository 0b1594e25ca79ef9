"""Counts over the tables that cleaning writes, typed out by hand."""

import datetime

import pandas as pd
import polars as pl

from qstats import data_quality

SOURCES = pl.DataFrame(
    {
        "source_id": ["a", "b", "c"],
        "file": ["a.csv", "b.csv", "c.csv"],
        "supplier": ["县局", "县局", None],
        "layout": ["county_list", "county_list", "template_inspection"],
        "rows_in": [10, 5, 40],
        "rows_kept": [8, 5, 30],
        "rows_rejected": [2, 0, 1],
        "rows_merged": [0, 0, 9],
    }
)
ISSUES = pl.DataFrame(
    {
        "source_id": ["a", "a", "c", "c"],
        "source_row": [3, 9, 2, 7],
        "rule": ["row.total", "row.note", "text.width", "row.total"],
        "field": [None, None, "model", None],
        "old_value": [None, None, "１", None],
        "new_value": [None, None, "1", None],
        "action": ["dropped", "dropped", "changed", "dropped"],
        "cases": [1, 1, 12, 1],
    },
    schema_overrides={"field": pl.String, "old_value": pl.String, "new_value": pl.String},
)


def test_rows_by_supplier_add_up_and_a_file_without_record_goes_by_its_layout():
    counted = data_quality.count_by_supplier(SOURCES)
    assert counted["supplier"].tolist() == ["template_inspection", "县局"]
    assert counted["files"].tolist() == [1, 2]
    parts = counted["rows_kept"] + counted["rows_rejected"] + counted["rows_merged"]
    assert (counted["rows_in"] == parts).all()


def test_rules_are_counted_by_cases_and_files():
    counted = data_quality.count_rules(ISSUES).set_index("rule")
    assert counted.loc["row.total", ["cases", "files"]].tolist() == [2, 2]
    assert counted.loc["text.width", "cases"] == 12


def test_rejections_leave_out_what_was_not_dropped():
    rejected = data_quality.count_rejections(ISSUES, SOURCES)
    assert rejected.to_dict("records") == [
        {"supplier": "县局", "rule": "row.note", "cases": 1},
        {"supplier": "县局", "rule": "row.total", "cases": 1},
        {"supplier": "template_inspection", "rule": "row.total", "cases": 1},
    ]


def test_a_refused_file_is_no_rejected_row():
    refused = ISSUES.head(1).with_columns(rule=pl.lit("file.refused"))
    assert data_quality.count_rejections(refused, SOURCES).empty


def test_cosmetic_rules_are_not_listed_case_by_case():
    cases = data_quality.list_cases(ISSUES, SOURCES, cosmetic=["text.width"])
    assert cases[["file", "source_row"]].values.tolist() == [["a.csv", 3], ["a.csv", 9], ["c.csv", 7]]


def test_years_without_a_batch_are_seen():
    day = datetime.date
    inspections = pl.DataFrame(
        {
            "sampled_on": [day(2015, 3, 1), None, day(2018, 1, 1), None],
            "announced_on": [None, day(2016, 1, 1), None, None],
            "programme": "routine",
            "level": "municipal",
            "outcome": ["pass", "fail", "pass", "pass"],
        }
    )
    coverage = data_quality.count_by_year(inspections)
    assert coverage["year"].tolist() == ["2015", "2016", "2018", "—"]
    assert coverage["failures"].tolist() == [0, 1, 0, 0]
    assert data_quality.find_gap_years(coverage) == [2017]


def test_years_with_next_to_no_batch_are_seen():
    years = ["2015", "2016", "2017", "2017", "2018", "—"]
    coverage = pd.DataFrame({"year": years, "batches": [1, 100, 2, 2, 3, 900]})
    assert data_quality.find_thin_years(coverage) == [2017]
