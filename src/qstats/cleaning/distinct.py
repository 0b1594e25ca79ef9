"""How can a rule written for one value clean millions of cells?

Suppliers repeat themselves: a column of 200,000 cells holds a few hundred distinct texts. A rule is a plain
function of one text; it is called once per distinct text (and remembered between chunks), and its answer is
joined back to all cells.
"""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.rules import COSMETIC

FEW_ROWS = 2_000
"""Up to this height plain Python is faster: setting up an operation on columns costs more than the cells."""

_SAMPLE = 1_000


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
    if frame.height <= FEW_ROWS:
        return _clean_few(values, frame["source_row"], rule, log)
    distinct = _distinct_texts(values, attention)
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
    return _replace_few(values, mapping) if attention else _replace_many(values, mapping)


def _clean_few(values: pl.Series, source_rows: pl.Series, rule: ValueRule, log: IssueLog) -> pl.Series:
    """The same for a short column, cell by cell."""
    texts = values.to_list()
    known = {text: rule(text) for text in set(texts) if text is not None}
    if any(cleaned.hits for cleaned in known.values()):
        rows = zip(source_rows.to_list(), texts, strict=True)
        hits = [(row, *hit, 1) for row, text in rows if text is not None for hit in known[text].hits]
        names = {"source_row": pl.Int64, "rule": pl.String, "old_value": pl.String, "new_value": pl.String}
        found = pl.DataFrame(hits, schema={**names, "cases": pl.Int64}, orient="row")
        log.add(found.with_columns(pl.lit(values.name).alias("field")))
    if all(text == cleaned.value for text, cleaned in known.items()):
        return values
    new = {text: cleaned.value for text, cleaned in known.items()}
    return pl.Series(values.name, [None if text is None else new[text] for text in texts], dtype=pl.String)


def _replace_few(values: pl.Series, mapping: pl.DataFrame) -> pl.Series:
    """Values with those of the mapping exchanged, in the places where they stand."""
    places = values.is_in(mapping[values.name].implode()).arg_true()
    new = values.gather(places).to_frame().join(mapping, on=values.name, how="left", maintain_order="left")
    return values.clone().scatter(places, new["_new"])


def _replace_many(values: pl.Series, mapping: pl.DataFrame) -> pl.Series:
    """The same in one pass over all values."""
    joined = values.to_frame().join(mapping, on=values.name, how="left", maintain_order="left")
    return joined.select(pl.when("_known").then("_new").otherwise(values.name).alias(values.name)).to_series()


def _distinct_texts(values: pl.Series, attention: str | None) -> pl.Series:
    """Distinct texts that the rule must see; where nearly all differ, a look at each comes first."""
    if attention is None:
        return values.unique().drop_nulls()
    if values.head(_SAMPLE).n_unique() > _SAMPLE // 2:
        return values.filter(values.str.contains(attention)).unique().drop_nulls()
    distinct = values.unique().drop_nulls()
    return distinct.filter(distinct.str.contains(attention))


def _log_hits(
    frame: pl.DataFrame, column: str, old: list[str], cleaned: list[Cleaned], log: IssueLog
) -> None:
    hits = [(text, *hit) for text, new in zip(old, cleaned, strict=True) for hit in new.hits]
    if not hits:
        return
    names = {column: pl.String, "rule": pl.String, "old_value": pl.String, "new_value": pl.String}
    table = pl.DataFrame(hits, schema=names, orient="row").with_row_index("_hit")
    concerned = frame.select("source_row", column).filter(pl.col(column).is_in(table[column].implode()))
    found = concerned.join(table.select("_hit", column), on=column, how="inner")
    log.add(
        _counted(found.select("source_row", "_hit"), table)
        .join(table.drop(column), on="_hit", how="left")
        .with_columns(pl.lit(column).alias("field"))
    )


def _counted(found: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Cases one by one, those of cosmetic rules counted at once: there may be as many as rows."""
    cosmetic = table.filter(pl.col("rule").is_in(COSMETIC))["_hit"].implode()
    many = pl.col("_hit").is_in(cosmetic)
    counted = found.filter(many).group_by("_hit").agg(pl.col("source_row").min(), pl.len().alias("cases"))
    single = found.filter(~many).with_columns(pl.lit(1, pl.UInt32).alias("cases"))
    return pl.concat([single, counted.select(single.columns)])
