"""What did the failed batches fail in, and how grave was it?

Counted are batches, not items: a batch may fail in several. Failed batches of one enterprise count as alike,
so that intervals of shares rest on the number of enterprises that failed. How many batches were tested for an
item is mostly not reported: the share of all batches is a lower bound of its failure rate.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import polars as pl

from qstats.estimation.sample import ENTERPRISE
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.effective_size import effective_sizes
from qstats.periods import Period

SEVERITIES = ("A", "B", "C")
"""Classes from the gravest: safety and health, performance, labelling."""
UNKNOWN_SEVERITY, NO_ITEM = "unknown", "no_item"


def count_failed_items(
    inspections: pl.DataFrame, items: pl.DataFrame, period: Period, scope: Scope
) -> pd.DataFrame:
    """Failed items of the period's failed batches: batches in which each failed, and their share."""
    failed = failed_batches(inspections, [period], scope)
    counted = (
        items_failed(items, failed)
        .group_by("item")
        .agg(pl.col("batch_id").n_unique().alias("batches"))
        .sort(["batches", "item"], descending=[True, False])
    )
    return counted.with_columns((pl.col("batches") / max(failed.height, 1)).alias("share")).to_pandas()


def estimate_failed_items(
    inspections: pl.DataFrame, items: pl.DataFrame, period: Period, scope: Scope, severity: Mapping[str, str]
) -> pd.DataFrame:
    """Failed items with the intervals of their shares, the commonest first.

    Parameters
    ----------
    inspections, items : polars.DataFrame
        Clean batches of all programmes and their items.
    severity : mapping
        Class of an item (:data:`SEVERITIES`); where the supplier states one, that prevails.

    Returns
    -------
    DataFrame
        ``item, severity`` (``unknown`` where nobody classed it), ``batches, failed_batches, share, lower,
        upper, confidence, effective_n`` of the failed batches; ``n`` and ``share_of_all, lower_of_all,
        upper_of_all`` of all batches with a result, null where a source that holds some of them carries no
        rate. Proportions 0–1, unrounded.
    """
    counted = count_failed_items(inspections, items, period, scope)
    every = _with_result(inspections, [period], scope)
    failed = failed_batches(inspections, [period], scope)
    of_all = _with_interval(counted["batches"], every, scope.icc, scope.confidence).add_suffix("_of_all")
    if rests_on_barred(every):
        of_all = of_all * np.nan
    of_failed = _with_interval(counted["batches"], failed, 1.0, scope.confidence)
    graded = counted.assign(
        severity=_graded(items_failed(items, failed), severity).loc[counted["item"]].to_numpy(),
        failed_batches=failed.height, n=every.height, confidence=scope.confidence,
    )  # fmt: skip
    return graded.drop(columns="share").join(of_failed).join(of_all.drop(columns="effective_n_of_all"))


def estimate_severities(
    inspections: pl.DataFrame, items: pl.DataFrame, period: Period, scope: Scope, severity: Mapping[str, str]
) -> pd.DataFrame:
    """Failed batches by the gravest class among their failed items.

    Returns
    -------
    DataFrame
        ``severity`` (``A``, ``B``, ``C``; ``unknown`` where no failed item is classed, ``no_item`` where none
        is listed), ``batches, failed_batches, share, lower, upper, confidence, effective_n``; every class has
        its row.
    """
    failed = failed_batches(inspections, [period], scope)
    listed = items_failed(items, failed)
    grades = pl.Series(_graded_rows(listed, severity), dtype=pl.String)
    gravest = listed.with_columns(grade=grades).group_by("batch_id").agg(pl.col("grade").min())
    known = dict(gravest["grade"].value_counts().iter_rows())
    counts = [known.get(grade, 0) for grade in (*SEVERITIES, UNKNOWN_SEVERITY)]
    counted = pd.DataFrame(
        {
            "severity": [*SEVERITIES, UNKNOWN_SEVERITY, NO_ITEM],
            "batches": [*counts, failed.height - gravest.height],
            "failed_batches": failed.height,
            "confidence": scope.confidence,
        }
    )
    return counted.join(_with_interval(counted["batches"], failed, 1.0, scope.confidence))


def failed_batches(inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope) -> pl.DataFrame:
    """Batches of the scope's periods that failed by its outcome, with ``enterprise`` naming their maker."""
    return _with_result(inspections, periods, scope).filter(pl.col(OUTCOME_COLUMNS[scope.outcome]) == "fail")


def rests_on_barred(batches: pl.DataFrame) -> bool:
    """Whether a source that may carry no rate (such as a list of failures only) holds one of the batches."""
    return "refused_source" in batches.columns and batches["refused_source"].is_not_null().any()


def items_failed(items: pl.DataFrame, failed: pl.DataFrame) -> pl.DataFrame:
    """Items in which the failed batches failed, each once for a batch: ``batch_id, item, severity``."""
    known = items if "severity" in items.columns else items.with_columns(severity=pl.lit(None, pl.String))
    return (
        known.filter((pl.col("verdict") == "fail") & pl.col("item").is_not_null())
        .join(failed.select("batch_id"), on="batch_id", how="semi")
        .group_by("batch_id", "item")
        .agg(pl.col("severity").min())
        .sort("batch_id", "item")
    )


def _with_result(inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope) -> pl.DataFrame:
    chosen = select_batches(inspections, scope).filter(pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null())
    return pl.concat([in_period(chosen, period) for period in periods]).with_columns(enterprise=ENTERPRISE)


def _graded_rows(listed: pl.DataFrame, severity: Mapping[str, str]) -> list[str]:
    """Class of each failed item: the supplier's own, the declared one, or ``unknown``."""
    return [
        stated if stated in SEVERITIES else severity.get(item, UNKNOWN_SEVERITY)
        for item, stated in listed.select("item", "severity").iter_rows()
    ]


def _graded(listed: pl.DataFrame, severity: Mapping[str, str]) -> pd.Series:
    """Gravest class of each item."""
    return (
        pd.Series(_graded_rows(listed, severity), index=listed["item"].to_list(), dtype=str)
        .groupby(level=0)
        .min()
    )


def _with_interval(counts: pd.Series, of: pl.DataFrame, icc: float, confidence: float) -> pd.DataFrame:
    """Shares of the counts in a set of batches, with Korn-Graubard limits on its effective size."""
    together = of["enterprise"].rank("dense").cast(pl.Int64).to_numpy()
    inside = np.zeros(of.height, dtype=np.int64)
    effective = effective_sizes(np.ones(of.height), together, inside, 1, icc=icc)[0] if of.height else 0.0
    share = counts.to_numpy(dtype=float) / max(of.height, 1)
    lower, upper = korn_graubard_interval(share, np.full(len(share), effective), confidence=confidence)
    return pd.DataFrame(
        {"share": share, "lower": lower, "upper": upper, "effective_n": effective}, index=counts.index
    )
