"""Which rows speak of the same sampled batch?

Rows with the same sheet number (抽样单编号), enterprise and product are one batch; without a sheet number,
rows that agree in everything that identifies a sample. A 64-bit hash finds candidates over all files;
the texts themselves decide. The first row stands, later rows are absorbed and stay in the lineage; a later
delivery's outcome supersedes an earlier one, within one delivery a failed item fails the batch.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qstats.cleaning.inspections import ROW_COLUMNS

_IDENTITY = ["enterprise_name", "product_name"]
_NATURAL = [
    "sampled_unit", "brand", "model", "production", "sampled_on", "announced_on", "programme", "level",
    "county_code", "issuer",
]  # fmt: skip
_OUTCOMES = ["first_outcome", "outcome", "fate"]
_MAY_DIFFER = {"source_row", "listing", "announced_on", *_OUTCOMES}
_KEY = ["sheet_no", *_IDENTITY, *(f"_{name}" for name in _NATURAL)]
_CONTENT = [name for name in ROW_COLUMNS if name not in ("source_row", "listing")]


@dataclass(frozen=True, slots=True)
class Batches:
    """What became of the rows that share a batch with others.

    Attributes
    ----------
    first : DataFrame
        ``row_no, batch_id, source_id`` and the merged columns of the row that stands for each batch.
    absorbed : DataFrame
        ``row_no, batch_id, exact`` of the rows that another row stands for.
    issues : DataFrame
        ``source_no, source_row, rule, field, old_value, new_value``.
    """

    first: pl.DataFrame
    absorbed: pl.DataFrame
    issues: pl.DataFrame


def batch_hash(rows: pl.DataFrame) -> pl.Series:
    """64-bit hash that all rows of one batch share (others may, by chance)."""
    natural = pl.struct(*_IDENTITY, *_NATURAL).hash(seed=1)
    return rows.select(
        pl.when(pl.col("sheet_no").is_null())
        .then(natural)
        .otherwise(pl.col("sheet_no").hash(seed=2))
        .alias("h")
    )["h"]


def own_batch_id() -> pl.Expr:
    """Batch id of a row by itself: its sheet number, else source and row."""
    return pl.coalesce("sheet_no", pl.col("source_id") + "-" + pl.col("source_row").cast(pl.String)).alias(
        "batch_id"
    )


def repeated_values(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Values that occur more than once, sorted. Sorts in place to spare memory."""
    hashes.sort()
    repeats = hashes[1:][hashes[1:] == hashes[:-1]]
    return np.unique(repeats)


def resolve_batches(candidates: pl.DataFrame) -> Batches:
    """Batches among rows whose hashes repeat.

    Parameters
    ----------
    candidates : DataFrame
        ``row_no, source_no, source_id, item_wise, item_key, sheet_no`` and the columns of a clean row.
    """
    rows = _grouped(candidates)
    absorbed = rows.filter(pl.col("_place") > 0)
    merged = _merge_groups(rows)
    return Batches(
        first=merged,
        absorbed=absorbed.select("row_no", "batch_id", pl.col("_exact").alias("exact")),
        issues=pl.concat([_absorbed_issues(absorbed), _conflicts(rows), _reused_sheets(rows)]),
    )


def _grouped(candidates: pl.DataFrame) -> pl.DataFrame:
    """Candidates with their group's first row, their place in it and whether they repeat an earlier row."""
    natural = [pl.when(pl.col("sheet_no").is_null()).then(name).alias(f"_{name}") for name in _NATURAL]
    rows = candidates.drop("batch_id", strict=False).sort("row_no").with_columns(natural)
    rows = rows.with_columns(pl.col("row_no").min().over(_KEY).alias("_first")).with_columns(
        pl.int_range(pl.len()).over("_first").alias("_place"),
        (pl.int_range(pl.len()).over(["_first", *_CONTENT, "item_key"]) > 0).alias("_exact"),
        pl.col("source_no").first().over("_first").alias("_first_source"),
    )
    return rows.join(_ids(rows), on="_first", how="left", maintain_order="left")


def _ids(rows: pl.DataFrame) -> pl.DataFrame:
    """Batch id of each group; a sheet number used again for another batch is told apart by source and row."""
    firsts = rows.filter(pl.col("_place") == 0).select("_first", "sheet_no", "source_id", "source_row")
    use = pl.int_range(pl.len()).over("sheet_no")
    suffix = (
        pl.when(pl.col("sheet_no").is_not_null() & (use > 0))
        .then(pl.format("@{}-{}", "source_id", "source_row"))
        .otherwise(pl.lit(""))
    )
    return firsts.select("_first", (own_batch_id() + suffix).alias("batch_id"))


def _merge_groups(rows: pl.DataFrame) -> pl.DataFrame:
    plain = [name for name in ROW_COLUMNS if name not in (*_OUTCOMES, "source_row")]
    per_source = rows.group_by("_first", "source_no", maintain_order=True).agg(
        pl.col("outcome").min(),  # "fail" sorts before "pass": one failed item fails the batch
    )
    outcome = per_source.group_by("_first", maintain_order=True).agg(pl.col("outcome").drop_nulls().last())
    sampled_first = pl.col("fate").sort_by(pl.col("fate") != "sampled", maintain_order=True).first()
    merged = rows.group_by("_first", maintain_order=True).agg(
        pl.col("batch_id").first(),
        pl.col("source_id").first(),
        pl.col("source_row").first(),
        *(pl.col(name).drop_nulls().first() for name in plain),
        pl.col("first_outcome").min(),
        sampled_first.alias("fate"),
    )
    return (
        merged.join(outcome, on="_first", how="left", maintain_order="left")
        .rename({"_first": "row_no"})
        .select("row_no", "batch_id", "source_id", *ROW_COLUMNS)
    )


def _absorbed_issues(absorbed: pl.DataFrame) -> pl.DataFrame:
    rule = (
        pl.when(pl.col("source_no") != pl.col("_first_source")).then(pl.lit("batch.overlap"))
        .when("_exact").then(pl.lit("batch.duplicate_row"))
        .otherwise(pl.lit("batch.rows_merged"))
    )  # fmt: skip
    return _issue_rows(absorbed, rule, pl.lit("batch_id"), pl.lit(None, pl.String), pl.col("batch_id"))


def _conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    """Absorbed rows that contradict the first row in a field, or in the outcome of a whole batch."""
    fields = [name for name in ROW_COLUMNS if name not in _MAY_DIFFER | set(_IDENTITY)]
    parts = []
    for field in [*fields, "outcome"]:
        stands = pl.col(field).first().over("_first").alias("_stands")
        compared = rows.with_columns(stands).filter(pl.col(field) != pl.col("_stands"))
        if field == "outcome":
            compared = compared.filter(
                ~(pl.col("item_wise") & (pl.col("source_no") == pl.col("_first_source")))
            )
        old, new = pl.col(field).cast(pl.String), pl.col("_stands").cast(pl.String)
        parts.append(_issue_rows(compared, pl.lit("batch.conflict"), pl.lit(field), old, new))
    return pl.concat(parts)


def _reused_sheets(rows: pl.DataFrame) -> pl.DataFrame:
    firsts = rows.filter((pl.col("_place") == 0) & pl.col("sheet_no").is_not_null())
    use = pl.int_range(pl.len()).over("sheet_no", "source_no")
    reused = firsts.filter(use > 0)
    return _issue_rows(
        reused, pl.lit("batch.conflict"), pl.lit("sheet_no"), pl.col("sheet_no"), pl.col("batch_id")
    )


def _issue_rows(
    rows: pl.DataFrame, rule: pl.Expr, field: pl.Expr, old: pl.Expr, new: pl.Expr
) -> pl.DataFrame:
    return rows.select(
        "source_no", "source_row", rule.alias("rule"), field.alias("field"),
        old.alias("old_value"), new.alias("new_value"),
    )  # fmt: skip
