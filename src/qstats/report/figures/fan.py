"""What is to be expected? The figures so far and the range of the coming ones, darker where they are likelier."""

import pandas as pd
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import set_rate_axis, wrap_notes
from qstats.report.figures.style import GREY, MEANING, WIDTH
from qstats.report.figures.trends import draw_points, mark_years
from qstats.report.formats import format_percent
from qstats.report.words import word

_FAN: Text = {
    "zh": "色带由深到浅：今后公布值落在其中的机会为{shares}",
    "en": "bands, dark to pale: chance of {shares} that the figure reported lies inside",
}
_LAST_YEAR: Text = {"zh": "×为上年同期数", "en": "×: figure of a year before"}
_EXPECTED: Text = {"zh": "预计", "en": "expected"}
_SHADES = {0.95: 0.16, 0.8: 0.22, 0.5: 0.3}


def plot_fan(
    series: pd.DataFrame, steps: pd.DataFrame, *, shares: tuple[float, ...], language: str
) -> Figure:
    """A rate and its forecast.

    Parameters
    ----------
    series
        ``time, value, lower, upper, release`` in order.
    steps
        ``time, median, last_year`` and, for each share, ``lower_50, upper_50 …``.
    shares
        Of the bands, 0–1.
    """
    figure = Figure(figsize=(WIDTH, 3.4))
    axes = figure.subplots()
    known = series[(series["release"] == "final") & series["value"].notna()]
    last = known.iloc[-1]
    times = [float(last["time"]), *steps["time"]]
    for share in sorted(shares, reverse=True):
        name = f"{100 * share:.0f}"
        low, high = ([float(last["value"]), *steps[f"{side}_{name}"]] for side in ("lower", "upper"))
        axes.fill_between(
            times, low, high, color=MEANING["standardised"], alpha=_SHADES.get(share, 0.2), linewidth=0
        )
    axes.plot(
        times, [float(last["value"]), *steps["median"]], "-", color=MEANING["standardised"], linewidth=1.6
    )
    axes.plot(steps["time"], steps["last_year"], "x", color=GREY, markersize=5)
    draw_points(axes, series)
    axes.annotate(
        f"{_EXPECTED[language]} {format_percent(steps['median'].iloc[-1])}", (times[-1], steps["median"].iloc[-1]),
        xytext=(5, 0), textcoords="offset points", va="center", color=MEANING["standardised"], fontsize=8.5,
        fontweight="bold", annotation_clip=False,
    )  # fmt: skip
    widest = f"{100 * max(shares):.0f}"
    values = [
        *series["value"],
        *series["lower"],
        *series["upper"],
        *steps[f"lower_{widest}"],
        *steps[f"upper_{widest}"],
    ]
    start = set_rate_axis(axes.yaxis, axes.set_ylim, [float(value) for value in values if value == value])
    mark_years(axes, pd.Series([*series["time"], *steps["time"]]))
    axes.grid(axis="y")
    joined = {"zh": "、", "en": ", "}[language].join(f"{100 * share:.0f}%" for share in sorted(shares))
    parts = [_FAN[language].format(shares=joined), _LAST_YEAR[language], word("interval_drawn", language)]
    if (series["release"] == "provisional").any():
        parts.append(word("provisional_drawn", language))
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    axes.set_xlabel(wrap_notes(parts, language), fontsize=8, labelpad=6, linespacing=1.35)
    return figure
