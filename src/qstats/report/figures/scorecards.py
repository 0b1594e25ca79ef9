"""How many points has each county, of which sections, and how near is the next grade? Stacked bars with limits."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import BLUE, GREEN, GREY, INK, ORANGE, WIDTH
from qstats.report.words import word

_COLOURS = (BLUE, "#8fb8d6", ORANGE, GREEN)
_HATCHES = ("", "..", "//", "")


def plot_scorecards(
    rows: pd.DataFrame, *, sections: Mapping[str, Text], labels: Mapping[str, Text],
    bands: Sequence[tuple[str, float]], language: str,
) -> Figure:  # fmt: skip
    """Points by section as stacked bars from 0, the total with its limits, bands as lines.

    Parameters
    ----------
    rows
        One row per county in the order to be drawn: ``county_code, points, lower, upper`` and a column of
        points for each section.
    sections, labels
        Code → name, of sections and counties.
    bands
        Grade and its lower end.
    """
    figure = Figure(figsize=(WIDTH, 1.5 + 0.3 * max(len(rows), 2)))
    axes = figure.subplots()
    places = range(len(rows))
    start = pd.Series(0.0, index=rows.index)
    for at, (code, name) in enumerate(sections.items()):
        points = rows[code].fillna(0.0)
        axes.barh(list(places), points, left=start, height=0.62, color=_COLOURS[at % 4], alpha=0.75,
                  hatch=_HATCHES[at % 4], edgecolor="white", linewidth=0.6, label=name[language])  # fmt: skip
        start = start + points
    axes.hlines(list(places), rows["lower"], rows["upper"], color=INK, linewidth=2)
    axes.plot(rows["points"], list(places), "o", color=INK, markersize=5)
    for grade, lower in bands:
        if lower > 0:
            axes.axvline(lower, color=GREY, linewidth=1, linestyle=(0, (5, 3)), zorder=0)
            axes.annotate(f"{grade} {lower:g}", (lower, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                          textcoords="offset points", ha="center", color=GREY, fontsize=8.5)  # fmt: skip
    axes.set_yticks(list(places), [labels[code][language] for code in rows["county_code"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 105)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(word("interval_drawn", language), fontsize=8)
    figure.legend(loc="outside lower center", ncols=len(sections), fontsize=8, frameon=False)
    return figure
