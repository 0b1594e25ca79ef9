"""Where does the axis of a rate start, and what does the small type under a chart say?

Rates near 100 % are never drawn from zero: the range follows what is drawn, and the chart states it.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from qstats.report.formats import format_percent, is_missing
from qstats.report.words import word


def list_extremes(rates: pd.DataFrame, second: pd.DataFrame | None, line: float | None) -> list[float]:
    """All values that the axis has to hold: points, ends of intervals and the line."""
    values = [
        *rates["estimate"],
        *rates["lower"],
        *rates["upper"],
        *(() if second is None else second["estimate"]),
    ]
    return [float(value) for value in (*values, line) if not is_missing(value)]


def set_rate_axis(axis: Any, set_limits: Callable[[float, float], Any], values: list[float]) -> float:
    """Range of a rate axis: what is drawn with some room, never beyond 0 and 1. Returns where it starts."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = max(0.08 * (high - low), 0.004)
    start = max(0.0, math.floor((low - room) * 100) / 100)
    set_limits(start, min(1.0, high + room) + 0.02 * (high - start))
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    decimals = 0 if high - start > 0.03 else 1
    axis.set_major_formatter(lambda value, _: f"{100 * value:.{decimals}f}%" if value < 1.0001 else "")
    return start


def wrap_notes(parts: Sequence[str], language: str, *, width: int = 84) -> str:
    """Notes under a chart, as many on a line as fit; a Chinese character is twice as wide."""
    stop, lines = word("full_stop", language), [""]
    for part in parts:
        joined = lines[-1] + (stop if lines[-1] else "") + part
        if lines[-1] and _width(joined) > width:
            lines[-1] += stop.rstrip()
            lines.append(part)
        else:
            lines[-1] = joined
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def write_footnote(axes: Axes, start: float, language: str, *, provisional: bool = False) -> None:
    """How to read the chart, in small type under it."""
    parts = [word("interval_drawn", language)]
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    if provisional:
        parts.append(word("provisional_drawn", language))
    pad = 22 if axes.yaxis.get_visible() and axes.spines["left"].get_visible() else 6
    axes.set_xlabel(word("full_stop", language).join(parts), fontsize=8, labelpad=pad)
