"""What do the charts of the assessment look like? One message each, intervals drawn, size of sample visible.

The only module that imports matplotlib. Charts hold no title: it is a sentence of the page. Text stays
text (selectable, searchable, set in the declared font) and what comes from data is never read as a formula.
Colours are those of Okabe and Ito (2008), told apart in greyscale and with colour blindness.
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qstats.codebook import Text
from qstats.report.fonts import SANS
from qstats.report.formats import format_count, format_percent, is_missing
from qstats.report.svg import inline_svg
from qstats.report.words import word

WIDTH = 7.2  # inches: the width of the text column
INK, GREY, PALE = "#1f2933", "#5f6b76", "#d9dee3"
BLUE, ORANGE, GREEN, RED = "#0072b2", "#d55e00", "#009e73", "#b3261e"
MEANING = {
    "rate": BLUE,  # the crude rate, everywhere
    "standardised": ORANGE,  # at the earlier sampling mix
    "target": GREEN,
    "reference": GREY,  # the city as a whole beside its parts
    "failures": RED,
    "kept": BLUE,
    "rejected": ORANGE,
    "merged": "#8fb8d6",
}
"""A colour means the same thing on every page."""

STYLE = {
    "font.family": [SANS],
    "font.size": 9.5,
    "text.color": INK,
    "text.parse_math": False,  # a $ in a product name is a $
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "qstats",
}
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def draw_svg(plot: Callable[..., Figure], *args: Any, name: str, language: str, **kwargs: Any) -> str:
    """The drawing that `plot` makes in one language, as SVG to stand in a page (equal calls, equal bytes)."""
    with mpl.rc_context(STYLE):
        figure = plot(*args, language=language, **kwargs)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return inline_svg(buffer.getvalue(), name=f"{name}-{language}")


def plot_rate_series(
    series: pd.DataFrame,
    *,
    language: str,
    second: pd.DataFrame | None = None,
    second_label: Text | None = None,
    target: float | None = None,
    target_label: Text | None = None,
) -> Figure:
    """A rate over periods with its intervals, sample sizes and, if there is one, the target.

    Parameters
    ----------
    series
        One row per period in order: ``period`` (printed as it is), ``estimate``, ``lower``, ``upper`` (0–1, missing
        where not stated), ``n``; with ``release`` the provisional points are drawn hollow.
    second
        A second series with ``period`` and ``estimate`` (the rate at a fixed mix), dashed.
    target
        Value of the target line (0–1).
    """
    figure = Figure(figsize=(WIDTH, 3.5))
    axes = figure.subplots()
    places = range(len(series))
    provisional = series["release"].eq("provisional") if "release" in series else pd.Series(False, series.index)
    _draw_points(axes, series, list(places), provisional.tolist())
    labels = [(series["estimate"], word("observed_rate", language), MEANING["rate"])] if second is not None else []
    if second is not None:
        matched = second.set_index("period")["estimate"].reindex(series["period"])
        axes.plot(places, matched, "--s", color=MEANING["standardised"], markersize=4, linewidth=1.4, zorder=2)
        named = second_label[language] if second_label else word("standardised_rate", language)
        labels.append((matched, named, MEANING["standardised"]))
    _label_ends(axes, labels, len(series))
    if target is not None:
        _draw_target(axes, target, target_label[language] if target_label else word("target", language))
    _label_periods(axes, series, language)
    start = _set_rate_axis(axes.yaxis, axes.set_ylim, _extremes(series, second, target))
    axes.grid(axis="y")
    _write_footnote(axes, start, language, provisional=bool(provisional.any()))
    return figure


def plot_rates_by_group(
    rates: pd.DataFrame,
    *,
    language: str,
    group: str,
    labels: Mapping[str, Text],
    reference: float | None = None,
    reference_label: Text | None = None,
    sort: bool = True,
) -> Figure:
    """Rates of groups as dots with intervals, sizes of sample at the right, the city as a line.

    Parameters
    ----------
    rates
        One row per group: the code in column `group`, ``estimate``, ``lower``, ``upper`` (0–1), ``n``; with ``status``
        (and ``reason_zh``, ``reason_en``) groups that are not stated are listed with the reason in place of a dot.
    labels
        Code → label in both languages.
    reference
        Rate of the whole (0–1).
    sort
        Highest rate first; otherwise in the order given.
    """
    stated = rates["estimate"].notna() & _column(rates, "status", "stated").isin(("stated", "reliable", "use_with_care"))
    drawn = rates[stated].sort_values("estimate", ascending=False, kind="stable") if sort else rates[stated]
    ordered = pd.concat([drawn, rates[~stated]])
    figure = Figure(figsize=(WIDTH, 0.9 + 0.31 * max(len(ordered), 2)))
    axes = figure.subplots()
    places = list(range(len(drawn)))
    axes.hlines(places, drawn["lower"], drawn["upper"], color=MEANING["rate"], linewidth=2, alpha=0.55)
    axes.plot(drawn["estimate"], places, "o", color=MEANING["rate"], markersize=6)
    start = _set_rate_axis(axes.xaxis, axes.set_xlim, _extremes(drawn, None, reference))
    if reference is not None:
        _draw_reference(axes, reference, (reference_label or {}).get(language) or word("reference_line", language))
    _write_unstated(axes, rates[~stated], len(drawn), language)
    _write_sizes(axes, ordered["n"].tolist(), language)
    axes.set_yticks(range(len(ordered)), [labels[str(code)][language] for code in ordered[group]])
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    _write_footnote(axes, start, language)
    return figure


def plot_pareto(items: pd.DataFrame, *, language: str, item: str = "item", count: str = "cases", top: int = 12) -> Figure:
    """The commonest causes as bars from zero, each with its count and the share reached so far.

    Parameters
    ----------
    items
        One row per cause: its name in column `item` (or ``<item>_zh`` and ``<item>_en``) and the number `count`.
    top
        Causes drawn; shares are of all.
    """
    name = f"{item}_{language}" if f"{item}_{language}" in items else item
    ordered = items.sort_values(count, ascending=False, kind="stable")
    shares = (ordered[count].cumsum() / ordered[count].sum()).head(top)
    shown = ordered.head(top)
    figure = Figure(figsize=(WIDTH, 0.6 + 0.31 * max(len(shown), 2)))
    axes = figure.subplots()
    axes.barh(range(len(shown)), shown[count], height=0.62, color=MEANING["failures"])
    for place, (cases, share) in enumerate(zip(shown[count], shares, strict=True)):
        reached = word("cumulated", language).format(share=format_percent(share))
        axes.annotate(format_count(cases, language), (cases, place), xytext=(5, 0), textcoords="offset points", va="center")
        axes.text(1.02, place, reached, transform=axes.get_yaxis_transform(), va="center", color=GREY, fontsize=8.5)
    _bare_bars(axes, [str(value) for value in shown[name]], float(shown[count].max() if len(shown) else 1))
    return figure


def plot_arrivals(arrivals: pd.DataFrame, *, language: str, supplier: str = "supplier") -> Figure:
    """What became of the rows of each supplier: kept, rejected, merged into another row's batch.

    Parameters
    ----------
    arrivals
        One row per supplier: its name in column `supplier` (or ``<supplier>_zh`` and ``<supplier>_en``),
        ``rows_kept``, ``rows_rejected``, ``rows_merged``.
    """
    name = f"{supplier}_{language}" if f"{supplier}_{language}" in arrivals else supplier
    figure = Figure(figsize=(WIDTH, 0.9 + 0.36 * max(len(arrivals), 2)))
    axes = figure.subplots()
    left = pd.Series(0, index=arrivals.index)
    for fate, hatch in (("kept", ""), ("merged", ""), ("rejected", "////")):
        rows = arrivals[f"rows_{fate}"]
        axes.barh(
            range(len(arrivals)), rows, left=left, height=0.62, color=MEANING[fate], edgecolor="white", hatch=hatch,
            label=word(f"rows_{fate}", language),
        )  # fmt: skip
        left = left + rows
    for place, (_, row) in enumerate(arrivals.iterrows()):
        axes.text(
            1.02, place, _spell_fates(row, language), transform=axes.get_yaxis_transform(), va="center", fontsize=8.5
        )
    _bare_bars(axes, [str(value) for value in arrivals[name]], float(left.max() if len(left) else 1))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, borderaxespad=0, handlelength=1.2)
    return figure


def _draw_points(axes: Axes, series: pd.DataFrame, places: list[int], provisional: list[bool]) -> None:
    axes.plot(places, series["estimate"], "-", color=MEANING["rate"], linewidth=1.6, zorder=3)
    axes.vlines(places, series["lower"], series["upper"], color=MEANING["rate"], linewidth=2, alpha=0.45, zorder=2)
    for place, estimate, hollow in zip(places, series["estimate"], provisional, strict=True):
        fill = "white" if hollow else MEANING["rate"]
        axes.plot([place], [estimate], "o", color=MEANING["rate"], markerfacecolor=fill, markersize=5.5, zorder=4)


def _label_ends(axes: Axes, labels: list[tuple[pd.Series, str, str]], periods: int) -> None:
    """Names of the series beside their last points, the higher one above."""
    last = [(float(values.dropna().iloc[-1]), text, colour) for values, text, colour in labels if values.notna().any()]
    for rank, (value, text, colour) in enumerate(sorted(last, reverse=True)):
        axes.annotate(
            text, (periods - 1, value), xytext=(9, 7 if rank == 0 else -7), textcoords="offset points", color=colour,
            va="center", annotation_clip=False, fontweight="bold", fontsize=8.5,
        )  # fmt: skip


def _draw_target(axes: Axes, target: float, label: str) -> None:
    axes.axhline(target, color=MEANING["target"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1)
    axes.annotate(
        f"{label} {format_percent(target)}", (0, target), xycoords=("axes fraction", "data"), xytext=(2, 3),
        textcoords="offset points", color=MEANING["target"], fontsize=8.5,
    )  # fmt: skip


def _draw_reference(axes: Axes, reference: float, label: str) -> None:
    axes.axvline(reference, color=MEANING["reference"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1)
    axes.annotate(
        f"{label} {format_percent(reference)}", (reference, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
        textcoords="offset points", ha="center", color=MEANING["reference"], fontsize=8.5,
    )  # fmt: skip


def _label_periods(axes: Axes, series: pd.DataFrame, language: str) -> None:
    """Periods and, under them, sizes of sample; thinned (from the newest backwards) where they would touch."""
    count = len(series)
    step = max(1, -(-count // 12))
    shown = [place for place in range(count) if (count - 1 - place) % step == 0]
    names = [str(series["period"].iloc[place]) for place in shown]
    axes.set_xticks(shown, names, fontsize=8.5)
    axes.set_xlim(-0.6, count - 0.4)
    place_text = {"xycoords": axes.get_xaxis_transform(), "textcoords": "offset points", "color": GREY, "fontsize": 8}
    for place in shown:
        size = series["n"].iloc[place]
        text = "" if is_missing(size) else format_count(size, language)
        axes.annotate(text, (place, 0), xytext=(0, -24), ha="center", **place_text)
    axes.annotate(word("sample_sizes", language), (0, 0), xytext=(-22, -24), ha="right",
                  **(place_text | {"xycoords": "axes fraction"}))  # fmt: skip


def _extremes(rates: pd.DataFrame, second: pd.DataFrame | None, line: float | None) -> list[float]:
    values = [*rates["estimate"], *rates["lower"], *rates["upper"], *(() if second is None else second["estimate"])]
    return [float(value) for value in (*values, line) if not is_missing(value)]


def _set_rate_axis(axis: Any, set_limits: Callable[[float, float], Any], values: list[float]) -> float:
    """Range of a rate axis: what is drawn with some room, never beyond 0 and 1. Returns where it starts."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = max(0.08 * (high - low), 0.004)
    start = max(0.0, math.floor((low - room) * 100) / 100)
    set_limits(start, min(1.0, high + room) + 0.02 * (high - start))
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    decimals = 0 if high - start > 0.03 else 1
    axis.set_major_formatter(lambda value, _: f"{100 * value:.{decimals}f}%" if value < 1.0001 else "")
    return start


def _write_footnote(axes: Axes, start: float, language: str, *, provisional: bool = False) -> None:
    """How to read the chart, in small type under it."""
    parts = [word("interval_drawn", language)]
    if start > 0:
        parts.append(word("axis_starts", language).format(start=format_percent(start, decimals=0)))
    if provisional:
        parts.append(word("provisional_drawn", language))
    pad = 22 if axes.yaxis.get_visible() and axes.spines["left"].get_visible() else 6
    axes.set_xlabel(word("full_stop", language).join(parts), fontsize=8, labelpad=pad)


def _write_unstated(axes: Axes, rows: pd.DataFrame, first: int, language: str) -> None:
    """Groups without a rate: the mark and the reason where the dot would have been."""
    for place, (_, row) in enumerate(rows.iterrows(), start=first):
        status = row.get("status")
        mark = word("no_data" if is_missing(status) or status == "stated" else str(status), language)
        reason = row.get(f"reason_{language}")
        text = mark if is_missing(reason) else mark + word("separator", language) + str(reason)
        axes.text(0.01, place, shorten(text, 52 if language == "zh" else 78), transform=axes.get_yaxis_transform(),
                  va="center", color=GREY, fontsize=8)  # fmt: skip


def _write_sizes(axes: Axes, sizes: list[Any], language: str) -> None:
    across = axes.get_yaxis_transform()
    axes.annotate(word("sample_sizes", language), (1.1, 1), xycoords="axes fraction", xytext=(0, 3),
                  textcoords="offset points", ha="right", color=GREY, fontsize=8.5)  # fmt: skip
    for place, size in enumerate(sizes):
        text = word("missing", language) if is_missing(size) else format_count(size, language)
        axes.text(1.1, place, text, transform=across, va="center", ha="right", fontsize=8.5)


def _spell_fates(row: pd.Series, language: str) -> str:
    total = sum(row[f"rows_{fate}"] for fate in ("kept", "merged", "rejected"))
    fates = [
        f"{word(f'rows_{fate}', language)} {format_count(row[f'rows_{fate}'], language)}"
        for fate in ("kept", "merged", "rejected")
    ]
    whole = word("all_rows", language).format(rows=format_count(total, language))
    return whole + word("separator", language) + " · ".join(fates)


def _bare_bars(axes: Axes, names: Sequence[str], longest: float) -> None:
    """Bars with labels of their own need no axis; the axis starts at zero."""
    axes.set_yticks(range(len(names)), [shorten(name, 16) for name in names])
    axes.set_ylim(max(len(names), 2) - 0.4, -0.6)
    axes.set_xlim(0, longest * 1.12 or 1)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)


def _column(rows: pd.DataFrame, name: str, default: str) -> pd.Series:
    return rows[name].fillna(default) if name in rows else pd.Series(default, index=rows.index)


def shorten(text: str, width: int) -> str:
    """The text, cut with an ellipsis where it would run out of its place (the table has it whole)."""
    return text if len(text) <= width else text[: width - 1] + "…"
