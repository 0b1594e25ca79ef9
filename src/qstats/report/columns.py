"""What does a column of a printed table show, and under which heading?"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from qstats.codebook import LANGUAGES, Text, text
from qstats.errors import ReportError
from qstats.report import insets
from qstats.report.formats import FORMATS, is_missing
from qstats.report.words import word

SPECIAL_FORMATS = ("code", "interval", "bilingual", insets.FORMAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How a column is printed.

    Attributes
    ----------
    format : str
        ``text``, ``date``, ``count``, ``marked_count`` (a mark where there is text), ``percent``, ``points``,
        ``number``, ``p_value``; ``code`` (its label, see `kind`),
        ``interval`` (merged from `lower` and `upper`), ``bilingual`` (columns ``<key>_zh`` and ``<key>_en``),
        ``inset`` (a drawing, given apart from the frame).
    label : dict, optional
        Heading in both languages; the codebook's label of the column otherwise.
    kind : str, optional
        Codebook kind of a ``code`` column; the column's own name otherwise.
    labels : dict, optional
        Labels of a ``code`` column that are not in the codebook: code → text in both languages.
    lower, upper : str
        Columns of an ``interval``.
    unit : str
        ``percent``, ``points`` or ``number`` for the limits of an ``interval``.
    below, above : tuple of float
        Limits that a smaller (larger) number is never printed as; of the columns of plain numbers.
    """

    format: str = "text"
    label: Text | None = None
    kind: str | None = None
    labels: dict[str, Text] | None = None
    lower: str = "lower"
    upper: str = "upper"
    unit: str = "percent"
    below: tuple[float, ...] = ()
    above: tuple[float, ...] = ()


def describe_column(key: str, column: Column | str, frame: pd.DataFrame) -> dict[str, Any]:
    """Everything needed to print a column later, as plain values.

    Raises
    ------
    ReportError
        If the frame lacks the column or the format is not known.
    """
    column = _parse_format(column) if isinstance(column, str) else column
    if column.format not in (*FORMATS, *SPECIAL_FORMATS):
        known = ", ".join((*FORMATS, *SPECIAL_FORMATS))
        raise ReportError(f"column {key!r} has the unknown format {column.format!r}; known: {known}")
    cells = _cells_of(key, column)
    if missing := [cell for cell in cells if cell not in frame.columns]:
        raise ReportError(
            f"the table has no column {missing[0]!r}; it has {', '.join(map(str, frame.columns))}"
        )
    limits = {"below": list(column.below), "above": list(column.above)}
    return {
        "key": key,
        "format": column.format,
        "cells": cells,
        "unit": column.unit,
        "label": _heading(key, column),
        "labels": _code_labels(key, column, frame) if column.format == "code" else {},
    } | {name: values for name, values in limits.items() if values}


def _parse_format(spec: str) -> Column:
    name, _, detail = spec.partition(":")
    if name == "interval":
        return Column(format=name, unit=detail or "percent")
    return Column(format=name, kind=detail or None)


def _cells_of(key: str, column: Column) -> list[str]:
    if column.format == "interval":
        return [column.lower, column.upper]
    if column.format == insets.FORMAT:
        return []
    return [f"{key}_{language}" for language in LANGUAGES] if column.format == "bilingual" else [key]


def _heading(key: str, column: Column) -> Text:
    heading = column.label or text("columns", key)
    unit = f"{column.unit}_unit" if column.format == "interval" else f"{column.format}_unit"
    if (unit == "percent_unit" and column.format == "percent") or unit not in ("percent_unit", "points_unit"):
        return dict(heading)
    return {
        language: heading[language] + _unit_once(heading[language], word(unit, language))
        for language in LANGUAGES
    }


def _unit_once(heading: str, unit: str) -> str:
    """The unit, unless the heading already names one in brackets."""
    return "" if unit.strip() in heading else unit


def _code_labels(key: str, column: Column, frame: pd.DataFrame) -> dict[str, Text]:
    codes = [str(code) for code in frame[key].drop_duplicates() if not is_missing(code)]
    own = column.labels or {}
    return {code: own[code] if code in own else text(column.kind or key, code) for code in codes}
