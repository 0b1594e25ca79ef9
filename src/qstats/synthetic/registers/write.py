"""How do the registers of the demonstration city come to disk? Files, denominators, and what is true."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from qstats.synthetic.city import SMALL_ABOVE_SCALE, draw_enterprises
from qstats.synthetic.delivered import add_denominators, locate_rows, record_deliveries, tabulate_faults
from qstats.synthetic.registers.entries import draw_entries
from qstats.synthetic.registers.faults import put_register_faults
from qstats.synthetic.registers.files import build_register_sheets
from qstats.synthetic.registers.laws import LAWS
from qstats.synthetic.sheet import write_sheets
from qstats.synthetic.write import CUTOFF, SIZES, enterprises_of

STREAM = 16
"""Keeps these draws apart from those of the other files."""

YEAR_ENDS = tuple(date(year, 12, 31) for year in range(2010, 2016))
AGRICULTURAL_AREA = 1_080
"""Declared agricultural area, in 10,000 mu."""

CAMPAIGN_LEFT_OUT = 9
"""Enterprises of the “1150” programme that do not take part."""


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
    record_deliveries(sheets, declared, folder / "deliveries.csv", CUTOFF)
    add_denominators(declare_denominators(enterprises, entries), folder / "denominators.csv")
    truth.mkdir(parents=True, exist_ok=True)
    entries.write_parquet(truth / "register_entries.parquet")
    locate_rows(sheets, "entry").write_parquet(truth / "register_lines.parquet")
    tabulate_stocks(entries, size).write_csv(truth / "register_stocks.csv", float_precision=4)
    tabulate_faults(sheets).write_csv(truth / "register_faults.csv")


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
