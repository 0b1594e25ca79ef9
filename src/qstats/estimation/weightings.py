"""What is the pass rate of batches, of enterprises, of sales? Three ways of counting, never mixed.

The batch rate (批次合格率) counts what was sampled. With the sampling frame each enterprise stands for its
share of its stratum: the enterprise-weighted rate is design-based, with the correction for a finite
population of enterprises. Weighted further by sales it is the value-weighted pass rate (产品质量合格率).
Without a frame the sampled enterprises stand for themselves only, and the interval is model-based.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl

from qstats.estimation.rates import estimate_pass_rates
from qstats.estimation.reliability import judge_reliability
from qstats.estimation.sample import ENTERPRISE
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.clustered_rates import clustered_rates
from qstats.methods.standardisation import pool_sparse_cells
from qstats.methods.survey.design import Design, Stage, make_design
from qstats.periods import Period

MOST_OUTSIDE_FRAME = 0.02
"""Share of the batches that may lie in strata that the frame does not have."""

LEAST_ENTERPRISES = 2
"""Sampled enterprises that a stratum needs: one alone shows no spread."""

WEIGHTINGS = ("batches", "enterprises", "sales")


def estimate_weightings(
    batches: pl.DataFrame, frame: pl.DataFrame, period: Period, scope: Scope, strata: Sequence[str]
) -> pd.DataFrame:
    """Pass rate of the period by batches, by enterprises and by sales.

    Parameters
    ----------
    batches : polars.DataFrame
        Clean batches with ``refused_source``.
    frame : polars.DataFrame
        Columns of ``strata`` and ``enterprises``, the number in the population; no rows: no frame.
    strata : sequence of str
        The most important first: strata with fewer than two sampled enterprises are pooled over the last.

    Returns
    -------
    DataFrame
        One row for each of ``WEIGHTINGS`` in ``weighting``: the columns of an estimate, ``n``, ``failures``,
        ``enterprises``, ``effective_n``, ``inference`` (``design`` or ``model``), ``strata_used``,
        ``status`` and ``reason``. What is not stated for batches is not stated for the others either.
    """
    plain = estimate_pass_rates(batches, [period], scope)
    known = in_period(select_batches(batches, scope), period).filter(
        pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null()
    )
    rows = [plain.assign(weighting="batches", inference="model", strata_used=0)]
    for weighting in WEIGHTINGS[1:]:
        used = known if weighting == "enterprises" else known.filter(pl.col("sales_value") > 0)
        rows.append(_weighted(used, frame, plain.iloc[0], scope, list(strata), weighting))
    return pd.concat(rows, ignore_index=True)


def _weighted(
    known: pl.DataFrame,
    frame: pl.DataFrame,
    plain: pd.Series,
    scope: Scope,
    strata: list[str],
    weighting: str,
) -> pd.DataFrame:
    """One row: the rate of the batches given, weighted up to the frame if there is one."""
    framed, received = not frame.is_empty(), known.height
    if framed:
        known = known.drop_nulls(strata).join(frame.select(strata), on=strata, how="semi")
    failures = known.filter(pl.col(OUTCOME_COLUMNS[scope.outcome]) == "fail").height
    sizes = {"n": known.height, "passes": known.height - failures, "failures": failures}
    row = plain.to_dict() | sizes | {"weighting": weighting, "inference": "design" if framed else "model"}
    nothing = dict.fromkeys(("estimate", "std_error", "lower", "upper", "effective_n", "deff"), np.nan)
    reason = _reason(plain, received, known.height, scope)
    design, groups = None, 0
    if not reason:
        design, groups, reason = _design(known, frame, strata, weighting)
    if design is None:
        status = str(plain["status"]) if plain["status"] != "stated" else _STATUS[reason]
        return pd.DataFrame([row | nothing | {"strata_used": 0, "status": status, "reason": reason}]).assign(
            reliability="cannot_be_stated"
        )
    passed = (known[OUTCOME_COLUMNS[scope.outcome]] == "pass").cast(pl.Float64).to_numpy()
    rates = clustered_rates(
        design, passed, np.zeros(known.height, np.int64), 1, icc=scope.icc, confidence=scope.confidence
    )
    figures = {
        "estimate": rates.estimate[0], "std_error": rates.std_error[0], "lower": rates.lower[0],
        "upper": rates.upper[0], "effective_n": rates.effective_n[0], "deff": rates.deff[0],
        "enterprises": int(rates.clusters[0]), "strata_used": groups,
    }  # fmt: skip
    stated = pd.DataFrame([row | figures])
    return stated.assign(reliability=judge_reliability(stated))


def _reason(plain: pd.Series, received: int, placed: int, scope: Scope) -> str:
    """Why the weighted rate is not stated, before its design is looked at; empty where it may be."""
    if plain["status"] != "stated":
        return str(plain["reason"])
    if placed < (1 - MOST_OUTSIDE_FRAME) * received:
        return "frame_incomplete"
    return "too_few_batches" if placed < scope.minimum_batches else ""


_STATUS = {
    "too_few_batches": "cannot_be_stated", "frame_too_small": "refused", "frame_incomplete": "refused",
}  # fmt: skip


def _design(
    known: pl.DataFrame, frame: pl.DataFrame, strata: list[str], weighting: str
) -> tuple[Design | None, int, str]:
    """Design of the batches, number of strata, and why there is none."""
    share = 1.0 / known.select(pl.len().over(ENTERPRISE)).to_series().to_numpy()
    if weighting == "sales":
        sales = known["sales_value"].to_numpy()
        share = share * (sales / sales.max())  # any unit of money: squares of the weights stay within floats
    enterprise = known.select(ENTERPRISE.rank("dense")).to_series().to_numpy().astype(np.int64) - 1
    if frame.is_empty():
        return make_design(known.height, weight=share, cluster=enterprise), 0, ""
    cell, population = _place(known, frame, strata)
    seen = np.unique(np.column_stack([cell, enterprise]), axis=0)
    sampled = np.bincount(seen[:, 0], minlength=len(population))
    if np.any(population < sampled):
        return None, 0, "frame_too_small"
    cluster = np.unique(cell * (enterprise.max() + 1) + enterprise, return_inverse=True)[1]
    weight = share * (population / sampled)[cell]
    within = Stage(cluster, np.arange(known.height))
    return Design(weight, cell, cluster, population, (within,)), len(population), ""


def _place(known: pl.DataFrame, frame: pl.DataFrame, strata: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Stratum of each batch and enterprises in the population of each, sparse strata pooled."""
    sampled = known.group_by(strata).agg(ENTERPRISE.n_unique().alias("sampled"))
    cells = frame.join(sampled, on=strata, how="left").with_columns(pl.col("sampled").fill_null(0))
    keys = list(cells.select(strata).iter_rows())
    pooled = pool_sparse_cells(cells["sampled"].to_numpy()[:, None], keys, LEAST_ENTERPRISES)
    coded = cells.select(strata).with_columns(cell=pl.Series(pooled))
    cell = known.join(coded, on=strata, how="left", maintain_order="left")["cell"].to_numpy()
    return cell, np.bincount(pooled, weights=cells["enterprises"].to_numpy())
