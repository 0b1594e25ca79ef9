"""How do quality returns come in? A file for each year, each with its own headings, unit and habits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from qstats.codebook import label
from qstats.reference import industry_name, read_divisions
from qstats.synthetic.sheet import Sheet

AMOUNTS = (
    "output_value", "superior_output", "first_grade_output", "qualified_output", "equipment_value",
    "microelectronic_equipment_value", "quality_loss", "rd_expenditure", "renovation_expenditure",
    "sales_revenue", "new_product_sales", "export_sales",
)  # fmt: skip
_AMOUNT_HEADS = (
    "工业总产值", "优等品产值", "一等品产值", "合格品产值", "生产设备原价", "微电子控制设备原价",
    "质量损失额", "研究与试验发展经费支出", "技术改造经费支出", "产品销售收入", "新产品销售收入",
    "出口销售收入",
)  # fmt: skip
SUPPLIER = "市统计局工业科"
TITLE = "企业质量统计年报（演示）"


@dataclass(frozen=True)
class YearFile:
    """A file of one year: its name, encoding, unit of amounts and how industries are written."""

    year: int
    file: str
    encoding: str
    unit: str
    per: float
    industry_in_words: bool = False


YEAR_FILES = (
    YearFile(2011, "企业质量统计年报_2011.csv", "gb18030", "万元", 1.0),
    YearFile(2012, "企业质量统计年报_2012.csv", "utf-8-sig", "千元", 10.0),
    YearFile(2013, "企业质量统计年报_2013.xlsx", "", "万元", 1.0, industry_in_words=True),
    YearFile(2014, "企业质量统计年报_2014.xlsx", "", "元", 10_000.0),
)


def build_return_sheets(returns: pl.DataFrame) -> list[Sheet]:
    """All files before anything goes wrong; ``batch`` holds the number of the return in each row."""
    sent = returns.filter("returned")
    return [_sheet(one, sent.filter(pl.col("year") == one.year)) for one in YEAR_FILES]


def columns_of(one: YearFile) -> Sequence[tuple[str, str]]:
    """Columns of a file in order."""
    amounts = [(name, f"{head}（{one.unit}）") for name, head in zip(AMOUNTS, _AMOUNT_HEADS, strict=True)]
    return (
        ("sequence", "序号"), ("enterprise_name", "单位详细名称"), ("enterprise_code", "组织机构代码"),
        ("county", "所在县区"), ("year", "年度"), ("industry", "行业代码"), ("enterprise_size", "企业规模"),
        *amounts, ("patents", "拥有专利数"), ("management_certified", "是否通过质量管理体系认证"),
        ("export_batches", "出口检验批次"), ("export_batches_passed", "出口检验合格批次"),
    )  # fmt: skip


def _sheet(one: YearFile, returns: pl.DataFrame) -> Sheet:
    columns = columns_of(one)
    rows = [_row(one, row) for row in returns.iter_rows(named=True)]
    cells = {name: np.array([row.get(name) or None for row in rows], dtype=object) for name, _ in columns}
    cells["sequence"] = np.array([str(at + 1) for at in range(len(rows))], dtype=object)
    return Sheet(
        one.file, SUPPLIER, columns, cells, returns["return"].to_numpy().astype(np.int64), "", "",
        encoding=one.encoding or "utf-8-sig", page="年报", titles=[TITLE], day_fields=(),
        number_fields=(*AMOUNTS, "patents", "export_batches", "export_batches_passed"),
    )  # fmt: skip


def _row(one: YearFile, row: dict[str, object]) -> dict[str, str]:
    code = row["industry"]
    return {
        "enterprise_name": str(row["enterprise_name"]),
        "enterprise_code": str(row["credit_code"] if row["takes_credit_code"] else row["organisation_code"]),
        "county": next(unit.name for unit in read_divisions() if unit.code == row["county_code"]),
        "year": str(row["year"]) if row["year"] != 2013 else "2013年度",
        "industry": industry_name(str(code))["zh"] if one.industry_in_words else f"C{code}",
        "enterprise_size": label("enterprise_size", str(row["enterprise_size"]), "zh"),
        "management_certified": "是" if row["management_certified"] else "否",
    } | {name: _amount(row[name], one.per) for name in AMOUNTS} | {
        name: str(row[name]) for name in ("patents", "export_batches", "export_batches_passed")
    }  # fmt: skip


def _amount(value: object, per: float) -> str:
    return f"{float(str(value)) * per:.2f}".removesuffix(".00")
