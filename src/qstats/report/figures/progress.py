"""How far has each target with a number come? A row each, in per cent of its level, with what is expected."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import BLUE, GREEN, GREY, MEANING, ORANGE, RED, WIDTH, shorten

LOOKS = {
    "met": (GREEN, "o", "full"), "on_course": (GREEN, "^", "full"), "at_risk": (ORANGE, "o", "right"),
    "off_course": (RED, "v", "full"), "missed": (RED, "s", "full"), "cannot_be_stated": (GREY, "o", "none"),
}  # fmt: skip
"""Colour, marker and how it is filled, by status: as the marks of the table."""
LARGEST = 1.6
"""Share of its level beyond which a value is set at the edge, with its figure beside it."""
_LEVEL: Text = {"zh": "目标", "en": "Level"}
_AXIS: Text = {
    "zh": "相当于目标的百分比（%）；线段为预计到期数",
    "en": "Per cent of the level; lines: expected at the deadline",
}


def plot_progress(rows: pd.DataFrame, *, language: str) -> Figure:
    """Values as shares of their levels.

    Parameters
    ----------
    rows
        One row per target, the first on top: ``label_zh, label_en, share`` (1 is the level), ``lower, upper`` (of
        what is expected, NaN without), ``status``.
    """
    figure = Figure(figsize=(WIDTH, 0.9 + 0.235 * len(rows)))
    axes = figure.subplots()
    for place, row in enumerate(rows.to_dict("records")):
        colour, marker, fill = LOOKS[row["status"]]
        if np.isfinite(row["lower"]):
            ends = np.minimum([row["lower"], row["upper"]], LARGEST)
            axes.hlines(place, *ends, color=BLUE, linewidth=2, alpha=0.45)
        share = min(row["share"], LARGEST)
        axes.plot(
            share, place, marker=marker, color=colour, markersize=6, markeredgewidth=1.3,
            fillstyle=fill, markerfacecoloralt="white",
        )  # fmt: skip
        if row["share"] > LARGEST:
            axes.annotate(
                f"{100 * row['share']:.0f}%", (share, place), xytext=(-6, 0), textcoords="offset points",
                ha="right", va="center", fontsize=8,
            )  # fmt: skip
    axes.axvline(1, color=MEANING["target"], linewidth=1.2, linestyle=(0, (5, 3)), zorder=0)
    axes.annotate(
        _LEVEL[language], (1, 1), xycoords=("data", "axes fraction"), xytext=(3, 3), textcoords="offset points",
        color=MEANING["target"], fontsize=8,
    )  # fmt: skip
    width = 18 if language == "zh" else 40
    axes.set_yticks(
        range(len(rows)), [shorten(name, width) for name in rows[f"label_{language}"]], fontsize=8.5
    )
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, LARGEST + 0.05)
    ticks = np.arange(0, LARGEST + 0.01, 0.25)
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(_AXIS[language], fontsize=8, labelpad=6)
    return figure
