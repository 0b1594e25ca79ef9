"""How does a chunk of supplier rows become rows of sampled batches?

One pass of value rules over the chunk: text, places, enterprise, dates, categories, outcome, items. Which
rows belong to one batch is decided afterwards over all files (:mod:`qstats.cleaning.batches`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from qstats.cleaning import categories, dates, enterprises, items, numbers, outcomes, places, text
from qstats.cleaning.distinct import Hit, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.rows import reject_rows
from qstats.schemas import INSPECTION_ITEMS, INSPECTIONS
from qstats.sources.layouts import SourceLayout

ItemsRead = tuple[tuple[items.Item, ...], tuple[Hit, ...]]
_CUT_NUMBER = r"^\d(?:\.\d+)?[eE]\+?\d{2}$"
ITEM_COLUMNS = [name for name in INSPECTION_ITEMS if name not in ("batch_id", "item_no")]
ROW_COLUMNS = [name for name in INSPECTIONS if name not in ("batch_id", "source_id")]


@dataclass(frozen=True, slots=True)
class Setting:
    """What cleaning must know about a source: its layout, and what the delivery record says of it."""

    layout: SourceLayout
    vintage: int
    cutoff: date
    programme: str | None = None
    level: str | None = None


def clean_inspection_rows(
    raw: pl.DataFrame, setting: Setting, log: IssueLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean rows (one per kept raw row) and their items.

    Parameters
    ----------
    raw : DataFrame
        ``source_row`` and the raw fields as text.
    setting : Setting
    log : IssueLog
        Receives every issue.

    Returns
    -------
    rows : DataFrame
        ``sheet_no``, the columns of ``inspections`` except ``batch_id`` and ``source_id``, and ``item_key``,
        the text of the item cells (null without items).
    items : DataFrame
        ``source_row`` and the columns of ``inspection_items`` except ``batch_id`` and ``item_no``, in order.
    """
    frame = text.normalize_cells(raw.rechunk(), log)
    frame = reject_rows(frame, setting.layout, log)
    frame = _fill_defaults(_blank_broken_sheet_numbers(frame, log), setting.layout)
    for step in (
        _clean_enterprises,
        _clean_places,
        _clean_dates,
        _clean_categories,
        _clean_outcomes,
        _clean_amounts,
    ):
        frame = step(frame, setting, log)
    frame = frame.with_columns(_item_key())
    item_table = _clean_items(frame, setting, log)
    _check_items(frame, setting, log)
    return frame.select("sheet_no", *ROW_COLUMNS, "item_key"), item_table


def _fill_defaults(frame: pl.DataFrame, layout: SourceLayout) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(field).fill_null(pl.lit(value)) for field, value in layout.defaults.items()
    )


def _blank_broken_sheet_numbers(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Numbers that Excel cut to 15 digits (``3.715E+17``) would make many batches one."""
    broken = pl.col("sheet_no").str.contains(_CUT_NUMBER).fill_null(False)
    log.add_rows(frame.filter(broken), "code.form", "sheet_no", "sheet_no")
    return frame.with_columns(pl.when(~broken).then("sheet_no").alias("sheet_no"))


def _clean_enterprises(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    for field in ("enterprise_name", "sampled_unit"):
        name = clean_column(
            frame, field, enterprises.normalize_name, log, attention=enterprises.NAME_ATTENTION
        )
        frame = frame.with_columns(name)
    log.add_rows(frame.filter(pl.col("enterprise_name").is_null()), "enterprise.missing", "enterprise_name")
    frame = frame.with_columns(enterprises.clean_codes(frame, log))
    return frame.with_columns(enterprises.enterprise_identity())


def _clean_places(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    stated = pl.col("county").is_not_null() | pl.col("township").is_not_null()
    address = pl.when(~stated).then("enterprise_address")
    joined = frame.select(
        "source_row",
        pl.concat_str(
            pl.col("county").fill_null(""), pl.col("township").fill_null(""), address.fill_null(""),
            separator=places.SEPARATOR,
        ).alias("county_code"),
    )  # fmt: skip
    found = clean_column(joined, "county_code", places.place_rule(setting.vintage), log)
    return frame.with_columns(_split_codes(found, "county_code", "township_code"))


def _clean_dates(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    rule = dates.date_rule(setting.cutoff, setting.layout.date_day_first)
    frame = frame.with_columns(
        clean_column(frame, field, rule, log).str.to_date("%Y-%m-%d", strict=False)
        for field in ("sampled_on", "announced_on")
    )
    if "sampled_on" in setting.layout.columns:
        planned = pl.col("sampled_on").is_null()
        log.add_rows(frame.filter(planned), "date.missing", "sampled_on")
    _check_order(frame, log)
    return frame


def _check_order(frame: pl.DataFrame, log: IssueLog) -> None:
    distinct = frame["production"].unique().drop_nulls().to_list()
    days = pl.DataFrame(
        {"production": distinct, "_made": [dates.production_day(text) for text in distinct]},
        schema={"production": pl.String, "_made": pl.String},
    ).filter(pl.col("_made").is_not_null()).with_columns(pl.col("_made").str.to_date("%Y-%m-%d"))  # fmt: skip
    dated = frame.select("source_row", "sampled_on", "announced_on", "production").join(
        days, on="production", how="left", maintain_order="left"
    )
    late = dated.filter(pl.col("announced_on") < pl.col("sampled_on"))
    log.add_rows(late, "date.order", "announced_on", "announced_on", "sampled_on")
    early = dated.filter(pl.col("sampled_on") < pl.col("_made"))
    log.add_rows(early, "date.order", "production", "production", "sampled_on")


def _clean_categories(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    frame = frame.with_columns(
        clean_column(frame, field, categories.category_rule(field), log) for field in categories.FIELDS
    ).with_columns(clean_column(frame, "product_class", categories.read_product_class, log))
    frame = frame.with_columns(clean_column(frame, "issuer", categories.read_issuer, log))
    by_issuer = _of_issuer(frame, categories.level_of_issuer)
    province = _of_issuer(frame, categories.province_of_issuer)
    return frame.with_columns(
        pl.col("programme").fill_null(pl.lit(setting.programme, pl.String)),
        pl.coalesce("level", by_issuer, pl.lit(setting.level, pl.String)).alias("level"),
        province.alias("province"),
    )


def _of_issuer(frame: pl.DataFrame, find: Callable[[str], str | None]) -> pl.Expr:
    """What follows from the name of the issuing body, null where it says nothing."""
    issuers = frame["issuer"].unique().drop_nulls().to_list()
    found = {issuer: code for issuer in issuers if (code := find(issuer))}
    return pl.col("issuer").replace_strict(found, default=None, return_dtype=pl.String)


def _clean_outcomes(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    frame = _read_own_words(frame, setting.layout, log)
    remark = pl.col("remark").str.extract(f"({outcomes.fate_pattern()})")
    cells = (pl.col("result"), pl.col("first_result"), pl.col("final_result"), remark)
    joined = frame.select(
        "source_row",
        pl.concat_str([cell.fill_null("") for cell in cells], separator=outcomes.SEPARATOR).alias("result"),
    )
    read = clean_column(joined, "result", outcomes.read_outcome, log)
    return frame.with_columns(_split_codes(read, "first_outcome", "outcome", "fate"))


def _read_own_words(frame: pl.DataFrame, layout: SourceLayout, log: IssueLog) -> pl.DataFrame:
    """Outcomes in the supplier's own words (`SourceLayout.words`) as ours, before ours are read."""
    for field in ("result", "first_result", "final_result"):
        known = {word: own for own, words in layout.words.get(field, {}).items() for word in words}
        if known:
            frame = frame.with_columns(clean_column(frame, field, outcomes.own_words_rule(known), log))
    return frame


def _clean_amounts(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    return frame.with_columns(
        clean_column(frame, field, numbers.amount_rule(setting.layout.units.get(field)), log).cast(pl.Float64)
        for field in ("sales_value", "weight")
    )


def _item_key() -> pl.Expr:
    cells = [
        pl.col(name).fill_null("") for name in ("failed_items", "item_result", "item_unit", "item_limit")
    ]
    text = pl.concat_str(cells, separator=items.SEPARATOR)
    return pl.when(pl.col("failed_items").is_not_null()).then(text).alias("item_key")


def _clean_items(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> pl.DataFrame:
    tested = frame.filter(pl.col("item_key").is_not_null()).with_columns(_item_verdict(setting))
    read = {key: items.read_items(key) for key in tested["item_key"].unique().to_list()}
    _log_item_hits(tested, read, log)
    rows = [
        (row, *item, verdict, None)
        for row, key, verdict in tested.select("source_row", "item_key", "_verdict").iter_rows()
        for item in read[key][0]
    ]
    schema = {"source_row": pl.Int64, **{name: pl.String for name in ITEM_COLUMNS}}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _item_verdict(setting: Setting) -> pl.Expr:
    """Items of a batch row are the failed ones; an item row carries its own verdict, else the batch's."""
    if setting.layout.one_row_per == "batch":
        return pl.lit("fail").alias("_verdict")
    stated = pl.col("item_verdict").map_elements(outcomes.plain_outcome, return_dtype=pl.String)
    return pl.coalesce(stated, "outcome").alias("_verdict")


def _log_item_hits(tested: pl.DataFrame, read: dict[str, ItemsRead], log: IssueLog) -> None:
    hits = [(key, *hit) for key, (_, found) in read.items() for hit in found]
    if hits:
        names = ("item_key", "rule", "old_value", "new_value")
        table = pl.DataFrame(hits, schema=dict.fromkeys(names, pl.String), orient="row")
        cases = tested.select("source_row", "item_key").join(table, on="item_key")
        log.add(cases.with_columns(pl.lit("failed_items").alias("field")))


def _check_items(frame: pl.DataFrame, setting: Setting, log: IssueLog) -> None:
    """A batch that passed should list no failed item, one that failed should name one."""
    if "failed_items" not in setting.layout.columns:
        return
    listed = pl.col("failed_items").is_not_null()
    if setting.layout.one_row_per == "batch":
        passed = frame.filter((pl.col("first_outcome") == "pass") & listed)
        log.add_rows(passed, "outcome.pass_with_failed_item", "failed_items", "failed_items")
    failed = frame.filter((pl.col("outcome") == "fail") & ~listed)
    log.add_rows(failed, "outcome.fail_without_item", "failed_items")


def _split_codes(joined: pl.Series, *names: str) -> list[pl.Series]:
    """Columns from codes joined by a separator; empty parts are null."""
    parts = joined.str.split_exact(places.SEPARATOR, len(names) - 1).struct.unnest()
    return [
        parts.get_column(column).replace("", None).alias(name)
        for column, name in zip(parts.columns, names, strict=True)
    ]
