"""Where did figures go that others published? One small chart for each series, no line across a change of definition."""

from collections.abc import Mapping
from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qstats.codebook import Text
from qstats.report.figures.axes import wrap_notes
from qstats.report.figures.style import GREY, MEANING, WIDTH, shorten
from qstats.report.figures.trends import mark_years

ACROSS = 3
_CUT: Text = {
    "zh": "点为公布值；口径不变的相邻各点才连线，各图纵轴不同",
    "en": "points: figures as published; a line joins only those of one definition; each chart has its own axis",
}


def plot_published(
    series: pd.DataFrame, *, labels: Mapping[str, Text], shares: set[str], language: str
) -> Figure:
    """Small charts of published series, in the order of the labels.

    Parameters
    ----------
    series
        ``series, group, time, value`` in order; a group is a stretch of one definition.
    labels
        Series → its name and measure.
    shares
        Series whose values are proportions, drawn in per cent.
    """
    names = list(labels)
    across = min(ACROSS, len(names))
    down = -(-len(names) // across)
    figure = Figure(figsize=(WIDTH, 0.8 + 1.65 * down))
    grid = figure.subplots(down, across, sharex=True, squeeze=False)
    for place, axes in enumerate(grid.ravel()):
        if place >= len(names):
            axes.set_visible(False)
            continue
        own = series[series["series"] == names[place]]
        _draw(axes, own, 100.0 if names[place] in shares else 1.0, "%" if names[place] in shares else "")
        title = _two_lines(labels[names[place]][language], language)
        axes.set_title(title, fontsize=7.5, fontweight="bold", loc="left", linespacing=1.15)
    mark_years(grid[0, 0], series["time"], step=max(1, int(series["time"].max() - series["time"].min()) // 4))
    for column in range(across):
        lowest = max(row for row in range(down) if row * across + column < len(names))
        grid[lowest, column].tick_params(axis="x", labelbottom=True)
    figure.supxlabel(wrap_notes([_CUT[language]], language), fontsize=8, color=GREY)
    return figure


def _two_lines(name: str, language: str) -> str:
    """A name in at most two lines of its chart's width."""
    width = 17 if language == "zh" else 31
    lines = wrap(name, width)
    return "\n".join(
        [*lines[:1], shorten("".join(lines[1:]) if language == "zh" else " ".join(lines[1:]), width)]
    ).rstrip()


def _draw(axes: Axes, rows: pd.DataFrame, scale: float, unit: str) -> None:
    colour = MEANING["rate"]
    for _, stretch in rows.groupby("group", sort=False):
        axes.plot(
            stretch["time"], scale * stretch["value"], "-o", color=colour, markersize=3.2, linewidth=1.0
        )
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}{unit}"))
    axes.tick_params(labelsize=7.5)
    axes.margins(y=0.2)
    axes.grid(axis="y")
