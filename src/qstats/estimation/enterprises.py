"""Which enterprises failed repeatedly, is that more than chance, and what became of those that failed?

Enterprises are those of the scope's batches over a window of periods. A batch whose enterprise nobody knows
belongs to none. Whether there are too many repeaters is judged against what chance makes of the city's rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from qstats.estimation.failed_items import rests_on_barred
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.binomial_intervals import clopper_pearson_interval
from qstats.methods.repeated_failures import RepeatsByChance, repeats_by_chance
from qstats.periods import Period

REPEATED = 2
"""Failed batches from which on an enterprise counts as failing repeatedly."""
FOLLOW_UPS = ("follow_up", "next_batch")
"""How an enterprise was seen again: a follow-up check (复查), or the next batch of the same sampling."""


@dataclass(frozen=True, slots=True)
class RepeatedFailures:
    """Enterprises with repeated failures in a window, and what chance would give.

    Attributes
    ----------
    enterprises : DataFrame
        One row for each: ``enterprise_id, enterprise_name, county_code, product_class, batches, failures,
        last_failure, products`` (those that failed, as one text), most failures first.
    chance : RepeatsByChance, optional
        Their number if every batch failed at the rate of all; None where a source of the batches carries no
        rate.
    sampled, failed : int
        Enterprises with a result, and with at least one failure.
    batches, failures : int
        Batches of known enterprises with a result, and those that failed.
    """

    enterprises: pd.DataFrame
    chance: RepeatsByChance | None
    sampled: int
    failed: int
    batches: int
    failures: int


def find_repeated_failures(
    inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope
) -> RepeatedFailures:
    """Enterprises that failed at least twice in the periods, with the number that chance would give."""
    known = _known_batches(inspections, periods, scope)
    each = known.group_by("enterprise_id").agg(
        pl.len().alias("batches"), (pl.col("result") == "fail").sum().alias("failures")
    )
    batches, failures = known.height, int(each["failures"].sum())
    repeaters = each.filter(pl.col("failures") >= REPEATED)
    chance = None
    if not rests_on_barred(known):
        chance = repeats_by_chance(
            each["batches"].to_numpy(), failures / max(batches, 1), repeaters.height,
            at_least=REPEATED, confidence=scope.confidence,
        )  # fmt: skip
    described = _describe(known.filter(pl.col("result") == "fail")).join(
        each, on="enterprise_id", how="right"
    )
    listed = described.filter(pl.col("failures") >= REPEATED).sort(
        ["failures", "batches", "last_failure", "enterprise_id"], descending=[True, False, True, False]
    )
    failed = int((each["failures"] > 0).sum())
    return RepeatedFailures(
        listed.select(_REPEATER).to_pandas(), chance, each.height, failed, batches, failures
    )


_REPEATER = [
    "enterprise_id", "enterprise_name", "county_code", "product_class", "batches", "failures",
    "last_failure", "products",
]  # fmt: skip


def estimate_follow_up(inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope) -> pd.DataFrame:
    """Of the enterprises that failed in the periods, how many were seen again and how many passed then.

    Each enterprise counts once: with its first failure in the window and the first batch with a result that
    was sampled after it. What was seen after the window's end is not looked at.

    Returns
    -------
    DataFrame
        A row for each of :data:`FOLLOW_UPS`: ``seen_by, failed, seen, passed, not_seen, estimate`` (passed of
        those seen), ``lower, upper, confidence, n`` (= seen), ``method, status, reason``.
    """
    known = _known_batches(inspections, periods, scope)
    first = _first_failures(known)
    checks = _known_batches(inspections, periods, scope, programme="follow_up")
    rows = [_seen_again(first, later) for later in (checks, known)]
    counted = pd.DataFrame(rows, columns=["seen", "passed"]).assign(
        seen_by=list(FOLLOW_UPS), failed=first.height
    )
    barred = np.array([rests_on_barred(later) or rests_on_barred(known) for later in (checks, known)])
    return _state(counted, barred, scope)


def list_next_batches(inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope) -> pl.DataFrame:
    """Batches behind ``next_batch`` of `estimate_follow_up`.

    Of the enterprises seen again the first failures, and what was sampled of them next.
    """
    known = _known_batches(inspections, periods, scope)
    first = _first_failures(known)
    after = _next_batches(first, known)
    failed = known.filter(pl.col("result") == "fail").join(first, on=["enterprise_id", "day"], how="semi")
    seen = failed.join(after, on="enterprise_id", how="semi")
    return pl.concat([seen, after.select(seen.columns)])


def _first_failures(known: pl.DataFrame) -> pl.DataFrame:
    """Day on which each enterprise failed first."""
    return known.filter(pl.col("result") == "fail").group_by("enterprise_id").agg(pl.col("day").min())


def _known_batches(
    inspections: pl.DataFrame, periods: Sequence[Period], scope: Scope, programme: str | None = None
) -> pl.DataFrame:
    """Batches of known enterprises with a result, with ``result`` and ``day``; follow-ups of any level."""
    chosen = (
        inspections.filter(pl.col("programme") == programme)
        if programme
        else select_batches(inspections, scope)
    )
    result = pl.col(OUTCOME_COLUMNS[scope.outcome]).alias("result")
    return (
        pl.concat([in_period(chosen, period) for period in periods])
        .with_columns(result, day=pl.coalesce("sampled_on", "announced_on"))
        .filter(pl.col("result").is_not_null() & pl.col("enterprise_id").is_not_null())
        .sort("day", "batch_id")
    )


def _describe(failed: pl.DataFrame) -> pl.DataFrame:
    """What is known of each enterprise from its failed batches, the newest first."""
    return failed.group_by("enterprise_id", maintain_order=True).agg(
        pl.col("enterprise_name", "county_code", "product_class").last(),
        pl.col("day").max().alias("last_failure"),
        pl.col("product_name").drop_nulls().unique().sort().str.join(";").alias("products"),
    )


def _seen_again(first: pl.DataFrame, later: pl.DataFrame) -> tuple[int, int]:
    """Enterprises with a later batch, and those whose next one passed (all of that day must)."""
    each = _next_batches(first, later).group_by("enterprise_id")
    passed = each.agg((pl.col("result") == "pass").all().alias("passed"))["passed"]
    return len(passed), int(passed.sum())


def _next_batches(first: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Batches of the first day after its failure on which an enterprise was sampled again."""
    after = later.join(first.rename({"day": "failed_on"}), on="enterprise_id").filter(
        pl.col("day") > pl.col("failed_on")
    )
    return after.filter(pl.col("day") == pl.col("day").min().over("enterprise_id"))


_STATUS_OF_REASON = {
    "no_failure": "no_data", "not_seen": "no_data", "source_barred": "refused",
    "too_few_seen": "cannot_be_stated", "": "stated",
}  # fmt: skip


def _state(counted: pd.DataFrame, barred: NDArray[np.bool_], scope: Scope) -> pd.DataFrame:
    seen, passed = counted["seen"].to_numpy(), counted["passed"].to_numpy()
    enough = (seen >= scope.minimum_batches) & ~barred
    lower, upper = clopper_pearson_interval(passed, seen, confidence=scope.confidence)
    conditions = [counted["failed"] == 0, seen == 0, barred, ~enough]
    reason = np.select(conditions, list(_STATUS_OF_REASON)[:4], default="")
    return counted.assign(
        not_seen=counted["failed"] - seen,
        n=seen,
        estimate=np.where(enough, passed / np.maximum(seen, 1), np.nan),
        lower=np.where(enough, lower, np.nan),
        upper=np.where(enough, upper, np.nan),
        confidence=scope.confidence,
        method="clopper_pearson",
        status=[_STATUS_OF_REASON[code] for code in reason],
        reason=reason,
    )
