"""What did clerks decide about pairs of rows, and which rows does that hold together or apart?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from qstats.errors import QstatsError

LINK_DECISIONS: dict[str, pl.DataType] = {
    "left_key": pl.String(), "right_key": pl.String(), "decision": pl.String(), "author": pl.String(),
    "decided_on": pl.Date(),
}  # fmt: skip
"""Columns of the bureau's file of clerical decisions; keys are those of ``link_review``."""


@dataclass(frozen=True)
class Decided:
    """Pairs of mentions that are one enterprise or two, and decisions whose keys no row has."""

    same: list[tuple[int, int]] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    unknown: list[tuple[str, str, str]] = field(default_factory=list)


def latest_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """One decision for each pair, the latest, keys of a pair in order."""
    ordered = decisions.with_columns(
        pl.min_horizontal("left_key", "right_key").alias("left_key"),
        pl.max_horizontal("left_key", "right_key").alias("right_key"),
    ).sort("left_key", "right_key", "decided_on")
    return ordered.unique(["left_key", "right_key"], keep="last", maintain_order=True)


def rows_apart(rows: pl.DataFrame, decisions: pl.DataFrame) -> pl.Series:
    """Mark of the rows that state the same as another one and are another enterprise, by decision."""
    different = set(decisions.filter(pl.col("decision") == "different")["right_key"])
    return pl.Series("apart", [key if key in different else None for key in rows["key"]], dtype=pl.String)


def resolve_decisions(decisions: pl.DataFrame, mention_of: Mapping[str, int]) -> Decided:
    """Decisions as pairs of mentions.

    Raises
    ------
    QstatsError
        Where two rows are decided to be different and, through others, the same.
    """
    decided = Decided()
    for left, right, decision in decisions.select("left_key", "right_key", "decision").iter_rows():
        if left not in mention_of or right not in mention_of:
            decided.unknown.append((left, right, decision))
        else:
            pair = (mention_of[left], mention_of[right])
            (decided.same if decision == "same" else decided.different).append(pair)
    _check(decided, {number: key for key, number in mention_of.items()})
    return decided


def _check(decided: Decided, keys: Mapping[int, str]) -> None:
    home: dict[int, int] = {}

    def find(one: int) -> int:
        while home.get(one, one) != one:
            one = home[one]
        return one

    for left, right in decided.same:
        home[find(left)] = find(right)
    for left, right in decided.different:
        if find(left) == find(right):
            raise QstatsError(
                f"link_decisions.csv: {keys[left]} and {keys[right]} are decided to be different, and by "
                "other decisions they are the same enterprise. Correct one of these"
            )
