"""Where does each county go? Small charts in one fixed order, all on the same axes, each with its verdict."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import set_rate_axis, wrap_notes
from qstats.report.figures.style import GREY, INK, MEANING, WIDTH
from qstats.report.figures.trends import draw_points, mark_years
from qstats.report.words import word

ACROSS = 3
_REFERENCE: Text = {"zh": "灰线为全市", "en": "grey: the city as a whole"}
_MARK: Text = {"zh": "竖线为突变或更换承检机构", "en": "vertical: break or change of laboratory"}
_LINE: Text = {"zh": "虚线为趋势", "en": "dashed: trend"}


def plot_multiples(
    series: pd.DataFrame, lines: pd.DataFrame, city: pd.DataFrame, *, labels: Mapping[str, Text],
    notes: Mapping[str, Text], marks: Mapping[str, float], language: str,
) -> Figure:  # fmt: skip
    """Small charts of the groups, in the order of the labels.

    Parameters
    ----------
    series
        ``group, time, value, lower, upper, release``.
    lines
        ``group, time, fitted`` of those that have a trend; the others have no line.
    city
        ``time, value`` of the whole.
    labels, notes
        Group → its name, and what is said of it.
    marks
        Group → time at which its trend begins anew.
    """
    codes = list(labels)
    down = -(-len(codes) // ACROSS)
    figure = Figure(figsize=(WIDTH, 0.9 + 1.5 * down))
    grid = figure.subplots(down, ACROSS, sharex=True, sharey=True, squeeze=False)
    values = [float(value) for name in ("value", "lower") for value in series[name].dropna()] + [1.0]
    for place, axes in enumerate(grid.ravel()):
        if place >= len(codes):
            axes.set_visible(False)
            continue
        _draw(axes, series, lines, city, codes[place])
        if codes[place] in marks:
            axes.axvline(marks[codes[place]], color=GREY, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
        _title(axes, labels[codes[place]][language], notes[codes[place]][language])
    set_rate_axis(grid[0, 0].yaxis, grid[0, 0].set_ylim, values)
    mark_years(grid[0, 0], series["time"], step=2)
    for axes in grid.ravel():
        axes.tick_params(labelsize=7.5)
    for column in range(ACROSS):  # years stand under the lowest chart of each column
        lowest = max(row for row in range(down) if row * ACROSS + column < len(codes))
        grid[lowest, column].tick_params(axis="x", labelbottom=True)
    parts = [word("interval_drawn", language), _REFERENCE[language]]
    parts += [_LINE[language]] if len(lines) else []
    parts += [_MARK[language]] if marks else []
    if (series["release"] == "provisional").any():
        parts.append(word("provisional_drawn", language))
    figure.supxlabel(wrap_notes(parts, language), fontsize=8, color=GREY)
    return figure


def _draw(axes: Axes, series: pd.DataFrame, lines: pd.DataFrame, city: pd.DataFrame, code: str) -> None:
    axes.plot(city["time"], city["value"], color=MEANING["reference"], linewidth=0.8, alpha=0.6, zorder=1)
    draw_points(axes, series[series["group"] == code], size=2.4, thin=True)
    own = lines[lines["group"] == code]
    axes.plot(own["time"], own["fitted"], "--", color=INK, linewidth=1.5, zorder=5)
    axes.grid(axis="y")


def _title(axes: Axes, name: str, note: str) -> None:
    axes.set_title(name, fontsize=8.5, fontweight="bold", loc="left", pad=11)
    axes.annotate(
        note,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 3),
        textcoords="offset points",
        fontsize=7.5,
        color=GREY,
    )
