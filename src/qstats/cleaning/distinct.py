"""How can a rule written for one value clean millions of cells?

Suppliers repeat themselves: a column of 200,000 cells holds a few hundred distinct texts. A rule is a plain
function of one text; it is called once per distinct text (and remembered between chunks), and its answer is
joined back to all cells.
"""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from qstats.cleaning.issues import IssueLog


class Hit(NamedTuple):
    """A rule that applied to a value."""

    rule: str
    old: str | None
    new: str | None


class Cleaned(NamedTuple):
    """What a rule made of a value; ``hits`` lists the rules that applied on the way."""

    value: str | None
    hits: tuple[Hit, ...] = ()


ValueRule = Callable[[str], Cleaned]


def clean_column(
    frame: pl.DataFrame, column: str, rule: ValueRule, log: IssueLog, *, attention: str | None = None
) -> pl.Series:
    """Column cleaned by a rule on its distinct values; issues go to the log.

    Parameters
    ----------
    frame : DataFrame
        With ``source_row`` and the text column.
    column : str
    rule : callable
        Text → :class:`Cleaned`; pure, so that one call per distinct text is enough.
    log : IssueLog
    attention : str, optional
        Regular expression; texts that it does not match are known to be clean and pass untouched.
    """
    values = frame[column]
    distinct = values.unique().drop_nulls()
    if attention is not None:
        distinct = distinct.filter(distinct.str.contains(attention))
    if distinct.len() == 0:
        return values
    old = distinct.to_list()
    cleaned = [rule(text) for text in old]
    _log_hits(frame, column, old, cleaned, log)
    changed = [(text, new.value) for text, new in zip(old, cleaned, strict=True) if text != new.value]
    if not changed:
        return values
    before, after = zip(*changed, strict=True)
    mapping = pl.DataFrame(
        {column: before, "_new": after, "_known": True},
        schema={column: pl.String, "_new": pl.String, "_known": pl.Boolean},
    )
    return (
        frame.select(column)
        .join(mapping, on=column, how="left", maintain_order="left")
        .select(pl.when("_known").then("_new").otherwise(column).alias(column))[column]
    )


def _log_hits(
    frame: pl.DataFrame, column: str, old: list[str], cleaned: list[Cleaned], log: IssueLog
) -> None:
    hits = [(text, *hit) for text, new in zip(old, cleaned, strict=True) for hit in new.hits]
    if hits:
        names = {column: pl.String, "rule": pl.String, "old_value": pl.String, "new_value": pl.String}
        table = pl.DataFrame(hits, schema=names, orient="row")
        cases = frame.select("source_row", column).join(table, on=column, how="inner")
        log.add(cases.with_columns(pl.lit(column).alias("field")))
