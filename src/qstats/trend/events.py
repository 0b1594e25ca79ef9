"""Did a series change when a named event happened, more than it had changed at other times?

Segmented regression of the periods before and after, trend and season included, with errors that are alike
from one period to the next; on short histories the level alone may change, not the slope. An effect is named
only where its interval excludes none, where dates at which nothing happened rarely show as much, and where,
for the city's pass rate, the rate at one mix of samples changed the same way. Groups (counties) have all
others as their control: what happened to every county at once is not theirs. What else happened at that time
no figure can tell apart from the event.

Source: Bernal, Cummins & Gasparrini (2017), doi:10.1093/ije/dyw098.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.interrupted_series import interruption_effect, placebo_dates
from qstats.methods.multiplicity import adjust_p_values
from qstats.trend.rules import Rules, excludes_none
from qstats.trend.series import used_rows
from qstats.trend.slopes import season_of, status_of

PERIODS_FOR_SLOPE = (24, 12)
"""Periods before and after from which the slope may change as well as the level."""

MOST_PLACEBOS = 0.1
"""Share of earlier dates that may show as large a change before the event's own is called nothing unusual."""

FIGURES = (
    "effect", "effect_lower", "effect_upper", "level", "level_lower", "level_upper", "p_value", "rho",
    "placebo_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """A named event.

    Attributes
    ----------
    on : date
    kind : {"policy", "laboratory", "definition"}
    series : tuple of str
        Codes of the series that it concerns; none: all.
    groups : tuple of str
        Codes of the groups (counties) that it concerns; none: the whole and all groups.
    """

    on: date
    kind: str
    series: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def concerns(self, series: str, group: str = "") -> bool:
        """Whether the event concerns a series; what counties show belongs to the series of the city."""
        own = not self.series or series in self.series or series.removeprefix("county_") in self.series
        return own and (not self.groups or group in self.groups)

    @property
    def time(self) -> float:
        """Decimal year."""
        return self.on.year + (self.on.timetuple().tm_yday - 1) / 365.25


def find_starts(series: pd.DataFrame, events: Sequence[Event]) -> dict[tuple[str, str], str]:
    """First period after the last change of laboratory of each series and group that had one."""
    found: dict[tuple[str, str], str] = {}
    for event in sorted((one for one in events if one.kind == "laboratory"), key=lambda one: one.on):
        for name, group in _every(series):
            rows = series[(series["series"] == name) & (series["group"] == group)]
            after = rows[_begin(rows) >= event.time - 1e-6]
            if event.concerns(name, group) and len(after) and len(after) < len(rows):
                found[name, group] = str(after["period"].iloc[0])
    return found


def cut_at_definitions(series: pd.DataFrame, events: Sequence[Event]) -> pd.DataFrame:
    """Series cut where a definition changed: models take what follows the last such day."""
    for event in events:
        if event.kind == "definition" and len(series):
            named = zip(series["series"], series["group"], strict=True)
            own = np.array([event.concerns(*one) for one in named]) & (_begin(series) >= event.time - 1e-6)
            series = series.assign(segment=series["segment"] + own.astype(int))
    return series


def tabulate_effects(
    series: pd.DataFrame, events: Sequence[Event], rules: Rules, *,
    standardised: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Effect of each event on each series of counts.

    Parameters
    ----------
    series : DataFrame
        Columns of `series.COLUMNS`.
    events : sequence of Event
        Changes of definition have no effect to be measured: they cut a series.
    rules : Rules
    standardised : mapping, optional
        Series → the rate at one mix (columns of `series.COLUMNS`).

    Returns
    -------
    DataFrame
        ``series, group, on, kind, n_before, n_after``; ``effect`` (mean over the periods after, points of a
        proportion or events per unit) with limits, ``level`` (at the date, logit or log) with limits,
        ``p_value``, ``p_adjusted`` (Holm over groups), ``rho``, ``placebo_share``, ``placebo_dates``;
        ``mix_effect`` with limits; ``controlled``, ``status``, ``verdict``, ``confidence``, ``method``.
    """
    rows = [
        _assess(series, name, group, event, rules, (standardised or {}).get(name))
        for event in events
        if event.kind != "definition"
        for name, group in _every(series)
        if event.concerns(name, group)
    ]
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows)
    adjusted = table.groupby(["series", "on"], sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(float), method="holm")
    )
    table = table.assign(p_adjusted=adjusted, confidence=rules.confidence, method="segmented_ar1")
    return table.assign(verdict=[judge_effect(row, rules) for row in table.to_dict("records")])


def judge_effect(row: Mapping[str, Any], rules: Rules) -> str:
    """``higher`` or ``lower`` than expected, ``no_clear_effect``, ``not_unusual``, or why there is none."""
    if row["status"] != "stated":
        return str(row["status"])
    clear = excludes_none(row["effect_lower"], row["effect_upper"]) and row["p_adjusted"] < rules.alpha
    if not clear:
        return "no_clear_effect"
    if row["placebo_share"] > MOST_PLACEBOS:
        return "not_unusual"
    if np.isfinite(row["mix_effect"]) and row["mix_effect"] * row["effect"] <= 0:
        return "no_clear_effect"
    return "higher" if row["effect"] > 0 else "lower"


def _every(series: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = series[["series", "group"]].drop_duplicates()
    return [(str(name), str(group)) for name, group in pairs.itertuples(index=False, name=None)]


def _begin(rows: pd.DataFrame) -> pd.Series:
    """First day of each period in decimal years."""
    return rows["time"] - 0.5 / rows["season"]


def _assess(
    series: pd.DataFrame, name: str, group: str, event: Event, rules: Rules, at_one_mix: pd.DataFrame | None
) -> dict[str, Any]:
    rows = used_rows(series, name, group)
    status = status_of(rows, rules)
    after = _begin(rows) >= event.time - 1e-6 if len(rows) else pd.Series(dtype=bool)
    head: dict[str, Any] = {
        "series": name, "group": group, "on": event.on.isoformat(), "kind": event.kind,
        "n_before": int((~after).sum()) if len(rows) else 0, "n_after": int(after.sum()), "placebo_dates": 0,
        "controlled": False, "status": status,
    }  # fmt: skip
    head |= dict.fromkeys((*FIGURES, "mix_effect", "mix_effect_lower", "mix_effect_upper"), np.nan)
    if status == "stated" and min(head["n_before"], head["n_after"]) < rules.minimum_after:
        return head | {"status": "too_short"}
    if status != "stated":
        return head
    control = _control(series, name, group, rows) if group else None
    found = _measure(rows, event, rules, control)
    if at_one_mix is not None and found["status"] == "stated":
        found |= _at_one_mix(at_one_mix, event, rules)
    return head | found | {"controlled": control is not None}


def _measure(
    rows: pd.DataFrame, event: Event, rules: Rules, control: tuple[Any, Any] | None, *, placebo: bool = True
) -> dict[str, Any]:
    counts = rows["passed"].to_numpy(float), rows["n"].to_numpy(float), rows["time"].to_numpy(float)
    at = float(rows.loc[_begin(rows) >= event.time - 1e-6, "time"].min())
    how: dict[str, Any] = {
        "season": season_of(rows, rules), "family": str(rows["family"].iloc[0]),
        "confidence": rules.confidence, "control": control, "slope": _long_enough(rows, at),
    }  # fmt: skip
    effect = interruption_effect(*counts, at, seed=rules.seed, **how)
    if effect.reason is not None:
        return {"status": _STATUS.get(effect.reason, "too_short")}
    found: dict[str, Any] = {
        "status": "stated", "effect": effect.average, "effect_lower": effect.average_lower,
        "effect_upper": effect.average_upper, "level": effect.level, "level_lower": effect.level_lower,
        "level_upper": effect.level_upper, "p_value": effect.joint_p_value, "rho": effect.rho,
    }  # fmt: skip
    if placebo:
        tried = placebo_dates(*counts, at, **how)
        found |= {"placebo_share": tried.share, "placebo_dates": len(tried.dates)}
    return found


def _long_enough(rows: pd.DataFrame, at: float) -> bool:
    before = int((rows["time"] < at - 1e-6).sum())
    return before >= PERIODS_FOR_SLOPE[0] and len(rows) - before >= PERIODS_FOR_SLOPE[1]


_STATUS = {"separated": "few_failures"}


def _at_one_mix(table: pd.DataFrame, event: Event, rules: Rules) -> dict[str, float]:
    rows = table[(table["release"] == "final") & table["passed"].notna()]
    found = _measure(rows, event, rules, None, placebo=False)
    names = ("effect", "effect_lower", "effect_upper")
    return {f"mix_{name}": found.get(name, np.nan) for name in names}


def _control(series: pd.DataFrame, name: str, group: str, rows: pd.DataFrame) -> tuple[Any, Any] | None:
    """What passed and was counted in all other groups, at the same periods; None where there are none."""
    others = series[(series["series"] == name) & (series["group"] != group) & (series["release"] == "final")]
    others = others[others["passed"].notna()]
    if others.empty:
        return None
    sums = others.groupby("period")[["passed", "n"]].sum().reindex(rows["period"]).fillna(0.0)
    return sums["passed"].to_numpy(float), sums["n"].to_numpy(float)
