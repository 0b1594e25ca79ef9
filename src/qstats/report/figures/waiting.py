"""How soon has how much ended? Steps of the share ended by each day, one per group, with their limits."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.formats import format_count
from qstats.report.words import word

_COLOURS = (MEANING["rate"], MEANING["standardised"])
_STYLES = ("-", (0, (5, 2)))
_DAYS: Text = {"zh": "天", "en": "days"}
_BAND: Text = {"zh": "浅色带为置信区间", "en": "bands are confidence intervals"}
_FOLLOWED: Text = {"zh": "曲线止于最后可跟踪的一天", "en": "curves end with the last day followed"}
LONGEST_SHOWN = 0.985
"""The axis ends where this share of the longest curve has ended: a few very long cases would flatten all."""


def plot_waiting(curves: Sequence[dict[str, Any]], *, language: str, within: int) -> Figure:
    """Share that has ended by each day.

    Parameters
    ----------
    curves
        At most two: ``label`` (both languages), ``n, times, ended_by, lower, upper`` (0–1).
    within
        Day that is marked: within it a case should have ended.
    """
    figure = Figure(figsize=(WIDTH, 3.3))
    axes = figure.subplots()
    last = max(_last_shown(curve) for curve in curves)
    last = max(last, 1.15 * within)
    for at, curve in enumerate(curves):
        times, shares = [0.0, *curve["times"]], [0.0, *curve["ended_by"]]
        axes.step(times, shares, where="post", color=_COLOURS[at], linestyle=_STYLES[at], linewidth=1.8)
        axes.fill_between(
            times, [0.0, *curve["lower"]], [0.0, *curve["upper"]], step="post", color=_COLOURS[at],
            alpha=0.13, linewidth=0,
        )  # fmt: skip
        axes.annotate(
            f"{curve['label'][language]} (n={format_count(curve['n'], language)})", (0.99, 0.04 + 0.075 * at),
            xycoords="axes fraction", ha="right", color=_COLOURS[at], fontweight="bold", fontsize=8.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
    axes.axvline(within, color=MEANING["target"], linewidth=1.2, linestyle=(0, (6, 3)))
    axes.annotate(
        f"{within} {_DAYS[language]}", (within, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
        textcoords="offset points", ha="center", color=MEANING["target"], fontsize=8.5,
    )  # fmt: skip
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1.005)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    axes.grid(axis="y")
    parts = [_DAYS[language], _BAND[language], _FOLLOWED[language]]
    axes.set_xlabel(word("full_stop", language).join(parts), fontsize=8, color=GREY, labelpad=6)
    return figure


def _last_shown(curve: dict[str, Any]) -> float:
    """Day by which nearly all that ended has ended."""
    most = max(curve["ended_by"]) * LONGEST_SHOWN
    return float(next(t for t, s in zip(curve["times"], curve["ended_by"], strict=True) if s >= most))
