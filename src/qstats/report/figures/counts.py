"""How many, and of what? Bars from zero with their numbers beside them."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.report.figures.style import GREY, MEANING, WIDTH, shorten
from qstats.report.formats import format_count, format_percent
from qstats.report.words import word


def plot_pareto(
    items: pd.DataFrame, *, language: str, item: str = "item", count: str = "cases", top: int = 12
) -> Figure:
    """The commonest causes as bars from zero, each with its count and the share reached so far.

    Parameters
    ----------
    items
        One row per cause: its name in column `item` (or ``<item>_zh`` and ``<item>_en``) and its `count`.
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
        axes.annotate(
            format_count(cases, language),
            (cases, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
        )
        axes.text(
            1.02, place, reached, transform=axes.get_yaxis_transform(), va="center", color=GREY, fontsize=8.5
        )
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
            range(len(arrivals)), rows, left=left, height=0.62, color=MEANING[fate], edgecolor="white",
            hatch=hatch, label=word(f"rows_{fate}", language),
        )  # fmt: skip
        left = left + rows
    for place, (_, row) in enumerate(arrivals.iterrows()):
        axes.text(
            1.02,
            place,
            _spell_fates(row, language),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8.5,
        )
    _bare_bars(axes, [str(value) for value in arrivals[name]], float(left.max() if len(left) else 1))
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, borderaxespad=0, handlelength=1.2
    )
    return figure


def _spell_fates(row: pd.Series, language: str) -> str:
    return " · ".join(
        f"{word(f'rows_{fate}', language)} {format_count(row[f'rows_{fate}'], language)}"
        for fate in ("kept", "merged", "rejected")
    )


def _bare_bars(axes: Axes, names: Sequence[str], longest: float) -> None:
    """Bars with labels of their own need no axis; the axis starts at zero."""
    axes.set_yticks(range(len(names)), [shorten(name, 16) for name in names])
    axes.set_ylim(max(len(names), 2) - 0.4, -0.6)
    axes.set_xlim(0, longest * 1.12 or 1)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
