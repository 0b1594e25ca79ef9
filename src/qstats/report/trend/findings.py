"""Which figures does the chapter on trends state? Slopes, breaks, effects and outlooks, one finding each."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.findings import Finding, Status, join_label
from qstats.report.trend.assessment import OWN, Assessment
from qstats.report.trend.gather import BY_COUNTY, BY_QUARTER, PASS_RATE
from qstats.report.trend.wording import name_group, reason_of

_SLOPE: Text = {"zh": "平均每年变化", "en": "change a year"}
_MIX: Text = {"zh": "相同结构下平均每年变化", "en": "change a year at one mix"}
_BREAK: Text = {"zh": "水平突变", "en": "sudden shifts of the level"}
_OUTLOOK: Text = {"zh": "预计公布值", "en": "figure to be expected"}
_NOT_BETTER: Text = {
    "zh": "没有优于上年同期数的预测",
    "en": "no forecast is better than the figure of the same quarter a year before",
}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Findings of every series; one that says what is missing where nothing was received."""
    if not assessed.received:
        reason = text("trend_reason", "no_data")
        return [
            Finding(
                key="trend.pass_rate.city.slope",
                label=join_label(text("trend_series", PASS_RATE), _SLOPE),
                status="no_data",
                basis="model",
                unit="points_per_year",
                reason=reason,
            )
        ]
    return [
        *_find_slopes(assessed),
        *_find_breaks(assessed),
        *_find_effects(assessed),
        *_find_outlooks(assessed),
    ]


def _find_slopes(assessed: Assessment) -> list[Finding]:
    found = []
    for row in assessed.trends.to_dict("records"):
        key, table = _key(row), _table(row)
        label = join_label(_label(assessed, row), _SLOPE)
        found.append(
            _finding(assessed, row, f"{key}.slope", label, "change", table, row["status"], row["reason"])
        )
        if np.isfinite(row["mix_slope"]):
            label = join_label(_label(assessed, row), _MIX)
            found.append(
                _finding(assessed, row, f"{key}.slope_at_one_mix", label, "mix_change", table, "stated", "")
            )
    return found


def _key(row: Mapping[str, Any]) -> str:
    """Key of a series: ``trend.pass_rate.city``, ``trend.pass_rate.county.371502``, ``trend.published.…``."""
    name, group = str(row["series"]), str(row["group"])
    if name == BY_COUNTY:
        return f"trend.pass_rate.county.{group}"
    if name not in OWN:
        return f"trend.published.{name}" + (f".{group}" if group else "")
    return f"trend.{name}.{group or 'city'}"


def _table(row: Mapping[str, Any]) -> str:
    name = "county_trends" if row["series"] == BY_COUNTY else "trends"
    group = f",group={row['group']}" if row["group"] else ""
    return f"tables/{name}.csv#series={row['series']}{group}"


def _label(assessed: Assessment, row: Mapping[str, Any]) -> Text:
    label = assessed.label(row["series"])
    return join_label(label, name_group(assessed, row)) if row["group"] else label


def _unit(row: Mapping[str, Any]) -> str:
    if row["family"] == "figure" and row["unit"] != "proportion":
        return "per_year"
    return "relative_per_year" if row["family"] == "poisson" else "points_per_year"


def _finding(
    assessed: Assessment, row: Mapping[str, Any], key: str, label: Text, name: str, table: str, status: str, reason: str,
) -> Finding:  # fmt: skip
    """A slope, or why there is none; figures without counts have the slope of Sen."""
    ranks = row["family"] == "figure" and status == "stated"
    values = [
        row[one]
        for one in (("sen", "sen_lower", "sen_upper") if ranks else (name, f"{name}_lower", f"{name}_upper"))
    ]
    shared: dict[str, Any] = {
        "key": key, "label": label, "basis": "model", "unit": _unit(row),
        "n": None if not np.isfinite(row["counted"]) else round(row["counted"]), "table": table,
        "sources": assessed.gathered.sources.get(row["series"], ()),
    }  # fmt: skip
    if status != "stated" or not np.isfinite(values[0]):
        code = reason or "too_short"
        told = reason_of(assessed, row) if code == "no_data" else code
        why: Status = {"no_data": "no_data", "refused": "refused"}.get(told, "cannot_be_stated")  # type: ignore[assignment]
        return Finding(status=why, reason=text("trend_reason", told), **shared)
    lower, upper = (value if np.isfinite(value) else None for value in values[1:])
    return Finding(
        status="stated", estimate=values[0], lower=lower, upper=upper, confidence=assessed.rules.confidence,
        method=row["method"], **shared,
    )  # fmt: skip


def _find_breaks(assessed: Assessment) -> list[Finding]:
    found = []
    for row in assessed.breaks[assessed.breaks["status"] == "stated"].to_dict("records"):
        shared: dict[str, Any] = {
            "key": f"{_key(row)}.break", "label": join_label(_label(assessed, row), _BREAK), "basis": "model",
            "unit": "points", "table": f"tables/breaks.csv#series={row['series']}" + (f",group={row['group']}" if row["group"] else ""),
            "sources": assessed.gathered.sources.get(row["series"], ()),
        }  # fmt: skip
        found.append(
            Finding(status="stated", estimate=float(row["breaks"]), method="sup_f_bootstrap", **shared)
        )
    return found


def _find_effects(assessed: Assessment) -> list[Finding]:
    found = []
    numbers = {event.on.isoformat(): at for at, event in enumerate(assessed.events, start=1)}
    for row in assessed.effects.to_dict("records"):
        kind = text("intervention_kind", row["kind"])
        event = next(
            one for one in assessed.events if (one.on.isoformat(), one.kind) == (row["on"], row["kind"])
        )
        same_kind = [one.on.isoformat() for one in assessed.events if one.kind == event.kind]
        suffix = row["kind"] if len(same_kind) == 1 else f"{row['kind']}_{numbers[row['on']]}"
        name = assessed.name_of(event)
        group = f",group={row['group']}" if row["group"] else ""
        shared: dict[str, Any] = {
            "key": f"{_key(row)}.{suffix}",
            "label": join_label(_label(assessed, row), {one: f"{name[one]}{'（' if one == 'zh' else ' ('}{kind[one]}{'）' if one == 'zh' else ')'}" for one in LANGUAGES}),
            "basis": "model", "unit": "points", "n": int(row["n_before"] + row["n_after"]),
            "table": f"tables/event_effects.csv#series={row['series']}{group},on={row['on']}", "sources": assessed.gathered.sources.get(row["series"], ()),
        }  # fmt: skip
        if row["status"] != "stated":
            found.append(
                Finding(
                    status=_missing(row["verdict"]), reason=text("effect_verdict", row["verdict"]), **shared
                )
            )
            continue
        found.append(
            Finding(
                status="stated",
                estimate=row["effect"],
                lower=row["effect_lower"],
                upper=row["effect_upper"],
                confidence=assessed.rules.confidence,
                method=row["method"],
                **shared,
            )
        )
    return found


def _missing(verdict: str) -> Status:
    return "no_data" if verdict == "no_data" else "cannot_be_stated"


def _find_outlooks(assessed: Assessment) -> list[Finding]:
    found = []
    for name, outlook in assessed.outlooks.items():
        series = PASS_RATE if name == BY_QUARTER else name
        shared: dict[str, Any] = {
            "key": f"trend.{series}.city.forecast", "basis": "model", "unit": "proportion",
            "sources": assessed.gathered.sources.get(name, ()),
        }  # fmt: skip
        label = join_label(assessed.label(series), _OUTLOOK)
        if outlook.status != "stated":
            reason = (
                _NOT_BETTER if outlook.status == "not_better" else text("outlook_verdict", outlook.status)
            )
            found.append(Finding(label=label, status="cannot_be_stated", reason=reason, **shared))
            continue
        last = outlook.steps.iloc[-1]
        found.append(Finding(
            label=join_label(label, {one: str(last["period"]) for one in LANGUAGES}), status="stated", estimate=float(last["median"]),
            lower=float(last["lower_80"]), upper=float(last["upper_80"]), confidence=0.8, n=round(float(last["n"])),
            method="structural_time_series", table=f"tables/outlooks.csv#series={name},period={last['period']}", **shared,
        ))  # fmt: skip
    return found
