"""How many are on record, and will there be enough by the deadline? Targets that registers answer.

A stock (存量) counts what is valid on a day, and entries may run out before the deadline: until then it has
a probability, even where the level is reached today. A cumulative number (累计) and the number of a year
(每年) cannot fall: once reached they are met. A rate is a count over a declared denominator. What a
register leaves open (no day of award, no grade, an end without a day) may decide: then nothing is judged.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor

import numpy as np
import pandas as pd

from qstats.methods.forecasts import CountForecast
from qstats.periods import Period
from qstats.target_registry import Target
from qstats.targets.outlook import HISTORY, Outlook, read_status, without_data
from qstats.targets.projection import project_quantity, project_stock, project_total, tells_months
from qstats.targets.register_spans import first_days
from qstats.targets.registers import (
    RegisterCount,
    RegisterSum,
    count_flow,
    count_stock,
    lists_valid_only,
    sum_quantity,
    tabulate_history,
)

FIRST_DAY = date(1900, 1, 1)
QUARTERS_SHOWN, YEARS_SHOWN = 12, 5
Taken = RegisterCount | RegisterSum


@dataclass(frozen=True)
class Record:
    """Entries that a target counts, as far as they were awarded by a day."""

    target: Target
    entries: pd.DataFrame
    today: date
    per: float
    """Declared denominator; 1 of a plain count."""

    def take(self, day: date) -> tuple[float, float]:
        """Value of a day in the unit of the target, and with all that the record leaves open."""
        taken = _MEASURES[_measure_of(self.target)](self, day)
        return taken.value / self.per, taken.upper / self.per

    @property
    def grades(self) -> tuple[str, ...] | None:
        """Grades asked for."""
        return self.target.grades or None

    @property
    def needed(self) -> int:
        """Smallest count that reaches the level."""
        level = float(self.target.level or 0) * self.per
        return floor(level + 1e-9) + 1 if self.target.comparison == ">" else ceil(level - 1e-9)

    @property
    def is_cut(self) -> bool:
        """Whether the register lists valid entries only, so that its past is not on it."""
        return lists_valid_only(self.entries, self.target.selector, self.today)


def judge_registered(
    target: Target, registers: pd.DataFrame, denominators: pd.DataFrame, today: date, *, confidence: float
) -> Outlook:
    """Outlook of a target whose values stand in registers.

    Parameters
    ----------
    target : Target
        Its level is a number.
    registers, denominators : DataFrame
        Clean tables.
    today : date
        Last day of the period, or the day on which the data was closed.
    confidence : float
        Of the limits of a projection.
    """
    found = find_record(target, registers, denominators, today)
    if isinstance(found, Outlook):
        return found
    deadline = date(today.year, 12, 31) if target.annual else target.deadline
    day = min(today, deadline) if deadline else today
    value, possible = found.take(day)
    outlook = Outlook(
        target_id=target.id, status="cannot_be_stated", reading="count", day=day, period=_name(target, day),
        is_past=bool(deadline and today >= deadline), value=value,
        possible=possible if possible > value else np.nan, method="count",
        n=round(found.per) if target.denominator else 0, history=_follow(found, day),
        recent_pace=_recent_pace(found, day),
    ).with_level(target)  # fmt: skip
    if outlook.is_past:
        return _judge(outlook, target)
    return _predict(outlook, found, deadline, confidence)


def find_record(
    target: Target, registers: pd.DataFrame, denominators: pd.DataFrame, today: date
) -> Record | Outlook:
    """Entries and denominator of a target; the outlook that says what is missing where one of them is."""
    entries = registers[registers["register"].isin(target.selector)]
    if entries.empty:
        return without_data(target)
    per = declared_of_year(denominators, target.denominator, today.year) if target.denominator else 1.0
    if per is None:
        return without_data(target, "no_denominator")
    known = entries[~(first_days(entries) > pd.Timestamp(today))]
    if target.measure == "holders":  # an enterprise counts once, however many entries it has
        known = known.assign(thing_id=known["holder_id"].fillna(known["thing_id"]))
    return Record(target, known, today, per)


def declared_of_year(denominators: pd.DataFrame, name: str, year: int) -> float | None:
    """Declared count of the whole place, of the newest year up to one; None where there is none."""
    rows = denominators[
        denominators["denominator"].eq(name)
        & denominators["county_code"].isna()
        & (denominators["year"] <= year)
    ]
    return float(rows.sort_values("year")["count"].iloc[-1]) if len(rows) else None


def _judge(outlook: Outlook, target: Target) -> Outlook:
    """Met or missed; neither where what the record leaves open decides."""
    if target.reached(outlook.value):
        return replace(outlook, status="met")
    if target.reached(np.nan_to_num(outlook.possible, nan=outlook.value)):
        return replace(outlook, reason="records_incomplete")
    return replace(outlook, status="missed")


def _predict(outlook: Outlook, found: Record, deadline: date | None, confidence: float) -> Outlook:
    target = found.target
    if target.reached(outlook.value) and (deadline is None or target.kind in ("cumulative", "flow")):
        return replace(outlook, status="met")
    if deadline is None:
        return replace(outlook, reason="no_deadline")
    if target.measure == "year_holders":
        return replace(outlook, reason="no_model")
    if not tells_months(found.entries, target.selector, target.grades, found.today):
        return replace(outlook, reason="years_only")
    if target.measure == "quantity":
        return _predict_quantity(outlook, found, deadline, confidence)
    expected = _project(found, deadline)
    if expected is None:
        return replace(outlook, reason="too_short")
    probability = expected.probability_at_least(found.needed)
    lower, upper = (_at_most_all(found, one / found.per) for one in expected.interval(confidence))
    return replace(
        outlook, status=read_status(probability), probability=probability, confidence=confidence,
        expected_lower=lower, expected_upper=upper, method="count_projection",
    )  # fmt: skip


def _predict_quantity(outlook: Outlook, found: Record, deadline: date, confidence: float) -> Outlook:
    drawn = project_quantity(found.entries, found.target.selector, found.today, deadline)
    if drawn is None:
        return replace(outlook, reason="too_short")
    values = drawn / found.per
    probability = float(np.mean([found.target.reached(one) for one in values.tolist()]))
    lower, upper = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return replace(
        outlook, status=read_status(probability), probability=probability, confidence=confidence,
        expected_lower=_at_most_all(found, lower), expected_upper=_at_most_all(found, upper),
        method="count_projection",
    )  # fmt: skip


def _at_most_all(found: Record, expected: float) -> float:
    """What is expected of a share: not more than the whole."""
    return float(min(expected, 1.0) if found.target.kind == "rate" else expected)


def _project(found: Record, deadline: date) -> CountForecast | None:
    target, today = found.target, found.today
    if target.kind not in ("cumulative", "flow"):
        return project_stock(found.entries, target.selector, target.grades, today, deadline)
    months = tabulate_history(found.entries, target.selector, today, "month", grades=found.grades)
    events = months["awards" if target.kind == "flow" else "entered"]
    added = project_total(events, today, deadline)
    on_record = found.take(deadline)[0] * found.per  # an award of this year lies before its end for certain
    return added.shift(round(on_record)) if added else None


def _follow(found: Record, day: date) -> pd.DataFrame:
    """Values of the quarters, or years, up to a day; the day alone where the past is not on record."""
    first = pd.to_datetime(found.entries["awarded_on"]).min()
    yearly = found.target.annual or found.target.measure == "year_holders"
    newest = Period(day.year, "", 1) if yearly else Period(day.year, "Q", (day.month + 2) // 3)
    before = (
        [] if found.is_cut or pd.isna(first) else newest.preceding(YEARS_SHOWN if yearly else QUARTERS_SHOWN)
    )
    ends = [(one.end, str(one)) for one in before[:-1] if one.end >= first.date()]
    rows = [(end, period, found.take(end)[0]) for end, period in [*ends, (day, str(newest))]]
    return pd.DataFrame(rows, columns=list(HISTORY))


def _recent_pace(found: Record, day: date) -> float:
    """Change over twelve months, or the number awarded in them; NaN where the past is not on record."""
    before = (
        date(day.year - 1, day.month, min(day.day, 28)) if day.month == 2 else day.replace(year=day.year - 1)
    )
    first = pd.to_datetime(found.entries["awarded_on"]).min()
    if found.is_cut or found.target.measure == "year_holders" or not first <= pd.Timestamp(before):
        return np.nan
    if found.target.kind == "flow":
        window = (before + timedelta(days=1), day)
        awards = count_flow(found.entries, found.target.selector, window, grades=found.grades)
        return float(awards.value) if awards.value == awards.upper else np.nan
    return found.take(day)[0] - found.take(before)[0]


def _name(target: Target, day: date) -> str:
    yearly = target.annual or target.measure == "year_holders"
    return str(day.year) if yearly else str(day)


def _measure_of(target: Target) -> str:
    return target.kind if target.kind in ("cumulative", "flow") else target.measure


def _stock(found: Record, day: date) -> Taken:
    return count_stock(found.entries, found.target.selector, day, grades=found.grades)


def _new(found: Record, day: date) -> Taken:
    window = (found.target.since or FIRST_DAY, day)
    return count_flow(found.entries, found.target.selector, window, grades=found.grades, counted="new")


def _of_year(found: Record, day: date) -> Taken:
    window = (date(day.year, 1, 1), day)
    return count_flow(found.entries, found.target.selector, window, grades=found.grades)


def _holders_of_year(found: Record, day: date) -> Taken:
    window = (date(day.year, 1, 1), day)
    return count_flow(found.entries, found.target.selector, window, grades=found.grades, counted="holders")


def _quantity(found: Record, day: date) -> Taken:
    return sum_quantity(found.entries, found.target.selector, day, grades=found.grades)


_MEASURES: dict[str, Callable[[Record, date], Taken]] = {
    "entries": _stock,
    "holders": _stock,
    "year_holders": _holders_of_year,
    "quantity": _quantity,
    "cumulative": _new,
    "flow": _of_year,
}
