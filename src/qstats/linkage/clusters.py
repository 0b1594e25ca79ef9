"""Which mentions are one enterprise? Joined by decision, by code, then by probability, never against a code.

Pairs are taken from the most likely down. Two groups are not joined if they state different valid codes, if a
name of one is unlike a name of the other, or if a clerk told any of them apart. A mention that fits two
enterprises about equally well is joined to neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from qstats.linkage.decisions import Decided
from qstats.linkage.names import may_be_one
from qstats.linkage.scores import LINKED

MARGIN = 3.0
"""Bits by which the best enterprise must be more likely than the second one."""

SHARED = 0.5
"""Share of the characters of the shorter name that makes half of the evidence for one renamed enterprise."""

_Name = tuple[str, str]


@dataclass
class Clusters:
    """Which mentions belong together, found step by step.

    ``home`` leads from each mention to the one that stands for its cluster; ``link`` and ``probability`` say
    what joined a mention; ``refused`` are pairs that a code or a name kept apart; ``names`` are cores
    with the mark of a branch, where there is a code those that were stated with it.
    """

    home: list[int]
    codes: list[frozenset[str]]
    names: list[frozenset[_Name]]
    apart: Mapping[int, set[int]]
    members: list[list[int]] = field(init=False)
    link: dict[int, str] = field(default_factory=dict)
    probability: dict[int, float] = field(default_factory=dict)
    refused: list[tuple[int, int, float | None, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members = [[one] for one in range(len(self.home))]

    def find(self, one: int) -> int:
        """The mention that stands for the cluster of one."""
        while self.home[one] != one:
            self.home[one] = self.home[self.home[one]]
            one = self.home[one]
        return one

    def obstacle(self, left: int, right: int) -> str | None:
        """What keeps two clusters apart: a code of each, or a name of each; None: nothing."""
        if len(self.codes[left] | self.codes[right]) > 1:
            return "code_conflict"
        coded, other = sorted((left, right), key=lambda one: not self.codes[one])
        # An enterprise may bear several names under its code: another one has to fit any of them.
        enough = any if self.codes[coded] else all
        fits = (enough(_may_be_one(name, known) for known in self.names[coded]) for name in self.names[other])
        return None if all(fits) or not self.names[coded] else "unlike_names"

    def told_apart(self, left: int, right: int) -> bool:
        """Whether a clerk told a mention of one cluster from one of the other."""
        if not self.apart:
            return False
        others = set(self.members[right])
        return any(self.apart.get(one, set()) & others for one in self.members[left])

    def join(self, left: int, right: int) -> None:
        """Make one cluster of two; the smaller number stands for it."""
        first, second = sorted((left, right))
        self.home[second] = first
        named = [one for one in (first, second) if self.codes[one]] or [first, second]
        self.names[first] = frozenset().union(*(self.names[one] for one in named))
        self.codes[first] = self.codes[first] | self.codes[second]
        self.members[first] += self.members[second]


def _may_be_one(name: _Name, other: _Name) -> bool:
    return name[1] == other[1] and may_be_one(name[0], other[0])


def cluster_mentions(mentions: pl.DataFrame, pairs: pl.DataFrame, decided: Decided) -> Clusters:
    """Clusters of mentions.

    Parameters
    ----------
    mentions : DataFrame
        Of ``describe_mentions``, numbered from 0; ``aside`` where the stated code belongs to another name.
    pairs : DataFrame
        Of ``score_pairs``.
    decided : Decided
    """
    apart: dict[int, set[int]] = {}
    for left, right in decided.different:
        apart.setdefault(left, set()).add(right)
        apart.setdefault(right, set()).add(left)
    codes = _codes_in_force(mentions, decided)
    names = [
        frozenset([(core, branch)]) if core else frozenset()
        for core, branch in mentions.select("core", "branch").iter_rows()
    ]
    clusters = Clusters(list(range(mentions.height)), list(codes), names, apart)
    for left, right in decided.same:
        _decide(clusters, left, right)
    _join_codes(clusters, mentions)
    _join_likely(clusters, pairs, codes)
    return clusters


def _codes_in_force(mentions: pl.DataFrame, decided: Decided) -> list[frozenset[str]]:
    """Code of each mention; codes that a clerk found to be of one enterprise are one."""
    stated = mentions["code"].to_list()
    one_of: dict[str, str] = {}

    def find(code: str) -> str:
        while code in one_of:
            code = one_of[code]
        return code

    for left, right in decided.same:
        if stated[left] and stated[right] and find(stated[left]) != find(stated[right]):
            first, second = sorted((find(stated[left]), find(stated[right])))
            one_of[second] = first
    return [frozenset([find(code)]) if code else frozenset() for code in stated]


def _decide(clusters: Clusters, left: int, right: int) -> None:
    if clusters.find(left) != clusters.find(right):
        clusters.join(clusters.find(left), clusters.find(right))
    for one in (left, right):
        clusters.link[one], clusters.probability[one] = "clerical", 1.0


def find_asides(mentions: pl.DataFrame) -> tuple[list[bool], list[tuple[int, int]]]:
    """Which mentions state a code that belongs to another name, and beside which mention of that name.

    The name of most rows has the code. Another one shares it if the two may be one, or if two of these agree
    besides the code: half of the characters, a person, a house.
    """
    aside, conflicts = [False] * mentions.height, []
    columns = ("mention", "code", "core", "branch", "legal", "street", "rows")
    named = mentions.filter(pl.col("code").is_not_null() & pl.col("core").is_not_null()).select(columns)
    shared = named.filter(pl.col("code").is_duplicated()).sort("code", "mention")
    for _, group in shared.group_by("code", maintain_order=True):
        counted = group.group_by("core", "branch").agg(pl.col("rows").sum(), pl.col("mention").min())
        main = counted.sort(["rows", "mention"], descending=[True, False]).row(0, named=True)
        is_main = (pl.col("core") == main["core"]) & (pl.col("branch") == main["branch"])
        known = {name: set(group.filter(is_main)[name].drop_nulls()) for name in ("legal", "street")}
        for row in group.filter(~is_main).iter_rows(named=True):
            if not _is_of_main(row, main, known):
                aside[row["mention"]] = True
                conflicts.append((main["mention"], row["mention"]))
    return aside, conflicts


def _is_of_main(row: Mapping[str, Any], main: Mapping[str, Any], known: Mapping[str, set[str]]) -> bool:
    core, other = row["core"], main["core"]
    if row["branch"] == main["branch"] and may_be_one(core, other):
        return True
    half = len(set(core) & set(other)) >= SHARED * min(len(set(core)), len(set(other)))
    return half + sum(row[name] in known[name] for name in known) >= 2


def _join_codes(clusters: Clusters, mentions: pl.DataFrame) -> None:
    """Mentions of one code, in order; those set aside among themselves only."""
    known = mentions.filter(pl.col("code").is_not_null()).sort("code", "aside", "mention")
    for _, group in known.group_by("code", "aside", maintain_order=True):
        first, *others = group["mention"].to_list()
        for one in others:
            left, right = clusters.find(first), clusters.find(one)
            if left != right and not clusters.told_apart(left, right):
                clusters.join(left, right)


def _join_likely(clusters: Clusters, pairs: pl.DataFrame, codes: Sequence[frozenset[str]]) -> None:
    unclear = _find_unclear(pairs.filter("may_join"), codes, clusters.names)
    likely = pairs.filter((pl.col("probability") >= LINKED) & pl.col("may_join"))
    ordered = likely.sort(["weight", "left", "right"], descending=[True, False, False])
    for left, right, probability in ordered.select("left", "right", "probability").iter_rows():
        one, other = clusters.find(left), clusters.find(right)
        if one == other or clusters.told_apart(one, other):
            continue
        obstacle = clusters.obstacle(one, other)
        if left in unclear or right in unclear:
            clusters.refused.append((left, right, probability, "ambiguous"))
        elif obstacle:
            clusters.refused.append((left, right, probability, obstacle))
        else:
            clusters.join(one, other)
            for mention in (left, right):
                if not codes[mention]:
                    clusters.link.setdefault(mention, "probabilistic")
                    known = clusters.probability.get(mention, 0.0)
                    clusters.probability[mention] = max(known, probability)


def _find_unclear(
    pairs: pl.DataFrame, codes: Sequence[frozenset[str]], names: Sequence[frozenset[_Name]]
) -> set[int]:
    """Mentions without a code that fit two enterprises about equally well: two codes, or two unlike names."""
    best: dict[int, dict[str | _Name, float]] = {}
    for left, right, weight in pairs.select("left", "right", "weight").iter_rows():
        for one, other in ((left, right), (right, left)):
            for rival in (codes[other] or names[other]) if not codes[one] else ():
                known = best.setdefault(one, {})
                known[rival] = max(known.get(rival, weight), weight)
    return {one for one, found in best.items() if _is_unclear(found)}


def _is_unclear(rivals: Mapping[str | _Name, float]) -> bool:
    """Whether the best rival and one that is certainly another lie within the margin."""
    first, *others = sorted(rivals, key=lambda rival: -rivals[rival])
    return any(
        rivals[first] - rivals[other] < MARGIN
        for other in others
        if isinstance(first, str) == isinstance(other, str)
        and (isinstance(first, str) or not may_be_one(first[0], other[0]))
    )
