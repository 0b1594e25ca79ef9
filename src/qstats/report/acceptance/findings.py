"""Which figures does the chapter on construction works state? Counts as census, what they demonstrate apart."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from qstats import acceptance as assess
from qstats.codebook import Text, text
from qstats.report.acceptance.assessment import Assessment
from qstats.report.acceptance.names import NAMES
from qstats.report.findings import Change, Finding, Status, join_label

_REASONS = {"no_data": "no_records", "cannot_be_stated": "too_few_records"}
_PROCESS: Text = {"zh": "一般施工质量水平", "en": "building process in general"}
_LEVEL: Text = {"zh": "一般水平", "en": "underlying rate"}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Findings of projects, dwellings, rooms, times and complaints; one that says what is missing of each."""
    return [
        *_find_projects(assessed),
        *_find_dwellings(assessed),
        *_find_rooms(assessed),
        *_find_times(assessed),
        *_find_complaints(assessed),
    ]


def _find_projects(assessed: Assessment) -> list[Finding]:
    found = []
    for scale in assessed.scales:
        for suffix, window in (("", assessed.period), (".year", assessed.year)):
            if suffix and not assessed.is_part_of_year:
                continue
            row = assessed.row_of(scale, window)
            if scale == assess.UNKNOWN and row["status"] == "no_data":
                continue
            key, name = (
                scale or "unstated",
                join_label(text("acceptance_measure", "first_time_rate"), NAMES[scale], window.label),
            )
            shared: dict[str, Any] = {
                "n": int(row["n"]),
                "table": f"tables/first_time_by_scale.csv#scale={scale},period={window}",
                "sources": _sources(assessed.projects),
            }
            found.append(
                _finding(
                    f"acceptance.first_time_rate.{key}{suffix}",
                    name,
                    row,
                    "census",
                    "proportion",
                    row["estimate"],
                    "count",
                    **shared,
                )
            )
            found.append(
                _finding(
                    f"acceptance.first_time_process.{key}{suffix}", join_label(name, _PROCESS), row, "sample",
                    "proportion", row["estimate"], "clopper_pearson_one_sided",
                    limits=(row["bound"], 1.0, assessed.confidence), **shared,
                )
            )  # fmt: skip
    return found


def _find_dwellings(assessed: Assessment) -> list[Finding]:
    rows = {row["period"]: row for row in assessed.sheets.to_dict("records")}
    row, sources = rows[str(assessed.period)], _sources(assessed.dwellings)
    when = assessed.period.label
    inspected = join_label(text("acceptance_measure", "dwelling_rate"), when)
    usable = dict(row, status="stated" if row["total"] else row["status"])
    first = join_label({"zh": "分户一次合格率", "en": "First-time rate of dwellings"}, when)
    shared: dict[str, Any] = {
        "table": f"tables/dwelling_acceptance.csv#period={assessed.period}",
        "sources": sources,
    }
    counted = row["first_time"] / row["first_time_of"] if row["first_time_of"] else np.nan
    return [
        _finding("acceptance.dwelling_rate", inspected, usable, "census", "proportion", row["inspected_rate"], "count", n=int(row["total"]), **shared),
        _finding("acceptance.dwelling_first_time_rate", first, row, "census", "proportion", counted, "count", n=int(row["first_time_of"]), **shared),
        _finding(
            "acceptance.dwelling_first_time_process", join_label(first, _PROCESS), row, "sample", "proportion",
            row["first_time_rate"], "korn_graubard_projects", n=int(row["first_time_of"]),
            limits=(row["lower"], row["upper"], assessed.confidence), **shared,
        ),
    ]  # fmt: skip


def _find_rooms(assessed: Assessment) -> list[Finding]:
    rows = assessed.rooms[assessed.rooms["period"] == str(assessed.year)]
    return [
        _finding(
            f"acceptance.rooms.{row['quantity']}", join_label(text("room_quantity", row["quantity"]), assessed.year.label),
            row, "sample", "proportion", row["estimate"], "korn_graubard_projects", n=int(row["rooms"]),
            limits=(row["lower"], row["upper"], assessed.confidence), table=f"tables/room_measurements.csv#period={assessed.year},quantity={row['quantity']}",
            sources=_sources(assessed.measurements),
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _find_times(assessed: Assessment) -> list[Finding]:
    cases = [
        ("rectification", {"zh": "整改的中位时间", "en": "Median time to rectification"}, assessed.failed_projects, assessed.rectification_days, assessed.projects),
        ("handling", {"zh": "投诉办结的中位时间", "en": "Median time to closing a complaint"}, assessed.handled[str(assessed.year)], assessed.handling_days, assessed.complaints),
    ]  # fmt: skip
    found = []
    for key, name, followed, within, table in cases:
        row = assess.tabulate_durations(followed, within=within, confidence=assessed.confidence)
        known = (
            {**row, "status": "cannot_be_stated"}
            if row["status"] == "stated" and not np.isfinite(row["median"])
            else row
        )
        upper = row["median_upper"] if np.isfinite(row["median_upper"]) else None
        found.append(
            _finding(
                f"acceptance.{key}_time", name, known, "sample", "days", row["median"], "kaplan_meier", n=int(row["n"]),
                limits=(row["median_lower"], upper, assessed.confidence), table="tables/acceptance_times.csv", sources=_sources(table),
            )
        )  # fmt: skip
    return found


def _find_complaints(assessed: Assessment) -> list[Finding]:
    label = text("acceptance_measure", "complaint_rate")
    key = "acceptance.complaint_rate.city"
    if not assessed.whole_years or not assessed.has_rates:
        status: Literal["no_data", "refused"] = "refused" if assessed.whole_years else "no_data"
        reason = text("refusal", "no_denominator" if assessed.whole_years else "no_complaints")
        return [
            Finding(key=key, label=label, status=status, basis="census", unit=_unit(assessed), reason=reason)
        ]
    row = assessed.complaint_rates.iloc[-1].to_dict()
    change = _change(row, assessed) if np.isfinite(row["change"]) else None
    name = join_label(label, {"zh": f"{row['year']}年", "en": str(row["year"])})
    shared: dict[str, Any] = {
        "n": int(row["n"]), "table": f"tables/complaints_by_year.csv#year={row['year']}",
        "sources": _sources(assessed.complaints), "changes": (change,) if change else (),
    }  # fmt: skip
    limits = (row["lower"], row["upper"], assessed.confidence)
    return [
        _finding(key, name, row, "census", _unit(assessed), row["estimate"], "count", **shared),
        _finding(
            "acceptance.complaint_process.city", join_label(name, _LEVEL), row, "sample", _unit(assessed),
            row["estimate"], "poisson_dispersed", limits=limits, **shared,
        ),
    ]  # fmt: skip


def _unit(assessed: Assessment) -> str:
    return {"dwellings_delivered": "rate_per_1000", "projects": "rate_per_100"}[assessed.denominator]


def _change(row: Mapping[str, Any], assessed: Assessment) -> Change:
    return Change(
        against=str(int(row["year"]) - 1), basis="last_year", status="stated", unit="relative", estimate=row["change"],
        lower=row["change_lower"], upper=row["change_upper"] if np.isfinite(row["change_upper"]) else None,
        confidence=assessed.confidence, method="conditional_ratio",
    )  # fmt: skip


def _finding(
    key: str, label: Text, row: Mapping[str, Any], basis: Literal["census", "sample"], unit: str, estimate: Any,
    method: str, *, limits: tuple[Any, Any, float] | None = None, **others: Any,
) -> Finding:  # fmt: skip
    """A finding from a row with ``status``; what is not stated says why."""
    if row["status"] != "stated" or np.isnan(estimate):
        status: Status = row["status"] if row["status"] != "stated" else "no_data"
        reason = text("refusal", _REASONS[status])
        return Finding(key=key, label=label, status=status, basis=basis, unit=unit, reason=reason, **others)
    lower, upper, confidence = limits or (None, None, None)
    return Finding(
        key=key, label=label, status="stated", basis=basis, unit=unit, estimate=float(estimate), method=method,
        lower=None if lower is None else float(lower), upper=None if upper is None else float(upper),
        confidence=confidence, **others,
    )  # fmt: skip


def _sources(table: Any) -> tuple[str, ...]:
    return tuple(sorted(table["source_id"].unique()))
