"""Which rows of a file are no sampled batches? Blank lines, totals, repeated headers, notes, alerts."""

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.codebook import read_vocabulary
from qstats.sources.layouts import SourceLayout

_TEXT_FIELDS = (
    "sequence", "sheet_no", "enterprise_name", "county", "township", "product_name", "product_class",
)  # fmt: skip
_HEADED_FIELDS = (
    "enterprise_name", "product_name", "sheet_no", "sampled_on", "result", "township", "announced_on",
)  # fmt: skip
"""Columns by whose headings a repeated heading row is known."""


def reject_rows(raw: pl.DataFrame, layout: SourceLayout, log: IssueLog) -> pl.DataFrame:
    """Rows that are sampled batches; each row left out is logged under the first rule that it breaks.

    Rules ``row.blank``, ``row.header_repeated``, ``row.total``, ``row.note``, ``row.not_an_inspection``,
    ``row.no_identity``.
    """
    if raw.height == 0:
        return raw
    suspect = raw.filter(_no_product() | _repeats_header(layout) | _is_no_inspection(layout))
    judged = suspect.with_columns(_broken_rule(raw, layout).alias("_rule"))
    rejected = judged.filter(pl.col("_rule").is_not_null())
    for rule in rejected["_rule"].unique(maintain_order=True):
        log.add_rows(rejected.filter(pl.col("_rule") == rule), rule)
    return raw.filter(~pl.col("source_row").is_in(rejected["source_row"].implode()))


def _no_product() -> pl.Expr:
    """Most rows name a product and its maker; only the others can be blank, a total or a note."""
    return pl.col("enterprise_name").is_null() | pl.col("product_name").is_null()


def _broken_rule(raw: pl.DataFrame, layout: SourceLayout) -> pl.Expr:
    stated = [name for name in raw.columns if name not in ("source_row", "sequence", *layout.defaults)]
    texts = [name for name in _TEXT_FIELDS if name in raw.columns]
    vocabulary = read_vocabulary()
    total = rf"^[\u4e00-\u9fff]{{0,8}}(?:{'|'.join(vocabulary['total'])})(?:[:：\d].*)?$"
    note = rf"^(?:{'|'.join(vocabulary['note'])})\s*(?:[:：]|\d+[、.．])"
    nameless = pl.col("enterprise_name").is_null() & pl.col("sheet_no").is_null()
    return (
        pl.when(_repeats_header(layout)).then(pl.lit("row.header_repeated"))
        .when(_no_product() & _any_matches(texts, total, spaced=True)).then(pl.lit("row.total"))
        .when(_no_product() & _any_matches(texts, note)).then(pl.lit("row.note"))
        .when(pl.all_horizontal(pl.col(stated).is_null())).then(pl.lit("row.blank"))
        .when(_is_no_inspection(layout)).then(pl.lit("row.not_an_inspection"))
        .when(nameless & pl.col("product_name").is_null()).then(pl.lit("row.no_identity"))
    )  # fmt: skip


def _any_matches(columns: list[str], pattern: str, *, spaced: bool = False) -> pl.Expr:
    texts = (pl.col(name).str.replace_all(" ", "") if spaced else pl.col(name) for name in columns)
    return pl.any_horizontal(text.str.contains(pattern).fill_null(False) for text in texts)


def _repeats_header(layout: SourceLayout) -> pl.Expr:
    """A row repeats the header when two or more of its cells are headings of their own columns."""
    headings = [
        pl.col(field).is_in([name.replace(" ", "") for name in names]).fill_null(False).cast(pl.Int8)
        for field, names in layout.columns.items()
        if field in _HEADED_FIELDS
    ]
    return pl.sum_horizontal(headings) >= 2


def _is_no_inspection(layout: SourceLayout) -> pl.Expr:
    if not layout.reject_where:
        return pl.lit(False)
    return pl.any_horizontal(
        pl.col(field).str.contains("|".join(f"(?:{pattern})" for pattern in patterns)).fill_null(False)
        for field, patterns in layout.reject_where.items()
    )
