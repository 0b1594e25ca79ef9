"""How precise is the rate of a cell, given that batches of one enterprise are alike?

Batches with a result, coded as arrays for the formulas: the period is the sampling occasion, the enterprise
the cluster. The precision of a cell is the smaller of what its own enterprises show and what the likeness of
batches in the whole city implies, so that a cell in which nothing failed is not called certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.clustered_rates import clustered_rates, correlate_cells
from qstats.methods.effective_size import IntraClusterCorrelation, intra_cluster_correlation
from qstats.methods.survey.design import Design
from qstats.periods import Period

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ENTERPRISE = pl.coalesce("enterprise_id", pl.concat_str(pl.lit("batch "), "batch_id"))
"""What makes batches alike; a batch whose enterprise nobody knows stands alone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Batches with a result as arrays; ``cells`` names the cells that ``cell`` numbers.

    Attributes
    ----------
    cells : DataFrame
        ``period`` and group columns, one row for each cell.
    cell, period, enterprise : array of int, shape (n,)
    passed, weight : array of float, shape (n,)
        1 for a batch that passed; weights are 1 where none are declared.
    """

    cells: pd.DataFrame
    cell: Codes
    period: Codes
    enterprise: Codes
    passed: Floats
    weight: Floats

    @property
    def design(self) -> Design:
        """Each period is a sample of its own; an enterprise seen in two is a cluster in each."""
        enterprises = int(self.enterprise.max(initial=-1)) + 1
        return Design(self.weight, self.period, self.period * enterprises + self.enterprise)

    @property
    def one_occasion(self) -> Design:
        """All periods taken together; an enterprise is the same cluster in each."""
        return Design(self.weight, np.zeros_like(self.period), self.enterprise)


def estimate_icc(batches: pl.DataFrame, scope: Scope) -> IntraClusterCorrelation:
    """Likeness of the batches of one enterprise in one quarter, over all batches of the scope.

    Pooled over all years, so that it does not depend on the period that is looked at; batches of sources that
    carry no rate are left out, since a list of failures makes the batches of an enterprise look alike.
    """
    known = _with_result(select_batches(batches, scope), scope).filter(pl.col("refused_source").is_null())
    day = pl.coalesce("sampled_on", "announced_on")
    cluster = pl.struct(ENTERPRISE, day.dt.truncate("1q"))
    found = intra_cluster_correlation(
        known.select(_passed(scope)).to_series(), known.select(cluster.rank("dense")).to_series()
    )
    if known.select(ENTERPRISE.n_unique()).item() < 2:  # its quarters say nothing about other enterprises
        return replace(found, value=1.0, estimated=False)
    return found


def take_sample(
    batches: pl.DataFrame, periods: Sequence[Period], scope: Scope, by: Sequence[str] = ()
) -> Sample:
    """Batches of the scope's periods that have a result, with a cell for each period and group."""
    chosen = select_batches(batches, scope)
    parts = [in_period(chosen, period).with_columns(period=pl.lit(str(period))) for period in periods]
    known = _with_result(pl.concat(parts), scope)
    columns = ["period", *by]
    cells = known.select(columns).unique(maintain_order=True).with_row_index("cell")
    coded = known.join(cells, on=columns, how="left", nulls_equal=True, maintain_order="left").select(
        pl.col("cell").cast(pl.Int64),
        _code(pl.col("period")).alias("period"),
        _code(ENTERPRISE).alias("enterprise"),
        _passed(scope).alias("passed"),
    )
    arrays = {name: coded[name].to_numpy() for name in coded.columns}
    return Sample(cells.drop("cell").to_pandas(), **arrays, weight=np.ones(coded.height))


def measure_cells(sample: Sample, icc: float, confidence: float) -> pd.DataFrame:
    """Rate and precision of each cell.

    Returns
    -------
    DataFrame
        The columns of ``sample.cells`` and ``rate``, ``std_error``, ``enterprises``, ``effective_n``
        (at most n), ``deff`` (n / effective_n).
    """
    rates = clustered_rates(
        sample.design, sample.passed, sample.cell, len(sample.cells), icc=icc, confidence=confidence
    )
    return sample.cells.assign(
        rate=rates.estimate, std_error=rates.std_error, enterprises=rates.clusters,
        effective_n=rates.effective_n, deff=rates.deff,
    )  # fmt: skip


def correlate_periods(
    batches: pl.DataFrame, now: Period, before: Period, scope: Scope, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Correlation of each group's two rates through the enterprises that were sampled in both periods.

    One row for each group with batches in both: the columns of ``by`` and ``correlation`` (0–1).
    """
    sample = take_sample(batches, [now, before], scope, by)
    numbered = sample.cells.fillna("").assign(cell=range(len(sample.cells)), all="")
    sides = [numbered[numbered["period"] == str(period)] for period in (now, before)]
    both = sides[0].merge(sides[1], on=[*by, "all"], suffixes=("", "_before"))
    pairs = both["cell"].to_numpy(), both["cell_before"].to_numpy()
    correlation = correlate_cells(
        sample.one_occasion, sample.passed, sample.cell, len(numbered), pairs, icc=scope.icc
    )
    return both[list(by)].assign(correlation=correlation)


def _with_result(batches: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    return batches.filter(pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null())


def _passed(scope: Scope) -> pl.Expr:
    return (pl.col(OUTCOME_COLUMNS[scope.outcome]) == "pass").cast(pl.Float64)


def _code(column: pl.Expr) -> pl.Expr:
    """Codes 0, 1, 2 … of the distinct values of a column."""
    return column.rank("dense").cast(pl.Int64) - 1
