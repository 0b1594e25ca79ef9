"""What do enterprises report of a year: output by grade, losses, research, new products, exports (年报)?

Amounts come in the unit of the heading or the cell and leave in 10,000 yuan. A part that is larger than its
whole makes both unknown: nothing tells which of them is wrong. Of several returns of one enterprise and year
the last one delivered stands. Amounts a thousand times those of the enterprise's other years were stated in
another unit; by which factor is a guess, so that they are unknown.
"""

import re
from datetime import timedelta
from functools import cache

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.enterprises import NAME_ATTENTION, clean_codes, enterprise_identity, normalize_name
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.numbers import amount_rule
from qstats.cleaning.records import (
    count_rule,
    first_sent,
    read_counties,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.reference import read_industries
from qstats.schemas import ENTERPRISE_RETURNS

AMOUNTS = (
    "output_value", "superior_output", "first_grade_output", "qualified_output", "equipment_value",
    "microelectronic_equipment_value", "quality_loss", "rd_expenditure", "renovation_expenditure",
    "sales_revenue", "new_product_sales", "export_sales",
)  # fmt: skip
COUNTS = ("patents", "export_batches", "export_batches_passed")
_TEXTS = ("enterprise_name", "enterprise_code", "county", "year", "industry", "enterprise_size")
_FIELDS = (*_TEXTS, *AMOUNTS, *COUNTS, "management_certified")
PARTS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("output_value", ("superior_output", "first_grade_output", "qualified_output"), 1.0005),
    ("output_value", ("quality_loss",), 1.0005),
    ("equipment_value", ("microelectronic_equipment_value",), 1.0005),
    ("sales_revenue", ("new_product_sales",), 1.0005),
    ("sales_revenue", ("rd_expenditure",), 1.0005),
    ("sales_revenue", ("renovation_expenditure",), 1.0005),
    ("sales_revenue", ("export_sales",), 1.2),
    ("export_batches", ("export_batches_passed",), 1.0),
)
"""Whole, its parts that add up to it at most, and by how much they may exceed it: rounding, and deliveries
for export (出口交货值) that are counted at other prices than sales."""

SHIFT = 1_000
"""Ratio to the enterprise's other years from which amounts were stated in another unit."""

_PER_TEN_THOUSAND = 1e4
_YEAR = re.compile(r"^((?:19|20)\d{2})(?:年度?|(?:年)?1[-—～~]12月)?$")
_EARLIEST = 1990
_IDENTITY = ("enterprise_name", "enterprise_code")


def clean_returns(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Returns of one file."""
    layout = setting.layout
    headed = [name for name in ("enterprise_name", "year", "output_value") if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("sequence", "enterprise_name", "county"))
    frame = with_fields(frame, _FIELDS, layout)
    nameless = pl.all_horizontal(pl.col(_IDENTITY).is_null())
    log.add_rows(frame.filter(nameless), "row.no_identity", "enterprise_name")
    frame = _read_years(frame.filter(~nameless), setting, log)
    frame = frame.with_columns(
        clean_column(frame, "enterprise_name", normalize_name, log, attention=NAME_ATTENTION),
        clean_codes(frame, log).alias("organisation_code"),
        read_counties(frame, setting, log),
        clean_column(frame, "industry", read_industry, log),
        read_words(frame, "enterprise_size", "enterprise_size", setting, log),
        read_words(frame, "management_certified", "yes_or_no", setting, log),
        *(_read_amount(frame, name, setting, log) for name in AMOUNTS),
        *(clean_column(frame, name, count_rule, log).cast(pl.Int64) for name in COUNTS),
    )
    for whole, parts, allowed in PARTS:
        frame = _without_larger_parts(frame, whole, parts, allowed, log)
    own_id = pl.format("{}-{}", pl.lit(first_sent(setting.source_id)), "source_row")
    rows = frame.with_columns(
        own_id.alias("return_id"), pl.lit(setting.source_id).alias("source_id"), enterprise_identity(),
        pl.col("organisation_code").alias("enterprise_code"),
    )  # fmt: skip
    return {"enterprise_returns": rows.select(_as(ENTERPRISE_RETURNS))}


def _as(schema: dict[str, pl.DataType]) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in schema.items()]


def _read_years(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """Rows of a year that is over at the cutoff, the others logged under ``return.year_unreadable``."""
    year = pl.col("year").str.replace_all(r"\s", "").str.extract(_YEAR.pattern, 1).cast(pl.Int64)
    read = frame.with_columns(year.alias("_year"))
    last = (setting.cutoff + timedelta(days=1)).year - 1
    wrong = ~pl.col("_year").is_between(_EARLIEST, last).fill_null(False)
    log.add_rows(read.filter(wrong), "return.year_unreadable", "year", "year")
    return read.filter(~wrong).with_columns(pl.col("_year").alias("year")).drop("_year")


def _read_amount(frame: pl.DataFrame, name: str, setting: StreamSetting, log: IssueLog) -> pl.Series:
    """A column of amounts in 10,000 yuan."""
    read = clean_column(frame, name, amount_rule(setting.layout.units.get(name)), log)
    return (read.cast(pl.Float64) / _PER_TEN_THOUSAND).alias(name)


@cache
def _industries() -> dict[str, str]:
    """Words and codes of industries → two digits of GB/T 4754."""
    known = read_industries()
    return {one.label["zh"]: one.code for one in known} | {one.code: one.code for one in known}


def read_industry(text: str) -> Cleaned:
    """Rule: a code of two to four digits, with or without its letter, or a name → division of GB/T 4754."""
    plain = text.replace(" ", "").upper().removeprefix("C")
    digits = plain[:2] if plain.isdecimal() and 2 <= len(plain) <= 4 else ""
    code = _industries().get(digits) or _industries().get(text.replace(" ", ""))
    return Cleaned(code, () if code else (Hit("category.unknown", text, None),))


def _without_larger_parts(
    frame: pl.DataFrame, whole: str, parts: tuple[str, ...], allowed: float, log: IssueLog
) -> pl.DataFrame:
    """Whole and parts unknown where the parts exceed the whole."""
    names = (whole, *parts)
    stated = [pl.col(name).cast(pl.String).fill_null("—") for name in names]
    summed = pl.sum_horizontal(pl.col(name).fill_null(0) for name in parts)
    larger = (summed > pl.col(whole) * allowed).fill_null(False)
    judged = frame.with_columns(larger.alias("_larger"), pl.concat_str(stated, separator="/").alias("_said"))
    log.add_rows(judged.filter("_larger"), "return.part_exceeds_whole", whole, "_said")
    kept = [pl.when(~pl.col("_larger")).then(name).alias(name) for name in names]
    return judged.with_columns(kept).drop("_larger", "_said")


def settle_returns(tables: Tables) -> Settled:
    """One return for each enterprise and year, the last delivered; amounts in a strange unit unknown."""
    rows = _with_known_codes(tables["enterprise_returns"].with_row_index("_row"))
    key = ["enterprise_id", "year"]
    told = [name for name in ENTERPRISE_RETURNS if name not in ("return_id", "source_id", "source_row")]
    last = rows.filter(pl.col("_row") == pl.col("_row").max().over(key))
    alike = rows.join(last.select(told), on=told, how="semi", nulls_equal=True)
    latest = alike.filter(pl.col("_row") == pl.col("_row").min().over(key))
    same = alike.join(latest, on="_row", how="anti")
    changed = rows.join(alike, on="_row", how="anti")
    shifted = _find_shifted(latest)
    issues = [
        _issues(found, rule, "year", pl.col("year").cast(pl.String))
        for found, rule in ((same, "return.duplicate"), (changed, "return.superseded"))
    ]
    issues.append(
        _issues(shifted, "return.unit_shift", "output_value", pl.col("output_value").cast(pl.String))
    )
    strange = pl.col("_row").is_in(shifted["_row"].implode())
    settled = latest.with_columns(pl.when(~strange).then(name).alias(name) for name in AMOUNTS)
    return Settled(
        {"enterprise_returns": settled.sort("_row").select(list(ENTERPRISE_RETURNS))}, pl.concat(issues)
    )


def _with_known_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """Returns without a code take the one that the same name has elsewhere, if it is the only one."""
    coded = rows.filter(pl.col("enterprise_code").is_not_null() & pl.col("enterprise_name").is_not_null())
    codes = coded.group_by("enterprise_name").agg(pl.col("enterprise_code").unique().alias("_codes"))
    only = codes.filter(pl.col("_codes").list.len() == 1).select(
        "enterprise_name", pl.col("_codes").list.first().alias("_code")
    )
    joined = rows.join(only, on="enterprise_name", how="left", maintain_order="left")
    found = joined.with_columns(pl.coalesce("enterprise_code", "_code").alias("organisation_code"))
    named = found.with_columns(enterprise_identity(), pl.col("organisation_code").alias("enterprise_code"))
    return named.select(rows.columns)


def _find_shifted(rows: pl.DataFrame) -> pl.DataFrame:
    """Returns whose output or sales are a thousand times, or a thousandth of, those of most other years.

    Two returns that differ so much accuse each other, so that two other years are needed; output and sales of
    one return that lie as far apart accuse the return itself.
    """
    found = [_far_from_others(rows, name) for name in ("output_value", "sales_revenue")]
    ratio = pl.col("sales_revenue") / pl.col("output_value")
    apart = rows.filter((pl.col("output_value") > 0) & (pl.col("sales_revenue") > 0) & _is_far(ratio))
    return pl.concat([*found, apart]).unique("_row").sort("_row")


def _far_from_others(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    known = rows.filter(pl.col(name) > 0)
    pairs = known.select("_row", "enterprise_id", "year", name).join(
        known.select("enterprise_id", "year", name), on="enterprise_id", suffix="_other"
    )
    others = pairs.filter(pl.col("year") != pl.col("year_other"))
    far = others.group_by("_row").agg(
        _is_far(pl.col(name) / pl.col(f"{name}_other")).mean().alias("_far"), pl.len().alias("_years")
    )
    accused = far.filter((pl.col("_years") >= 2) & (pl.col("_far") > 0.5))
    return rows.join(accused, on="_row", how="semi")


def _is_far(ratio: pl.Expr) -> pl.Expr:
    return (ratio >= SHIFT) | (ratio <= 1 / SHIFT)


def _issues(rows: pl.DataFrame, rule: str, field: str, old: pl.Expr) -> pl.DataFrame:
    return rows.sort("_row").select(
        "source_id", "source_row", pl.lit(rule).alias("rule"), pl.lit(field).alias("field"),
        old.alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
    ).select(list(ROW_ISSUES))  # fmt: skip


RETURN_STREAM = Stream(
    schemas={"enterprise_returns": ENTERPRISE_RETURNS}, clean=clean_returns, settle=settle_returns
)
