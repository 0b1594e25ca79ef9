"""What should be improved first? Importance against performance, with the intervals of both."""

import pandas as pd
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import GREY, MEANING, WIDTH

_X: Text = {"zh": "现状（指数，0–100分）", "en": "Performance (index, points of 0–100)"}
_Y: Text = {
    "zh": "重要性（每提高1分带动满意度指数的分数）",
    "en": "Importance (points of the index per point)",
}


def plot_importance(rows: pd.DataFrame, *, language: str) -> Figure:
    """One dot per latent variable: ``label_zh, label_en``, importance and performance with their limits."""
    figure = Figure(figsize=(WIDTH, 3.4))
    axes = figure.subplots()
    colour = MEANING["rate"]
    axes.hlines(
        rows["importance"],
        rows["performance_lower"],
        rows["performance_upper"],
        color=colour,
        alpha=0.5,
        linewidth=1.8,
    )
    axes.vlines(
        rows["performance"],
        rows["importance_lower"],
        rows["importance_upper"],
        color=colour,
        alpha=0.5,
        linewidth=1.8,
    )
    axes.plot(rows["performance"], rows["importance"], "o", color=colour, markersize=7)
    for row in rows.to_dict("records"):
        axes.annotate(
            row[f"label_{language}"], (row["performance"], row["importance"]), xytext=(6, 5),
            textcoords="offset points", fontsize=9,
        )  # fmt: skip
    low, high = rows["performance_lower"].min(), rows["performance_upper"].max()
    room = max(0.25 * (high - low), 1.5)
    axes.set_xlim(low - 0.4 * room, high + room)
    axes.set_ylim(min(0.0, rows["importance_lower"].min()), rows["importance_upper"].max() * 1.15)
    for line, values in ((axes.axvline, rows["performance"]), (axes.axhline, rows["importance"])):
        line(values.mean(), color=GREY, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    axes.set_xlabel(_X[language])
    axes.set_ylabel(_Y[language])
    axes.grid(True)
    return figure
