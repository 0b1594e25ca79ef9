"""How do the quality returns of the demonstration city come to disk? Files, and what is true."""

from pathlib import Path

import numpy as np
import polars as pl

from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.delivered import add_denominators, locate_rows, record_deliveries, tabulate_faults
from qstats.synthetic.returns.economy import draw_returns
from qstats.synthetic.returns.faults import put_return_faults
from qstats.synthetic.returns.files import build_return_sheets
from qstats.synthetic.sheet import write_sheets
from qstats.synthetic.write import CUTOFF, SIZES, enterprises_of

STREAM = 17
"""Keeps these draws apart from those of the other files."""


def write_returns(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write yearly returns to ``folder``, and what is true to ``truth``.

    The enterprises are those of the city of that seed and size.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run, with the delivery record that is there already; folder of the truth.
    seed : int
    size : str
        ``tiny``, ``demo``, ``large`` or a number of batches.
    """
    count = SIZES[size].enterprises if size in SIZES else enterprises_of(int(size))
    enterprises = draw_enterprises(count, np.random.default_rng(seed))
    generator = np.random.default_rng([seed, STREAM])
    returns = draw_returns(enterprises, generator)
    sheets = build_return_sheets(returns)
    declared = {sheet.file: len(sheet.batch) for sheet in sheets}
    put_return_faults(sheets, generator)
    write_sheets(sheets, folder)
    record_deliveries(sheets, declared, folder / "deliveries.csv", CUTOFF)
    add_denominators(_count_obliged(returns), folder / "denominators.csv")
    truth.mkdir(parents=True, exist_ok=True)
    returns.write_parquet(truth / "returns.parquet")
    locate_rows(sheets, "return").write_parquet(truth / "return_lines.parquet")
    tabulate_faults(sheets).write_csv(truth / "return_faults.csv")


def _count_obliged(returns: pl.DataFrame) -> pl.DataFrame:
    """Enterprises that had to return, by year and county: what the returns are a part of."""
    counted = returns.group_by("year", "county_code").agg(pl.len().cast(pl.Int64).alias("count"))
    rows = counted.with_columns(pl.lit("returning_enterprises").alias("denominator")).sort(
        "year", "county_code"
    )
    return rows.select("denominator", "year", "county_code", "count")
