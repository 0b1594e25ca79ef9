"""What do the suppliers of the synthetic city send? The files, before faults are put into them.

The city's institute sends our template as workbooks, a laboratory its system's export with one row per
item in GB18030, the platform monthly or yearly windows that overlap, the province half-yearly lists in
UTF-16, county bureaus lists of their own with townships instead of counties, and a campaign the failures
only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from qstats.codebook import label
from qstats.reference import county_name, product_class_name
from qstats.synthetic.sampling import REINSPECTED_DELAY
from qstats.synthetic.sheet import Fault, Sheet
from qstats.synthetic.vocabulary import ROADS

MARK = "（演示数据·合成）"
"""In every title: nobody shall take these figures for real ones."""

LABORATORIES = {
    "institute": "演示市产品质量监督检验所", "laboratory": "演示检测技术中心", "platform": "演示市纤维检验所",
    "province": "演示省产品质量检验研究院", "risk_unit": "演示市产品质量监督检验所",
    "county_bureau": "演示县计量检定测试所", "campaign": "演示检测技术中心",
}  # fmt: skip

TEMPLATE = (
    ("sheet_no", "抽样单编号"), ("enterprise_name", "企业名称"), ("enterprise_code", "统一社会信用代码"),
    ("enterprise_address", "企业地址"), ("county", "所属县区"), ("township", "乡镇"),
    ("enterprise_size", "企业规模"), ("sampled_unit", "被抽样单位"), ("product_name", "产品名称"),
    ("product_class", "产品类别"), ("brand", "商标"), ("model", "规格型号"), ("production", "生产日期/批号"),
    ("stage", "抽样环节"), ("programme", "抽查类别"), ("level", "抽查级别"), ("sampled_on", "抽样日期"),
    ("announced_on", "公告日期"), ("first_result", "初检结果"), ("final_result", "复检结果"),
    ("failed_items", "不合格项目"), ("item_result", "检验值"), ("item_unit", "计量单位"),
    ("item_limit", "标准值"), ("laboratory", "承检机构"), ("sales_value", "销售额（万元）"), ("remark", "备注"),
)  # fmt: skip
PLATFORM = (
    ("sheet_no", "抽样单号"), ("product_name", "样品名称"), ("product_class", "产品分类"),
    ("enterprise_name", "标称生产企业"), ("enterprise_code", "组织机构代码"), ("county", "所属区县"),
    ("township", "乡镇（街道）"), ("enterprise_size", "生产企业规模"), ("sampled_unit", "被抽样单位名称"),
    ("brand", "注册商标"), ("model", "型号规格"), ("production", "生产日期或批号"), ("stage", "抽样领域"),
    ("programme", "任务类别"), ("level", "任务级别"), ("sampled_on", "抽样时间"), ("announced_on", "发布日期"),
    ("result", "检验结论"), ("failed_items", "不合格项目名称"), ("item_result", "实测值"),
    ("item_unit", "单位"), ("item_limit", "标准要求"), ("laboratory", "检验机构"),
    ("sales_value", "年销售额"), ("remark", "备注"),
)  # fmt: skip
COUNTY = (
    ("sequence", "序号"), ("sheet_no", "抽样单号"), ("product_name", "样品名称"), ("product_class", "样品类别"),
    ("enterprise_name", "生产单位"), ("enterprise_code", "单位代码"), ("township", "所在乡镇"),
    ("model", "规格"), ("brand", "商标"), ("production", "生产日期"), ("sampled_on", "抽样时间"),
    ("stage", "抽样地点类型"), ("result", "检验结果"), ("failed_items", "不合格项"),
    ("announced_on", "公告时间"), ("laboratory", "承检单位"), ("remark", "备注"),
)  # fmt: skip
LABORATORY = (
    ("sheet_no", "报告编号"), ("product_name", "样品名称"), ("product_class", "样品类别"),
    ("enterprise_name", "受检单位"), ("enterprise_code", "组织机构代码"), ("county", "所属地区"),
    ("township", "所在乡镇"), ("enterprise_size", "企业规模"), ("model", "规格型号"), ("stage", "抽样环节"),
    ("programme", "任务类别"), ("level", "任务级别"), ("sampled_on", "采样日期"), ("announced_on", "发布日期"),
    ("result", "样品结论"), ("failed_items", "检测项目"), ("item_result", "实测值"), ("item_unit", "计量单位"),
    ("item_limit", "标准限值"), ("item_verdict", "单项判定"), ("laboratory", "检测机构"),
)  # fmt: skip
ALERTS = (
    ("listing", "信息来源"), ("search_term", "搜索条件"), ("product_name", "物料名称"), ("product_class", "产品分类"),
    ("enterprise_name", "生产商"), ("sampled_unit", "供应商"), ("production", "生产日期"), ("lot", "批号"),
    ("item_class", "项目分类"), ("failed_items", "检测项目"), ("item_unit", "单位"), ("item_result", "检测结果"),
    ("item_limit", "限量值"), ("result", "判定"), ("issuer", "发布单位"), ("announced_on", "发布日期"), ("remark", "备注"),
)  # fmt: skip
"""Headings of the compiled food announcements; ``lot`` and ``item_class`` are no fields of ours."""

FATE_WORDS = {"closed": "停产", "nothing_to_sample": "未抽到样", "refused": "拒检", "pending": "检验中"}
OUTCOME_WORDS = {"pass": "合格", "fail": "不合格"}
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
    rows = _texts(batches, items).with_columns(cutoff=pl.lit(cutoff))
    makers = (_institute, _laboratory, _platform, _province, _risk_unit, _county_bureaus, _campaign)
    return [sheet for make in makers for sheet in make(rows, items)]


def _texts(batches: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Every cell that any supplier writes, as text."""
    place = {code: county_name(code)["zh"] for code in batches["county_code"].unique()}
    classes = {code: product_class_name(code)["zh"] for code in batches["product_class"].unique()}
    labels = {
        column: {code: label(column, code, "zh") for code in batches[column].unique()}
        for column in ("enterprise_size", "stage", "programme", "level")
    }
    year = pl.col("sampled_on").dt.year()
    road = pl.Series([ROADS[i % len(ROADS)] + f"{i % 97 + 1}号" for i in batches["enterprise_id"].str.slice(1).cast(pl.Int64)])
    fate = pl.col("fate").replace_strict(FATE_WORDS, default=None, return_dtype=pl.String)
    first = pl.col("first_outcome").replace_strict(OUTCOME_WORDS, default=None, return_dtype=pl.String)
    final = pl.col("outcome").replace_strict(OUTCOME_WORDS, default=None, return_dtype=pl.String)
    both = pl.col("reinspected") & pl.col("outcome").is_not_null()
    county = pl.col("county_code").replace_strict(place, return_dtype=pl.String)
    return (
        batches.with_columns(
            county=county,
            township=pl.col("town"),
            enterprise_address=pl.lit("山东省聊城市") + county + pl.col("town") + road,
            sampled_unit=pl.when(pl.col("stage") == "production").then("enterprise_name").otherwise(county + "演示商场"),
            product_class=pl.col("product_class").replace_strict(classes, return_dtype=pl.String),
            **{c: pl.col(c).replace_strict(words, return_dtype=pl.String) for c, words in labels.items()},
            first_result=pl.coalesce(fate, first),
            final_result=pl.when(both).then(final),
            result=pl.when(both).then(pl.lit("初检不合格，复检") + final).otherwise(pl.coalesce(fate, final)),
            both=both,
            laboratory=pl.col("supplier").replace_strict(LABORATORIES, return_dtype=pl.String),
            sales_value=(pl.col("sales_value") / 1e4).round(1).map_elements(_plain_amount, return_dtype=pl.String),
            remark=pl.lit(None, pl.String),
            item_verdict=pl.lit(None, pl.String),
            sampled_on=pl.col("sampled_on").cast(pl.String),
            announced_on=pl.col("announced_on").cast(pl.String),
            year=year.cast(pl.String),
            quarter=year.cast(pl.String) + "Q" + pl.col("sampled_on").dt.quarter().cast(pl.String),
            half=year.cast(pl.String) + "H" + ((pl.col("sampled_on").dt.month() > 6) + 1).cast(pl.String),
            month_of=pl.col("sampled_on").dt.strftime("%Y-%m"),
        )
        .with_columns(program_code=batches["programme"], level_code=batches["level"], county_of=batches["county_code"])
        .join(_item_cells(items), on="batch_index", how="left", maintain_order="left")
    )


def _plain_amount(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _item_cells(items: pl.DataFrame) -> pl.DataFrame:
    """Failed items of a batch in one cell; result, unit and limit only where there is a single item."""
    failed = items.filter(pl.col("verdict") == "fail")
    single = pl.len() == 1
    return failed.group_by("batch_index", maintain_order=True).agg(
        failed_items=pl.col("item").str.join("、"),
        item_result=pl.when(single).then(pl.col("result").first()),
        item_unit=pl.when(single).then(pl.col("unit").first()),
        item_limit=pl.when(single).then(pl.col("limit_operator").first() + pl.col("limit").first()),
        item_count=pl.len(),
    )


def _institute(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Our template as a workbook: one a year, one a quarter in the last year."""
    own = rows.filter(pl.col("supplier") == "institute")
    last = own["year"].max()
    own = own.with_columns(pl.when(pl.col("year") == last).then("quarter").otherwise("year").alias("period"))
    for number, (period, part) in enumerate(_parts(own, "period")):
        title = f"聊城市{period}监督抽查结果汇总表{MARK}"
        yield _sheet(part, f"市检验所_{period}.xlsx", "市产品质量监督检验所", TEMPLATE, number, titles=[title])


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
    own = own.with_columns(result=pl.col("first_result"), both=pl.lit(False), item_count=pl.lit(1))
    for period, part in _parts(own, "half"):
        sheet = _sheet(
            part, f"检测中心_LIMS导出_{period}.csv", "检测技术中心", LABORATORY, 0, encoding="gb18030", one_row_per_item=True
        )
        sheet.declared = part["batch_index"].n_unique()
        _note_rows_of_one_batch(sheet)
        yield sheet


def _note_rows_of_one_batch(sheet: Sheet) -> None:
    repeated = np.flatnonzero(sheet.batch[1:] == sheet.batch[:-1]) + 1
    sheet.faults += [Fault("batch.rows_merged", int(i), None, None, None, "one row per item") for i in repeated]


def _platform(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Windows of the city's platform: yearly, monthly in the last year; each repeats the end of the one before."""
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
            part, f"省抽_{period}.tsv", "省产品质量检验研究院", TEMPLATE, number, encoding="utf-16", delimiter="\t", titles=[title]
        )


def _risk_unit(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    own = rows.filter(pl.col("supplier") == "risk_unit")
    for number, (period, part) in enumerate(_parts(own, "year")):
        yield _sheet(part, f"风险监测_{period}.csv", "市风险监测中心", PLATFORM, number, encoding="utf-8", delimiter=";")


def _county_bureaus(rows: pl.DataFrame, items: pl.DataFrame) -> Iterator[Sheet]:
    """Lists of counties: no county column, each bureau with its own encoding and heading."""
    forms = {
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
        sheet = _sheet(part, f"专项抽查不合格名单_{period}.csv", "市局专项办", PLATFORM, number, encoding="gb18030")
        sheet.lists, sheet.declared = "failures", None
        yield sheet


def alerts_sheet(cutoff: date) -> Sheet:
    """A collection of foreign food alerts that was sent along: not one of its rows is an inspection."""
    products = ("花生仁", "脱水大蒜", "冷冻草莓", "辣椒粉", "芝麻籽", "茶叶")
    cells = {name: np.full(len(products), None, dtype=object) for name, _ in ALERTS}
    cells["product_name"] = np.array(products, dtype=object)
    for name, text in (("listing", "RASFF"), ("search_term", "食品"), ("product_class", "食品"), ("result", "不合格"),
                       ("failed_items", "黄曲霉毒素"), ("issuer", "RASFF"), ("announced_on", "2015-06-16"),
                       ("remark", "演示数据")):  # fmt: skip
        cells[name][:] = text
    sheet = Sheet(
        "食品公告汇编_演示.csv", "市局信息平台", ALERTS, cells, np.full(len(products), -1),
        programme="", level="", lists="undeclared", pristine=True, received_on=str(cutoff),
    )  # fmt: skip
    sheet.faults = [Fault("row.not_an_inspection", i, None, None, None, "foreign alert") for i in range(len(products))]
    return sheet


def _parts(rows: pl.DataFrame, column: str) -> Iterator[tuple[str, pl.DataFrame]]:
    for (period,), part in rows.partition_by(column, maintain_order=True, as_dict=True).items():
        yield str(period), part


def _sheet(
    part: pl.DataFrame, file: str, supplier: str, columns: Sequence[tuple[str, str]], form: int, **options: object
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
    last = part["sampled_on"].str.to_date().max() + timedelta(days=REINSPECTED_DELAY[1] + 5)
    return str(min(last, part["cutoff"][0]))


def _note_systematic(sheet: Sheet, part: pl.DataFrame) -> None:
    """Ways of the supplier that a rule must mend in every such row."""
    several = np.flatnonzero((part["item_count"].fill_null(0) > 1).to_numpy())
    for i in several:
        cell = sheet.cells["failed_items"][i]
        sheet.faults.append(Fault("item.split", int(i), "failed_items", cell, cell.replace("、", "|"), "several items"))
    if "result" in sheet.cells:
        for i in np.flatnonzero(part["both"].to_numpy()):
            sheet.faults.append(
                Fault("outcome.first_and_final", int(i), "result", sheet.cells["result"][i], None, "two outcomes")
            )


def repeat_windows(sheets: Sequence[Sheet], rows_repeated: int) -> None:
    """Let each platform file begin with the last rows of the one before (``batch.overlap``)."""
    platform = [sheet for sheet in sheets if sheet.file.startswith("市局平台导出")]
    tails = [_tail(sheet, min(rows_repeated, len(sheet.batch) // 2)) for sheet in platform]
    for sheet, tail in zip(platform[1:], tails[:-1], strict=True):
        _prepend(sheet, *tail)


def _tail(sheet: Sheet, count: int) -> tuple[dict[str, np.ndarray], np.ndarray, list[Fault]]:
    """Last rows of a sheet with their systematic faults; from now on no other fault may fall on them."""
    start = len(sheet.batch) - count
    sheet.free[start:] = False
    faults = [
        replace(fault, row=fault.row - start)
        for fault in sheet.faults
        if fault.row is not None and fault.row >= start
    ]
    return {name: cells[start:].copy() for name, cells in sheet.cells.items()}, sheet.batch[start:].copy(), faults


def _prepend(sheet: Sheet, cells: dict[str, np.ndarray], batch: np.ndarray, faults: list[Fault]) -> None:
    count = len(batch)
    sheet.cells = {name: np.concatenate([cells[name], own]) for name, own in sheet.cells.items()}
    sheet.batch = np.concatenate([batch, sheet.batch])
    sheet.free = np.concatenate([np.zeros(count, dtype=bool), sheet.free])
    own_faults = [replace(fault, row=fault.row + count) for fault in sheet.faults if fault.row is not None]
    overlaps = [Fault("batch.overlap", i, None, None, None, "overlapping window") for i in range(count)]
    sheet.faults = [*own_faults, *faults, *overlaps]
    sheet.declared = len(np.unique(sheet.batch))


def copy_sheet(sheet: Sheet) -> Sheet:
    """The same file sent again under another name: every row overlaps, systematic faults stand in both."""
    stem, ending = sheet.file.rsplit(".", 1)
    again = replace(sheet, file=f"{stem}_副本.{ending}")
    copied = [replace(fault, cause="copied file") for fault in sheet.faults]
    overlaps = [Fault("batch.overlap", i, None, None, None, "copied file") for i in range(len(sheet.batch))]
    again.faults = [Fault("file.duplicate", None, None, None, sheet.file, "copied file"), *copied, *overlaps]
    return again
