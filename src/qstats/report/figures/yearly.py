"""How has a rate of events moved from year to year? Points with intervals from zero, counts beside them."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qstats.codebook import Text
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.formats import format_count, format_number
from qstats.report.words import word

_CASES: Text = {"zh": "件数", "en": "Complaints"}


def plot_yearly_rates(rates: pd.DataFrame, *, language: str, decimals: int = 1) -> Figure:
    """Events per unit of a year with their limits.

    Parameters
    ----------
    rates
        One row per year in order: ``year, n`` (events), ``estimate, lower, upper, status``. A year that is not
        stated is left empty.
    """
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    places = list(range(len(rates)))
    axes.plot(places, rates["estimate"], "-o", color=MEANING["failures"], linewidth=1.6, markersize=5.5)
    axes.vlines(places, rates["lower"], rates["upper"], color=MEANING["failures"], linewidth=2, alpha=0.45)
    for place, row in zip(places, rates.to_dict("records"), strict=True):
        if row["status"] == "stated":
            value = format_number(row["estimate"], language, decimals=decimals)
            axes.annotate(
                value, (place, row["estimate"]), xytext=(7, 6), textcoords="offset points", fontsize=8.5
            )
        else:
            axes.annotate(
                word(str(row["status"]), language), (place, 0), xytext=(0, 8), textcoords="offset points",
                ha="center", color=GREY, fontsize=8,
            )  # fmt: skip
    top = rates["upper"].max()
    axes.set_ylim(0, 1.08 * top if top > 0 else 1)
    axes.set_xlim(-0.5, len(rates) - 0.4)
    axes.set_xticks(places, [str(year) for year in rates["year"]])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
    axes.grid(axis="y")
    across = axes.get_xaxis_transform()
    for place, n in zip(places, rates["n"], strict=True):
        axes.annotate(
            format_count(n, language), (place, 0), xycoords=across, xytext=(0, -26), ha="center",
            textcoords="offset points", color=GREY, fontsize=8,
        )  # fmt: skip
    axes.annotate(
        _CASES[language], (0, 0), xycoords="axes fraction", xytext=(-10, -26), ha="right",
        textcoords="offset points", color=GREY, fontsize=8,
    )  # fmt: skip
    axes.set_xlabel(word("interval_drawn", language), fontsize=8, labelpad=18)
    return figure
