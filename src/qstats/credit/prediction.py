"""Do enterprises with a bad grade fail more often in the year that follows?

Grades of the end of a year beside the batches sampled in the next one. Rates are of batches, with limits for
batches of one enterprise that are alike; the trend and the area under the curve likewise. Enterprises that
were not sampled again say nothing, and which ones are sampled depends on the grade: both are counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from qstats.credit.grading import Graded
from qstats.methods.clustered_rates import clustered_rates
from qstats.methods.discrimination import Area, ClusteredTrend, clustered_area, clustered_trend
from qstats.methods.effective_size import intra_cluster_correlation
from qstats.methods.survey.design import Design


@dataclass(frozen=True)
class Prediction:
    """What grades said of the year after.

    Attributes
    ----------
    rates : DataFrame
        One row per group of grades, best first: ``grades`` (joined by ``+`` where pooled), ``graded,
        enterprises`` (sampled again), ``n, failures`` (batches), ``estimate, lower, upper`` (share of failed
        batches), NaN without batches.
    trend : ClusteredTrend
        Over the place of the grade, best first: a positive slope is more failures in worse grades.
    area, score_area : Area
        Chance that a batch that passed came from an enterprise with the better grade, or with the higher
        score: the score is finer than the grade and knows no veto.
    ordered : bool or None
        Whether each worse group has a higher failure rate than the better ones; None with fewer than two.
    """

    rates: pd.DataFrame
    trend: ClusteredTrend
    area: Area
    score_area: Area
    ordered: bool | None

    @property
    def n(self) -> int:
        """Batches of graded enterprises."""
        return int(self.rates["n"].sum())


def predict_failures(
    graded: Graded, links: pl.DataFrame, batches: pl.DataFrame, *, confidence: float,
    minimum_enterprises: int = 1, groups: Sequence[tuple[str, ...]] | None = None,
) -> Prediction:  # fmt: skip
    """Failures of the batches that follow on grades.

    Parameters
    ----------
    graded : Graded
        On a day before the batches.
    links : DataFrame
        ``enterprise_links``.
    batches : DataFrame
        Batches of one programme and level from sources that carry a rate.
    confidence : float
    minimum_enterprises : int
        Neighbouring grades are pooled until each group has as many enterprises that were sampled again.
    groups : sequence of tuple of str, optional
        Grades that are together to begin with, best first; by default each alone.
    """
    keys = links.filter(pl.col("table") == "inspections").select("record_key", enterprise="enterprise_id")
    grades = graded.grades.select("enterprise_id", "grade", "score")
    places = {grade: at for at, grade in enumerate(graded.scheme.names)}
    after = (
        batches.filter(pl.col("outcome").is_not_null())
        .join(keys, left_on="batch_id", right_on="record_key")
        .join(grades, left_on="enterprise", right_on="enterprise_id")
        .select(
            "enterprise", "score", (pl.col("outcome") == "fail").alias("failed"),
            pl.col("grade").replace_strict(places, return_dtype=pl.Int64).alias("place"),
        )
        .sort("enterprise", "place")
    )  # fmt: skip
    alone = [(name,) for name in graded.scheme.names]
    counts = after.group_by("place").agg(pl.col("enterprise").n_unique())
    sampled = {graded.scheme.names[place]: count for place, count in counts.iter_rows()}
    pooled = pool_grades(groups or alone, sampled, minimum_enterprises)
    rates = _measure(after, pooled, graded, confidence)
    of_each = after.group_by("enterprise").agg(pl.col("failed").sum(), pl.len(), pl.col("place").first())
    trend = clustered_trend(of_each["failed"], of_each["len"], of_each["place"])
    area, score_area = (
        clustered_area(promise, after["failed"], after["enterprise"], confidence=confidence)
        for promise in (-after["place"], after["score"])
    )
    return Prediction(rates, trend, area, score_area, _is_ordered(rates))


def pool_grades(
    groups: Sequence[tuple[str, ...]], counts: Mapping[str, int], minimum: int
) -> list[tuple[str, ...]]:
    """Neighbouring groups of grades, from the worst up, together until each has enough of what is counted.

    Parameters
    ----------
    groups : sequence of tuple of str
        Best first.
    counts : dict
        By grade; one that is not there has none.
    minimum : int
        All groups become one where there are fewer in all.
    """
    pooled: list[tuple[str, ...]] = []
    held: tuple[str, ...] = ()
    for group in reversed(groups):
        held = (*group, *held)
        if sum(counts.get(grade, 0) for grade in held) >= minimum:
            pooled.insert(0, held)
            held = ()
    if held and pooled:
        pooled[0] = (*held, *pooled[0])
    return pooled or [held]


def _measure(
    after: pl.DataFrame, groups: Sequence[tuple[str, ...]], graded: Graded, confidence: float
) -> pd.DataFrame:
    of_place = [at for at, group in enumerate(groups) for _ in group]
    place = after["place"].to_numpy()
    cell = np.array(of_place, dtype=np.int64)[place]
    _, cluster = np.unique(after["enterprise"].to_numpy(), return_inverse=True)
    failed = after["failed"].to_numpy().astype(float)
    icc = intra_cluster_correlation(failed, cluster).value
    held = [graded.grades.filter(pl.col("grade").is_in(group)).height for group in groups]
    frame = pd.DataFrame({"grades": ["+".join(group) for group in groups], "graded": held})
    if not len(after):
        return frame.assign(enterprises=0, n=0, failures=0, estimate=np.nan, lower=np.nan, upper=np.nan)
    design = Design(np.ones(len(failed)), np.zeros(len(failed), dtype=np.int64), cluster.astype(np.int64))
    found = clustered_rates(design, failed, cell, len(groups), icc=icc, confidence=confidence)
    failures = np.bincount(cell, weights=failed, minlength=len(groups)).astype(int)
    return frame.assign(
        enterprises=found.clusters, n=found.n, failures=failures, estimate=found.estimate,
        lower=np.where(found.n > 0, found.lower, np.nan), upper=np.where(found.n > 0, found.upper, np.nan),
    )  # fmt: skip


def _is_ordered(rates: pd.DataFrame) -> bool | None:
    known = rates["estimate"].dropna()
    return bool((known.diff().dropna() > 0).all()) if len(known) > 1 else None
