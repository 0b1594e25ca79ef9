"""Which scores have the counties, and which ranks are left to each? Sampling error and choices of method apart.

The set of ranks that sampling errors leave is a bar; the range over choices of method is a thin line above it, so that
nobody takes the one for the other.
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import GREY, MEANING, ORANGE, WIDTH
from qstats.report.formats import format_number, is_missing
from qstats.report.words import word

_MUTED = "#6b7785"
_HEADS: dict[str, Text] = {
    "ranks": {"zh": "可能的名次", "en": "Possible ranks"},
    "sampling": {"zh": "■ 抽样误差（置信集）", "en": "■ sampling error (confidence set)"},
    "choices": {"zh": "— 方法选择（变动范围）", "en": "— choices of method (range)"},
}


def plot_standing(
    rows: pd.DataFrame, *, labels: Mapping[str, Text], reference: float | None, language: str
) -> Figure:
    """Scores with intervals, best first; at the right the ranks.

    Parameters
    ----------
    rows
        ``unit, estimate, lower, upper, rank_low, rank_high`` and, where choices were examined, ``range_low,
        range_high``.
    labels
        Unit → name.
    reference
        Score of the whole.
    """
    figure = Figure(figsize=(WIDTH, 1.35 + 0.31 * max(len(rows), 2)))
    scores, ranks = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
    _draw_scores(scores, rows, reference, language)
    _draw_ranks(ranks, rows, language)
    scores.set_yticks(range(len(rows)), [labels[unit][language] for unit in rows["unit"]])
    scores.set_ylim(len(rows) - 0.4, -0.6)
    for axes in (scores, ranks):
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    figure.text(0.02, 0.998, _HEADS["sampling"][language], va="top", color=GREY, fontsize=8)
    if rows["range_low"].notna().any():
        figure.text(0.98, 0.998, _HEADS["choices"][language], va="top", ha="right", color=ORANGE, fontsize=8)
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - 0.2 / figure.get_figheight()))  # type: ignore[union-attr,call-arg]
    return figure


def _draw_scores(axes: Axes, rows: pd.DataFrame, reference: float | None, language: str) -> None:
    for place, row in rows.reset_index(drop=True).iterrows():
        axes.hlines(place, row["lower"], row["upper"], color=_MUTED, linewidth=2, alpha=0.6)
        axes.plot(row["estimate"], place, "o", color=_MUTED, markersize=6)
    if not is_missing(reference):
        axes.axvline(
            float(reference or 0), color=MEANING["reference"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1
        )
        label = f"{word('reference_line', language)} {format_number(float(reference or 0), language)}"
        axes.annotate(label, (float(reference or 0), 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                      textcoords="offset points", ha="center", color=MEANING["reference"], fontsize=8.5)  # fmt: skip
    axes.grid(axis="x")
    axes.set_xlabel(word("interval_drawn", language), fontsize=8)


def _draw_ranks(axes: Axes, rows: pd.DataFrame, language: str) -> None:
    for place, row in rows.reset_index(drop=True).iterrows():
        low, high = int(row["rank_low"]), int(row["rank_high"])
        axes.barh(place, high - low + 0.7, left=low - 0.35, height=0.5, color=_MUTED, alpha=0.35)
        if not is_missing(row["range_low"]):
            axes.hlines(place, row["range_low"] - 0.3, row["range_high"] + 0.3, color=ORANGE, linewidth=1.6)
    last = len(rows)
    axes.annotate(_HEADS["ranks"][language], (0.5, 1), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", ha="center", color=GREY, fontsize=8.5)  # fmt: skip
    axes.set_xlim(0.4, last + 0.6)
    axes.set_xticks(sorted({1, (last + 1) // 2, last}))
