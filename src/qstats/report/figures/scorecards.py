"""How many points has each county, of which sections, and how near is the next grade? Stacked bars with limits."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PALE, WIDTH
from qstats.report.formats import format_number
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


def plot_card(rows: pd.DataFrame, *, language: str) -> Figure:
    """Points of one county item by item: earned on the bar of what could be earned, both in figures.

    Parameters
    ----------
    rows
        In the order to be drawn: ``name_zh, name_en, points, most``, and ``points_lower, points_upper``.
    """
    figure = Figure(figsize=(WIDTH, 0.9 + 0.28 * max(len(rows), 2)))
    axes = figure.subplots()
    places = list(range(len(rows)))
    axes.barh(places, rows["most"], height=0.6, color=PALE)
    axes.barh(places, rows["points"], height=0.6, color=BLUE, alpha=0.8)
    axes.hlines(places, rows["points_lower"], rows["points_upper"], color=INK, linewidth=1.6)
    for place, (points, most) in enumerate(zip(rows["points"], rows["most"], strict=True)):
        text = f"{format_number(points, language)} / {format_number(most, language, decimals=0)}"
        axes.annotate(text, (most, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(places, list(rows[f"name_{language}"]))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, float(rows["most"].max()) * 1.18)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(word("interval_drawn", language), fontsize=8)
    return figure
