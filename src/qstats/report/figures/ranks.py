"""Who stands out, and which ranks are left to each? Rates with intervals beside the ranks that are possible.

Units that cannot be told apart from the rest are drawn muted, so that no eye makes a ranking of them.
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qstats.codebook import Text
from qstats.report.figures.axes import list_extremes, set_rate_axis, write_footnote
from qstats.report.figures.style import GREEN, GREY, MEANING, WIDTH
from qstats.report.formats import format_count, format_percent, is_missing
from qstats.report.words import word

_MUTED = "#6b7785"
_STANDS = {"above": (GREEN, "^"), "below": (MEANING["failures"], "v")}
"""Colour and mark of those that stand out; the mark tells them apart in greyscale too."""

_RANKS: Text = {"zh": "可能的名次", "en": "Possible ranks"}
_MARKS: dict[str, Text] = {
    "above": {"zh": "▲ 高于其余地区", "en": "▲ above the rest"},
    "below": {"zh": "▼ 低于其余地区", "en": "▼ below the rest"},
    "awaited": {"zh": "● 结果未齐，暂不判断", "en": "● too early to say"},
    "not_told_apart": {"zh": "● 与其余地区不能区分", "en": "● cannot be told apart from the rest"},
    "shrunk": {"zh": "◇ 收缩估计", "en": "◇ shrunken estimate"},
}


def plot_rank_sets(
    ranked: pd.DataFrame,
    *,
    language: str,
    group: str,
    labels: Mapping[str, Text],
    reference: float | None = None,
) -> Figure:
    """Rates with intervals, best first, and at the right the set of ranks that each may hold.

    Parameters
    ----------
    ranked
        One row per unit in the order to be drawn: the code in column `group`, ``estimate``, ``lower``,
        ``upper`` (0–1), ``n``, ``standing``, ``rank_low``, ``rank_high``, ``status``; with ``shrunk`` the
        shrunken estimates are a second mark. Units that are not stated are listed with their mark.
    labels
        Code → label in both languages.
    reference
        Rate of the whole (0–1).
    """
    is_stated = ranked["status"] == "stated"
    rows = pd.concat([ranked[is_stated], ranked[~is_stated]], ignore_index=True)
    figure = Figure(figsize=(WIDTH, 1.25 + 0.31 * max(len(rows), 2)))
    rates, ranks = figure.subplots(1, 2, sharey=True, width_ratios=[3, 2])
    start = _draw_rates(rates, rows, reference, language)
    _draw_ranks(ranks, rows, language)
    rates.set_yticks(range(len(rows)), [labels[str(code)][language] for code in rows[group]])
    rates.set_ylim(len(rows) - 0.4, -0.6)
    rates.tick_params(axis="y", length=0)
    rates.spines["left"].set_visible(False)
    write_footnote(rates, start, language)
    _write_marks(figure, rows, language)
    return figure


def _draw_rates(axes: Axes, rows: pd.DataFrame, reference: float | None, language: str) -> float:
    stated = rows[rows["status"] == "stated"]
    shrunk = stated.dropna(subset="shrunk") if "shrunk" in stated else stated.iloc[:0]
    for place, row in stated.iterrows():
        colour, mark = _STANDS.get(str(row["standing"]), (_MUTED, "o"))
        axes.hlines(place, row["lower"], row["upper"], color=colour, linewidth=2, alpha=0.6)
        axes.plot(row["estimate"], place, mark, color=colour, markersize=6, clip_on=False)
    if not shrunk.empty:
        axes.plot(shrunk["shrunk"], shrunk.index, "D", color="white", markeredgecolor=GREY, markersize=4.5)
    for place, row in rows[rows["status"] != "stated"].iterrows():
        status = str(row["status"])
        axes.text(0.01, place, word(status, language), transform=axes.get_yaxis_transform(), va="center",
                  color=GREY, fontsize=8, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    if reference is not None and not is_missing(reference):
        axes.axvline(reference, color=MEANING["reference"], linewidth=1.2, linestyle=(0, (6, 3)), zorder=1)
        label = f"{word('reference_line', language)} {format_percent(reference)}"
        axes.annotate(label, (reference, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                      textcoords="offset points", ha="center", color=MEANING["reference"], fontsize=8.5)  # fmt: skip
    axes.grid(axis="x")
    return set_rate_axis(axes.xaxis, axes.set_xlim, list_extremes(stated, None, reference))


def _draw_ranks(axes: Axes, rows: pd.DataFrame, language: str) -> None:
    """Bars from the first to the last possible rank, and the size of the sample."""
    ranked = rows[rows["rank_low"].notna()]
    last = int(ranked["ranked"].max()) if len(ranked) else 1
    for place, row in ranked.iterrows():
        colour, _ = _STANDS.get(str(row["standing"]), (_MUTED, "o"))
        low, high = int(row["rank_low"]), int(row["rank_high"])
        axes.barh(place, high - low + 0.7, left=low - 0.35, height=0.5, color=colour, alpha=0.45)
        text = f"{low}" if low == high else f"{low}–{high}"
        axes.text((low + high) / 2, place, text, ha="center", va="center", fontsize=8.5)
    for place, size in rows["n"].items():
        text = format_count(size, language)
        axes.text(
            1.22, place, text, transform=axes.get_yaxis_transform(), va="center", ha="right", fontsize=8.5
        )
    heads = ((0.5, _RANKS[language], "center"), (1.22, word("sample_sizes", language), "right"))
    for across, text, side in heads:
        axes.annotate(text, (across, 1), xycoords="axes fraction", xytext=(0, 3), textcoords="offset points",
                      ha=side, color=GREY, fontsize=8.5)  # fmt: skip
    axes.set_xlim(0.4, last + 0.6)
    axes.set_xticks([1, last] if last > 1 else [1])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _write_marks(figure: Figure, rows: pd.DataFrame, language: str) -> None:
    """What the marks mean, for those that are drawn."""
    drawn = [mark for mark in (*_STANDS, "awaited", "not_told_apart") if (rows["standing"] == mark).any()]
    if "shrunk" in rows and rows["shrunk"].notna().any():
        drawn.append("shrunk")
    figure.text(0.01, 0.998, "   ".join(_MARKS[mark][language] for mark in drawn), va="top", color=GREY,
                fontsize=8.5)  # fmt: skip
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - 0.22 / figure.get_figheight()))  # type: ignore[union-attr,call-arg]
