"""How are enterprises shared out over grades? One bar of 100 % for each scheme and year, shares written on it."""

import pandas as pd
from matplotlib.figure import Figure

from qstats.report.figures.style import BLUE, GREEN, GREY, ORANGE, WIDTH
from qstats.report.formats import format_count, format_percent

_COLOURS = (GREEN, BLUE, "#8fb8d6", ORANGE)
_HATCHES = ("", "", "..", "//")
_LEAST_WRITTEN = 0.10


def plot_grade_shares(rows: pd.DataFrame, *, language: str) -> Figure:
    """Shares as stacked bars from zero; a share too narrow for its figure is written in the table only.

    Parameters
    ----------
    rows
        One row per bar and grade, in order: ``bar_zh, bar_en`` (name of the bar), ``grade``, ``place`` (0: best),
        ``share`` (0–1), ``n`` (of the whole bar).
    """
    bars = list(dict.fromkeys(rows[f"bar_{language}"]))
    figure = Figure(figsize=(WIDTH, 0.7 + 0.5 * max(len(bars), 2)))
    axes = figure.subplots()
    for at, bar in enumerate(bars):
        start = 0.0
        own = rows[rows[f"bar_{language}"] == bar]
        for row in own.to_dict("records"):
            colour, hatch = _COLOURS[row["place"] % 4], _HATCHES[row["place"] % 4]
            axes.barh(at, 100 * row["share"], left=100 * start, height=0.66, color=colour, alpha=0.55, hatch=hatch,
                      edgecolor="white", linewidth=0.8)  # fmt: skip
            if row["share"] >= _LEAST_WRITTEN:
                axes.text(100 * (start + row["share"] / 2), at, f"{row['grade']}  {format_percent(row['share'])}",
                          ha="center", va="center", fontsize=8.5)  # fmt: skip
            start += row["share"]
        axes.annotate(f"n = {format_count(int(own['n'].iloc[0]), language)}", (100, at), xytext=(6, 0),
                      textcoords="offset points", va="center", color=GREY, fontsize=8.5)  # fmt: skip
    axes.set_yticks(range(len(bars)), bars)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure
