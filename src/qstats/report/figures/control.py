"""Is a month out of the ordinary? Rates between the limits of chance, the unusual ones marked."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.report.figures.axes import set_rate_axis
from qstats.report.figures.style import GREY, INK, MEANING, PALE, WIDTH
from qstats.report.formats import format_percent
from qstats.report.words import word

_MARKS = {"beyond_limit": "D", "run": "s"}
_TICKS = 9


def plot_control_chart(chart: pd.DataFrame, *, language: str) -> Figure:
    """Rates over periods between their control limits; gaps stay gaps.

    Parameters
    ----------
    chart
        Rows of :func:`qstats.monitoring.chart_rates` in order; with ``crude`` the crude rate is drawn beside
        the one at a fixed mix.
    """
    figure = Figure(figsize=(WIDTH, 3.6))
    axes = figure.subplots()
    places = list(range(len(chart)))
    for _, part in chart.assign(place=places).groupby("phase", sort=True):
        _draw_limits(axes, part, language)
    if "crude" in chart:
        axes.plot(places, chart["crude"], ":", color=GREY, linewidth=1.3, zorder=2)
    _draw_points(axes, chart)
    _label_lines(axes, chart, language)
    _label_periods(axes, chart["period"].astype(str).tolist())
    drawn = [name for name in ("estimate", "crude", "lower_limit", "upper_limit") if name in chart]
    values = [float(value) for name in drawn for value in chart[name].dropna()]
    start = set_rate_axis(axes.yaxis, axes.set_ylim, values)
    axes.grid(axis="y")
    _write_footnote(axes, chart, start, language)
    return figure


def _draw_limits(axes: Axes, part: pd.DataFrame, language: str) -> None:
    """Band within the limits, stepped because each period has limits of its own; a new phase, a new band."""
    edges = {"step": "mid", "color": PALE, "alpha": 0.55, "linewidth": 0}
    axes.fill_between(part["place"], part["lower_limit"], part["upper_limit"], zorder=0, **edges)  # type: ignore[arg-type]
    for name in ("lower_limit", "upper_limit"):
        axes.step(part["place"], part[name], where="mid", color=GREY, linewidth=0.9, zorder=1)
    axes.plot(part["place"], part["centre"], color=GREY, linewidth=1, linestyle=(0, (6, 3)), zorder=1)
    if part["phase"].iloc[0] > 0:
        start = (part["place"].iloc[0] - 0.5, 1)
        across = axes.get_xaxis_transform()
        axes.annotate(word("rebased", language), start, xycoords=across, color=GREY, fontsize=8, ha="left")


def _draw_points(axes: Axes, chart: pd.DataFrame) -> None:
    places = pd.Series(range(len(chart)), index=chart.index)
    for _, part in chart.groupby("phase", sort=True):
        axes.plot(places[part.index], part["estimate"], "-", color=MEANING["rate"], linewidth=1.3, zorder=3)
    hollow = chart["release"] == "provisional"
    for rows, fill in ((~hollow, MEANING["rate"]), (hollow, "white")):
        axes.plot(
            places[rows], chart.loc[rows, "estimate"], "o", color=MEANING["rate"], markerfacecolor=fill,
            markersize=4.5, zorder=4,
        )  # fmt: skip
    for rule, mark in _MARKS.items():
        rows = chart["rule"] == rule
        axes.plot(
            places[rows], chart.loc[rows, "estimate"], mark, color=MEANING["failures"], markersize=8, zorder=5
        )
    for place, (_, row) in zip(places, chart.iterrows(), strict=True):
        if row["rule"]:
            above = 8 if row["flag"] == "high" else -13
            axes.annotate(
                str(row["period"]), (place, row["estimate"]), xytext=(0, above), textcoords="offset points",
                ha="center", color=INK, fontsize=8, fontweight="bold",
            )  # fmt: skip


def _label_lines(axes: Axes, chart: pd.DataFrame, language: str) -> None:
    """Names of the lines at their right ends."""
    known = chart[chart["centre"].notna() & chart["lower_limit"].notna()]
    if known.empty:
        return
    last = known.iloc[-1]
    names = [
        ("upper_limit", "upper_control_limit"),
        ("centre", "centre_line"),
        ("lower_limit", "lower_control_limit"),
    ]
    for column, name in names:
        text = f"{word(name, language)} {format_percent(last[column])}"
        axes.annotate(
            text, (len(chart) - 0.5, last[column]), xytext=(4, 0), textcoords="offset points", va="center",
            color=GREY, fontsize=8, annotation_clip=False,
        )  # fmt: skip


def _label_periods(axes: Axes, periods: list[str]) -> None:
    """Periods, thinned from the newest backwards where they would touch."""
    step = max(1, -(-len(periods) // _TICKS))
    shown = [place for place in range(len(periods)) if (len(periods) - 1 - place) % step == 0]
    axes.set_xticks(shown, [periods[place] for place in shown], fontsize=8.5)
    axes.set_xlim(-0.6, len(periods) - 0.4)


def _write_footnote(axes: Axes, chart: pd.DataFrame, start: float, language: str) -> None:
    parts = [word("control_limits_drawn", language)]
    marks = {"beyond_limit": "beyond_limit_drawn", "run": "run_drawn"}
    parts += [word(name, language) for rule, name in marks.items() if (chart["rule"] == rule).any()]
    if "crude" in chart:
        parts.append(word("crude_drawn", language))
    if (chart["release"] == "provisional").any():
        parts.append(word("provisional_drawn", language))
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    stop = word("full_stop", language)
    half = -(-len(parts) // 2)
    axes.set_xlabel(stop.join(parts[:half]) + stop + "\n" + stop.join(parts[half:]), fontsize=8, labelpad=6)
