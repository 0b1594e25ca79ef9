"""Which batches are alike? Batches of several periods in the groups of size, stage and product class.

Two periods, or the periods of a series, are compared group by group, or at a common mix of the groups. Groups
with too few batches in one of the periods are pooled with their like.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from qstats.estimation.sample import Sample, take_sample
from qstats.estimation.scope import Scope
from qstats.methods.clustered_rates import ClusteredRates, clustered_rates
from qstats.methods.standardisation import mix_left_in_pools, pool_sparse_cells, standard_weights
from qstats.methods.survey.design import Design
from qstats.periods import Period

MIX = ("enterprise_size", "stage", "product_class")
"""What a batch is compared by, the strongest first: sparse cells are pooled over the last first."""

LEAST_IN_CELL = 5
"""Batches that a cell needs in each period."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Batches of several periods with their groups; the sides are the periods, in the order given.

    Attributes
    ----------
    sample : Sample
    side, group : array of int, shape (batches,)
    n, rates : array of float, shape (groups, sides)
        Batches, and the share that passed, 0–1.
    apart : array of float, shape (sides,)
        Share of each side that pooling leaves in other cells than those of the other sides, 0–1.
    """

    sample: Sample
    side: Codes
    group: Codes
    n: Floats
    rates: Floats
    apart: Floats

    @property
    def shares(self) -> Floats:
        """Share of each group in the batches of a side, shape (groups, sides)."""
        return self.n / self.n.sum(axis=0)


def tabulate_mix(batches: pl.DataFrame, now: Period, before: Period, scope: Scope) -> pd.DataFrame:
    """Shares of sizes and of stages in two periods: ``column, code, share_before, share_now``."""
    parts = []
    for column in MIX[:2]:
        sample = take_sample(batches, [before, now], scope, [column])
        cells = sample.cells.assign(n=np.bincount(sample.cell, minlength=len(sample.cells)))
        wide = cells.fillna({column: ""}).pivot(index=column, columns="period", values="n")
        wide = wide.reindex(columns=[str(before), str(now)]).fillna(0.0)
        shares = (wide / wide.sum()).set_axis(["share_before", "share_now"], axis=1)
        parts.append(shares.rename_axis("code").reset_index().assign(column=column))
    return pd.concat(parts, ignore_index=True)[["column", "code", "share_before", "share_now"]]


def mix_periods(batches: pl.DataFrame, periods: Sequence[Period], scope: Scope) -> Mixed:
    """Batches of the scope with the group that each falls into, sparse cells pooled."""
    sample = take_sample(batches, periods, scope, MIX)
    cells = sample.cells.fillna({name: "" for name in MIX})
    sides = [str(period) for period in periods]
    side = cells["period"].map(sides.index).to_numpy(dtype=np.int64)[sample.cell]
    leaves = cells.groupby(list(MIX), sort=True).ngroup().to_numpy()
    keys = cells[list(MIX)].assign(leaf=leaves).drop_duplicates("leaf").sort_values("leaf")
    leaf, ones = leaves[sample.cell], np.ones(len(side))
    counts = _sums(leaf, side, ones, len(sides))
    pooled = pool_sparse_cells(
        counts, list(keys[list(MIX)].itertuples(index=False, name=None)), LEAST_IN_CELL
    )
    group = pooled[leaf]
    n = _sums(group, side, ones, len(sides))
    rates = _sums(group, side, sample.passed, len(sides)) / n
    return Mixed(sample, side, group, n, rates, _apart(counts, pooled))


def _apart(counts: Floats, pooled: Codes) -> Floats:
    """What pooling leaves of the difference between each side and all others, shape (sides,)."""
    others = counts.sum(axis=1, keepdims=True) - counts
    sides = range(counts.shape[1] if counts.shape[1] > 1 else 0)
    return np.array([mix_left_in_pools(counts[:, side], others[:, side], pooled) for side in sides])


def _sums(group: Codes, side: Codes, amount: Floats, sides: int) -> Floats:
    """Sums by group and side, shape (groups, sides)."""
    groups = int(group.max()) + 1
    sums = np.bincount(sides * group + side, weights=amount, minlength=sides * groups)
    return sums.astype(float).reshape(groups, sides)


def weigh_to(mixed: Mixed, standard: Floats | None) -> tuple[Floats, Floats]:
    """Weight of each batch under a standard mix, and the rate of its group, which the weights hold fixed."""
    if standard is None:
        return np.ones(len(mixed.side)), np.zeros(len(mixed.side))
    weight = np.empty(len(mixed.side))
    for side in range(mixed.n.shape[1]):
        here = mixed.side == side
        weight[here] = standard_weights(mixed.group[here], standard)
    return weight, mixed.rates[mixed.group, mixed.side]


def rates_of_sides(mixed: Mixed, weight: Floats, fitted: Floats, scope: Scope) -> ClusteredRates:
    """Rate of each side; every period is a sample of its own."""
    enterprises = int(mixed.sample.enterprise.max(initial=-1)) + 1
    nested = Design(weight, mixed.side, mixed.side * enterprises + mixed.sample.enterprise)
    return clustered_rates(
        nested, mixed.sample.passed, mixed.side, mixed.n.shape[1], icc=scope.icc, confidence=scope.confidence,
        fitted=fitted,
    )  # fmt: skip
