"""May a rate be published from these sources at all?

A pass rate needs to know what was sampled, not only what failed. A source is admissible when it declares its
total, lists everything it declares, and was not cut by a query limit. A batch counts when at least one
admissible source holds it; one batch without such a source refuses every rate that it belongs to.
"""

import polars as pl

WINDOWS: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "listing": pl.String(),
    "rows": pl.Int64(),
    "passes": pl.Int64(),
    "failures": pl.Int64(),
}
"""One row per source and platform, counted before rows are merged."""

_SMALLEST_CUT = 100
_WINDOWS_OF_SAME_SIZE = 3


def count_windows(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows, passes and failures of a chunk by source and platform (信息来源), the unit of one query."""
    outcome = pl.col("outcome")
    return rows.group_by("source_id", "listing", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("rows"),
        (outcome == "pass").sum().cast(pl.Int64).alias("passes"),
        (outcome == "fail").sum().cast(pl.Int64).alias("failures"),
    )


def judge_windows(windows: pl.DataFrame) -> pl.DataFrame:
    """Windows with ``finding``: ``truncated_query``, ``failures_only``, ``passes_only`` or null.

    Three or more windows of one platform that end at the same number of rows (100 or more) were cut by the
    query and not by the data.
    """
    same_size = pl.struct("listing", "rows").is_in(
        windows.filter(pl.col("rows") >= _SMALLEST_CUT)
        .group_by("listing", "rows")
        .len()
        .filter(pl.col("len") >= _WINDOWS_OF_SAME_SIZE)
        .select(pl.struct("listing", "rows"))
        .to_series()
        .implode(),
        nulls_equal=True,
    )
    return windows.with_columns(
        pl.when(same_size).then(pl.lit("truncated_query"))
        .when((pl.col("passes") == 0) & (pl.col("failures") > 0)).then(pl.lit("failures_only"))
        .when((pl.col("failures") == 0) & (pl.col("passes") > 0)).then(pl.lit("passes_only"))
        .alias("finding")
    )  # fmt: skip


def judge_sources(
    sources: pl.DataFrame, windows: pl.DataFrame, batch_rows: pl.DataFrame, *, listed_from: float
) -> pl.DataFrame:
    """Sources with ``batches_found`` and ``refusal``, null where rates may be published from them.

    Refusals, the gravest first: ``failures_only``, ``passes_only`` (what the source says it lists),
    ``truncated_query``, ``total_undeclared``, ``listing_incomplete`` (holds less than ``listed_from`` of
    what it declares), ``listing_exceeds_total``.
    """
    batches = pl.col("batch_id").n_unique().cast(pl.Int64)
    found = batch_rows.group_by("source_id").agg(batches.alias("batches_found"))
    cut = judge_windows(windows).filter(pl.col("finding") == "truncated_query")["source_id"].unique()
    share = pl.col("batches_found") / pl.col("batches_declared")
    whole = (share >= 1).fill_null(False)  # a plan of so many batches a month, all of them listed, is no cut
    return sources.join(found, on="source_id", how="left", maintain_order="left").with_columns(
        pl.col("batches_found").fill_null(0)
    ).with_columns(
        pl.when(pl.col("batches_found") == 0).then(None)
        .when(pl.col("lists") == "failures").then(pl.lit("failures_only"))
        .when(pl.col("lists") == "passes").then(pl.lit("passes_only"))
        .when(pl.col("source_id").is_in(cut.implode()) & ~whole).then(pl.lit("truncated_query"))
        .when(pl.col("batches_declared").is_null()).then(pl.lit("total_undeclared"))
        .when(share < listed_from).then(pl.lit("listing_incomplete"))
        .when(share > 2 - listed_from).then(pl.lit("listing_exceeds_total"))
        .alias("refusal")
    )  # fmt: skip


def mark_admissible(
    inspections: pl.DataFrame, judged: pl.DataFrame, batch_rows: pl.DataFrame
) -> pl.DataFrame:
    """Batches with ``refused_source`` and ``unlisted``.

    ``refused_source`` is the id of a source that bars them, null where another holds them; ``unlisted`` the
    number of batches that the batch's own source declares but does not hold (within the tolerance).
    """
    held = pl.col("refusal").is_null().any()
    lineage = batch_rows.join(
        judged.select("source_id", "refusal"), on="source_id", how="left", maintain_order="left"
    )
    barred = (
        lineage.group_by("batch_id")
        .agg(held.alias("_held"), pl.col("source_id").first().alias("refused_source"))
        .filter(~pl.col("_held"))
        .select("batch_id", "refused_source")
    )
    short = (pl.col("batches_declared") - pl.col("batches_found")).clip(lower_bound=0).fill_null(0)
    return inspections.join(barred, on="batch_id", how="left", maintain_order="left").join(
        judged.select("source_id", short.alias("unlisted")), on="source_id", how="left", maintain_order="left"
    )
