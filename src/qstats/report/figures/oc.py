"""How likely is each verdict, whatever the true quality? The operating characteristic of a plan."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.style import GREY, INK, WIDTH
from qstats.report.formats import format_percent

Mark = Mapping[str, Any]


def plot_operating_curve(
    curve: pd.DataFrame,
    *,
    language: str,
    across: str,
    upward: str,
    across_label: Text,
    upward_label: Text,
    marks: Sequence[Mark] = (),
) -> Figure:
    """Probability of a verdict against the true quality, from 0 to 100 %, with the points that matter.

    Parameters
    ----------
    curve
        Column `across` (true rate or fraction, 0-1, rising) and column `upward` (probability, 0-1).
    across_label, upward_label
        What the axes show, in both languages.
    marks
        Points on the curve: ``at`` (place across), ``probability`` and ``label`` in both languages.
    """
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    axes.plot(curve[across], curve[upward], color=INK, linewidth=1.8, zorder=3)
    axes.set_xlim(float(curve[across].min()), float(curve[across].max()))
    axes.set_ylim(0, 1.04)
    for mark in marks:
        _draw_mark(axes, mark, language)
    # places of the marks would crowd: the ticks are few
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter(lambda value, _: format_percent(value, decimals=0))
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%" if value < 1.001 else "")
    axes.set_xlabel(across_label[language], fontsize=8.5)
    axes.set_ylabel(upward_label[language], fontsize=8.5)
    axes.grid(axis="y")
    return figure


def _draw_mark(axes: Axes, mark: Mark, language: str) -> None:
    """A point on the curve with a line down to its rate and its name on the emptier side."""
    at, probability = float(mark["at"]), float(mark["probability"])
    axes.plot([at, at], [0, probability], color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=2)
    axes.plot([at], [probability], "o", color=INK, markersize=6, zorder=4)
    left, right = axes.get_xlim()
    on_left = at > (left + right) / 2
    axes.annotate(
        mark["label"][language],
        (at, probability),
        xytext=(-8 if on_left else 8, 5),
        textcoords="offset points",
        ha="right" if on_left else "left",
        fontsize=8.5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=5,
    )
