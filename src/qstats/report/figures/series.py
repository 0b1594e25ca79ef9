"""How has a rate moved? Points with intervals over periods, the target as a line."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import list_extremes, set_rate_axis, write_footnote
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.formats import format_count, format_percent, is_missing
from qstats.report.words import word


def plot_rate_series(
    series: pd.DataFrame,
    *,
    language: str,
    second: pd.DataFrame | None = None,
    second_label: Text | None = None,
    target: float | None = None,
    target_label: Text | None = None,
) -> Figure:
    """A rate over periods with its intervals, sample sizes and, if there is one, the target.

    Parameters
    ----------
    series
        One row per period in order: ``period`` (printed as it is), ``estimate``, ``lower``, ``upper`` (0–1,
        missing where not stated), ``n``; with ``release`` the provisional points are drawn hollow.
    second
        A second series with ``period`` and ``estimate`` (the rate at a fixed mix), dashed.
    target
        Value of the target line (0–1).
    """
    figure = Figure(figsize=(WIDTH, 3.5))
    axes = figure.subplots()
    places = range(len(series))
    provisional = (
        series["release"].eq("provisional") if "release" in series else pd.Series(False, series.index)
    )
    _draw_points(axes, series, list(places), provisional.tolist())
    labels = (
        [(series["estimate"], word("observed_rate", language), MEANING["rate"])] if second is not None else []
    )
    if second is not None:
        matched = second.set_index("period")["estimate"].reindex(series["period"])
        axes.plot(
            places, matched, "--s", color=MEANING["standardised"], markersize=4, linewidth=1.4, zorder=2
        )
        named = second_label[language] if second_label else word("standardised_rate", language)
        labels.append((matched, named, MEANING["standardised"]))
    _label_ends(axes, labels, len(series))
    if target is not None:
        _draw_target(axes, target, target_label[language] if target_label else word("target", language))
    _label_periods(axes, series, language)
    start = set_rate_axis(axes.yaxis, axes.set_ylim, list_extremes(series, second, target))
    axes.grid(axis="y")
    write_footnote(axes, start, language, provisional=bool(provisional.any()))
    return figure


def _draw_points(axes: Axes, series: pd.DataFrame, places: list[int], provisional: list[bool]) -> None:
    axes.plot(places, series["estimate"], "-", color=MEANING["rate"], linewidth=1.6, zorder=3)
    axes.vlines(
        places, series["lower"], series["upper"], color=MEANING["rate"], linewidth=2, alpha=0.45, zorder=2
    )
    for place, estimate, hollow in zip(places, series["estimate"], provisional, strict=True):
        fill = "white" if hollow else MEANING["rate"]
        axes.plot(
            [place], [estimate], "o", color=MEANING["rate"], markerfacecolor=fill, markersize=5.5, zorder=4
        )


def _label_ends(axes: Axes, labels: list[tuple[pd.Series, str, str]], periods: int) -> None:
    """Names of the series beside their last points, the higher one above."""
    last = [
        (float(values.dropna().iloc[-1]), text, colour)
        for values, text, colour in labels
        if values.notna().any()
    ]
    for rank, (value, text, colour) in enumerate(sorted(last, reverse=True)):
        axes.annotate(
            text, (periods - 1, value), xytext=(9, 7 if rank == 0 else -7), textcoords="offset points",
            color=colour, va="center", annotation_clip=False, fontweight="bold", fontsize=8.5,
        )  # fmt: skip


def _draw_target(axes: Axes, target: float, label: str) -> None:
    axes.axhline(target, color=MEANING["target"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1)
    axes.annotate(
        f"{label} {format_percent(target)}", (0, target), xycoords=("axes fraction", "data"), xytext=(2, 3),
        textcoords="offset points", color=MEANING["target"], fontsize=8.5,
    )  # fmt: skip


def _label_periods(axes: Axes, series: pd.DataFrame, language: str) -> None:
    """Periods and, under them, sizes of sample; thinned from the newest backwards where they would touch."""
    count = len(series)
    step = max(1, -(-count // 9))
    shown = [place for place in range(count) if (count - 1 - place) % step == 0]
    names = [str(series["period"].iloc[place]) for place in shown]
    axes.set_xticks(shown, names, fontsize=8.5)
    axes.set_xlim(-0.6, count - 0.4)
    below: dict[str, Any] = {"textcoords": "offset points", "color": GREY, "fontsize": 8}
    for place in shown:
        size = series["n"].iloc[place]
        text = "" if is_missing(size) else format_count(size, language)
        across = axes.get_xaxis_transform()
        axes.annotate(text, (place, 0), xycoords=across, xytext=(0, -24), ha="center", **below)
    heading = word("sample_sizes", language)
    axes.annotate(heading, (0, 0), xycoords="axes fraction", xytext=(-22, -24), ha="right", **below)
