"""How has one county moved beside the rest of the city? Its points with intervals, the rest as a grey line."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.report.figures.axes import list_extremes, set_rate_axis, write_footnote
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.formats import format_count, is_missing
from qstats.report.words import word


def plot_county_series(county: pd.DataFrame, rest: pd.DataFrame, *, language: str) -> Figure:
    """Rates of a county over years with intervals and sizes of sample; where none is stated, its mark.

    Parameters
    ----------
    county, rest
        One row per period in order: ``period``, ``estimate``, ``lower``, ``upper`` (0–1, missing where not
        stated); the county's with ``n`` and ``status``.
    """
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    places = list(range(len(county)))
    axes.fill_between(
        places, rest["lower"], rest["upper"], color=MEANING["reference"], alpha=0.18, linewidth=0
    )
    axes.plot(places, rest["estimate"], "-", color=MEANING["reference"], linewidth=1.4)
    axes.vlines(places, county["lower"], county["upper"], color=MEANING["rate"], linewidth=2, alpha=0.55)
    axes.plot(places, county["estimate"], "o", color=MEANING["rate"], markersize=6, zorder=3, clip_on=False)
    extremes = [*list_extremes(county, None, None), *list_extremes(rest, None, None)]
    start = set_rate_axis(axes.yaxis, axes.set_ylim, extremes)
    _name_areas(axes, county, rest, language)
    _write_periods(axes, county, language)
    axes.grid(axis="y")
    write_footnote(axes, start, language)
    return figure


def _name_areas(axes: Axes, county: pd.DataFrame, rest: pd.DataFrame, language: str) -> None:
    """Names at the newest points, the higher one a little up and the lower one a little down."""
    areas = ((county, "this_county", MEANING["rate"]), (rest, "rest_of_city", MEANING["reference"]))
    known = [(rows["estimate"].reset_index(drop=True).dropna(), name, colour) for rows, name, colour in areas]
    last = sorted(
        ((line.iloc[-1], line.index[-1], *what) for line, *what in known if len(line)), reverse=True
    )
    for rank, (rate, place, name, colour) in enumerate(last):
        axes.annotate(
            word(name, language), (place, rate), xytext=(9, 6 if rank == 0 else -6),
            textcoords="offset points", color=colour, va="center", annotation_clip=False, fontsize=8.5,
        )  # fmt: skip


def _write_periods(axes: Axes, county: pd.DataFrame, language: str) -> None:
    """Periods and, under them, batches; the mark of a period without a rate stands in the chart."""
    count, across = len(county), axes.get_xaxis_transform()
    axes.set_xticks(range(count), [str(period) for period in county["period"]], fontsize=8.5)
    axes.set_xlim(-0.6, count - 0.4)
    for place, row in enumerate(county.to_dict("records")):
        below: dict[str, Any] = {"textcoords": "offset points", "color": GREY, "fontsize": 8, "ha": "center"}
        axes.annotate(format_count(row["n"], language), (place, 0), xycoords=across, xytext=(0, -24), **below)
        if is_missing(row["estimate"]):
            mark = word(str(row["status"]), language)
            axes.text(place, 0.04, mark, transform=across, ha="center", color=GREY, fontsize=8)
    axes.annotate(
        word("sample_sizes", language), (0, 0), xycoords="axes fraction", xytext=(-22, -24),
        textcoords="offset points", color=GREY, fontsize=8, ha="right",
    )  # fmt: skip
