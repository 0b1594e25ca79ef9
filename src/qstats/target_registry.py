"""Which targets (目标) does the policy set, how is each worded and read, and where would its value come from?

Reads ``data/reference/targets.csv``, one row per target or duty of the city's policy of 12 December 2013.
Where the policy does not say something, the row does not either: a level without a number has none, a target
without a deadline no deadline, and a word that is not known is ``not_stated``.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from qstats.codebook import LANGUAGES, Text
from qstats.errors import QstatsError
from qstats.paths import reference_folder
from qstats.reference_files import read_rows

Kind = Literal[
    "rate", "exact_rate", "score", "stock", "flow", "cumulative", "amount", "count", "relative", "trend",
    "milestone",
]  # fmt: skip
Commitment = Literal["hard", "not_stated", "aspiration", "direction"]
Comparison = Literal[">=", ">", "=", "falls", "rises", "by", "advanced"]
Source = Literal["registers", "acceptance", "satisfaction", "series", "none"]
Measure = Literal[
    "", "entries", "holders", "year_holders", "quantity", "first_time_rate", "dwelling_rate",
    "complaint_rate", "index",
]  # fmt: skip
PublishedUse = Literal["interim", "other_definition", "count_only"]
ANNUAL = "annual"
WITH_LEVEL = (">=", ">", "=")
"""Comparisons with a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A value that somebody published, beside ours.

    Attributes
    ----------
    value : float or None
        In the unit of the target; None where a step was published and no number.
    on : date
    what : dict
    use : str
        ``baseline``; ``interim`` (same definition, before the deadline); ``other_definition`` and
        ``count_only`` are never taken for a value of the target.
    source, url : str
        Issuer and address.
    """

    value: float | None
    on: date
    what: Text
    use: Literal["baseline", "interim", "other_definition", "count_only"]
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target as the policy words it, and as it is read.

    Attributes
    ----------
    id, area : str
        ``T01`` …; area by its code.
    name, reading, department, needs : dict
        In both languages. ``reading``: how ambiguous wording is read (empty texts: nothing to be read into
        it); ``department``: declared by this project; ``needs``: what would have to be delivered.
    kind, commitment, comparison : str
    word : str
        Word of the policy that binds (达到, 争创 …), empty where it is not known.
    level : float or None
        Proportions 0–1, points 0–100, counts, or 10,000 mu by `unit`.
    counter : str
        Measure word of a count in Chinese (件, 家, 名 …), empty elsewhere.
    since, deadline : date or None
        First day that counts, last day to reach the level. An annual target (`annual`) has no deadline.
    annual : bool
        Judged anew in every calendar year.
    source : str
        Stream that its values come from.
    selector, grades : tuple of str
        Which of it: codes of registers, a scale, a sector, a series; grades of the entries that count.
        Two series of a relative target: ours, then that of the place we are compared with.
    phrase : str
        Name of the one entry that a milestone waits for.
    measure : str
        What is counted or measured; ``year_holders``: holders of entries of the year itself.
    denominator : str
        Declared denominator of a rate, empty where there is none.
    baseline, published : Published or None
    cited : str
        Document that sets the target.
    """

    id: str
    area: str
    name: Text
    kind: Kind
    commitment: Commitment
    word: str
    comparison: Comparison
    level: float | None
    unit: str
    counter: str
    since: date | None
    deadline: date | None
    annual: bool
    reading: Text
    baseline: Published | None
    published: Published | None
    source: Source
    selector: tuple[str, ...]
    grades: tuple[str, ...]
    phrase: str
    measure: Measure
    denominator: str
    department: Text
    needs: Text
    cited: str

    def reached(self, value: float) -> bool:
        """Whether a value reaches the level as it is worded (超过 excludes it, 以上 includes it)."""
        if self.level is None:
            raise ValueError(f"target {self.id} has no number to reach")
        return value > self.level if self.comparison == ">" else value >= self.level


@cache
def read_targets() -> tuple[Target, ...]:
    """All targets in the order of their ids.

    Raises
    ------
    QstatsError
        Not readable, or a row that cannot be right: the message names the id and the column.
    """
    targets = tuple(map(_read_row, read_rows(reference_folder() / "targets.csv", ("id",))))
    ids = [one.id for one in targets]
    if len(set(ids)) < len(ids):
        raise QstatsError("targets.csv: an id stands twice")
    return targets


def find_target(target_id: str) -> Target:
    """The target of an id; an unknown one is a `QstatsError`."""
    found = next((one for one in read_targets() if one.id == target_id), None)
    if found is None:
        raise QstatsError(f"targets.csv has no target {target_id!r}")
    return found


def _read_row(row: dict[str, str]) -> Target:
    try:
        target = Target(
            id=row["id"], area=row["area"], name=_both(row, "name"),
            kind=_one_of(Kind, row["kind"]), word=row["word"],
            commitment=_one_of(Commitment, row["commitment"]),
            comparison=_one_of(Comparison, row["comparison"]), level=_number(row["level"]), unit=row["unit"],
            counter=row["counter_zh"],
            since=_day(row["since"]), annual=row["deadline"] == ANNUAL,
            deadline=None if row["deadline"] == ANNUAL else _day(row["deadline"]),
            reading={one: row[f"reading_{one}"] for one in LANGUAGES},
            baseline=_published(row, "baseline"), published=_published(row, "published"),
            source=_one_of(Source, row["source"]), selector=_list(row["selector"]),
            grades=_list(row["grades"]), phrase=row["phrase"], measure=_one_of(Measure, row["measure"]),
            denominator=row["denominator"], department=_both(row, "department"),
            needs=_both(row, "needs"), cited=row["cited"],
        )  # fmt: skip
    except KeyError as error:
        raise QstatsError(f"targets.csv: column {error} is missing") from None
    except ValueError as error:
        raise QstatsError(f"targets.csv, {row.get('id') or 'a row without id'}: {error}") from None
    if (target.level is None) == (target.comparison in WITH_LEVEL):
        raise QstatsError(
            f"targets.csv, {target.id}: a level belongs to the comparisons {', '.join(WITH_LEVEL)}"
        )
    return target


def _one_of(allowed: Any, code: str) -> Any:
    if code not in get_args(allowed):
        raise ValueError(f"{code!r} is none of {', '.join(filter(None, get_args(allowed)))}")
    return code


def _both(row: dict[str, str], name: str) -> Text:
    if missing := [one for one in LANGUAGES if not row[f"{name}_{one}"]]:
        raise ValueError(f"{name}_{missing[0]} is empty")
    return {one: row[f"{name}_{one}"] for one in LANGUAGES}


def _published(row: dict[str, str], name: str) -> Published | None:
    if not row[f"{name}_on"]:
        return None
    return Published(
        value=_number(row[f"{name}_value"]), on=date.fromisoformat(row[f"{name}_on"]), what=_both(row, name),
        use="baseline" if name == "baseline" else _one_of(PublishedUse, row["published_use"]),
        source=row[f"{name}_source"], url=row[f"{name}_url"],
    )  # fmt: skip


def _number(text: str) -> float | None:
    return float(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))
