"""What is each indicator of an index worth, in which unit and period, and by which law may it err?

One row per period, unit and indicator. Limits are wanted at many levels (ranks are tested at several), so
that a row carries the law of its error in place of two limits: ``proportion`` (Korn-Graubard on the effective
number), ``mean`` (Student), ``events`` (Poisson, dispersed), ``count`` (a complete count, no error).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qstats.errors import QstatsError
from qstats.index_registry import IndexDefinition
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.event_rates import event_rate
from qstats.methods.survey.intervals import t_interval

Array = NDArray[np.float64]
CITY = ""
"""Unit that stands for the whole city."""

LAWS = ("proportion", "mean", "events", "count")
MEASURED = (
    "period", "unit", "indicator", "n", "estimate", "law", "size", "std_error", "dispersion", "basis",
    "method", "status", "reason", "sources", "release",
)  # fmt: skip
"""Columns. ``size``: effective number of a proportion, degrees of freedom of a mean, exposure of events;
``release``: provisional where results are still to come, else final or null."""


def limits_at(rows: pd.DataFrame, confidence: float) -> tuple[Array, Array]:
    """Lower and upper limits of each row at a confidence; NaN where nothing is stated.

    Raises
    ------
    QstatsError
        A law that is not known.
    """
    if strange := sorted(set(rows["law"].dropna()) - set(LAWS)):
        raise QstatsError(f"indicator with the law {strange[0]!r}; known are {', '.join(LAWS)}")
    low = rows["estimate"].to_numpy(float).copy()
    high = low.copy()
    for law in ("proportion", "mean", "events"):
        at = np.flatnonzero((rows["law"] == law).to_numpy() & ~np.isnan(low))
        if len(at):
            low[at], high[at] = _limits(law, rows.iloc[at], confidence)
    return low, high


def _limits(law: str, rows: pd.DataFrame, confidence: float) -> tuple[Array, Array]:
    estimate, size = rows["estimate"].to_numpy(float), rows["size"].to_numpy(float)
    if law == "proportion":
        return korn_graubard_interval(estimate, size, confidence=confidence)
    if law == "mean":
        return t_interval(estimate, rows["std_error"].to_numpy(float) ** 2, size, confidence=confidence)
    over = rows["dispersion"].to_numpy(float)
    found = [
        event_rate(n, exposed, dispersion=one, confidence=confidence)
        for n, exposed, one in zip(rows["n"].to_numpy(float), size, over, strict=True)
    ]
    return np.array([float(low) for _, low, _ in found]), np.array([float(high) for *_, high in found])


@dataclass(frozen=True, eq=False)
class Inputs:
    """Indicators of an index for several units and periods.

    Attributes
    ----------
    definition : IndexDefinition
    table : DataFrame
        Columns ``MEASURED``; what is not there is missing.
    """

    definition: IndexDefinition
    table: pd.DataFrame

    def rows(self, period: str, units: Sequence[str]) -> pd.DataFrame:
        """Rows of a period for all units and indicators, in their order; missing ones with NaN."""
        codes = [row.code for row in self.definition.indicators]
        wanted = pd.MultiIndex.from_product([list(units), codes], names=["unit", "indicator"])
        own = self.table[self.table["period"] == period].set_index(["unit", "indicator"])
        if own.index.has_duplicates:
            unit, indicator = own.index[own.index.duplicated()][0]
            raise QstatsError(f"indicator {indicator!r} of {unit or 'the city'} stands twice in {period}")
        return own.reindex(wanted).reset_index()

    def estimates(self, period: str, units: Sequence[str]) -> Array:
        """Values (units, indicators)."""
        return self._shaped(self.rows(period, units)["estimate"].to_numpy(float), units)

    def limits(self, period: str, units: Sequence[str], confidence: float) -> tuple[Array, Array]:
        """Limits (units, indicators)."""
        low, high = limits_at(self.rows(period, units), confidence)
        return self._shaped(low, units), self._shaped(high, units)

    def _shaped(self, values: Array, units: Sequence[str]) -> Array:
        return values.reshape(len(units), len(self.definition.indicators))
