"""How does a cleaned table look on our own form? Clean batches written back as a supplier would send them.

The form holds failed items only; several of one batch share a cell, divided by 、 as its guide asks. What
the form has no column for (the platform of a listing, items that passed) is not written.
"""

from pathlib import Path

import polars as pl
import xlsxwriter

from qstats.codebook import label
from qstats.reference import product_class_name, read_townships
from qstats.sources.layouts import read_layouts
from qstats.sources.template import CODED_FIELDS, CREATED, DATA_SHEET, LAYOUT

_YUAN_PER_UNIT = 1e4
_WORDS_OF_FATE = {"closed": "停产", "nothing_to_sample": "未抽到样", "refused": "拒检", "pending": "检验中"}
_ITEM_CELLS = ("item_result", "item_unit", "item_limit")


def write_inspections_as_template(inspections: pl.DataFrame, items: pl.DataFrame, path: Path) -> None:
    """Write clean batches as a filled form (监督抽查数据模板, XLSX; every cell is text, never a formula).

    Parameters
    ----------
    inspections, items : DataFrame
        With the columns of the contract; a batch's id becomes its sheet number.
    path : Path
        Workbook to write.
    """
    columns = read_layouts()[LAYOUT].columns
    cells = _cells(inspections).join(_item_cells(items), on="batch_id", how="left", maintain_order="left")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": CREATED})
        sheet = workbook.add_worksheet(DATA_SHEET)
        for at, headings in enumerate(columns.values()):
            sheet.write_string(0, at, headings[0])
        stated = {name: at for at, name in enumerate(columns) if name in cells.columns}
        for number, row in enumerate(cells.select(list(stated)).iter_rows(), start=1):
            for at, text in zip(stated.values(), row, strict=True):
                if text is not None:
                    sheet.write_string(number, at, text)


def _cells(inspections: pl.DataFrame) -> pl.DataFrame:
    """Cells of the form as text, but for those of the items."""
    towns = {town.code: town.name for town in read_townships()}
    coded = {name: CODED_FIELDS[name] for name in ("enterprise_size", "stage", "programme", "level")}
    return inspections.with_columns(
        pl.col("batch_id").alias("sheet_no"),
        pl.col("county_code").alias("county"),
        pl.col("township_code").replace_strict(towns, default=None, return_dtype=pl.String).alias("township"),
        pl.col("enterprise_id")
        .str.strip_prefix("org:")
        .str.extract(r"^([0-9A-Z]{9})$")
        .alias("enterprise_code"),
        _worded(
            "product_class",
            {code: product_class_name(code)["zh"] for code in _codes(inspections, "product_class")},
        ),
        *(
            _worded(name, {c: label(kind, c, "zh") for c in _codes(inspections, name)})
            for name, kind in coded.items()
        ),
        *(pl.col(name).dt.to_string("%Y-%m-%d") for name in ("sampled_on", "announced_on")),
        (pl.col("sales_value") / _YUAN_PER_UNIT).map_elements(_plain, return_dtype=pl.String),
        pl.col("weight").map_elements(_plain, return_dtype=pl.String),
        *_outcomes(),
    )


def _codes(inspections: pl.DataFrame, column: str) -> list[str]:
    return inspections[column].drop_nulls().unique().to_list()


def _worded(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _outcomes() -> tuple[pl.Expr, pl.Expr]:
    """First and final outcome in words; without them the fate of the batch."""
    words = {code: label("outcome", code, "zh") for code in ("pass", "fail")}
    first, final = (_worded(name, words) for name in ("first_outcome", "outcome"))
    fate = _worded("fate", _WORDS_OF_FATE)
    same = pl.col("outcome").eq_missing(pl.col("first_outcome"))
    return (
        pl.coalesce(first, fate).alias("first_result"),
        pl.when(pl.col("outcome").is_null()).then(fate).when(~same).then(final).alias("final_result"),
    )


def _item_cells(items: pl.DataFrame) -> pl.DataFrame:
    """Failed items of each batch, their results, units and limits, each in one cell."""
    limit = pl.concat_str(pl.col("limit_operator").fill_null(""), "limit").alias("item_limit")
    failed = items.filter(pl.col("verdict") == "fail").rename({"result": "item_result", "unit": "item_unit"})
    return (
        failed.with_columns(limit)
        .group_by("batch_id", maintain_order=True)
        .agg(
            pl.col("item").str.join("、").alias("failed_items"),
            *(
                pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).fill_null("").str.join("、"))
                for name in _ITEM_CELLS
            ),
        )
    )
