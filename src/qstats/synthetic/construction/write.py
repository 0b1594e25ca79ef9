"""How do the construction works of the demonstration city come to disk? Files, denominators, truth."""

from pathlib import Path

import numpy as np
import polars as pl

from qstats.synthetic.construction import works as laws
from qstats.synthetic.construction.catalogue import REGISTER, ROUNDS
from qstats.synthetic.construction.faults import kind_of, put_construction_faults
from qstats.synthetic.construction.files import build_construction_sheets
from qstats.synthetic.construction.rooms import (
    PLANS,
    draw_rooms,
    share_of_plans_within,
    share_of_spreads_within,
)
from qstats.synthetic.construction.works import Construction, draw_construction
from qstats.synthetic.delivered import tabulate_faults
from qstats.synthetic.sheet import Sheet, write_sheets
from qstats.synthetic.write import CUTOFF, ERROR_PAGE

PAGE = "验收系统导出.xls"
"""An error page that was saved as a workbook."""

STREAM = 9
"""Keeps these draws apart from those of the inspections and of the survey."""


def write_construction(folder: Path, truth: Path, *, seed: int, size: str = "demo") -> None:
    """Write registers, sheets, measurements, complaints and denominators, and what is true.

    Parameters
    ----------
    folder, truth : Path
        Raw folder of the run; folder of the truth, which no run reads.
    seed : int
    size : str
        ``tiny``, ``demo`` or ``large``; anything else is written like ``demo``.
    """
    size = size if size in laws.PROJECTS_A_YEAR else "demo"
    generator = np.random.default_rng([seed, STREAM])
    true = draw_construction(size, CUTOFF, generator)
    rooms = draw_rooms(true.dwellings, size, generator)
    sheets = build_construction_sheets(true, rooms)
    put_construction_faults(sheets, generator)
    write_sheets(sheets, folder)
    _record_registers(sheets, true, folder / "deliveries.csv")
    (folder / PAGE).write_bytes(ERROR_PAGE.encode())
    declared = pl.col("county_code").replace("", None)
    true.denominators.with_columns(declared).write_csv(folder / "denominators.csv")
    truth.mkdir(parents=True, exist_ok=True)
    for name, frame in (
        ("projects", true.projects.drop("dwellings_by_building")), ("dwellings", true.dwellings),
        ("rooms", rooms), ("complaints", true.complaints),
    ):  # fmt: skip
        frame.write_parquet(truth / f"{name}.parquet")
    tabulate_truth(true).write_csv(truth / "construction_truth.csv", float_precision=6)
    tabulate_faults(sheets, refused=PAGE).write_csv(truth / "construction_faults.csv")


def _record_registers(sheets: list[Sheet], true: Construction, path: Path) -> None:
    """The clerk's record of the registers: how many projects each should hold, by first acceptance."""
    years = true.projects["first_accepted_on"].dt.year()
    rows = [
        {
            "file": sheet.file, "supplier": f"{sheet.supplier}（演示）", "lists": "all",
            "batches_declared": str((years == year).sum()), "received_on": CUTOFF.isoformat(),
        }
        for sheet in sheets
        if kind_of(sheet) in (REGISTER, ROUNDS)
        for year in [int(Path(sheet.file).stem[-4:])]
    ]  # fmt: skip
    columns = ("file", "supplier", "programme", "level", "lists", "batches_declared", "received_on")
    record = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
    if path.exists():
        record = pl.concat([pl.read_csv(path, infer_schema=False), record])
    record.sort("file").write_csv(path)


def tabulate_truth(true: Construction) -> pl.DataFrame:
    """True rates: ``measure, year, scale, county_code, probability, realised, n``.

    ``probability`` is that of the law which the city is drawn from, ``realised`` what came of it.
    """
    return pl.concat([_projects(true), _dwellings(true), _complaints(true), _rooms()], how="diagonal").select(
        "measure", "year", "scale", "county_code", "probability", "realised", "n"
    )


def _projects(true: Construction) -> pl.DataFrame:
    frame = true.projects.with_columns(
        pl.col("first_accepted_on").dt.year().cast(pl.Int64).alias("year"),
        (pl.col("first_outcome") == "pass").alias("_pass"),
    )
    return pl.concat(
        (frame.group_by(groups)
        .agg(
            pl.col("first_time_probability").mean().alias("probability"),
            pl.col("_pass").mean().alias("realised"), pl.len().cast(pl.Int64).alias("n"),
        )
        .sort(groups)
        .with_columns(pl.lit("first_time_rate").alias("measure"))
        for groups in (["year"], ["year", "scale"], ["year", "scale", "county_code"])),
        how="diagonal",
    )  # fmt: skip


def _dwellings(true: Construction) -> pl.DataFrame:
    inspected = pl.col("dwellings_accepted")
    return (
        true.dwellings.group_by(pl.col("accepted_on").dt.year().cast(pl.Int64).alias("year"))
        .agg(
            ((pl.col("first_time_probability") * inspected).sum() / inspected.sum()).alias("probability"),
            (pl.col("dwellings_first_time").sum() / inspected.sum()).alias("realised"),
            inspected.sum().alias("n"),
        )
        .sort("year")
        .with_columns(pl.lit("dwelling_rate").alias("measure"))
    )


def _complaints(true: Construction) -> pl.DataFrame:
    delivered = true.denominators.filter(
        (pl.col("denominator") == "dwellings_delivered") & (pl.col("county_code") == "")
    )
    counted = true.complaints.group_by(pl.col("opened_on").dt.year().cast(pl.Int64).alias("year")).len("n")
    return (
        counted.join(delivered, on="year")
        .sort("year")
        .select(
            pl.lit("complaint_rate").alias("measure"), "year",
            pl.Series("probability", laws.COMPLAINT_RATES),
            (1000 * pl.col("n") / pl.col("count")).alias("realised"),
            pl.col("n").cast(pl.Int64),
        )
    )  # fmt: skip


def _rooms() -> pl.DataFrame:
    """Laws without a year: rooms, and the medians of both waiting times in days."""
    known = {
        "height_spread_within": share_of_spreads_within(), "plan_within": share_of_plans_within(),
        "plan_room_within": share_of_plans_within() ** PLANS,
        "days_to_acceptance_median": laws.DAYS_TO_ACCEPTANCE[0],
        "days_to_closing_median": laws.DAYS_TO_CLOSING[0], "dwelling_icc": laws.DWELLING_ICC,
    }  # fmt: skip
    return pl.DataFrame({"measure": list(known), "probability": list(known.values())})
