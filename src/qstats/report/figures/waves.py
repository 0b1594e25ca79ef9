"""How have the sectors fared over the waves? One line each with intervals, its name and its target beside it."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qstats.report.figures.style import INK, MEANING, ORANGE, WIDTH
from qstats.report.formats import format_number, is_missing
from qstats.report.words import word

_LOOKS = ((MEANING["rate"], "o"), (ORANGE, "s"), (INK, "^"))


def plot_waves(rows: pd.DataFrame, *, language: str) -> Figure:
    """Points of 0–100 by wave, in the order of the rows.

    Parameters
    ----------
    rows
        One row per wave and sector: ``wave_zh, wave_en, label_zh, label_en, estimate, lower, upper, status``
        and ``target`` (points or missing).
    """
    figure = Figure(figsize=(WIDTH, 2.9))
    axes = figure.subplots()
    waves = list(dict.fromkeys(rows[f"wave_{language}"]))
    for (name, part), (colour, marker) in zip(
        rows.groupby(f"label_{language}", sort=False), _LOOKS, strict=False
    ):
        stated = part[part["status"] == "stated"]
        places = stated[f"wave_{language}"].map(waves.index)
        axes.vlines(places, stated["lower"], stated["upper"], color=colour, linewidth=2, alpha=0.55)
        axes.plot(places, stated["estimate"], marker=marker, color=colour, linewidth=1.2, markersize=6)
        for place, value in zip(places, stated["estimate"], strict=True):
            axes.annotate(
                format_number(value, language), (place, value), xytext=(7, 4), textcoords="offset points", fontsize=8.5
            )  # fmt: skip
        if len(stated):
            at = (places.iloc[-1], stated["estimate"].iloc[-1])
            axes.annotate(
                str(name), at, xytext=(7, -11), textcoords="offset points", color=colour, fontsize=9
            )
        target = part["target"].iloc[0]
        if not is_missing(target):
            axes.axhline(target, color=MEANING["target"], linewidth=1.2, linestyle=(0, (5, 3)), zorder=0)
            label = f"{word('target', language)} {format_number(target, language, decimals=0)}"
            axes.annotate(
                f"{label} ({name})" if language == "en" else f"{label}（{name}）", (0, target),
                xycoords=("axes fraction", "data"), xytext=(3, 2), textcoords="offset points",
                color=MEANING["target"], fontsize=8,
            )  # fmt: skip
    axes.set_xticks(range(len(waves)), waves)
    axes.set_xlim(-0.4 - 0.25 * len(waves), len(waves) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.grid(axis="y")
    axes.set_xlabel(word("interval_drawn", language), fontsize=8, labelpad=6)
    return figure
