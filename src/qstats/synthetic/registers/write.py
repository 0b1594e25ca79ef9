"""How do the registers of the demonstration city come to disk? Files, denominators, and what is true."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.registers.entries import draw_entries
from qstats.synthetic.registers.faults import put_register_faults
from qstats.synthetic.registers.files import build_register_sheets
from qstats.synthetic.registers.laws import LAWS
from qstats.synthetic.sheet import Sheet, write_sheets
from qstats.synthetic.write import CUTOFF, SIZES, enterprises_of

STREAM = 16
"""Keeps these draws apart from those of the other files."""

YEAR_ENDS = tuple(date(year, 12, 31) for year in range(2010, 2016))
AGRICULTURAL_AREA = 1_080
"""Declared agricultural area, in 10,000 mu."""

CAMPAIGN_LEFT_OUT = 9
"""Enterprises of the “1150” programme that do not take part."""

SMALL_ABOVE_SCALE = 0.62
"""Share of the small enterprises that are above the designated size."""


def write_registers(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write registers and the denominators of their targets to ``folder``, and what is true to ``truth``.

    The enterprises are those of the city of that seed and size.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run, with the delivery record and denominators that are there already; folder of
        the truth, which no run reads.
    seed : int
    size : str
        ``tiny``, ``demo`` or ``large``, or a number of batches: then registers are those of ``demo``.
    """
    count = SIZES[size].enterprises if size in SIZES else enterprises_of(int(size))
    size = size if size in SIZES else "demo"
    enterprises = draw_enterprises(count, np.random.default_rng(seed))
    generator = np.random.default_rng([seed, STREAM])
    entries = draw_entries(enterprises, size, CUTOFF, generator)
    sheets = build_register_sheets(entries, CUTOFF)
    declared = {sheet.file: len(sheet.batch) for sheet in sheets}
    put_register_faults(sheets, generator)
    write_sheets(sheets, folder)
    _record(sheets, declared, folder / "deliveries.csv")
    _declare(declare_denominators(enterprises, entries), folder / "denominators.csv")
    truth.mkdir(parents=True, exist_ok=True)
    entries.write_parquet(truth / "register_entries.parquet")
    _locate(sheets).write_parquet(truth / "register_lines.parquet")
    tabulate_stocks(entries, size).write_csv(truth / "register_stocks.csv", float_precision=4)
    _tabulate_faults(sheets).write_csv(truth / "register_faults.csv")


def count_true_stock(entries: pl.DataFrame, on: date) -> pl.DataFrame:
    """Things of each register that are registered on a day: ``register, stock, quantity``."""
    day = pl.lit(on)
    valid = entries.filter(
        (pl.col("awarded_on") <= day)
        & (pl.col("valid_until") >= day).fill_null(True)
        & (pl.col("withdrawn_on") > day).fill_null(True)
    )
    things = valid.unique("thing", keep="last", maintain_order=True)
    return things.group_by("register").agg(
        pl.col("thing").n_unique().cast(pl.Int64).alias("stock"), pl.col("quantity").sum()
    )


def tabulate_stocks(entries: pl.DataFrame, size: str) -> pl.DataFrame:
    """True stock of each register at each year's end beside the mean of its law, and its first awards.

    ``register, year, stock, expected, quantity, first_awards``. ``expected`` is the mean of the Poisson law.
    """
    firsts = entries.group_by("register", "thing").agg(pl.col("awarded_on").min().dt.year().alias("year"))
    parts = []
    for day in YEAR_ENDS:
        law = pl.DataFrame(
            {
                "register": [one.code for one in LAWS], "year": [day.year] * len(LAWS),
                "expected": [max(one.expected_stock(day, one.share(size)), 0.0) for one in LAWS],
            }
        )  # fmt: skip
        counted = firsts.filter(pl.col("year") == day.year).group_by("register").len("first_awards")
        of_year = law.join(count_true_stock(entries, day), on="register", how="left")
        parts.append(of_year.join(counted, on="register", how="left").with_columns(
            pl.col("stock", "first_awards").cast(pl.Int64).fill_null(0), pl.col("quantity").fill_null(0.0)
        ))  # fmt: skip
    columns = ("register", "year", "stock", "expected", "quantity", "first_awards")
    return pl.concat(parts).select(columns).sort("register", "year")


def declare_denominators(enterprises: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Denominators that the city declares: not those of quality reports and of managers to be trained."""
    sizes = enterprises["enterprise_size"]
    large = int(sizes.is_in(["large", "medium"]).sum())
    campaign = entries.filter(pl.col("register") == "campaign_enterprise")["thing"].n_unique()
    counts = {
        "above_scale_enterprises": large + round(SMALL_ABOVE_SCALE * int((sizes == "small").sum())),
        "large_medium_enterprises": large,
        "campaign_enterprises": campaign + CAMPAIGN_LEFT_OUT,
        "agricultural_area": AGRICULTURAL_AREA,
    }
    rows = [
        {"denominator": name, "year": day.year, "county_code": None, "count": count}
        for name, count in counts.items()
        for day in YEAR_ENDS[-2:]
    ]
    schema = {"denominator": pl.String, "year": pl.Int64, "county_code": pl.String, "count": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def _record(sheets: list[Sheet], declared: dict[str, int], path: Path) -> None:
    """The clerk's record: how many entries each list should hold."""
    rows = [
        {
            "file": sheet.file, "supplier": f"{sheet.supplier}（演示）", "lists": "all",
            "batches_declared": str(declared[sheet.file]), "received_on": CUTOFF.isoformat(),
        }
        for sheet in sheets
    ]  # fmt: skip
    columns = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
    record = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
    if path.exists():
        record = pl.concat([pl.read_csv(path, infer_schema=False), record])
    record.sort("file").write_csv(path)


def _declare(denominators: pl.DataFrame, path: Path) -> None:
    """Denominators added to those that are declared already."""
    if path.exists():
        known = pl.read_csv(path, schema_overrides={"county_code": pl.String})
        denominators = pl.concat([known, denominators])
    denominators.write_csv(path)


def _locate(sheets: list[Sheet]) -> pl.DataFrame:
    """Which entry stands in which line: ``file, source_row, entry``."""
    return pl.concat(
        pl.DataFrame(
            {
                "file": [sheet.file] * len(sheet.batch),
                "source_row": sheet.positions()[0],
                "entry": sheet.batch,
            }
        )
        for sheet in sheets
    ).with_columns(pl.col("source_row", "entry").cast(pl.Int64))


def _tabulate_faults(sheets: list[Sheet]) -> pl.DataFrame:
    names = ("rule", "file", "source_row", "field", "written", "true", "cause")
    schema = {name: pl.Int64 if name == "source_row" else pl.String for name in names}
    rows = [fault for sheet in sheets for fault in sheet.located_faults()]
    return pl.DataFrame(rows, schema=schema, orient="row").sort(
        "file", "source_row", "rule", nulls_last=False
    )
