"""What do the charts of the assessment look like? One message each, intervals drawn, size of sample visible.

Charts hold no title: it is a sentence of the page. Text stays text (selectable, searchable, set in the
declared font) and what comes from data is never read as a formula. Colours follow Okabe and Ito
(2008), darkened until type in them can be read; marks and hatching differ too, for greyscale.
"""

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from qstats.report.fonts import SANS
from qstats.report.svg import inline_svg

WIDTH = 6.2  # inches; narrower than the text column, so that type stays readable on a phone
INK, GREY, PALE = "#1f2933", "#5f6b76", "#d9dee3"
BLUE, ORANGE, GREEN, RED = "#0072b2", "#b84c00", "#00704f", "#b3261e"
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

STYLE: dict[Any, Any] = {
    "font.family": [SANS],
    "font.size": 9,
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


def shorten(text: str, width: int) -> str:
    """The text, cut with an ellipsis where it would run out of its place (the table has it whole)."""
    return text if len(text) <= width else text[: width - 1] + "…"
