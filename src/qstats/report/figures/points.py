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

_SIZES: Text = {"zh": "样本量", "en": "n"}
_HEAD_ROOM = 0.55
"""Rows left free above a group that has a target: its label stands there."""


def plot_points(
    rows: pd.DataFrame, *, language: str, reference: float | None = None, reference_label: Text | None = None
) -> Figure:
    """Points of 0–100 as dots with intervals, in the order given; targets as lines through their rows.

    Parameters
    ----------
    rows
        ``label_zh, label_en, head`` (bold, a group that others belong to), ``estimate, lower, upper, n,
        status``, ``target`` (points or missing; drawn through the head and the rows that follow with the
        same). What is not stated shows its mark.
    reference, reference_label
        Figure of the whole, as a line through all rows with its name.
    """
    places = _places(rows, reference is not None)
    figure = Figure(figsize=(WIDTH, 0.9 + 0.31 * max(places[-1] + 1 if places else 1, 2)))
    axes = figure.subplots()
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        _draw_row(axes, place, row, language)
    _limit(axes, rows, places, reference)
    _draw_targets(axes, rows, places, language)
    if reference is not None and reference_label is not None:
        axes.axvline(reference, color=MEANING["reference"], linewidth=1.2, linestyle=(0, (5, 3)), zorder=0)
        label = f"{reference_label[language]} {format_number(reference, language)}"
        _write(axes, reference, -0.5, label, MEANING["reference"])
    axes.set_yticks(places, rows[f"label_{language}"].tolist())
    for tick, head in zip(axes.get_yticklabels(), rows["head"], strict=True):
        tick.set_fontweight("bold" if head else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    _write_sizes(axes, rows, places, language)
    parts = [word("interval_drawn", language)]
    if axes.get_xlim()[0] > 0:
        start = format_number(axes.get_xlim()[0], language, decimals=0)
        parts.append(word("axis_starts", language).format(start=start))
    axes.set_xlabel(word("full_stop", language).join(parts), fontsize=8, labelpad=6)
    return figure


def _places(rows: pd.DataFrame, named: bool) -> list[float]:
    """Where each row stands: one below the other, with room above heads that have a target."""
    places, at = [], _HEAD_ROOM if named else 0.0
    for row in rows.to_dict("records"):
        at += _HEAD_ROOM if row["head"] and not is_missing(row["target"]) else 0.0
        places.append(at)
        at += 1.0
    return places


def _limit(axes: Axes, rows: pd.DataFrame, places: list[float], reference: float | None) -> None:
    values = rows[["estimate", "lower", "upper", "target"]].to_numpy(float).ravel()
    known = [*values[~pd.isna(values)], *([reference] if reference is not None else [])]
    low, high = (min(known), max(known)) if known else (0.0, 100.0)
    room = max(0.08 * (high - low), 1.0)
    axes.set_xlim(max(float(int(low - room)), 0.0), min(high + room, 100.5))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.set_ylim((places[-1] if places else 0.0) + 0.6, -0.6)


def _draw_row(axes: Axes, place: float, row: dict[str, Any], language: str) -> None:
    if row["status"] != "stated":
        clear = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(
            0.01, place, word(str(row["status"]), language), transform=axes.get_yaxis_transform(), va="center",
            color=GREY, fontsize=8, bbox=clear,
        )  # fmt: skip
        return
    colour = INK if row["head"] else MEANING["rate"]
    axes.hlines(place, row["lower"], row["upper"], color=colour, linewidth=2, alpha=0.55)
    axes.plot(row["estimate"], place, "D" if row["head"] else "o", color=colour, markersize=6, clip_on=False)


def _draw_targets(axes: Axes, rows: pd.DataFrame, places: list[float], language: str) -> None:
    """One line through each group of rows with the same target, named at its head."""
    run = (rows["head"] | rows["target"].ne(rows["target"].shift())).cumsum()
    for _, part in rows.assign(place=places).groupby(run):
        target = part["target"].iloc[0]
        if is_missing(target):
            continue
        top, bottom = part["place"].iloc[0] - 0.45, part["place"].iloc[-1] + 0.45
        axes.vlines(target, top, bottom, color=MEANING["target"], linewidth=1.6, zorder=1)
        decimals = 0 if float(target).is_integer() else 1
        label = f"{word('target', language)} {format_number(target, language, decimals=decimals)}"
        _write(axes, target, top, label, MEANING["target"])


def _write(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.annotate(
        words, (x, y), xytext=(0, 1), textcoords="offset points", ha="center", va="bottom", color=colour, fontsize=8
    )  # fmt: skip


def _write_sizes(axes: Axes, rows: pd.DataFrame, places: list[float], language: str) -> None:
    across = axes.get_yaxis_transform()
    axes.annotate(_SIZES[language], (1.1, 1), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", ha="right", color=GREY, fontsize=8.5)  # fmt: skip
    for place, size in zip(places, rows["n"], strict=True):
        axes.text(
            1.1, place, format_count(size, language), transform=across, va="center", ha="right", fontsize=8.5
        )
