"""What is to be said of a target? Its value, how far it is from the level, whether it will be reached.

Three readings of "reached" are kept apart. A *count* (存量、累计) is what it is. A *reported value*
(期末统计值) is a figure that will be counted, such as a first-time rate: it may reach the level by luck.
The *true value* (实际水平) is what a sample, or the process behind a count, is about. Beside the
probability in the declared reading stands that in the other one, where there is one.

Only complete counts give a plain "met" or "missed", and only after the deadline or once nothing can change
them. Everything else has a probability, and the status is read off it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from qstats.target_registry import Target

Status = Literal[
    "met", "on_course", "at_risk", "off_course", "cannot_be_stated", "no_data", "refused", "missed"
]
Reading = Literal["true_value", "reported_value", "count"]
STATUSES: tuple[Status, ...] = (
    "missed", "off_course", "at_risk", "on_course", "met", "cannot_be_stated", "refused", "no_data",
)  # fmt: skip
"""Every status, those that need attention first."""

ON_COURSE, OFF_COURSE = 0.8, 0.2
"""Probabilities from which a target is on course, and below which it is off course."""

FEWEST_MONTHS = 6
"""Whole months on record below which no movement is read into them."""
DAYS_IN_YEAR = 365.25
HISTORY = ("day", "period", "value")


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """One target on one day.

    Attributes
    ----------
    target_id : str
    status, reading, reason : str
        ``reason``: code of ``target_reason`` where no probability or verdict is given; else empty.
    day : date
        That the value is of.
    is_past : bool
        Whether the deadline has passed: the target is judged, not predicted.
    value, level, distance : float
        In the unit of the target; ``distance`` is the level less the value, NaN where there is no level.
    lower, upper, confidence : float
        Limits of a sampled value; NaN of a complete count.
    possible : float
        Value with all that incomplete records leave open; NaN where they leave nothing.
    n : int
        What the value rests on: projects, respondents, enterprises of a denominator; 0 of a plain count.
    basis : {"census", "sample"}
    probability : float
        That the level is reached by the deadline, in the declared reading.
    probability_true, probability_reported : float
        In the other readings.
    expected_lower, expected_upper : float
        Limits of what the reading will show at the deadline.
    needed_pace, recent_pace : float
        Per year, in the unit of the target: to reach the level in time, and over the last twelve months.
    method : str
    period : str
    history : DataFrame
        ``day, period, value``, oldest first, the value itself last.
    """

    target_id: str
    status: Status
    reading: Reading | None = None
    reason: str = ""
    day: date | None = None
    period: str = ""
    is_past: bool = False
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    possible: float = np.nan
    confidence: float = np.nan
    n: int = 0
    basis: Literal["census", "sample"] = "census"
    level: float = np.nan
    distance: float = np.nan
    probability: float = np.nan
    probability_true: float = np.nan
    probability_reported: float = np.nan
    expected_lower: float = np.nan
    expected_upper: float = np.nan
    needed_pace: float = np.nan
    recent_pace: float = np.nan
    method: str = ""
    history: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(HISTORY)))

    @property
    def has_value(self) -> bool:
        """Whether there is a figure, whatever can be said of the target."""
        return bool(np.isfinite(self.value))

    def with_level(self, target: Target) -> "Outlook":
        """The same with the level, its distance and the pace that it takes from now on."""
        if target.level is None:
            return self
        distance = target.level - self.value
        left = years_between(self.day, target.deadline) if self.day and target.deadline else np.nan
        needed = max(distance, 0.0) / left if left > 0 else np.nan
        return replace(self, level=target.level, distance=distance, needed_pace=needed)


def read_status(probability: float) -> Status:
    """Status of a probability: on course from 0.8, off course below 0.2, at risk between them."""
    if np.isnan(probability):
        return "cannot_be_stated"
    if probability >= ON_COURSE:
        return "on_course"
    return "off_course" if probability < OFF_COURSE else "at_risk"


def without_data(target: Target, reason: str = "no_data") -> Outlook:
    """A target of which nothing was received."""
    return Outlook(target_id=target.id, status="no_data", reason=reason).with_level(target)


def years_between(first: date, last: date) -> float:
    """Years from the end of one day to the end of another."""
    return (last - first).days / DAYS_IN_YEAR


def tabulate_outlooks(outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """One row per target, in the order given; every field but the history."""
    names = [one.name for one in fields(Outlook) if one.name != "history"]
    return pd.DataFrame([[getattr(one, name) for name in names] for one in outlooks], columns=names)


def tabulate_histories(outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """All values of all targets: ``target_id, day, period, value``."""
    tables = [one.history.assign(target_id=one.target_id) for one in outlooks if len(one.history)]
    empty = pd.DataFrame(columns=["target_id", *HISTORY])
    return pd.concat(tables, ignore_index=True)[["target_id", *HISTORY]] if tables else empty
