"""Where does a series go? Points in real time with their intervals, the fitted line, breaks and named events.

A gap is a gap, and provisional points are hollow. The rate at one mix of samples is drawn beside the crude one; the line of the trend is the fitted rate without its season.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import set_rate_axis, wrap_notes
from qstats.report.figures.style import GREY, MEANING, PALE, WIDTH, shorten
from qstats.report.formats import format_percent
from qstats.report.words import word

LINE_DRAWN: Text = {
    "zh": "虚线为各自拟合的平均走势（已去掉季节）",
    "en": "dashed: fitted course of each, without the season",
}
STANDARDISED_DRAWN: Text = {"zh": "方块为按相同抽样结构计算", "en": "squares: at the same mix of samples"}


def plot_trend(
    series: pd.DataFrame, line: pd.DataFrame, at_one_mix: pd.DataFrame, *, language: str, events: Sequence[Mapping[str, Any]] = (),
    broken: Mapping[str, float] | None = None,
) -> Figure:  # fmt: skip
    """A rate in time with its fitted line.

    Parameters
    ----------
    series
        ``time, value, lower, upper, release`` in order and, where there is one, ``standardised``.
    line, at_one_mix
        ``time, fitted`` of the crude rate and of the one at one mix; may be empty.
    events
        Named events: ``time, zh, en``.
    broken
        ``time`` of a break with its limits ``first`` and ``last``.
    """
    figure = Figure(figsize=(WIDTH, 3.7))
    axes = figure.subplots()
    both = "standardised" in series and series["standardised"].notna().any()
    if broken:
        axes.axvspan(broken["first"], broken["last"], color=PALE, alpha=0.8, linewidth=0, zorder=0)
        axes.axvline(broken["time"], color=MEANING["failures"], linewidth=1.4, zorder=1)
    inside = [event for event in events if int(series["time"].min()) <= event["time"] <= series["time"].max()]
    _draw_events(axes, inside, language)
    if both:
        axes.plot(
            series["time"], series["standardised"], "-s", color=MEANING["standardised"], markersize=3.8, linewidth=1.1,
            zorder=3,
        )  # fmt: skip
        awaited = series[series["release"] == "provisional"]
        axes.plot(
            awaited["time"], awaited["standardised"], "s", color=MEANING["standardised"], markerfacecolor="white",
            markersize=3.8, zorder=4,
        )  # fmt: skip
    draw_points(axes, series)
    for fitted, colour in ((line, MEANING["rate"]), (at_one_mix, MEANING["standardised"])):
        axes.plot(fitted["time"], fitted["fitted"], "--", color=colour, linewidth=1.8, zorder=4)
    names = ["value", "lower", "upper", *(["standardised"] if both else [])]
    values = [float(value) for name in names for value in series[name].dropna()] + line["fitted"].tolist()
    start = set_rate_axis(axes.yaxis, axes.set_ylim, values)
    mark_years(axes, series["time"])
    axes.grid(axis="y")
    if both:
        _name_ends(axes, series, language)
    _write_footnote(axes, series, start, language, both=both, lined=len(line) > 0)
    return figure


def draw_points(axes: Axes, series: pd.DataFrame, *, size: float = 4.2, thin: bool = False) -> None:
    """Points with intervals in time; the provisional ones hollow, none across a gap."""
    colour, known = MEANING["rate"], series[series["value"].notna()]
    axes.vlines(
        known["time"], known["lower"], known["upper"], color=colour, linewidth=0.8 if thin else 1.4, alpha=0.4
    )
    axes.plot(series["time"], series["value"], "-", color=colour, linewidth=0.9 if thin else 1.2, zorder=3)
    for release, fill in (("final", colour), ("provisional", "white")):
        part = known[known["release"] == release]
        axes.plot(
            part["time"], part["value"], "o", color=colour, markerfacecolor=fill, markersize=size, zorder=4
        )


def mark_years(axes: Axes, times: pd.Series, *, step: int | None = None) -> None:
    """A mark at the beginning of each year, its number in the middle."""
    first, last = int(times.min()), int(times.max() + 1e-9)
    every = step or max(1, -(-(last - first + 1) // 9))
    axes.set_xticks(
        [year + 0.5 for year in range(first, last + 1, every)],
        [str(year) for year in range(first, last + 1, every)],
    )
    axes.set_xticks(list(range(first, last + 2)), minor=True)
    axes.tick_params(axis="x", length=0)
    axes.tick_params(axis="x", which="minor", length=4)
    axes.set_xlim(first - 0.05, last + 1.05)


def _draw_events(axes: Axes, events: Sequence[Mapping[str, Any]], language: str) -> None:
    for event in events:
        axes.axvline(event["time"], color=GREY, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1)
        axes.annotate(
            shorten(str(event[language]), 48), (event["time"], 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", color=GREY, fontsize=8, annotation_clip=False,
        )  # fmt: skip


def _name_ends(axes: Axes, series: pd.DataFrame, language: str) -> None:
    """Names of the two rates at the right end, apart from each other."""
    crude = series[series["value"].notna()].iloc[-1]
    other = series[series["standardised"].notna()].iloc[-1]
    low, high = axes.get_ylim()
    places = [float(crude["value"]), float(other["standardised"])]
    apart = 0.07 * (high - low)
    if abs(places[0] - places[1]) < apart:
        middle, up = sum(places) / 2, places[1] >= places[0]
        places = [middle - apart / 2, middle + apart / 2] if up else [middle + apart / 2, middle - apart / 2]
    names = [
        (word("observed_rate", language), MEANING["rate"]),
        (word("standardised_rate", language), MEANING["standardised"]),
    ]
    for place, (name, colour) in zip(places, names, strict=True):
        axes.annotate(
            name, (1, place), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", va="center",
            color=colour, fontsize=8.5, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _write_footnote(
    axes: Axes, series: pd.DataFrame, start: float, language: str, *, both: bool, lined: bool
) -> None:
    parts = [word("interval_drawn", language)]
    parts += [STANDARDISED_DRAWN[language]] if both else []
    parts += [LINE_DRAWN[language]] if lined else []
    if (series["release"] == "provisional").any():
        parts.append(word("provisional_drawn", language))
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    axes.set_xlabel(wrap_notes(parts, language), fontsize=8, labelpad=6, linespacing=1.35)
