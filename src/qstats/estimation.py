"""What is the batch pass rate, how sure is it, and has it changed?

Batches of one programme and one level of sampling, by the period in which they were sampled. Every rate
carries its number of batches and a Wilson interval, every change a MOVER interval; what the data cannot
support is refused with a reason in the row where the figure would have stood. Intervals treat batches as
independent; enterprises sampled several times make them a little too narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from qstats.methods.proportions import mover_difference, wilson_interval
from qstats.periods import Period

_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
OUTCOME_COLUMNS = {"final": "outcome", "first": "first_outcome"}
_COUNTED = ["fate", "outcome", "first_outcome", "refused_source"]
FATES = ["closed", "nothing_to_sample", "refused", "pending"]
"""Why a planned batch gave no result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which batches a rate is about, and the declared rules for stating it.

    Attributes
    ----------
    programme, level : str
        Codes of the contract; neither is ever pooled.
    outcome : str
        ``final`` (after 复检) or ``first``.
    confidence : float
        Two-sided level, 0–1.
    minimum_batches : int
        With fewer batches the rate cannot be stated.
    dated_from : float
        Share of planned batches that must have a sampling day, 0–1; below it their period is a guess.
        A single batch without one never is in the way.
    """

    level: str
    programme: str = "routine"
    outcome: str = "final"
    confidence: float = 0.95
    minimum_batches: int = 30
    dated_from: float = 0.95


def select_batches(inspections: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Planned batches of the scope's programme and level."""
    return inspections.filter((pl.col("programme") == scope.programme) & (pl.col("level") == scope.level))


def in_period(batches: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Batches sampled in the period; where a batch has no sampling day its announcement's stands for it."""
    day = pl.coalesce("sampled_on", "announced_on")
    return batches.filter(day.is_between(pl.lit(period.start), pl.lit(period.end)))


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
        ``failures``, ``awaited``, ``completeness`` (share of sampled batches whose outcome is in), the
        columns of an estimate, ``status`` and ``reason`` (code of the refusal). Proportions 0–1, unrounded.
    """
    batches = select_batches(inspections, scope)
    counted = pd.concat([_count(_with_undatable(batches, period), scope, by, period) for period in periods])
    complete = _every_group(counted, batches, [str(period) for period in periods], by)
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
    lower, upper = wilson_interval(passes, n, confidence=scope.confidence)
    rate = np.divide(passes, n, out=np.full(len(n), np.nan), where=n > 0)
    guessed = counted["undated"] > np.maximum(1, (1 - scope.dated_from) * counted["planned"])
    reason = np.select(
        [counted["planned"] == 0, counted["barred"] > 0, guessed, n < scope.minimum_batches],
        ["no_data", "source_barred", "no_sampling_date", "too_few_batches"],
        default="",
    )
    status = pd.Series(reason).map(
        {"no_data": "no_data", "source_barred": "refused", "no_sampling_date": "refused",
         "too_few_batches": "cannot_be_stated", "": "stated"}
    )  # fmt: skip
    stated = (status == "stated").to_numpy()
    sampled = counted["n"] + counted["awaited"]
    return counted.assign(
        indicator="pass_rate" if scope.outcome == "final" else "first_pass_rate",
        failures=n - passes,
        completeness=(counted["n"] / sampled.where(sampled > 0)).to_numpy(),
        estimate=np.where(stated, rate, np.nan),
        std_error=np.where(stated, np.sqrt(rate * (1 - rate) / np.maximum(n, 1)), np.nan),
        lower=np.where(stated, lower, np.nan),
        upper=np.where(stated, upper, np.nan),
        confidence=scope.confidence,
        method="wilson",
        status=status.to_numpy(),
        reason=reason,
    )


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


def estimate_changes(
    rates: pd.DataFrame, now: Period, before: Period, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Change of each group's rate from ``before`` to ``now``, in proportions, with a MOVER interval.

    A change is stated only where both rates are; otherwise ``reason`` says which one is not. Batches of
    the two periods count as independent. ``holds`` is False where the direction depends on results that are
    still awaited: failures wait for re-inspection and passes do not, so a new period looks too good.
    """
    pair = [
        rates[rates["period"] == str(period)].set_index(list(by) or ["indicator"]) for period in (now, before)
    ]
    current, earlier = pair[0], pair[1].reindex(pair[0].index)
    difference, lower, upper = mover_difference(
        *(
            (current[name].to_numpy(dtype=float), earlier[name].to_numpy(dtype=float))
            for name in ("estimate", "lower", "upper")
        )
    )
    holds = _direction_holds(current, earlier, lower, upper)
    stated = (current["status"] == "stated") & (earlier["status"] == "stated")
    missing = np.where(current["status"] != "stated", "not_stated_now", "not_stated_before")
    reason = np.where(stated, "", missing)
    return pd.DataFrame(
        {
            "against": str(before), "n_before": earlier["n"].to_numpy(), "change": difference,
            "change_lower": lower, "change_upper": upper, "confidence": current["confidence"],
            "method": "mover", "holds": holds, "status": np.where(stated, "stated", "refused"),
            "reason": reason,
        },
        index=current.index,
    ).reset_index()  # fmt: skip


def _direction_holds(
    current: pd.DataFrame, earlier: pd.DataFrame, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether a direction stays when all awaited results go against it, in both periods."""
    if current.empty:
        return np.empty(0, dtype=bool)
    confidence = float(current["confidence"].iloc[0])
    worst = mover_difference(*_settled(current, earlier, confidence, awaited_pass=(False, True)))[1]
    best = mover_difference(*_settled(current, earlier, confidence, awaited_pass=(True, False)))[2]
    return np.where(lower > 0, worst > 0, np.where(upper < 0, best < 0, True))


def _settled(
    current: pd.DataFrame, earlier: pd.DataFrame, confidence: float, *, awaited_pass: tuple[bool, bool]
) -> tuple[_Pair, _Pair, _Pair]:
    """Estimates, lower and upper limits of both periods with their awaited results settled one way."""
    parts = []
    for rates, passing in zip((current, earlier), awaited_pass, strict=True):
        known = rates[["n", "passes", "awaited"]].fillna(0).to_numpy(dtype=float).T
        n, passes = known[0] + known[2], known[1] + known[2] * passing
        rate = np.divide(passes, n, out=np.full(len(n), np.nan), where=n > 0)
        parts.append((rate, *wilson_interval(passes, n, confidence=confidence)))
    (now, now_lower, now_upper), (then, then_lower, then_upper) = parts
    return (now, then), (now_lower, then_lower), (now_upper, then_upper)


def mix_distance(inspections: pl.DataFrame, now: Period, before: Period, scope: Scope) -> float | None:
    """Share of batches that would have to change size × stage for both periods to have the same mix (0–1).

    None where a period has no batches. Total variation distance of the two distributions.
    """
    batches = select_batches(inspections, scope).filter(pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null())
    mixes = [_mix(in_period(batches, period)) for period in (now, before)]
    if any(mix.empty for mix in mixes):
        return None
    aligned = pd.concat(mixes, axis=1).fillna(0.0)
    return float(0.5 * (aligned.iloc[:, 0] - aligned.iloc[:, 1]).abs().sum())


def _mix(batches: pl.DataFrame) -> pd.Series:
    """Shares of size × stage, empty where there are no batches."""
    known = [pl.col(name).fill_null("unknown") for name in ("enterprise_size", "stage")]
    counted = batches.group_by(pl.concat_str(known, separator="/").alias("group")).len().sort("group")
    return pd.Series(counted["len"] / max(batches.height, 1), index=counted["group"].to_list())


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
