"""How does the demonstration city come to disk? Population, batches, files with faults, and the truth.

The raw folder holds what suppliers send and ``deliveries.csv`` (交接单), the clerk's record of what each
file declares. The truth is written to a folder of its own, which no run reads.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from qstats.synthetic import rates
from qstats.synthetic.city import draw_enterprises, enterprise_icc
from qstats.synthetic.delivered import tabulate_faults
from qstats.synthetic.faults import put_faults
from qstats.synthetic.messy_files import alerts_sheet, build_sheets
from qstats.synthetic.repeats import copy_sheet, repeat_windows
from qstats.synthetic.sampling import draw_batches, tabulate_items
from qstats.synthetic.sheet import Sheet, write_sheets

DEFAULT_SEED = 20131212
CUTOFF = date(2016, 1, 31)


@dataclass(frozen=True)
class Size:
    """Size of a city: enterprises, planned batches, first month unless told, rows that windows repeat."""

    enterprises: int
    batches: int
    start: str
    rows_repeated: int


SIZES = {
    "tiny": Size(300, 600, "2014-01", 2),
    "demo": Size(3_000, 23_400, "2010-01", 12),
    "large": Size(20_000, 200_000, "2010-01", 50),
}

ERROR_PAGE_FILE = "系统导出_演示.csv"
ERROR_PAGE = (
    "<!DOCTYPE html>\r\n<html><head><title>502 Bad Gateway</title></head>\r\n"
    "<body><h1>502 Bad Gateway</h1><p>演示数据 synthetic data</p></body></html>\r\n"
)


@dataclass(frozen=True)
class Truth:
    """What is true of a demonstration city.

    Attributes
    ----------
    batches, items : polars.DataFrame
        Clean rows as they should come out, ``delivered`` where a file holds the batch.
    faults : polars.DataFrame
        One row per fault: ``rule, file, source_row, field, written, true, cause``.
    deliveries : polars.DataFrame
    true_rates, true_series : pandas.DataFrame
        Pass probability by stratum and month; crude and standardised city rate by month, and had there been
        no policy.
    """

    batches: pl.DataFrame
    items: pl.DataFrame
    faults: pl.DataFrame
    deliveries: pl.DataFrame
    true_rates: pd.DataFrame
    true_series: pd.DataFrame


def write_city(
    folder: Path, *, truth: Path | None = None, seed: int = DEFAULT_SEED, size: str | int = "demo",
    start: str | None = None, end: str = "2015-12", cutoff: date = CUTOFF,
) -> Truth:  # fmt: skip
    """Write the raw files of a synthetic city and, beside them, the truth.

    Parameters
    ----------
    folder : Path
        Raw folder of the run.
    truth : Path, optional
        Folder of the truth; ``<folder>-truth`` unless told.
    seed : int
    size : {"tiny", "demo", "large"} or int
        An integer is the number of planned batches.
    start, end : str
        First and last month ``YYYY-MM``.
    cutoff : date
        Results announced later are pending in the files.
    """
    city = SIZES[size] if isinstance(size, str) else Size(enterprises_of(size), size, "2010-01", 12)
    generator = np.random.default_rng(seed)
    months = rates.months_between(start or city.start, end)
    enterprises = draw_enterprises(city.enterprises, generator)
    batches = draw_batches(enterprises, months, city.batches, cutoff, generator)
    items = tabulate_items(batches, generator)
    sheets = _files(batches, items, city.rows_repeated, cutoff, generator)
    result = _truth(batches, items, sheets, months)
    write_sheets(sheets, folder)
    (folder / ERROR_PAGE_FILE).write_bytes(ERROR_PAGE.encode())
    result.deliveries.write_csv(folder / "deliveries.csv")
    _tabulate_frame(enterprises).write_csv(folder / "frame.csv")
    _write_truth(result, truth or folder.with_name(f"{folder.name}-truth"), seed)
    return result


def enterprises_of(batches: int) -> int:
    """Enterprises of a city of so many planned batches."""
    return max(300, batches // 8)


def _files(
    batches: pl.DataFrame,
    items: pl.DataFrame,
    rows_repeated: int,
    cutoff: date,
    generator: np.random.Generator,
) -> list[Sheet]:
    sheets = build_sheets(batches, items, cutoff)
    province = [sheet for sheet in sheets if sheet.file.startswith("省抽")]
    for sheet in province[-3:]:
        sheet.pristine = True
    repeat_windows(sheets, rows_repeated)
    put_faults(sheets, generator)
    return [*sheets, *(copy_sheet(sheet) for sheet in province[-3:]), alerts_sheet(cutoff)]


def _truth(batches: pl.DataFrame, items: pl.DataFrame, sheets: list[Sheet], months: list[str]) -> Truth:
    delivered = np.unique(np.concatenate([sheet.batch for sheet in sheets]))
    lost = [sheet.batch[row] for sheet in sheets for row in sheet.overfull]
    return Truth(
        batches=batches.drop("product_index").with_columns(
            delivered=pl.col("batch_index").is_in(delivered),
            readable=pl.col("batch_index").is_in(np.setdiff1d(delivered, lost)),
        ),
        items=items.join(batches.select("batch_index", "sheet_no"), on="batch_index", maintain_order="left"),
        faults=tabulate_faults(sheets, refused=ERROR_PAGE_FILE),
        deliveries=_tabulate_deliveries(sheets),
        true_rates=rates.tabulate_true_rates(months),
        true_series=rates.tabulate_true_series(months),
    )


def _tabulate_deliveries(sheets: list[Sheet]) -> pl.DataFrame:
    """The clerk's record of the files received."""
    rows = [
        (s.file, f"{s.supplier}（演示）", s.programme, s.level, s.lists, s.declared, s.received_on)
        for s in sheets
    ]
    columns = ["file", "supplier", "programme", "level", "lists", "batches_declared", "received_on"]
    return pl.DataFrame(rows, schema=columns, orient="row").sort("file")


def _tabulate_frame(enterprises: pl.DataFrame) -> pl.DataFrame:
    """The register's count of enterprises by size and county: the sampling frame."""
    strata = ["enterprise_size", "county_code"]
    return enterprises.group_by(strata).agg(pl.len().alias("enterprises")).sort(strata)


def _write_truth(truth: Truth, folder: Path, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    truth.batches.write_parquet(folder / "batches.parquet")
    truth.items.write_parquet(folder / "items.parquet")
    truth.faults.write_csv(folder / "faults.csv")
    truth.true_rates.to_csv(folder / "true_rates.csv", index=False, float_format="%.6f", lineterminator="\n")
    truth.true_series.to_csv(
        folder / "true_series.csv", index=False, float_format="%.6f", lineterminator="\n"
    )
    problems = pd.DataFrame([vars(problem) for problem in rates.PROBLEMS])
    problems.to_csv(folder / "problems.csv", index=False, lineterminator="\n")
    changes = pd.DataFrame([vars(change) for change in rates.KNOWN_CHANGES])
    changes.to_csv(folder / "changes.csv", index=False, lineterminator="\n")
    settings = {
        "seed": seed, "enterprise_icc": enterprise_icc(), "overturned_share": rates.OVERTURNED_SHARE,
        "slope_per_year": rates.SLOPE_PER_YEAR, "season": rates.SEASON,
    }  # fmt: skip
    pd.Series(settings).to_csv(folder / "settings.csv", header=["value"], lineterminator="\n")
