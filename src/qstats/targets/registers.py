"""How many trade marks, prizes, standards, officers … are there on a day, and how many come in a year?

A register lists awards with their days of validity, so that the stock (存量) of any day and the flow (新增)
of any period follow from it. It is a complete count: there is no sampling error and no interval. What is not
certain is the record: an entry without a day of award, or whose end is stated but not its day, cannot be
placed in time. Each count therefore has two bounds: what is valid for certain, and that with what may be.

A thing counts once on a day, however many of its entries are valid then: a renewal before the old certificate
ran out adds nothing. When an entry is valid is told in :mod:`qstats.targets.register_spans`.

A supplier who lists valid entries only says nothing of those that ran out before: the history of such a
register is too low in earlier years (`lists_valid_only`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from qstats.errors import QstatsError
from qstats.targets.register_spans import ALWAYS, NEVER, ONE_DAY, merge_spans, span_entries

Counted = Literal["things", "holders"]
Frequency = Literal["year", "month"]

_PERIODS: dict[str, str] = {"year": "Y", "month": "M"}
_HISTORY = "period period_end stock upper undated awards renewals entered expired withdrawn".split()
_KEYS = {"awards": "entry_no", "things": "thing_no", "new": "thing_no", "holders": "holder_no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCount:
    """A complete count with what the record leaves open.

    Attributes
    ----------
    value : int
        Counted for certain: the lower bound.
    upper : int
        With everything that may belong to it.
    undated, ungraded, unnamed : int
        Entries that may belong to it: whose days do not tell, whose grade is not known where grades are
        asked for, whose holder is not known where holders are counted. Entries of what is counted for
        certain are not among them.
    entries : int
        Entries of these registers, of any day and grade.
    entry_ids : tuple of str
        The entries that ``value`` counts: of a thing (or holder) with several the first of the table.
    """

    value: int
    upper: int
    undated: int = 0
    ungraded: int = 0
    unnamed: int = 0
    entries: int = 0
    entry_ids: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def received(self) -> bool:
        """Whether the registers have any entry: without one the count is unknown, and not zero."""
        return self.entries > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSum:
    """Sum of a quantity over what is valid.

    Attributes
    ----------
    value, upper : float
        Of what is valid for certain, and with what may be; ``upper`` is infinite where a quantity is not
        stated: nothing then bounds the sum.
    things, unstated : int
        What is valid for certain, and those of them that state no quantity.
    undated, ungraded, entries : int
        As in `RegisterCount`.
    """

    value: float
    upper: float
    things: int = 0
    unstated: int = 0
    undated: int = 0
    ungraded: int = 0
    entries: int = 0

    @property
    def received(self) -> bool:
        """Whether the registers have any entry: without one the sum is unknown, and not zero."""
        return self.entries > 0


def count_stock(
    registers: pd.DataFrame, codes: str | Collection[str], on: date, *,
    grades: Collection[str] | None = None, counted: Counted = "things",
) -> RegisterCount:  # fmt: skip
    """Things valid on a day (存量), each once.

    Parameters
    ----------
    registers : DataFrame
        The table ``registers``.
    codes : str or collection of str
        One register, or several that are counted together; a thing in two registers counts twice.
    on : date
    grades : collection of str, optional
        Count only entries of these grades.
    counted : {"things", "holders"}
        ``holders``: distinct enterprises that hold at least one valid entry.

    Raises
    ------
    QstatsError
        A code that is no register, a grade that is none.
    """
    return _count_on(span_entries(registers, codes, grades), pd.Timestamp(on), counted)


def count_flow(
    registers: pd.DataFrame, codes: str | Collection[str], window: tuple[date, date], *,
    grades: Collection[str] | None = None, counted: Literal["awards", "new", "holders"] = "awards",
) -> RegisterCount:  # fmt: skip
    """Awards of a period (新增); those withdrawn later were awarded all the same.

    Parameters
    ----------
    registers, codes, grades
        As in `count_stock`.
    window : (date, date)
        First and last day, both included.
    counted : {"awards", "new", "holders"}
        ``awards``: every award, renewals too; ``new``: things awarded for the first time; ``holders``:
        distinct enterprises with an award.

    Raises
    ------
    QstatsError
        As in `count_stock`.
    """
    spans = span_entries(registers, codes, grades)
    first, last = (pd.Timestamp(day) for day in window)
    certain = (spans["awarded_from"] >= first) & (spans["awarded_by"] <= last)
    possible = (spans["awarded_from"] <= last) & (spans["awarded_by"] >= first)
    if counted == "new":
        of_thing = spans["thing_id"]
        earliest = spans["awarded_from"].where(spans["may_belong"], ALWAYS).groupby(of_thing).transform("min")
        latest = spans["awarded_by"].where(spans["belongs"], ALWAYS).groupby(of_thing).transform("min")
        certain &= earliest >= first
        possible &= latest >= first
    return _count(spans, certain, possible, counted)


def sum_quantity(
    registers: pd.DataFrame, codes: str | Collection[str], on: date, *, grades: Collection[str] | None = None
) -> RegisterSum:
    """Sum of the quantities of what is valid on a day, such as the area of bases in 10,000 mu (万亩).

    Of a thing with several valid entries the latest states its quantity.

    Raises
    ------
    QstatsError
        As in `count_stock`.
    """
    spans, day = span_entries(registers, codes, grades), pd.Timestamp(on)
    count = _count_on(spans, day, "things")
    certain, possible = _valid_on(spans, day)
    of_certain = spans[certain & spans["belongs"]].sort_values(["awarded_by", "entry_id"])
    latest = of_certain.groupby("thing_id").tail(1).set_index("thing_id")["quantity"]
    further = spans[possible & spans["may_belong"] & ~spans["thing_id"].isin(latest.index)]
    most = further.groupby("thing_id")["quantity"].max()
    known = latest.notna().all() and further["quantity"].notna().all()
    return RegisterSum(
        value=float(latest.sum()), upper=float(latest.sum() + most.sum()) if known else np.inf,
        things=len(latest), unstated=int(latest.isna().sum()), undated=count.undated,
        ungraded=count.ungraded, entries=count.entries,
    )  # fmt: skip


def tabulate_history(
    registers: pd.DataFrame, codes: str | Collection[str], until: date, freq: Frequency = "year", *,
    grades: Collection[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Stock and flows of every year or month from the first award on.

    Parameters
    ----------
    registers, codes, grades
        As in `count_stock`.
    until : date
        The last period ends with it. It may lie ahead: expiries are known beforehand, awards are not.
    freq : {"year", "month"}

    Returns
    -------
    DataFrame
        ``period`` (``2015``, ``2015-03``) and ``period_end``; ``stock`` on that day for certain, ``upper``
        and ``undated`` as in `RegisterCount`; ``awards`` known to lie in the period; of what is in the stock
        for certain ``entered`` (things that came into it), ``renewals`` (awards of things valid still, or
        until the day before), ``expired`` and ``withdrawn`` (things that left it, on the first day without
        validity). An award stated by year comes into the stock on the last day of it. The stock is that of
        the period before plus ``entered`` less ``expired`` and ``withdrawn``. No rows without a day of award.

    Raises
    ------
    QstatsError
        As in `count_stock`, and a frequency that is none.
    """
    if freq not in _PERIODS:
        raise QstatsError(f"there is no frequency {freq!r}: give {' or '.join(_PERIODS)}")
    letter, last = _PERIODS[freq], pd.Timestamp(until)
    spans = span_entries(registers, codes, grades)
    sure = spans[spans["belongs"]]
    dated = sure.loc[sure["awarded_from"] > NEVER]
    if dated.empty or dated["awarded_from"].min() > last:
        return pd.DataFrame(columns=_HISTORY)
    periods = pd.period_range(dated["awarded_from"].min(), last, freq=letter)
    ends = [min(period.end_time.normalize(), last) for period in periods]
    counts = [_count_on(spans, end, "things") for end in ends]
    placed = dated["awarded_from"].dt.to_period(letter) == dated["awarded_by"].dt.to_period(letter)
    stays, renewals = merge_spans(sure)
    left = stays["last"] + ONE_DAY
    days = {
        "awards": dated.loc[placed, "awarded_by"], "renewals": renewals, "entered": stays["first"],
        "expired": left[~stays["withdrawn"]], "withdrawn": left[stays["withdrawn"]],
    }  # fmt: skip
    table = {name: _by_period(when, ends) for name, when in days.items()} | {
        "period": periods.astype(str), "period_end": ends, "stock": [one.value for one in counts],
        "upper": [one.upper for one in counts], "undated": [one.undated for one in counts],
    }  # fmt: skip
    return pd.DataFrame(table)[_HISTORY]


def lists_valid_only(registers: pd.DataFrame, codes: str | Collection[str], cutoff: date) -> bool:
    """Whether a register seems to list only what is valid at the cutoff, though its validity is limited.

    It has entries awarded longer ago than the shortest validity, and none that ran out or was withdrawn: then
    its earlier stocks are too low. A register without expiries cannot tell.
    """
    spans = span_entries(registers, codes)
    limited = spans[(spans["valid_at_most"] < ALWAYS) & (spans["awarded_by"] < ALWAYS)]
    shortest = (limited["valid_at_most"] - limited["awarded_by"]).min()
    old = limited["awarded_by"] < pd.Timestamp(cutoff) - shortest
    return bool(old.any() and (limited["valid_at_most"] >= pd.Timestamp(cutoff)).all())


def _valid_on(spans: pd.DataFrame, day: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """Whether each entry is valid on a day for certain, and whether it may be."""
    certain = (spans["awarded_by"] <= day) & (day <= spans["valid_for_certain"])
    return certain, (spans["awarded_from"] <= day) & (day <= spans["valid_at_most"])


def _count_on(spans: pd.DataFrame, day: pd.Timestamp, counted: str) -> RegisterCount:
    return _count(spans, *_valid_on(spans, day), counted)


def _count(spans: pd.DataFrame, certain: pd.Series, possible: pd.Series, counted: str) -> RegisterCount:
    """Distinct keys of the entries that are there for certain, and of those that may be."""
    key, thing = (spans[name].to_numpy() for name in (_KEYS[counted], "thing_no"))
    belongs, is_certain = spans["belongs"].to_numpy(), certain.to_numpy()
    rows = np.flatnonzero(is_certain & belongs & (key >= 0))
    sure, first = np.unique(key[rows], return_index=True)
    further = possible.to_numpy() & spans["may_belong"].to_numpy() & ~np.isin(key, sure)
    dated, unnamed = is_certain & further, further & (key < 0)
    # An entry without holder may have one that holds nothing else: it adds one to the upper bound.
    most = len(np.unique(key[further & ~unnamed])) + len(np.unique(thing[unnamed]))
    return RegisterCount(
        value=len(sure), upper=len(sure) + most, undated=int((further & ~dated).sum()),
        ungraded=int((dated & ~belongs).sum()), unnamed=int((dated & belongs).sum()), entries=len(spans),
        entry_ids=tuple(spans["entry_id"].to_numpy()[np.sort(rows[first])]),
    )  # fmt: skip


def _by_period(when: pd.Series, ends: Sequence[pd.Timestamp]) -> np.ndarray:
    """How many days lie in each of the periods that end on these days."""
    place = np.searchsorted(np.array(ends, "datetime64[s]"), when.to_numpy("datetime64[s]"), side="left")
    return np.bincount(place, minlength=len(ends) + 1)[: len(ends)]
