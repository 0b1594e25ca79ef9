"""Which items fail together in the same batch more often than chance would have it?

Pairs are judged among the failed batches, class of product by class, because items that are never tested on
the same product cannot fail together. All pairs that could have reached the fewest batches asked for are
tested, and the p-values are adjusted over all of them.

Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
"""

from collections.abc import Sequence
from itertools import combinations

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
    frequent = [item for item in fails.columns if fails[item].sum() >= fewest]
    pairs = combinations(frequent, 2)
    judged = [_judge(fails, classes, *pair) for pair in pairs if _reach(fails[list(pair)], classes) >= fewest]
    tested = pd.DataFrame(judged, columns=_COLUMNS[:-2])
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


def _reach(pair: pd.DataFrame, classes: pd.Series) -> int:
    """Batches that could have failed in both items at most, class by class."""
    return int(pair.groupby(classes).sum().min(axis=1).sum())


def _judge(fails: pd.DataFrame, classes: pd.Series, first: str, second: str) -> tuple[object, ...]:
    """One pair: observed and expected batches, their ratio, the exact p-value."""
    marks = pd.DataFrame({"one": fails[first], "other": fails[second], "failed": True})
    sums = marks.groupby(classes).sum()
    parts = (sums["failed"].to_numpy(), sums["one"].to_numpy(), sums["other"].to_numpy())
    both, expected = int((fails[first] & fails[second]).sum()), expected_together(*parts)
    ratio = both / expected if expected > 0 else np.nan
    return first, second, both, expected, ratio, together_p_value(*parts, both)
