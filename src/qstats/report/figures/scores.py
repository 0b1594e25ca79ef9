"""How did an index and its parts go over the years? Small charts beside each other, on one axis."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qstats.report.figures.style import GREY, INK, MEANING, WIDTH
from qstats.report.formats import format_number
from qstats.report.words import word


def plot_scores(rows: pd.DataFrame, *, codes: Sequence[str], periods: Sequence[str], language: str) -> Figure:
    """One small chart for each code, the index first; a period without a score is a gap.

    Parameters
    ----------
    rows
        ``code, label_zh, label_en, period, estimate, lower, upper, status``.
    codes, periods
        In the order to be drawn.
    """
    figure = Figure(figsize=(WIDTH, 2.5))
    grid = figure.subplots(1, len(codes), sharey=True, squeeze=False)[0]
    for axes, code in zip(grid, codes, strict=True):
        own = rows[rows["code"] == code]
        stated = own[own["status"] == "stated"]
        places = stated["period"].map(list(periods).index)
        colour = INK if code == codes[0] else MEANING["rate"]
        axes.vlines(places, stated["lower"], stated["upper"], color=colour, linewidth=2, alpha=0.5)
        axes.plot(places, stated["estimate"], "o-", color=colour, linewidth=1.1, markersize=4.5)
        for place, row in zip(places, stated.to_dict("records"), strict=True):
            axes.annotate(format_number(row["estimate"], language), (place, row["upper"]), xytext=(0, 3),
                          textcoords="offset points", ha="center", fontsize=7.5)  # fmt: skip
        axes.set_title(str(own[f"label_{language}"].iloc[0]), fontsize=8.5, fontweight="bold", loc="left")
        axes.set_xlim(-0.6, len(periods) - 0.4)
        axes.set_xticks(range(len(periods)), periods, fontsize=7.5)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.grid(axis="y")
        axes.margins(y=0.18)
    figure.supxlabel(word("interval_drawn", language), fontsize=8, color=GREY)
    return figure
