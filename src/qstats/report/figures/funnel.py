"""Who differs by more than chance? Units by size within the limits of chance, which narrow with size."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.monitoring import draw_funnel
from qstats.report.figures.axes import set_rate_axis
from qstats.report.figures.style import GREY, INK, MEANING, WIDTH, shorten
from qstats.report.formats import format_percent
from qstats.report.words import word

_LINES = {"95": (0, (5, 3)), "998": "-"}
_LABELLED = 12


def plot_funnel(compared: pd.DataFrame, *, language: str, group: str, labels: Mapping[str, Text]) -> Figure:
    """Adjusted rates against the batches that each comparison is worth, with limits of 95 % and 99.8 %.

    Parameters
    ----------
    compared
        Rows of :func:`qstats.monitoring.compare_by_funnel`; those that are not stated are not drawn.
    group
        Column of the group's code.
    labels
        Code → name in both languages.
    """
    drawn = compared[compared["status"] == "stated"]
    figure = Figure(figsize=(WIDTH, 3.8))
    axes = figure.subplots()
    least, most = float(drawn["effective_n"].min()), float(drawn["effective_n"].max())
    lines = draw_funnel(drawn, np.linspace(max(1.0, 0.6 * least), 1.12 * most, 200).tolist())
    for name, dashes in _LINES.items():
        for side in ("lower", "upper"):
            axes.plot(
                lines["effective_n"], lines[f"{side}_{name}"], color=GREY, linewidth=1, linestyle=dashes
            )
    target = float(drawn["target"].iloc[0])
    axes.axhline(target, color=MEANING["reference"], linewidth=1.2, linestyle=(0, (1, 2)), zorder=1)
    _draw_units(axes, drawn, group, labels, language)
    _label_lines(axes, lines, target, language)
    limits = [f"{side}_{name}" for side in ("lower", "upper") for name in _LINES]
    values = [float(value) for name in limits for value in lines[name]]
    start = set_rate_axis(axes.yaxis, axes.set_ylim, [*values, *drawn["adjusted"].tolist()])
    axes.set_xlim(lines["effective_n"].iloc[0], lines["effective_n"].iloc[-1])
    axes.grid(axis="y")
    parts = [word("funnel_axis", language), word("funnel_drawn", language)]
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    axes.set_xlabel(parts[0] + "\n" + word("full_stop", language).join(parts[1:]), fontsize=8, labelpad=6)
    return figure


def _draw_units(
    axes: Axes, drawn: pd.DataFrame, group: str, labels: Mapping[str, Text], language: str
) -> None:
    """Dots, diamonds beyond the outer limits; names where they are few, otherwise of the unusual ones."""
    for _, row in drawn.iterrows():
        unusual = bool(row["flag"])
        axes.plot(
            [row["effective_n"]], [row["adjusted"]], "D" if unusual else "o", zorder=4,
            color=MEANING["failures" if unusual else "rate"], markersize=8 if unusual else 6,
        )  # fmt: skip
        if unusual or len(drawn) <= _LABELLED:
            place = (8, "bottom") if row["adjusted"] >= row["target"] else (-8, "top")  # away from the line
            axes.annotate(
                shorten(labels[str(row[group])][language], 16), (row["effective_n"], row["adjusted"]),
                xytext=(0, place[0]), textcoords="offset points", ha="center", va=place[1], color=INK, fontsize=8,
            )  # fmt: skip


def _label_lines(axes: Axes, lines: pd.DataFrame, target: float, language: str) -> None:
    last = lines.iloc[-1]
    named = [(f"{word('reference_line', language)} {format_percent(target)}", target)]
    named += [
        (share, float(last[f"{side}_{name}"]))
        for name, share in (("95", "95%"), ("998", "99.8%"))
        for side in ("lower", "upper")
    ]
    for text, height in named:
        axes.annotate(
            text, (last["effective_n"], height), xytext=(4, 0), textcoords="offset points", va="center",
            color=GREY, fontsize=8, annotation_clip=False,
        )  # fmt: skip
