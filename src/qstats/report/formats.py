"""How does a number look in print? The last step: rounding, units and marks, in each language.

Percentages carry one decimal, differences of rates a sign, intervals ``95.2～97.8`` in Chinese and
``95.2 to 97.8`` in English; Chinese text does not separate thousands. Proportions come in as 0–1.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from qstats.codebook import Text
from qstats.errors import ReportError

MINUS = "\N{MINUS SIGN}"
_MOST_DECIMALS = 12


def format_count(value: float, language: str) -> str:
    """A whole number: ``3412`` in Chinese, ``3,412`` in English."""
    whole = f"{round(value):,}" if language == "en" else f"{round(value)}"
    return whole.replace("-", MINUS)


def format_percent(value: float, language: str = "zh", *, decimals: int = 1) -> str:
    """A proportion as per cent; one short of all (or above none) is never printed as 100% (or 0%)."""
    if 0 < value < 1:
        smallest = 10.0**-decimals
        if round(100 * value, decimals) >= 100:
            return f">{100 - smallest:.{decimals}f}%"
        if round(100 * value, decimals) <= 0:
            return f"<{smallest:.{decimals}f}%"
    return _signed_zero_free(100 * value, decimals) + "%"


def format_points(value: float, language: str = "zh") -> str:
    """A difference of two proportions in percentage points with its sign: ``+2.1``, ``−1.1``, ``0.0``."""
    text = _signed_zero_free(100 * value, 1)
    return text if text.startswith(MINUS) or float(text) == 0 else f"+{text}"


def format_number(value: float, language: str = "zh", *, decimals: int = 1) -> str:
    """A number with fixed decimals (thousands separated in English only)."""
    text = f"{value:,.{decimals}f}" if language == "en" else f"{value:.{decimals}f}"
    return text.replace("-", MINUS)


def decimals_apart(value: float, *, below: Sequence[float] = (), above: Sequence[float] = ()) -> int:
    """Decimals, one at least, with which a number is not printed as at a limit that it misses.

    Parameters
    ----------
    value
        The number.
    below, above
        Limits that a smaller (larger) number must not be rounded to: 79.9888 below 80 takes two decimals.
    """
    missed = [limit for limit in below if value < limit], [limit for limit in above if value > limit]

    def reaches(printed: float) -> bool:
        return any(printed >= limit for limit in missed[0]) or any(printed <= limit for limit in missed[1])

    return next((n for n in range(1, _MOST_DECIMALS) if not reaches(round(value, n))), _MOST_DECIMALS)


def format_signed(value: float, language: str = "zh") -> str:
    """A difference in points of 0–100 with its sign: ``+2.1``, ``−1.1``, ``0.0``."""
    text = _signed_zero_free(value, 1)
    return text if text.startswith(MINUS) or float(text) == 0 else f"+{text}"


def format_coefficient(value: float, language: str = "zh") -> str:
    """A coefficient, a reliability or a ratio near 0–1, with two decimals: ``0.58``, ``−0.03``."""
    return _signed_zero_free(value, 2)


def format_relative(value: float, language: str = "zh") -> str:
    """A change of one figure in per cent of the other, with its sign: ``+14.3%``, ``−6.7%``."""
    text = _signed_zero_free(100 * value, 1)
    return f"{text if text.startswith(MINUS) or float(text) == 0 else f'+{text}'}%"


def format_p_value(value: float, language: str = "zh") -> str:
    """A p-value with three decimals, never printed as 0: ``0.021``, ``<0.001``."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def format_interval(
    lower: float, upper: float, language: str, *, unit: str = "percent", below: Sequence[float] = ()
) -> str:
    """Interval without unit: ``95.2～97.8`` or ``95.2 to 97.8``; limits below zero keep their sign.

    Of a plain ``number`` no limit is printed as one of `below` that it misses.
    """
    bounds = [_bound(limit, unit, language, below) for limit in (lower, upper)]
    return ("～" if language == "zh" else " to ").join(bounds)


def _bound(value: float, unit: str, language: str, below: Sequence[float] = ()) -> str:
    if unit == "points":
        return format_points(value, language)
    if unit == "signed":
        return format_signed(value, language)
    if unit == "coefficient":
        return format_coefficient(value, language)
    if unit == "relative":
        return format_relative(value, language)
    if unit == "whole":
        return format_count(value, language)
    if unit == "percent":
        return _signed_zero_free(100 * value, 1)
    return format_number(value, language, decimals=decimals_apart(value, below=below))


def _signed_zero_free(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", MINUS)


def capital(words: str) -> str:
    """Words that open a sentence."""
    return words[:1].upper() + words[1:]


def capital_text(words: Text) -> Text:
    """Words that open a cell, a heading or a sentence, in both languages."""
    return {"zh": words["zh"], "en": capital(words["en"])}


def join_sentences(sentences: Sequence[Text | None]) -> Text:
    """Sentences one behind the other; empty ones are left out."""
    kept = [one for one in sentences if one and any(one.values())]
    return {"zh": "".join(one["zh"] for one in kept), "en": " ".join(one["en"].strip() for one in kept)}


def known_number(value: object) -> float:
    """A figure that a row or finding is known to have at this point."""
    return float(value)  # type: ignore[arg-type]


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing (None, NaN or NaT)."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("NaT", "<NA>")


FORMATS: dict[str, Callable[[Any, str], str]] = {
    "text": lambda value, language: str(value),
    "date": lambda value, language: str(value)[:10],
    "count": format_count,
    "marked_count": lambda value, language: (
        value if isinstance(value, str) else format_count(value, language)
    ),
    "percent": format_percent,
    "points": format_points,
    "signed": format_signed,
    "number": format_number,
    "coefficient": format_coefficient,
    "relative": format_relative,
    "whole": format_count,
    "p_value": format_p_value,
}
"""Formats of a single cell by name (``code``, ``interval`` and ``bilingual`` need more than the cell)."""

FIGURE_FORMATS = frozenset(
    {
        "count",
        "marked_count",
        "percent",
        "points",
        "signed",
        "number",
        "coefficient",
        "relative",
        "whole",
        "p_value",
        "interval",
    }
)
"""Formats set in figures: right-aligned."""

ESTIMATE_FORMATS = frozenset(
    {"percent", "points", "signed", "number", "coefficient", "interval", "relative", "whole"}
)
"""Formats whose cells give way to a mark where the row's status says that nothing is stated."""


def format_cell(value: Any, name: str, language: str) -> str:
    """A single value in print.

    Raises
    ------
    ReportError
        If the format is not known.
    """
    try:
        return FORMATS[name](value, language)
    except KeyError:
        raise ReportError(f"no cell format {name!r}; known: {', '.join(FORMATS)}") from None
