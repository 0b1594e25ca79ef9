"""What share of the batches passed? Counts by period and group, stated with an interval or refused."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl

from qstats.estimation.reliability import judge_reliability
from qstats.estimation.sample import measure_cells, take_sample
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.periods import Period

_COUNTED = ["fate", "outcome", "first_outcome", "refused_source"]
FATES = ["closed", "nothing_to_sample", "refused", "pending"]
"""Why a planned batch gave no result."""


def estimate_pass_rates(
    inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Pass rate of each period and group, stated or refused.

    Parameters
    ----------
    inspections : polars.DataFrame
        Clean batches with ``refused_source`` (:func:`qstats.cleaning.admissibility.mark_admissible`).
    periods : sequence of Period
    scope : Scope
    by : sequence of str
        Group columns; a group without batches in one of the periods stays in the table with ``n = 0``.

    Returns
    -------
    DataFrame
        ``period, indicator, <by>``, counts by fate, ``n`` (batches with an outcome), ``passes``,
        ``failures``, ``awaited`` (results to come), ``unlisted`` (batches that the sources declare and do
        not hold), ``completeness`` (share of sampled and declared batches whose outcome is in),
        ``enterprises`` (sampled, with an outcome), ``effective_n``, ``deff``, the columns of an estimate,
        ``status``, ``reason`` (code of the refusal) and ``reliability``. Proportions 0–1, unrounded.
    """
    batches = select_batches(inspections, scope)
    counted = pd.concat([_count(_with_undatable(batches, period), scope, by, period) for period in periods])
    complete = _every_group(counted, batches, [str(period) for period in periods], by)
    precision = measure_cells(take_sample(inspections, periods, scope, by), scope.icc, scope.confidence)
    complete = complete.merge(precision, on=["period", *by], how="left")
    return _state(complete, scope).reset_index(drop=True)


def _with_undatable(batches: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Batches of the period and, emptied so that only ``undated`` counts them, those that no day places."""
    within = in_period(batches, period)
    nowhere = batches.filter(
        pl.coalesce("sampled_on", "announced_on").is_null()
        & pl.col("fate").is_in(["sampled", "pending"])
        & pl.col("source_id").is_in(within["source_id"].unique().implode())
    )
    emptied = nowhere.with_columns(pl.lit(None).alias(name) for name in _COUNTED)
    return pl.concat([within, emptied], how="vertical_relaxed")


def _count(batches: pl.DataFrame, scope: Scope, by: Sequence[str], period: Period) -> pd.DataFrame:
    outcome, fate = pl.col(OUTCOME_COLUMNS[scope.outcome]), pl.col("fate")
    barred = pl.col("refused_source").is_not_null()
    fates = [(fate == code).sum().alias(code) for code in FATES]
    counts = [
        pl.col("fate").is_not_null().sum().alias("planned"),
        *fates,
        outcome.is_not_null().sum().alias("n"),
        (outcome == "pass").sum().alias("passes"),
        ((fate == "pending") & outcome.is_null()).sum().alias("awaited"),
        ((fate == "pending") & (pl.col("first_outcome") == "fail")).sum().alias("awaiting_retest"),
        barred.sum().alias("barred"),
        _listed("refused_source").alias("sources_barred"),
        _listed("source_id").alias("sources"),
        pl.col("sampled_on").is_null().sum().alias("undated"),
        pl.col("unlisted").filter(pl.col("source_id").is_first_distinct()).sum().alias("unlisted"),
    ]
    grouped = batches.group_by(*by).agg(counts) if by else batches.select(counts)
    return grouped.to_pandas().assign(period=str(period))


def _listed(column: str) -> pl.Expr:
    """Distinct codes of a column as one text, in order."""
    return pl.col(column).drop_nulls().unique().sort().str.join(",")


def _every_group(
    counted: pd.DataFrame, batches: pl.DataFrame, periods: Sequence[str], by: Sequence[str]
) -> pd.DataFrame:
    """One row per period and group that occurs anywhere in the scope: an empty county stays visible."""
    if not by:
        return counted
    groups = batches.select(by).unique().sort(by, nulls_last=True).to_pandas()
    frame = pd.DataFrame({"period": list(periods)}).merge(groups, how="cross")
    frame = frame.merge(counted, on=["period", *by], how="left")
    texts = ["sources", "sources_barred"]
    numbers = [name for name in counted.columns if name not in ("period", *texts, *by)]
    return frame.assign(
        **{name: frame[name].fillna(0).astype("int64") for name in numbers},
        **{name: frame[name].fillna("") for name in texts},
    )


def _state(counted: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    n, passes = counted["n"].to_numpy(), counted["passes"].to_numpy()
    counted = counted.assign(
        enterprises=counted["enterprises"].fillna(0).astype("int64"),
        effective_n=counted["effective_n"].fillna(0.0),
    )
    rate = np.divide(passes, n, out=np.full(len(n), np.nan), where=n > 0)
    lower, upper = korn_graubard_interval(
        np.nan_to_num(rate), counted["effective_n"], confidence=scope.confidence
    )
    reason = _reason(counted, scope)
    status = reason.map(_STATUS_OF_REASON)
    stated = (status == "stated").to_numpy()
    sampled = counted["n"] + counted["awaited"] + counted["unlisted"]
    rates = counted.drop(columns="rate").assign(
        indicator="pass_rate" if scope.outcome == "final" else "first_pass_rate",
        failures=n - passes,
        completeness=(counted["n"] / sampled.where(sampled > 0)).to_numpy(),
        estimate=np.where(stated, rate, np.nan),
        std_error=np.where(stated, counted["std_error"], np.nan),
        lower=np.where(stated, lower, np.nan),
        upper=np.where(stated, upper, np.nan),
        confidence=scope.confidence,
        method="korn_graubard",
        status=status.to_numpy(),
        reason=reason.to_numpy(),
    )
    return rates.assign(reliability=judge_reliability(rates))


_STATUS_OF_REASON = {
    "no_data": "no_data", "source_barred": "refused", "no_sampling_date": "refused",
    "too_few_batches": "cannot_be_stated", "": "stated",
}  # fmt: skip


def _reason(counted: pd.DataFrame, scope: Scope) -> pd.Series:
    """Code of why a rate is not stated, the first that applies; empty where it is."""
    guessed = counted["undated"] > np.maximum(1, (1 - scope.dated_from) * counted["planned"])
    conditions = [
        counted["planned"] == 0, counted["barred"] > 0, guessed, counted["n"] < scope.minimum_batches,
    ]  # fmt: skip
    return pd.Series(np.select(conditions, list(_STATUS_OF_REASON)[:4], default=""), index=counted.index)


def count_unscoped(inspections: pl.DataFrame, period: Period) -> int:
    """Batches of the period whose programme or level is not known: they enter no rate."""
    unknown = pl.col("programme").is_null() | pl.col("level").is_null()
    return in_period(inspections, period).filter(unknown).height


def estimate_each_programme(inspections: pl.DataFrame, period: Period, scope: Scope) -> pd.DataFrame:
    """Pass rate of every programme and level that occurs in the period, each by itself."""
    pairs = in_period(inspections, period).select("programme", "level").drop_nulls().unique()
    parts = [
        estimate_pass_rates(inspections, [period], replace(scope, programme=programme, level=level)).assign(
            programme=programme, level=level
        )
        for programme, level in pairs.sort("programme", "level").iter_rows()
    ]
    empty = estimate_pass_rates(inspections, [period], scope).iloc[:0].assign(programme="", level="")
    return pd.concat(parts, ignore_index=True) if parts else empty


def estimate_both_outcomes(inspections: pl.DataFrame, period: Period, scope: Scope) -> pd.DataFrame:
    """Pass rate by final and by first outcome, one row each, with ``used`` naming the outcome."""
    return pd.concat(
        [
            estimate_pass_rates(inspections, [period], replace(scope, outcome=outcome)).assign(used=outcome)
            for outcome in OUTCOME_COLUMNS
        ],
        ignore_index=True,
    )
