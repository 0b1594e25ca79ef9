"""What do the suppliers of the synthetic city send? The files, before faults are put into them.

The city's institute sends our template as workbooks, a laboratory its system's export with one row per
item in GB18030, the platform monthly or yearly windows that overlap, the province half-yearly lists in
UTF-16, county bureaus lists of their own with townships instead of counties, and a campaign the failures
only.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import polars as pl

from qstats.reference import county_name
from qstats.synthetic.cells import OUTCOME_WORDS, texts_of_batches
from qstats.synthetic.headings import ALERTS, COUNTY, LABORATORY, PLATFORM, TEMPLATE
from qstats.synthetic.sampling import REINSPECTED_DELAY
from qstats.synthetic.sheet import Fault, Sheet

MARK = "（演示数据·合成）"
"""In every title: nobody shall take these figures for real ones."""

DATE_FORMS: dict[str, Callable[[str, str, str], str]] = {
    "iso": lambda y, m, d: f"{y}-{m}-{d}",
    "unpadded": lambda y, m, d: f"{y}-{int(m)}-{int(d)}",
    "slash": lambda y, m, d: f"{y}/{m}/{d}",
    "compact": lambda y, m, d: f"{y}{m}{d}",
    "chinese": lambda y, m, d: f"{y}年{int(m)}月{int(d)}日",
}
"""Forms of a date that suppliers write; each file keeps to one of them."""


def build_sheets(batches: pl.DataFrame, items: pl.DataFrame, cutoff: date) -> list[Sheet]:
    """All files of batches, supplier by supplier; systematic faults noted."""
    rows = texts_of_batches(batches, items).with_columns(cutoff=pl.lit(cutoff))
    makers = (_institute, _laboratory, _platform, _province, _risk_unit, _county_bureaus, _campaign)
    return [sheet for make in makers for sheet in make(rows, items)]


def _institute(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Our template as a workbook: one a year, one a quarter in the last year."""
    own = rows.filter(pl.col("supplier") == "institute")
    last = own["year"].max()
    own = own.with_columns(pl.when(pl.col("year") == last).then("quarter").otherwise("year").alias("period"))
    for number, (period, part) in enumerate(_parts(own, "period")):
        title = f"聊城市{period}监督抽查结果汇总表{MARK}"
        sheet = _sheet(
            part, f"市检验所_{period}.xlsx", "市产品质量监督检验所", TEMPLATE, number, titles=[title]
        )
        sheet.further_pages = ["汇总"]
        sheet.faults.append(Fault("file.sheet_ignored", None, None, "汇总", None, "page of sums"))
        yield sheet


def _laboratory(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Laboratory system: one row per tested item."""
    columns = ["failed_items", "item_result", "item_unit", "item_limit", "item_verdict"]
    tested = items.select(
        "batch_index",
        failed_items="item",
        item_result="result",
        item_unit="unit",
        item_limit=pl.col("limit_operator") + pl.col("limit"),
        item_verdict=pl.col("verdict").replace_strict(OUTCOME_WORDS, return_dtype=pl.String),
    )
    own = rows.filter(pl.col("supplier") == "laboratory").drop(columns)
    own = own.join(tested, on="batch_index", how="left", maintain_order="left_right")
    own = own.with_columns(item_count=pl.lit(1))
    for period, part in _parts(own, "half"):
        sheet = _sheet(
            part,
            f"检测中心_LIMS导出_{period}.csv",
            "检测技术中心",
            LABORATORY,
            0,
            encoding="gb18030",
            one_row_per_item=True,
        )
        sheet.declared = part["batch_index"].n_unique()
        _note_rows_of_one_batch(sheet)
        yield sheet


def _note_rows_of_one_batch(sheet: Sheet) -> None:
    repeated = np.flatnonzero(sheet.batch[1:] == sheet.batch[:-1]) + 1
    sheet.faults += [
        Fault("batch.rows_merged", int(i), None, None, None, "one row per item") for i in repeated
    ]


def _platform(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Windows of the city's platform: yearly, monthly in the last year."""
    own = rows.filter(pl.col("supplier") == "platform")
    last = own["year"].max()
    own = own.with_columns(pl.when(pl.col("year") == last).then("month_of").otherwise("year").alias("period"))
    for number, (period, part) in enumerate(_parts(own, "period")):
        yield _sheet(part, f"市局平台导出_{period}.csv", "市局信息平台", PLATFORM, number)


def _province(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    own = rows.filter(pl.col("supplier") == "province")
    for number, (period, part) in enumerate(_parts(own, "half")):
        title = f"省级监督抽查结果通报{period}{MARK}"
        yield _sheet(
            part,
            f"省抽_{period}.tsv",
            "省产品质量检验研究院",
            TEMPLATE,
            number,
            encoding="utf-16",
            delimiter="\t",
            titles=[title],
        )


def _risk_unit(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    own = rows.filter(pl.col("supplier") == "risk_unit")
    for number, (period, part) in enumerate(_parts(own, "year")):
        yield _sheet(
            part,
            f"风险监测_{period}.csv",
            "市风险监测中心",
            PLATFORM,
            number,
            encoding="utf-8",
            delimiter=";",
        )


def _county_bureaus(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Lists of counties: no county column, each bureau with its own encoding and heading."""
    forms: dict[str, dict[str, Any]] = {
        "371522": {"encoding": "gb18030"},
        "371525": {"encoding": "utf-16", "delimiter": "\t", "broken_header": True},
        "371521": {"encoding": "utf-8-sig"},
    }
    own = rows.filter(pl.col("supplier") == "county_bureau")
    for code, form in forms.items():
        name = county_name(code)["zh"]
        for number, (period, part) in enumerate(_parts(own.filter(pl.col("county_of") == code), "year")):
            part = part.with_row_index("sequence", offset=1).with_columns(pl.col("sequence").cast(pl.String))
            ending = "tsv" if form.get("delimiter") else "csv"
            sheet = _sheet(
                part, f"{name}局 {period}年抽查.{ending}", f"{name}质量技术监督局", COUNTY, number + 1,
                titles=[f"{name}{period}年产品质量监督抽查结果{MARK}", "单位：批次"], **form,
            )  # fmt: skip
            _note_townships(sheet, code)
            yield sheet


def _note_townships(sheet: Sheet, county_code: str) -> None:
    towns = sheet.cells["township"]
    sheet.faults += [
        Fault("place.from_address", i, "county", town, county_code, "township instead of county")
        for i, town in enumerate(towns)
    ]


def _campaign(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Special campaigns: only what failed in the end is listed, the total is not told."""
    own = rows.filter((pl.col("supplier") == "campaign") & (pl.col("outcome") == "fail"))
    for number, (period, part) in enumerate(_parts(own, "year")):
        sheet = _sheet(
            part, f"专项抽查不合格名单_{period}.csv", "市局专项办", PLATFORM, number, encoding="gb18030"
        )
        sheet.lists, sheet.declared = "failures", None
        yield sheet


def alerts_sheet(cutoff: date) -> Sheet:
    """A collection of foreign food alerts that was sent along: not one of its rows is an inspection."""
    products = ("花生仁", "脱水大蒜", "冷冻草莓", "辣椒粉", "芝麻籽", "茶叶")
    cells = {name: np.full(len(products), None, dtype=object) for name, _ in ALERTS}
    cells["product_name"] = np.array(products, dtype=object)
    constant = {
        "listing": "RASFF", "search_term": "食品", "product_class": "食品", "result": "不合格",
        "failed_items": "黄曲霉毒素", "issuer": "RASFF", "announced_on": "2015-06-16", "remark": "演示数据",
    }  # fmt: skip
    for name, text in constant.items():
        cells[name][:] = text
    sheet = Sheet(
        "食品公告汇编_演示.csv", "市局信息平台", ALERTS, cells, np.full(len(products), -1),
        programme="", level="", lists="undeclared", pristine=True, received_on=str(cutoff),
    )  # fmt: skip
    sheet.faults = [
        Fault("row.not_an_inspection", i, None, None, None, "foreign alert") for i in range(len(products))
    ]
    sheet.faults += [
        Fault("file.column_ignored", None, None, heading, None, "no field takes it")
        for heading in ("批号", "项目分类")
    ]
    return sheet


def _parts(rows: pl.DataFrame, column: str) -> Iterator[tuple[str, pl.DataFrame]]:
    for (period,), part in rows.partition_by(column, maintain_order=True, as_dict=True).items():
        yield str(period), part


def _sheet(
    part: pl.DataFrame,
    file: str,
    supplier: str,
    columns: Sequence[tuple[str, str]],
    form: int,
    **options: Any,
) -> Sheet:
    """Sheet with true cells; dates in one of the forms."""
    write_date = list(DATE_FORMS.values())[form % len(DATE_FORMS)]
    cells = {name: part[name].to_numpy().astype(object) for name, _ in columns}
    for name in ("sampled_on", "announced_on"):
        cells[name] = np.array([day and write_date(*day.split("-")) for day in cells[name]], dtype=object)
    sheet = Sheet(
        file, supplier, columns, cells, part["batch_index"].to_numpy(),
        programme=part["program_code"][0], level=part["level_code"][0],
        received_on=_received_on(part), **options,
    )  # fmt: skip
    sheet.declared = part["batch_index"].n_unique()
    _note_systematic(sheet, part)
    return sheet


def _received_on(part: pl.DataFrame) -> str:
    """Day when the last re-inspection of the file is in, at the latest the cut-off date of the run."""
    last = cast(date, part["sampled_on"].str.to_date().max()) + timedelta(days=REINSPECTED_DELAY[1] + 5)
    return str(min(last, part["cutoff"][0]))


def _note_systematic(sheet: Sheet, part: pl.DataFrame) -> None:
    """Ways of the supplier that a rule must mend in every such row."""
    several = np.flatnonzero((part["item_count"].fill_null(0) > 1).to_numpy())
    for i in several:
        cell = sheet.cells["failed_items"][i]
        sheet.faults.append(
            Fault("item.split", int(i), "failed_items", cell, cell.replace("、", "|"), "several items")
        )
    if "result" in sheet.cells:
        for i in np.flatnonzero(part["both"].to_numpy()):
            sheet.faults.append(
                Fault(
                    "outcome.first_and_final",
                    int(i),
                    "result",
                    sheet.cells["result"][i],
                    None,
                    "two outcomes",
                )
            )
