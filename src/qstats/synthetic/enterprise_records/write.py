"""How do the records of departments come to disk? Nine files, and what is true."""

from pathlib import Path

import numpy as np
import polars as pl

from qstats.synthetic.city import draw_enterprises
from qstats.synthetic.delivered import locate_rows, record_deliveries, tabulate_faults
from qstats.synthetic.enterprise_records.events import draw_records
from qstats.synthetic.enterprise_records.faults import put_record_faults
from qstats.synthetic.enterprise_records.files import build_record_sheets, write_cells
from qstats.synthetic.enterprise_records.population import describe
from qstats.synthetic.sheet import write_sheets
from qstats.synthetic.write import CUTOFF, SIZES, enterprises_of

STREAM = 19
"""Keeps these draws apart from those of the other files."""


def write_enterprise_records(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write the files of nine departments to ``folder``, and what is true to ``truth``.

    The enterprises are those of the city of that seed and size; failures are those of its true batches where
    ``truth`` holds them already.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run, with the delivery record that is there already; folder of the truth.
    seed : int
    size : str
        ``tiny``, ``demo``, ``large`` or a number of batches.
    """
    count = SIZES[size].enterprises if size in SIZES else enterprises_of(int(size))
    city = draw_enterprises(count, np.random.default_rng(seed))
    generator = np.random.default_rng([seed, STREAM])
    enterprises = describe(city, generator)
    records = draw_records(city["effect"].to_numpy(), generator, _failures(truth, city))
    sheets = build_record_sheets(records, write_cells(enterprises, records, generator))
    declared = {sheet.file: len(sheet.batch) for sheet in sheets}
    put_record_faults(sheets, generator)
    write_sheets(sheets, folder)
    record_deliveries(sheets, declared, folder / "deliveries.csv", CUTOFF)
    truth.mkdir(parents=True, exist_ok=True)
    records.write_parquet(truth / "enterprise_records.parquet")
    enterprises.write_parquet(truth / "enterprises.parquet")
    locate_rows(sheets, "record").write_parquet(truth / "enterprise_record_lines.parquet")
    tabulate_faults(sheets).write_csv(truth / "enterprise_record_faults.csv")


def _failures(truth: Path, city: pl.DataFrame) -> pl.DataFrame | None:
    """Announced failures of the last five years, by place of the enterprise in the city."""
    path = truth / "batches.parquet"
    if not path.exists():
        return None
    batches = pl.read_parquet(path).filter(
        (pl.col("outcome") == "fail") & (pl.col("announced_on").dt.year().is_between(2011, 2015))
    )
    places = city.select("enterprise_id").with_row_index("enterprise")
    found = batches.join(places, on="enterprise_id").sort("sheet_no")
    return found.select(pl.col("enterprise").cast(pl.Int64), "sheet_no", "announced_on", "product_name")
