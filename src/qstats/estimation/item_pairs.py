"""Which items fail together in the same batch more often than chance would have it?

Pairs are judged among the failed batches, class of product by class, because items that are never tested on
the same product cannot fail together. All pairs that could have reached the fewest batches asked for are
tested, and the p-values are adjusted over all of them.

Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from scipy.stats import false_discovery_control

from qstats.estimation.failed_items import failed_batches, items_failed
from qstats.estimation.scope import Scope
from qstats.methods.co_occurrence import expected_together, together_p_value
from qstats.periods import Period

_COLUMNS = ["item", "other_item", "batches", "expected", "ratio", "p_value", "p_adjusted", "pairs_tested"]


def estimate_item_pairs(
    inspections: pl.DataFrame,
    items: pl.DataFrame,
    periods: Sequence[Period],
    scope: Scope,
    *,
    fewest: int = 3,
) -> pd.DataFrame:
    """Pairs of items that failed together in at least so many batches, the surest first.

    Returns
    -------
    DataFrame
        ``item, other_item, batches`` (failed in both), ``expected`` under independence within product
        classes, ``ratio`` of the two, ``p_value`` (exact, one-sided), ``p_adjusted`` and ``pairs_tested``.
    """
    failed = failed_batches(inspections, periods, scope)
    fails, classes = _incidence(failed, items_failed(items, failed))
    fails = fails.loc[:, fails.sum() >= fewest]
    tested = pd.DataFrame(_judge_pairs(fails, classes, fewest), columns=_COLUMNS[:-2])
    if tested.empty:
        return pd.DataFrame(columns=_COLUMNS)
    tested = tested.assign(p_adjusted=false_discovery_control(tested["p_value"]), pairs_tested=len(tested))
    return (
        tested[tested["batches"] >= fewest]
        .sort_values(["p_adjusted", "batches", "item"], ascending=[True, False, True], kind="stable")
        .reset_index(drop=True)
    )


def _incidence(failed: pl.DataFrame, listed: pl.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Which failed batch (row) failed in which item (column), and the class of each batch."""
    classes = failed.filter(pl.col("batch_id").is_in(listed["batch_id"].implode())).sort("batch_id")
    of_batch = pd.Series(
        classes["product_class"].fill_null("").to_list(), index=classes["batch_id"].to_list(), dtype=str
    )
    pairs = listed.select("batch_id", "item").to_pandas()
    return pd.crosstab(pairs["batch_id"], pairs["item"]).reindex(of_batch.index) > 0, of_batch


def _judge_pairs(fails: pd.DataFrame, classes: pd.Series, fewest: int) -> list[tuple[object, ...]]:
    """Each pair that could have failed together so often: observed, expected, ratio, exact p-value."""
    marks = fails.to_numpy(dtype=np.int64)
    strata, code = np.unique(classes.to_numpy(dtype=str), return_inverse=True)
    failed = np.bincount(code, minlength=len(strata))
    sums = np.zeros((len(strata), marks.shape[1]), np.int64)
    np.add.at(sums, code, marks)
    together = marks.T @ marks
    judged: list[tuple[object, ...]] = []
    for first in range(marks.shape[1]):
        reach = np.minimum(sums[:, [first]], sums[:, first + 1 :]).sum(axis=0)
        for second in first + 1 + np.flatnonzero(reach >= fewest):
            both, parts = int(together[first, second]), (failed, sums[:, first], sums[:, second])
            expected, names = expected_together(*parts), (fails.columns[first], fails.columns[second])
            judged.append((*names, both, expected, both / expected, together_p_value(*parts, both)))
    return judged
