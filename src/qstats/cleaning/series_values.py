"""How large is a published figure, in which unit, and how finely was it rounded?

A percentage becomes a proportion (0-1), with the step of its rounding: 9.6% is 0.096 in steps of 0.001. The
unit is the declared one; a sign in the cell decides where none is declared, and contradicts any other unit.
What is not declared is not guessed: 0.9 may be 0.9% or 90%.
"""

import math
import re
from functools import lru_cache
from typing import NamedTuple

UNITS = ("proportion", "points", "count", "rate")
PERCENT = "percent"
"""The unit of the cell; the table holds proportions."""

COMPLEMENTS = {"pass_rate": "failure_rate", "failure_rate": "pass_rate"}
"""Measures that a declared one can be turned into: what one counts, the other leaves."""

_FIGURE = re.compile(r"^([-+]?)(\d{1,3}(?:[,，]\d{3})+|\d{1,15})(?:\.(\d{1,10}))?\s*(%|％|‰|)$")
_SIGNS = {"%": 100.0, "％": 100.0, "‰": 1000.0}
_DIGITS_KEPT = 12


class Figure(NamedTuple):
    """A figure read; ``rule`` says why there is none, ``step`` is what it was rounded to."""

    value: float | None = None
    unit: str | None = None
    step: float | None = None
    rule: str | None = None


@lru_cache(maxsize=1 << 16)
def read_figure(text: str, unit: str | None) -> Figure:
    """Value in the unit of the table and the step of its rounding.

    Rules ``series.value_unreadable``, ``series.unit_unknown``, ``series.unit_contradicts``,
    ``series.impossible``.
    """
    match = _FIGURE.match(text)
    if not match:
        return Figure(rule="series.value_unreadable")
    minus, whole, decimals, sign = match.groups()
    if sign and unit not in (None, PERCENT, "proportion"):
        return Figure(rule="series.unit_contradicts")
    if not sign and unit is None:
        return Figure(rule="series.unit_unknown")
    divisor = _SIGNS[sign] if sign else 100.0 if unit == PERCENT else 1.0
    number = float(f"{minus}{re.sub('[,，]', '', whole)}.{decimals or 0}")
    value = round(number / divisor, _DIGITS_KEPT)
    step = round(10.0 ** -len(decimals or "") / divisor, 15)
    of_table = "proportion" if sign or unit == PERCENT else str(unit)
    if not is_possible(value, of_table):
        return Figure(rule="series.impossible")
    return Figure(value, of_table, step)


def is_possible(value: float, unit: str) -> bool:
    """Whether a figure of the unit can have this value; points may be negative (a net score)."""
    if unit == "proportion":
        return 0 <= value <= 1
    if unit == "count":
        return value >= 0 and value == math.floor(value)
    return value >= 0 if unit == "rate" else math.isfinite(value)


def complement(value: float) -> float:
    """What is left of a proportion, without the traces of binary fractions."""
    return round(1 - value, _DIGITS_KEPT)
