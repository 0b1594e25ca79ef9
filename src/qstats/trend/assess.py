"""Which series has a trend? One row for each series and group, with all that the verdict rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qstats.methods.multiplicity import adjust_p_values
from qstats.trend.bends import NOTHING as NO_BEND
from qstats.trend.bends import fit_bend, tabulate_bend
from qstats.trend.breaks import find_break, rows_since, settle_breaks
from qstats.trend.one_mix import NOTHING, mixes_agree, slopes_at_mixes, tabulate_at_one_mix, widen
from qstats.trend.rules import Rules, is_bent, is_long_enough, judge_at_one_mix, judge_ranks, judge_trend
from qstats.trend.series import describe_used, time_of, used_rows
from qstats.trend.slopes import (
    OF_ERRORS,
    OF_MODEL,
    OF_RANKS,
    TrendFit,
    fit_trend,
    status_of,
    tabulate_errors,
    tabulate_ranks,
    tabulate_slope,
)

Starts = Mapping[tuple[str, str], str]
"""Series and group → the period that its trend begins with at the earliest."""

Cells = Mapping[str, tuple[pd.DataFrame, Sequence[str]]]
"""Series → rows by ``period, group`` and mix with ``n, passes``, and the columns of the mix."""


def tabulate_breaks(series: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Breaks of every series and group, as `breaks.find_break` has them."""
    rows = [
        {"series": name, "group": group} | find_break(used_rows(series, name, group), rules)
        for name, group in _every(series)
    ]
    return settle_breaks(pd.DataFrame(rows), rules) if rows else pd.DataFrame()


def tabulate_trends(
    series: pd.DataFrame, breaks: pd.DataFrame, rules: Rules, *, starts: Starts | None = None,
    cells: Cells | None = None,
    standardised: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Trend of every series and group with its verdict.

    Parameters
    ----------
    series : DataFrame
        Columns of `series.COLUMNS`.
    breaks : DataFrame
        Of `tabulate_breaks`.
    rules : Rules
    starts : mapping, optional
        Series and group → period that its trend begins with at the earliest (`events.find_starts`).
    cells : mapping, optional
        Of series whose mix is known.
    standardised : mapping, optional
        Series → the same rate at several mixes (`one_mix.slopes_at_mixes`).

    Returns
    -------
    DataFrame
        ``series, group, family, periods, first, last, years, counted, failures``; ``since`` (first period
        after a break or a change of laboratory, else empty), ``since_kind`` (``break, laboratory``);
        ``status``; the slope by quasi-likelihood (``slope…, p_value, p_adjusted, change…, fitted_first,
        fitted_last, dispersion``), under other errors (``rho, ar_…, hac_…``), with a square of time
        (``p_bend, end_…, turn, bend``, see `bends.tabulate_bend`), by ranks (``tau, rank_p…, sen…``),
        at one mix (``mix_…, mixes_agree``); ``verdict``, ``reason``, ``verdict_at_one_mix``, ``confidence``,
        ``method``.
    """
    since = _begin_with(breaks, starts or {})
    found = [
        _assess(
            series,
            name,
            group,
            since.get((name, group), ("", "")),
            rules,
            (cells or {}).get(name),
            (standardised or {}).get(name),
        )
        for name, group in _every(series)
    ]
    return _judge(pd.DataFrame(found), rules) if found else pd.DataFrame()


def _begin_with(breaks: pd.DataFrame, starts: Starts) -> dict[tuple[str, str], tuple[str, str]]:
    """Period that each trend begins with, and why: a break, or a change of laboratory if that came later."""
    found = {
        (row["series"], row["group"]): (row["break_period"], "break")
        for row in breaks.to_dict("records")
        if row["break_period"]
    }
    for key, period in starts.items():
        known = found.get(key)
        if known is None or time_of(period) >= time_of(known[0]):
            found[key] = (period, "laboratory")
    return found


def draw_lines(series: pd.DataFrame, trends: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Fitted rates, season left out, where a trend speaks; a curve where it bends.

    Columns: ``series, group, time, fitted``.
    """
    parts = []
    for row in trends[(trends["status"] == "stated") & (trends["family"] != "figure")].to_dict("records"):
        rows = rows_since(used_rows(series, row["series"], row["group"]), row["since"])
        parts.append(
            draw_line(rows, rules, bent=is_bent(row, rules)).assign(series=row["series"], group=row["group"])
        )
    columns = ["series", "group", "time", "fitted"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def draw_line(rows: pd.DataFrame, rules: Rules, *, bent: bool = False) -> pd.DataFrame:
    """Fitted rate of the periods of one series, season left out: ``time, fitted``."""
    times, straight = rows["time"].to_numpy(float), fit_trend(rows, rules)
    curve = fit_bend(straight) if bent else None
    return pd.DataFrame({"time": times, "fitted": (curve or straight).line(times)})


def _every(series: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = series[["series", "group"]].drop_duplicates()
    return [(str(name), str(group)) for name, group in pairs.itertuples(index=False, name=None)]


def _assess(
    series: pd.DataFrame, name: str, group: str, begin: tuple[str, str], rules: Rules,
    cells: tuple[pd.DataFrame, Sequence[str]] | None, standardised: pd.DataFrame | None,
) -> dict[str, Any]:  # fmt: skip
    rows, (since, kind) = used_rows(series, name, group), begin
    status, used = status_of(rows, rules), rows_since(rows, since)
    if status == "stated" and since:
        status = _status_since(used, kind, rules)
    family = str(rows["family"].iloc[0]) if len(rows) else ""
    row: dict[str, Any] = {"series": name, "group": group, "family": family, "since": since, "status": status}
    row["unit"] = str(rows["unit"].iloc[0]) if len(rows) else "proportion"
    row["since_kind"] = kind
    row |= describe_used(used) | dict.fromkeys((*OF_MODEL, *OF_ERRORS), np.nan) | NOTHING | NO_BEND
    row |= tabulate_ranks(used, rules) if len(used) else dict.fromkeys(OF_RANKS, np.nan)
    row |= {"mixes_agree": None, "method": "ranks" if family == "figure" else f"quasi_{family}"}
    if status != "stated" or family == "figure":
        return row
    trend: TrendFit = fit_trend(used, rules)
    row |= tabulate_slope(trend, rules) | tabulate_errors(trend, rules) | tabulate_bend(trend, rules)
    if cells is not None:
        own = cells[0][cells[0]["group"].astype(str) == group]
        width, alike = (row[f"{name}_upper"] - row[f"{name}_lower"] for name in ("slope", "ar"))
        factor = alike / width if np.isfinite(width) and alike > width else 1.0
        row |= widen(tabulate_at_one_mix(used, own, cells[1], rules), factor)
    if standardised is not None and len(standardised):
        row["mixes_agree"] = mixes_agree(slopes_at_mixes(standardised, rules, since=since))
    return row


def _status_since(used: pd.DataFrame, kind: str, rules: Rules) -> str:
    """Whether what follows a break, or a change of laboratory, carries a trend."""
    told = describe_used(used)
    enough = is_long_enough(told["periods"], told["years"], int(used["season"].iloc[0]), rules)
    return status_of(used, rules) if enough else f"{kind}_recent"


def _judge(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Verdicts; groups of one series were looked at together, and so were all figures without counts."""
    several = table.groupby("series", sort=False)["group"].transform("size") > 1
    adjusted = table.groupby("series", sort=False)["p_value"].transform(
        lambda p: adjust_p_values(p.to_numpy(float), method="holm")
    )
    ranked = (table["family"] == "figure") & (table["status"] == "stated") & table["rank_p"].notna()
    ranks = table["rank_p"].where(ranked).to_numpy(float)
    together = adjust_p_values(ranks, method="holm") if ranked.sum() > 1 else np.nan
    table = table.assign(
        p_adjusted=adjusted.where(several), rank_p_adjusted=together, confidence=rules.confidence
    )
    told = [_verdict_of(row, rules) for row in table.to_dict("records")]
    return table.assign(
        verdict=[verdict for verdict, _ in told], reason=[reason for _, reason in told],
        verdict_at_one_mix=[judge_at_one_mix(row, rules) for row in table.to_dict("records")],
    )  # fmt: skip


def _verdict_of(row: Mapping[str, Any], rules: Rules) -> tuple[str, str]:
    ranked = row["family"] == "figure" and row["status"] == "stated"
    return judge_ranks(row, rules) if ranked else judge_trend(row, rules)
