"""What should be improved first? Importance against performance, with the intervals of both."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import GREY, MEANING, WIDTH

_X: Text = {"zh": "现状（指数，分）", "en": "Performance (index, points)"}
_Y: Text = {"zh": "重要性（分）", "en": "Importance (points)"}
_CORNER: Text = {"zh": "重要而偏低", "en": "important, low"}


def plot_importance(rows: pd.DataFrame, *, language: str) -> Figure:
    """One dot per latent variable: ``label_zh, label_en``, importance and performance with their limits.

    Dashed lines are the means of both; names stand beside the dots, each on the side where there is room.
    """
    figure = Figure(figsize=(WIDTH, 3.4))
    axes = figure.subplots()
    colour = MEANING["rate"]
    for row in rows.to_dict("records"):
        across = (row["performance_lower"], row["performance_upper"])
        upwards = (row["importance_lower"], row["importance_upper"])
        axes.plot(across, [row["importance"]] * 2, color=colour, alpha=0.5, linewidth=1.8)
        axes.plot([row["performance"]] * 2, upwards, color=colour, alpha=0.5, linewidth=1.8)
    axes.plot(rows["performance"], rows["importance"], "o", color=colour, markersize=7)
    low, high = rows["performance_lower"].min(), rows["performance_upper"].max()
    room = max(0.4 * (high - low), 1.0)  # for the names
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(min(0.0, rows["importance_lower"].min()), rows["importance_upper"].max() * 1.12)
    _name(axes, rows, language)
    for line, values in ((axes.axvline, rows["performance"]), (axes.axhline, rows["importance"])):
        line(values.mean(), color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    axes.annotate(_CORNER[language], (0, 1), xycoords="axes fraction", xytext=(4, -4),
                  textcoords="offset points", va="top", color=GREY, fontsize=8)  # fmt: skip
    axes.set_xlabel(_X[language])
    axes.set_ylabel(_Y[language])
    axes.grid(True)
    return figure


def _name(axes: Axes, rows: pd.DataFrame, language: str) -> None:
    """Names at the outer ends of the horizontal intervals, moved apart where two would meet."""
    middle, (low, high) = rows["performance"].median(), axes.get_ylim()
    for left in (True, False):
        side = rows[(rows["performance"] < middle) == left].sort_values("importance")
        height = -float("inf")
        for row in side.to_dict("records"):
            height = max(row["importance"], height + _LINE * (high - low))
            end = row["performance_lower" if left else "performance_upper"]
            axes.annotate(
                row[f"label_{language}"], (end, height), xytext=(-5 if left else 5, 0),
                textcoords="offset points", fontsize=9, va="center", ha="right" if left else "left",
            )  # fmt: skip


_LINE = 0.065
"""Height of a line of type as a part of the axis."""
