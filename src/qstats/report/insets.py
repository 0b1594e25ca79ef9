"""How does a small drawing stand in the cell of a table? Beside its words, or with what it shows read out.

Drawings are for the page and its PDF alone: they are no data, so that the files beside a table leave them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from qstats.codebook import LANGUAGES, Text
from qstats.errors import ReportError

FORMAT = "inset"
"""Format of a column of drawings."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A drawing of `qstats.report.figures`, or none, in one cell.

    Attributes
    ----------
    svg : str
        Without text; empty: no drawing.
    alt : dict
        What a reader who cannot see it has to know; not needed beside words that say it.
    words : dict
        Stand beside the drawing; empty texts: none.
    """

    svg: str
    alt: Text
    words: Text


def pack_insets(
    insets: Mapping[str, Sequence[Inset]], rows: int, name: str
) -> dict[str, list[dict[str, Any]]]:
    """Drawings by column as plain values.

    Raises
    ------
    ReportError
        A column has not one drawing for each row, or one that nobody could read.
    """
    for column, drawn in insets.items():
        if len(drawn) != rows:
            raise ReportError(f"table {name!r}: column {column!r} has {len(drawn)} drawings for {rows} rows")
        for one in drawn:
            if one.svg and not all(one.alt[language] or one.words[language] for language in LANGUAGES):
                raise ReportError(
                    f"table {name!r}: a drawing in {column!r} has neither words nor a description"
                )
    return {
        column: [{"svg": one.svg, "alt": dict(one.alt), "words": dict(one.words)} for one in drawn]
        for column, drawn in insets.items()
    }


def render_inset(inset: dict[str, Any], language: str, missing: str) -> str:
    """HTML of a drawing with its words; a mark where there is neither."""
    words, alt = inset["words"][language], inset["alt"][language]
    if not inset["svg"]:
        return escape(words or missing)
    role = 'aria-hidden="true"' if words else f'role="img" aria-label="{escape(alt)}"'
    drawing = f'<span class="inset">{inset["svg"].replace("<svg ", f"<svg {role} ", 1)}</span>'
    return f'{drawing} <span class="beside">{escape(words)}</span>' if words else drawing
