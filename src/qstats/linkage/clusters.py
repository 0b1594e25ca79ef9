"""Which mentions are one enterprise? Joined by decision, by code, then by probability, never against a code.

Pairs are taken from the most likely down. Two groups that state different valid codes are not joined, nor are
mentions that a clerk told apart. A mention that fits two codes about equally well is joined to neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from qstats.linkage.decisions import Decided
from qstats.linkage.scores import LINKED

MARGIN = 3.0
"""Bits by which the best code must be more likely than the second one."""

ALIKE = 0.5
"""Share of the characters of the shorter name, from which names under one code are taken for one."""


@dataclass
class Clusters:
    """Which mentions belong together, found step by step.

    ``home`` leads from each mention to the one that stands for its cluster; ``link`` and ``probability`` say
    what joined a mention; ``refused`` are pairs that a code kept apart.
    """

    home: list[int]
    codes: list[frozenset[str]]
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

    def may_join(self, left: int, right: int) -> bool:
        """Whether no code and no decision keeps two clusters apart."""
        codes = self.codes[left] | self.codes[right]
        return len(codes) < 2 and not self.told_apart(left, right)

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
        self.codes[first] = self.codes[first] | self.codes[second]
        self.members[first] += self.members[second]


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
    codes = [frozenset([code]) if code else frozenset() for code in mentions["code"]]
    clusters = Clusters(list(range(mentions.height)), codes, apart)
    for left, right in decided.same:
        _decide(clusters, left, right)
    _join_codes(clusters, mentions)
    _join_likely(clusters, pairs, codes)
    return clusters


def _decide(clusters: Clusters, left: int, right: int) -> None:
    if clusters.find(left) != clusters.find(right):
        clusters.join(clusters.find(left), clusters.find(right))
    for one in (left, right):
        clusters.link[one], clusters.probability[one] = "clerical", 1.0


def find_asides(mentions: pl.DataFrame) -> tuple[list[bool], list[tuple[int, int]]]:
    """Which mentions state a code that belongs to another name, and beside which mention of that name.

    Of the names under one code those that share half of their characters, a person or a street are one; the
    group of most rows has the code.
    """
    aside, conflicts = [False] * mentions.height, []
    columns = ("mention", "code", "core", "legal", "street", "rows")
    shared = mentions.filter(pl.col("code").is_not_null() & pl.col("code").is_duplicated()).select(columns)
    for _, group in shared.sort("code", "mention").group_by("code", maintain_order=True):
        groups = _alike_groups(list(group.iter_rows(named=True)))
        for other in groups[1:]:
            conflicts.append((groups[0][0], other[0]))
            for one in other:
                aside[one] = True
    return aside, conflicts


def _alike_groups(rows: Sequence[Mapping[str, object]]) -> list[list[int]]:
    """Mentions of one code by likeness, the group of most rows first."""
    groups: list[list[Mapping[str, object]]] = []
    for row in rows:
        fitting = [group for group in groups if any(_are_alike(row, one) for one in group)]
        groups = [group for group in groups if group not in fitting]
        groups.append([one for group in fitting for one in group] + [row])
    sized = sorted(
        groups, key=lambda g: (-sum(int(str(r["rows"])) for r in g), min(int(str(r["mention"])) for r in g))
    )
    return [sorted(int(str(row["mention"])) for row in group) for group in sized]


def _are_alike(left: Mapping[str, object], right: Mapping[str, object]) -> bool:
    if left["core"] is None or right["core"] is None:
        return True
    if any(left[name] is not None and left[name] == right[name] for name in ("legal", "street")):
        return True
    one, other = set(str(left["core"])), set(str(right["core"]))
    return len(one & other) >= ALIKE * min(len(one), len(other))


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
    likely = pairs.filter((pl.col("probability") >= LINKED) & (pl.col("name_level") > 0))
    unclear = _find_unclear(likely, codes)
    ordered = likely.sort(["weight", "left", "right"], descending=[True, False, False])
    for left, right, probability in ordered.select("left", "right", "probability").iter_rows():
        one, other = clusters.find(left), clusters.find(right)
        if one == other:
            continue
        if left in unclear or right in unclear:
            clusters.refused.append((left, right, probability, "ambiguous"))
        elif clusters.may_join(one, other):
            clusters.join(one, other)
            for mention in (left, right):
                if not codes[mention]:
                    clusters.link.setdefault(mention, "probabilistic")
                    known = clusters.probability.get(mention, 0.0)
                    clusters.probability[mention] = max(known, probability)
        elif not clusters.told_apart(one, other):
            clusters.refused.append((left, right, probability, "code_conflict"))


def _find_unclear(likely: pl.DataFrame, codes: Sequence[frozenset[str]]) -> set[int]:
    """Mentions without a code that fit two codes about equally well."""
    best: dict[int, dict[str, float]] = {}
    for left, right, weight in likely.select("left", "right", "weight").iter_rows():
        for one, other in ((left, right), (right, left)):
            for code in codes[other] if not codes[one] else ():
                known = best.setdefault(one, {})
                known[code] = max(known.get(code, weight), weight)
    return {one for one, found in best.items() if _is_close(found.values())}


def _is_close(weights: Iterable[float]) -> bool:
    first, *rest = sorted(weights, reverse=True)
    return bool(rest) and first - rest[0] < MARGIN
