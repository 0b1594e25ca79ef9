"""What was measured in each room? Five clear heights and four plan lengths, in millimetres.

Sheets write metres, centimetres or millimetres. A value that no room can have is unknown, and a stated
spread that its values do not have is flagged.
"""

import re
from functools import lru_cache

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    first_sent,
    project_ids,
    read_counties,
    read_days,
    read_numbers,
    reject_lines,
    with_fields,
)
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

LENGTHS = ("height_derived", "plan_derived_1", "plan_derived_2", *HEIGHTS, *PLANS)
_FIELDS = (
    "project_no", "project_name", "building", "county", "measured_on", "dwelling", "room", "spread", *LENGTHS,
)  # fmt: skip
LEAST, MOST = 1_000, 20_000
LARGEST_METRES = 20
SPREAD_MAY_DIFFER = 1.0
_LENGTH = re.compile(r"^([0-9]{1,7}(?:\.[0-9]{1,17})?)\s*(mm|cm|m|毫米|厘米|米)?$", re.IGNORECASE)
_BARE_CENTIMETRES = r"^[1-9][0-9]{2}(?:\.[0-9])?$"
_TO_MILLIMETRES = {"m": 1_000.0, "米": 1_000.0, "cm": 10.0, "厘米": 10.0}


def clean_measurements(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Rooms of one file as one row per measured value."""
    layout = setting.layout
    headed = [name for name in ("room", "height_1", "height_2") if name in layout.columns]
    texts = ("sequence", "project_no", "project_name", "building", "dwelling", "room")
    frame = reject_lines(raw, layout, log, headed=headed, texts=texts)
    frame = read_days(with_fields(frame, _FIELDS, layout), ("measured_on",), setting, log)
    frame = _with_centimetres(frame)
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        read_numbers(frame, "project_no", log),
        *(clean_column(frame, name, read_length, log).cast(pl.Float64) for name in LENGTHS),
    )
    frame = frame.with_columns(project_ids(frame), pl.lit(setting.source_id).alias("source_id"))
    _check_spread(frame, log)
    empty = pl.all_horizontal(pl.col(name).is_null() for name in (*HEIGHTS, *PLANS))
    log.add_rows(frame.filter(empty), "measurement.nothing_measured", "height_1")
    return {"measurements": _one_row_per_value(frame.filter(~empty))}


def settle_measurements(tables: Tables) -> Settled:
    """Each room once: one that is sent again is merged, one with other values is flagged."""
    values = tables["measurements"]
    row = ["source_id", "source_row"]
    place = ["project_id", "building", "measured_on", "dwelling", "room"]
    rooms = values.group_by(row, maintain_order=True).agg(
        pl.col(place).first(),
        pl.concat_str("quantity", "point", "nominal", "measured", separator=":", ignore_nulls=True)
        .str.join("|").alias("_values"),
    )  # fmt: skip
    named = pl.col("room").is_not_null() & pl.col("dwelling").is_not_null()
    unnamed = pl.format("{}-{}", pl.col("source_id").map_elements(first_sent, pl.String), "source_row")
    rooms = rooms.with_columns(pl.when(~named).then(unnamed).alias("_unnamed"))
    same_room, same_values = [*place, "_unnamed"], [*place, "_unnamed", "_values"]
    again = rooms.filter(~pl.struct(same_values).is_first_distinct())
    others = rooms.join(again, on=row, how="anti").filter(~pl.struct(same_room).is_first_distinct())
    issues = [
        found.select(
            *row, pl.lit(rule).alias("rule"), pl.lit("room").alias("field"),
            pl.col("room").alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
        )
        for found, rule in ((again, "measurement.duplicate"), (others, "measurement.conflict"))
    ]  # fmt: skip
    kept = values.join(again, on=row, how="anti", maintain_order="left").select(list(MEASUREMENTS))
    return Settled({"measurements": kept}, pl.concat(issues).select(list(ROW_ISSUES)))


@lru_cache(maxsize=1 << 15)
def read_length(text: str) -> Cleaned:
    """Rule: a length → millimetres. Rules ``number.unit`` (metres, cm), ``measurement.impossible``."""
    match = _LENGTH.match(text)
    if not match:
        return Cleaned(None, (Hit("measurement.impossible", text, None),))
    value, unit = float(match[1]), (match[2] or "").lower()
    bare_metres = not unit and value < LARGEST_METRES
    factor = _TO_MILLIMETRES.get("m" if bare_metres else unit, 1.0)
    millimetres = round(factor * value, 2)
    if not LEAST <= millimetres <= MOST:
        return Cleaned(None, (Hit("measurement.impossible", text, None),))
    shown = repr(millimetres)
    return Cleaned(shown, (Hit("number.unit", text, shown),) if factor != 1 else ())


def _with_centimetres(frame: pl.DataFrame) -> pl.DataFrame:
    """Lengths of rooms whose design height is three bare digits: all of that room are in centimetres."""
    in_centimetres = pl.col("height_derived").str.contains(_BARE_CENTIMETRES).fill_null(False)
    return frame.with_columns(
        pl.when(in_centimetres & pl.col(name).str.contains(r"^[0-9.]+$"))
        .then(pl.col(name) + "cm")
        .otherwise(name)
        .alias(name)
        for name in LENGTHS
    )


def _check_spread(frame: pl.DataFrame, log: IssueLog) -> None:
    found = pl.max_horizontal(HEIGHTS) - pl.min_horizontal(HEIGHTS)
    stated = pl.col("spread").str.extract(r"^([0-9]{1,7}(?:\.[0-9]{1,12})?)\s*(?:mm|毫米)?$").cast(pl.Float64)
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in HEIGHTS)
    metres = (stated < 1) & (found > 1)
    in_millimetres = pl.when(metres).then(1_000 * stated).otherwise(stated)
    wrong = frame.with_columns(found.cast(pl.String).alias("_found")).filter(
        complete & ((in_millimetres - found).abs() > SPREAD_MAY_DIFFER)
    )
    log.add_rows(wrong, "measurement.spread_contradicts", "spread", "spread", "_found")


def _one_row_per_value(frame: pl.DataFrame) -> pl.DataFrame:
    shared = [name for name in MEASUREMENTS if name not in ("quantity", "point", "nominal", "measured")]
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
    return pl.concat(parts, how="diagonal").sort("source_row", "quantity", "point").select(list(MEASUREMENTS))


MEASUREMENT_STREAM = Stream(
    schemas={"measurements": MEASUREMENTS}, clean=clean_measurements, settle=settle_measurements
)
