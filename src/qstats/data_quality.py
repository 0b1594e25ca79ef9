"""What arrived, what became of it, and what does the data cover?

Counts over the tables that cleaning writes; nothing is estimated here.
"""

import pandas as pd
import polars as pl

_UNKNOWN_SUPPLIER = "—"


def count_by_supplier(sources: pl.DataFrame) -> pd.DataFrame:
    """Files and rows by supplier, largest first: ``files`` and the four counts of rows."""
    return (
        _with_supplier(sources)
        .group_by("supplier")
        .agg(pl.len().alias("files"), pl.col("rows_in", "rows_kept", "rows_rejected", "rows_merged").sum())
        .sort(["rows_in", "supplier"], descending=[True, False])
        .to_pandas()
    )


def count_rules(issues: pl.DataFrame) -> pd.DataFrame:
    """Cases and files of each rule that applied, with its action; most frequent first."""
    return (
        issues.group_by("rule", "action")
        .agg(pl.col("cases").sum(), pl.col("source_id").n_unique().alias("files"))
        .sort(["cases", "rule"], descending=[True, False])
        .to_pandas()
    )


def count_rejections(issues: pl.DataFrame, sources: pl.DataFrame) -> pd.DataFrame:
    """Rejected rows by supplier and rule (``supplier, rule, cases``); suppliers and rules with most first.

    A refused file is no row and is not counted.
    """
    suppliers = _with_supplier(sources).select("source_id", "supplier")
    return (
        issues.filter((pl.col("action") == "dropped") & ~pl.col("rule").str.starts_with("file."))
        .join(suppliers, on="source_id")
        .group_by("supplier", "rule")
        .agg(pl.col("cases").sum())
        .with_columns(pl.col("cases").sum().over("supplier").alias("_all"))
        .sort(["_all", "supplier", "cases", "rule"], descending=[True, False, True, False])
        .drop("_all")
        .to_pandas()
    )


def list_cases(issues: pl.DataFrame, sources: pl.DataFrame, *, cosmetic: list[str]) -> pd.DataFrame:
    """Issues of rules that change meaning, one by one, with the file's name; in order of file and row."""
    return (
        issues.filter(~pl.col("rule").is_in(cosmetic))
        .join(sources.select("source_id", "file"), on="source_id", how="left")
        .select("file", "source_row", "rule", "field", "old_value", "new_value", "action")
        .sort("file", "source_row", "rule", "field", nulls_last=True)
        .to_pandas()
    )


def count_by_year(inspections: pl.DataFrame) -> pd.DataFrame:
    """Batches by year, programme and level, with passes and failures (``—`` where a code is missing)."""
    year = pl.coalesce("sampled_on", "announced_on").dt.year().cast(pl.String).fill_null(_UNKNOWN_SUPPLIER)
    return (
        inspections.group_by(year.alias("year"), "programme", "level")
        .agg(
            pl.len().alias("batches"),
            (pl.col("outcome") == "pass").sum().alias("passes"),
            (pl.col("outcome") == "fail").sum().alias("failures"),
        )
        .sort("year", "programme", "level", nulls_last=True)
        .to_pandas()
    )


def find_gap_years(coverage: pd.DataFrame) -> list[int]:
    """Years between the first and the last in which no batch was received."""
    years = {int(year) for year in coverage["year"] if str(year).isdecimal()}
    return sorted(set(range(min(years), max(years))) - years) if years else []


def find_thin_years(coverage: pd.DataFrame, *, share: float = 0.05) -> list[int]:
    """Years between the first and the last with some batches, yet below ``share`` of the fullest year."""
    dated = coverage[coverage["year"].astype(str).str.isdecimal()]
    by_year = dated.groupby(dated["year"].astype(int))["batches"].sum().sort_index()
    return [int(year) for year in by_year.index[1:-1] if by_year[year] < share * by_year.max()]


def _with_supplier(sources: pl.DataFrame) -> pl.DataFrame:
    """A file that no delivery record names goes by its layout."""
    return sources.with_columns(
        pl.coalesce("supplier", "layout", pl.lit(_UNKNOWN_SUPPLIER)).alias("supplier")
    )
