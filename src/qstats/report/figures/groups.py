"""How do the parts compare? One dot with its interval for each, the whole as a line."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import list_extremes, set_rate_axis, write_footnote
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.formats import format_count, format_percent, is_missing
from qstats.report.words import word


def plot_rates_by_group(
    rates: pd.DataFrame,
    *,
    language: str,
    group: str,
    labels: Mapping[str, Text],
    reference: float | None = None,
    reference_label: Text | None = None,
    sort: bool = True,
) -> Figure:
    """Rates of groups as dots with intervals, sizes of sample at the right, the city as a line.

    Parameters
    ----------
    rates
        One row per group: the code in column `group`, ``estimate``, ``lower``, ``upper`` (0–1), ``n``; with
        ``status`` groups that are not stated are listed with its mark in place of a dot.
    labels
        Code → label in both languages.
    reference
        Rate of the whole (0–1).
    sort
        Highest rate first; otherwise in the order given.
    """
    stated = rates["estimate"].notna() & _column(rates, "status", "stated").isin(
        ("stated", "reliable", "use_with_care")
    )
    drawn = rates[stated].sort_values("estimate", ascending=False, kind="stable") if sort else rates[stated]
    ordered = pd.concat([drawn, rates[~stated]])
    figure = Figure(figsize=(WIDTH, 0.9 + 0.31 * max(len(ordered), 2)))
    axes = figure.subplots()
    places = list(range(len(drawn)))
    axes.hlines(places, drawn["lower"], drawn["upper"], color=MEANING["rate"], linewidth=2, alpha=0.55)
    axes.plot(drawn["estimate"], places, "o", color=MEANING["rate"], markersize=6, clip_on=False)
    start = set_rate_axis(axes.xaxis, axes.set_xlim, list_extremes(drawn, None, reference))
    if reference is not None:
        _draw_reference(
            axes, reference, (reference_label or {}).get(language) or word("reference_line", language)
        )
    _write_unstated(axes, rates[~stated], len(drawn), language)
    _write_sizes(axes, ordered["n"].tolist(), language)
    axes.set_yticks(range(len(ordered)), [labels[str(code)][language] for code in ordered[group]])
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    write_footnote(axes, start, language)
    return figure


def _draw_reference(axes: Axes, reference: float, label: str) -> None:
    axes.axvline(reference, color=MEANING["reference"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1)
    axes.annotate(
        f"{label} {format_percent(reference)}", (reference, 1), xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points", ha="center", color=MEANING["reference"], fontsize=8.5,
    )  # fmt: skip


def _write_unstated(axes: Axes, rows: pd.DataFrame, first: int, language: str) -> None:
    """Groups without a rate: the mark where the dot would have been; the table gives the reason."""
    for place, (_, row) in enumerate(rows.iterrows(), start=first):
        status = row.get("status")
        mark = word("no_data" if is_missing(status) or status == "stated" else str(status), language)
        across = axes.get_yaxis_transform()
        clear = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # no line runs through the words
        axes.text(0.01, place, mark, transform=across, va="center", color=GREY, fontsize=8, bbox=clear)


def _write_sizes(axes: Axes, sizes: list[Any], language: str) -> None:
    across = axes.get_yaxis_transform()
    axes.annotate(word("sample_sizes", language), (1.1, 1), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", ha="right", color=GREY, fontsize=8.5)  # fmt: skip
    for place, size in enumerate(sizes):
        text = word("missing", language) if is_missing(size) else format_count(size, language)
        axes.text(1.1, place, text, transform=across, va="center", ha="right", fontsize=8.5)


def _column(rows: pd.DataFrame, name: str, default: str) -> pd.Series:
    return rows[name].fillna(default) if name in rows else pd.Series(default, index=rows.index)
