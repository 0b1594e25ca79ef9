"""What was measured in each room? Five clear heights and four plan lengths, in millimetres.

Sheets write metres or millimetres. A value that no room can have is unknown, and a stated spread that its
values do not have is flagged.
"""

import re
from functools import lru_cache

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import read_counties, read_days, reject_lines, with_fields
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.schemas import MEASUREMENTS

HEIGHTS = tuple(f"height_{point}" for point in range(1, 6))
PLANS = tuple(f"plan_{point}" for point in range(1, 5))
NOMINAL_OF = {
    "plan_1": "plan_derived_1",
    "plan_2": "plan_derived_1",
    "plan_3": "plan_derived_2",
    "plan_4": "plan_derived_2",
}
"""Two lengths each way: L1 and L2 are held against the first design value, L3 and L4 against the second."""

_FIELDS = (
    "project_no", "project_name", "county", "measured_on", "dwelling", "room", "height_derived", "spread",
    "plan_derived_1", "plan_derived_2", *HEIGHTS, *PLANS,
)  # fmt: skip
LEAST, MOST = 1_000, 20_000
LARGEST_METRES = 20
SPREAD_MAY_DIFFER = 1.0
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?)\s*(mm|m|毫米|米)?$", re.IGNORECASE)


def clean_measurements(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Rooms of one file as one row per measured value."""
    layout = setting.layout
    headed = [name for name in ("room", "height_1", "height_2") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("project_no", "project_name", "room"))
    frame = read_days(with_fields(frame, _FIELDS, layout), ("measured_on",), setting, log)
    lengths = ["height_derived", "plan_derived_1", "plan_derived_2", *HEIGHTS, *PLANS]
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        *(clean_column(frame, name, read_length, log).cast(pl.Float64) for name in lengths),
        pl.coalesce("project_no", pl.format("{}:{}", pl.lit("—"), "project_name")).alias("project_id"),
        pl.lit(setting.source_id).alias("source_id"),
    )
    _check_spread(frame, log)
    empty = pl.all_horizontal(pl.col(name).is_null() for name in (*HEIGHTS, *PLANS))
    log.add_rows(frame.filter(empty), "row.no_identity", "height_1")
    return {"measurements": _one_row_per_value(frame.filter(~empty))}


def settle_measurements(tables: Tables) -> Settled:
    """Each room once; a room that is sent again is merged."""
    values = tables["measurements"]
    room = ["project_id", "measured_on", "dwelling", "room"]
    rows = values.select("source_id", "source_row", *room).unique(maintain_order=True)
    named = rows.filter(pl.col("room").is_not_null() & pl.col("dwelling").is_not_null())
    again = named.filter(~pl.struct(room).is_first_distinct())
    issues = again.select(
        "source_id", "source_row", pl.lit("measurement.duplicate").alias("rule"),
        pl.lit("room").alias("field"),
        pl.col("room").alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
    )  # fmt: skip
    kept = values.join(again, on=["source_id", "source_row"], how="anti")
    return Settled({"measurements": kept.select(list(MEASUREMENTS))}, issues.select(list(ROW_ISSUES)))


@lru_cache(maxsize=1 << 15)
def read_length(text: str) -> Cleaned:
    """Rule: a length → millimetres. Rules ``number.unit`` (metres), ``measurement.impossible``."""
    match = _LENGTH.match(text)
    if not match:
        return Cleaned(None, (Hit("measurement.impossible", text, None),))
    value, unit = float(match[1]), (match[2] or "").lower()
    metres = unit in ("m", "米") or (not unit and value < LARGEST_METRES)
    millimetres = round(1000 * value if metres else value, 2)
    if not LEAST <= millimetres <= MOST:
        return Cleaned(None, (Hit("measurement.impossible", text, None),))
    shown = repr(millimetres)
    return Cleaned(shown, (Hit("number.unit", text, shown),) if metres else ())


def _check_spread(frame: pl.DataFrame, log: IssueLog) -> None:
    found = pl.max_horizontal(HEIGHTS) - pl.min_horizontal(HEIGHTS)
    stated = pl.col("spread").str.extract(r"^(\d+(?:\.\d+)?)").cast(pl.Float64)
    wrong = frame.with_columns(found.cast(pl.String).alias("_found")).filter(
        (stated - found).abs() > SPREAD_MAY_DIFFER
    )
    log.add_rows(wrong, "measurement.spread_contradicts", "spread", "spread", "_found")


def _one_row_per_value(frame: pl.DataFrame) -> pl.DataFrame:
    shared = ["project_id", "source_id", "source_row", "county_code", "measured_on", "dwelling", "room"]
    parts = []
    for name in (*HEIGHTS, *PLANS):
        quantity, _, point = name.partition("_")
        nominal = NOMINAL_OF.get(name, "height_derived")
        parts.append(
            frame.filter(pl.col(name).is_not_null()).select(
                *shared, pl.lit(quantity).alias("quantity"), pl.lit(int(point), pl.Int64).alias("point"),
                pl.col(nominal).alias("nominal"), pl.col(name).alias("measured"),
            )
        )  # fmt: skip
    return pl.concat(parts).sort("source_row", "quantity", "point").select(list(MEASUREMENTS))


MEASUREMENT_STREAM = Stream(
    schemas={"measurements": MEASUREMENTS}, clean=clean_measurements, settle=settle_measurements
)
