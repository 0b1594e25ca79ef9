"""How many failures does the mix of a group's batches make one expect, at the rates of all other groups?

Indirect standardisation over cells of size × stage × class; the groups are laboratories, or months of a
series. Only cells in which the other groups have enough batches take part: where a laboratory alone tests a
product, nobody can say whether it or the product is unusual. The others' rates are estimates as well; the
comparison is worth fewer batches for it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qstats.methods.standardisation import pool_sparse_cells

MIX = ("enterprise_size", "stage", "product_class")
_LEAST_EXPECTED = 1.0
_LEAST_IN_CELL = 20
_LEAST_OF_OTHERS = 10


def adjust_for_mix(
    groups: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    group: str,
    mix: Sequence[str] = MIX,
    least_expected: float = _LEAST_EXPECTED,
) -> pd.DataFrame:
    """Pass rate of each group as it would be at the mix of all.

    Parameters
    ----------
    groups, cells : DataFrame
        Rows of :func:`qstats.estimation.estimate_pass_rates` over the same periods, by ``group`` and by
        ``group`` and ``mix``: ``n, failures, barred`` and, in the first, ``effective_n``. Rows with batches
        from sources that carry no rate are left out.
    group : str
        Column of the groups; null becomes a group of its own, ``""``.
    mix : sequence of str
        Columns of the cells, the most important distinction first.
    least_expected : float
        Failures to be expected from which a group is adjusted; none are adjusted where 0 are expected.

    Returns
    -------
    DataFrame
        Columns of :func:`expect_failures` but the variance, and ``ratio`` (observed to expected),
        ``adjusted`` (pass rate at the mix of all, at least 0; null where too few are expected), ``target``
        (pass rate of all) and ``effective_n`` (batches of average risk that the comparison is worth: as
        many have the variance of the adjusted rate).
    """
    cells, groups = cells[cells["barred"] == 0], groups[groups["barred"] == 0]
    table = expect_failures(cells, group=group, mix=mix)
    table = table.merge(_worth_of_a_batch(groups, group), on=group, how="left")
    risk = table["failures"].sum() / table["n"].sum() if len(table) else np.nan
    expected = table["expected"].where((table["expected"] >= least_expected) & (table["expected"] > 0))
    ratio = table["observed"] / expected
    batches = (1 - risk) * expected**2 / (risk * table["variance"])
    return table.drop(columns=["variance", "worth"]).assign(
        ratio=ratio,
        adjusted=(1 - risk * ratio).clip(lower=0.0),
        target=1 - risk,
        effective_n=batches * table["worth"],
    )


def _worth_of_a_batch(groups: pd.DataFrame, group: str) -> pd.DataFrame:
    """Effective batches for each batch of a group: those of one enterprise are alike."""
    named = groups.assign(**{group: groups[group].fillna("").astype(str)})
    sums = named.groupby(group, sort=True)[["n", "effective_n"]].sum()
    return (sums["effective_n"] / sums["n"].where(sums["n"] > 0)).rename("worth").reset_index()


def expect_failures(cells: pd.DataFrame, *, group: str, mix: Sequence[str]) -> pd.DataFrame:
    """Observed and expected failures of each group.

    Parameters
    ----------
    cells : DataFrame
        ``<group>, <mix>, n, failures``; further rows of a cell are added up. A null is a code of its own.
    group : str
    mix : sequence of str
        Columns of the cells, the most important distinction first; sparse cells are pooled with those that
        agree in the first ones.

    Returns
    -------
    DataFrame
        ``<group>, n, failures``; among batches that others test as well: ``compared`` (their number),
        ``observed`` and ``expected`` failures and ``variance`` of observed minus expected while the group
        is like the others.
    """
    counted = _count_pools(cells[cells["n"] > 0], group, list(mix))
    total = counted.groupby("pool")[["n", "failures"]].transform("sum")
    others = total - counted[["n", "failures"]]
    shared = others["n"] >= _LEAST_OF_OTHERS
    share_of_others = counted["n"] / others["n"].where(shared)
    risk = total["failures"] / total["n"]
    table = counted.assign(
        compared=counted["n"].where(shared, 0),
        observed=counted["failures"].where(shared, 0),
        expected=(share_of_others * others["failures"]).fillna(0.0),
        variance=(counted["n"] * risk * (1 - risk) * (1 + share_of_others)).fillna(0.0),
    )
    return table.drop(columns="pool").groupby(group, sort=True, as_index=False).sum()


def _count_pools(cells: pd.DataFrame, group: str, mix: list[str]) -> pd.DataFrame:
    """Batches and failures of each group in each pool of cells."""
    named = cells.assign(**{name: cells[name].fillna("").astype(str) for name in [group, *mix]})
    by_cell = named.groupby(mix, sort=True)["n"].sum()
    keys = [key if isinstance(key, tuple) else (key,) for key in by_cell.index]
    pools = np.zeros(len(keys), dtype=np.int64)
    if keys:
        pools = pool_sparse_cells(by_cell.to_numpy(dtype=float), keys, _LEAST_IN_CELL)
    numbered = by_cell.to_frame().assign(pool=pools)["pool"]
    joined = named.join(numbered, on=mix)
    return joined.groupby(["pool", group], sort=True)[["n", "failures"]].sum().reset_index()
