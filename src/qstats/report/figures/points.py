"""How far is each group from its target? Scores in points with intervals, groups under their headings."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qstats.codebook import Text
from qstats.report.figures.style import GREY, INK, MEANING, WIDTH
from qstats.report.formats import format_count, format_number, is_missing
from qstats.report.words import word

_RESPONDENTS: Text = {"zh": "人数", "en": "n"}


def plot_points(
    rows: pd.DataFrame, *, language: str, target_label: Text | None = None, sizes: Text = _RESPONDENTS
) -> Figure:
    """Points of 0–100 as dots with intervals, in the order given; targets as marks on their rows.

    Parameters
    ----------
    rows
        ``label_zh, label_en, head`` (bold, a group that others belong to), ``estimate, lower, upper, n,
        status``, ``target`` (points or missing). What is not stated shows its mark.
    target_label
        What the target marks are, said under the chart.
    sizes
        Heading of the sizes of groups.
    """
    figure = Figure(figsize=(WIDTH, 0.9 + 0.31 * max(len(rows), 2)))
    axes = figure.subplots()
    for place, row in enumerate(rows.to_dict("records")):
        _draw_row(axes, place, row, language)
    values = rows[["estimate", "lower", "upper", "target"]].to_numpy(float).ravel()
    known = values[~pd.isna(values)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 100.0)
    room = max(0.08 * (high - low), 1.0)
    axes.set_xlim(max(low - room, 0.0), min(high + room, 100.5))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.set_yticks(range(len(rows)), rows[f"label_{language}"].tolist())
    for tick, head in zip(axes.get_yticklabels(), rows["head"], strict=True):
        tick.set_fontweight("bold" if head else "normal")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    _write_sizes(axes, rows, sizes[language], language)
    parts = [word("interval_drawn", language)]
    if axes.get_xlim()[0] > 0:
        parts.append(
            word("axis_starts", language).format(
                start=format_number(axes.get_xlim()[0], language, decimals=0)
            )
        )
    if target_label and rows["target"].notna().any():
        parts.append(target_label[language])
    axes.set_xlabel(word("full_stop", language).join(parts), fontsize=8, labelpad=6)
    return figure


def _draw_row(axes: Axes, place: int, row: dict[str, Any], language: str) -> None:
    if not is_missing(row["target"]):
        axes.vlines(row["target"], place - 0.42, place + 0.42, color=MEANING["target"], linewidth=2.2)
    if row["status"] != "stated":
        clear = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(
            0.01, place, word(str(row["status"]), language), transform=axes.get_yaxis_transform(), va="center",
            color=GREY, fontsize=8, bbox=clear,
        )  # fmt: skip
        return
    colour = INK if row["head"] else MEANING["rate"]
    axes.hlines(place, row["lower"], row["upper"], color=colour, linewidth=2, alpha=0.55)
    axes.plot(row["estimate"], place, "o", color=colour, markersize=6, clip_on=False)


def _write_sizes(axes: Axes, rows: pd.DataFrame, heading: str, language: str) -> None:
    across = axes.get_yaxis_transform()
    axes.annotate(heading, (1.1, 1), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", ha="right", color=GREY, fontsize=8.5)  # fmt: skip
    for place, size in enumerate(rows["n"]):
        axes.text(
            1.1, place, format_count(size, language), transform=across, va="center", ha="right", fontsize=8.5
        )
