"""Rows that are no sampled batches."""

import polars as pl
import pytest

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.rows import reject_rows
from qstats.sources import read_layouts

LAYOUTS = read_layouts()


def _reject(layout: str, *rows: dict[str, str]):
    chosen = LAYOUTS[layout]
    schema = {"source_row": pl.Int64, **dict.fromkeys(chosen.fields, pl.String)}
    table = [{"source_row": number} | row for number, row in enumerate(rows, start=2)]
    log = IssueLog("s")
    kept = reject_rows(pl.DataFrame(table, schema=schema), chosen, log)
    return kept["source_row"].to_list(), log.table_of_issues()["rule"].to_list()


GOOD = {"enterprise_name": "东阿阿胶厂", "product_name": "阿胶", "result": "合格"}


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({}, "row.blank"),
        ({"sheet_no": "合计", "remark": "共20批次"}, "row.total"),
        ({"enterprise_name": "总 计", "sales_value": "300"}, "row.total"),
        ({"sheet_no": "小计：20"}, "row.total"),
        ({"sheet_no": "合计10批"}, "row.total"),
        ({"enterprise_name": "全市合计", "remark": "共3批"}, "row.total"),
        ({"sequence": "合计"}, "row.total"),
        ({"sequence": "合 计", "sales_value": "300"}, "row.total"),
        ({"sequence": "注：本表不含专项抽查"}, "row.note"),
        ({"sequence": "15"}, "row.blank"),
        ({"sequence": "15", "result": "合格"}, "row.no_identity"),
        (
            {"sheet_no": "抽样单编号", "enterprise_name": "企业名称", "result": "检验结论"},
            "row.header_repeated",
        ),
        ({"sheet_no": "注：本表不含专项抽查"}, "row.note"),
        ({"enterprise_name": "填表人：王工"}, "row.note"),
        ({"sheet_no": "备注1、数据截至6月"}, "row.note"),
        ({"sampled_on": "2015-06-30", "result": "合格"}, "row.no_identity"),
    ],
)
def test_row_is_left_out_under_its_rule(row: dict[str, str], rule: str) -> None:
    assert _reject("template_inspection", GOOD, row, GOOD) == ([2, 4], [rule])


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        {"sheet_no": "LC1"},
        {"product_name": "注射用水"},
        {"enterprise_name": "合计利食品有限公司", "product_name": "糕点"},
        {"enterprise_name": "注塑机厂"},
        GOOD | {"remark": "合计抽样3次"},
        {"enterprise_name": "小计", "product_name": "糕点", "sheet_no": "LC2"},
    ],
)
def test_batches_with_odd_words_stay(row: dict[str, str]) -> None:
    assert _reject("template_inspection", row) == ([2], [])


def test_foreign_alerts_are_no_inspections() -> None:
    alert = {"listing": "RASFF", "product_name": "花生仁", "issuer": "RASFF", "result": "不合格"}
    domestic = {"listing": "食品伙伴网", "product_name": "酱牛肉", "result": "不合格"}
    kept, rules = _reject("foodmate_with_listing", alert, domestic)
    assert (kept, rules) == ([3], ["row.not_an_inspection"])
