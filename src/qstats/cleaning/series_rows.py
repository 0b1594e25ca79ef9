"""Which rows are one figure, and which figures one series? Settles published series over all files.

One series measures one thing in one unit; rows that measure another get a series of their own. One period
has one figure: of two, that of the later delivery stands, since publishers revise. Periods that lie in each
other (a half-year beside its year) are not two observations: the less usual length gets a series of its own.
Rolling periods of one length stay, and are listed. ``segment`` counts the stretches between break notes.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from qstats.cleaning.series_periods import length_of
from qstats.cleaning.streams import ROW_ISSUES, Settled, Tables
from qstats.schemas import PUBLISHED_SERIES

Row = dict[str, Any]
_SCALE = 20.0
"""A proportion so many times smaller than the middle of its series is a percentage read as a proportion."""
_FEWEST = 3


def settle_series(tables: Tables) -> Settled:
    """Series with one figure per period, in the order of their first rows."""
    rows = list(tables["published_series"].iter_rows(named=True))
    issues: list[Row] = []
    by_series: dict[str, list[Row]] = {}
    for row in _kept_apart(rows, issues):
        by_series.setdefault(row["series"], []).append(row)
    settled: list[Row] = []
    for figures in by_series.values():
        single = _one_per_period(figures, issues)
        for series in _apart_by_length(single, issues):
            _check_scale(series, issues)
            settled += _with_segments(series)
    return Settled(
        {"published_series": pl.DataFrame(settled, schema=PUBLISHED_SERIES)},
        pl.DataFrame(issues, schema=ROW_ISSUES),
    )


def _kept_apart(rows: Sequence[Row], issues: list[Row]) -> list[Row]:
    """Rows whose measure or unit is not that of their series' first row, under a series of their own."""
    first: dict[str, tuple[str, str]] = {}
    apart: list[Row] = []
    for row in rows:
        kind = (row["measure"], row["unit"])
        if kind != first.setdefault(row["series"], kind):
            known = first[row["series"]]
            own = f"{row['series']}@{kind[0] if kind[0] != known[0] else kind[1]}"
            issues.append(_issue(row, "series.mixed", "series", row["series"], own))
            row = row | {"series": own}
        apart.append(row)
    return apart


def _one_per_period(rows: Sequence[Row], issues: list[Row]) -> list[Row]:
    """One figure per period: the last delivered, with what earlier rows state beside it."""
    by_period: dict[tuple[Any, Any], Row] = {}
    for row in rows:
        period = (row["period_start"], row["period_end"])
        earlier = by_period.get(period)
        if earlier is None:
            by_period[period] = row
            continue
        issues.append(_issue(earlier, "series.duplicate", "series", row["series"], None))
        if abs(row["value"] - earlier["value"]) > max(row["rounded_to"], earlier["rounded_to"]) / 2 + 1e-9:
            old, new = str(earlier["value"]), str(row["value"])
            issues.append(_issue(row, "series.conflict", "value", old, new))
            by_period[period] = row
        else:
            by_period[period] = {name: earlier[name] if cell is None else cell for name, cell in row.items()}
    return sorted(by_period.values(), key=lambda row: (row["period_start"], row["period_end"]))


def _apart_by_length(rows: Sequence[Row], issues: list[Row]) -> list[list[Row]]:
    """The series without periods that lie in others of another length; these by length after it."""
    lengths = [length_of((row["period_start"], row["period_end"])) for row in rows]
    often = Counter(lengths)
    days = [row["period_end"] - row["period_start"] for row in rows]
    order = sorted(range(len(rows)), key=lambda at: (-often[lengths[at]], -days[at], at))
    kept: list[int] = []
    apart: dict[str, list[Row]] = {}
    for at in order:
        shared = [other for other in kept if _overlap(rows[at], rows[other])]
        if any(lengths[other] != lengths[at] for other in shared):
            own = f"{rows[at]['series']}@{lengths[at]}"
            issues.append(_issue(rows[at], "series.overlap", "series", rows[at]["series"], own))
            apart.setdefault(lengths[at], []).append(rows[at] | {"series": own})
            continue
        if shared:
            issues.append(_issue(rows[at], "series.overlap", "period", str(rows[at]["period_start"]), None))
        kept.append(at)
    return [[rows[at] for at in sorted(kept)], *apart.values()]


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["period_start"] <= other["period_end"] and other["period_start"] <= one["period_end"])


def _check_scale(rows: Sequence[Row], issues: list[Row]) -> None:
    """Proportions far below the middle of their series are listed: 0.92 in a column of percentages."""
    values = sorted(row["value"] for row in rows if row["unit"] == "proportion")
    if len(values) < _FEWEST:
        return
    middle = values[len(values) // 2]
    for row in rows:
        if 0 < row["value"] * _SCALE < middle:
            issues.append(_issue(row, "series.scale", "value", str(row["value"]), None))


def _with_segments(rows: Sequence[Row]) -> list[Row]:
    """Rows by time with ``segment``: a break note begins a new one."""
    segment, numbered = 1, []
    for at, row in enumerate(sorted(rows, key=lambda row: (row["period_start"], row["period_end"]))):
        segment += bool(at and (row["break_note_zh"] or row["break_note_en"]))
        numbered.append(row | {"segment": segment})
    return numbered


def _issue(row: Row, rule: str, name: str, old: str | None, new: str | None) -> Row:
    return {
        "source_id": row["source_id"], "source_row": row["source_row"], "rule": rule, "field": name,
        "old_value": old, "new_value": new,
    }  # fmt: skip
