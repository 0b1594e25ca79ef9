"""What did the failed batches fail in?"""

import pandas as pd
import polars as pl

from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.periods import Period


def count_failed_items(
    inspections: pl.DataFrame, items: pl.DataFrame, period: Period, scope: Scope
) -> pd.DataFrame:
    """Failed items of the period's failed batches: batches in which each failed, and their share."""
    batches = in_period(select_batches(inspections, scope), period)
    failed = batches.filter(pl.col(OUTCOME_COLUMNS[scope.outcome]) == "fail").select("batch_id")
    counted = (
        items.filter(pl.col("verdict") == "fail")
        .join(failed, on="batch_id", how="semi")
        .group_by("item")
        .agg(pl.col("batch_id").n_unique().alias("batches"))
        .sort(["batches", "item"], descending=[True, False])
    )
    return counted.with_columns((pl.col("batches") / max(failed.height, 1)).alias("share")).to_pandas()
