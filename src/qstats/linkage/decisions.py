"""What did clerks decide about pairs of mentions, and which does that hold together or apart?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from qstats.errors import QstatsError


@dataclass(frozen=True)
class Decided:
    """Pairs of mentions that are one enterprise or two, and decisions whose keys no mention has."""

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


def resolve_decisions(decisions: pl.DataFrame, mention_of: Mapping[str, int]) -> Decided:
    """Decisions as pairs of mentions.

    Raises
    ------
    QstatsError
        Where two mentions are decided to be different and, through others, the same.
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
