"""Which enterprise is it? Name in one spelling, code with a right check character, one identity for both."""

import re
from functools import lru_cache

import numpy as np
import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit
from qstats.cleaning.issues import IssueLog
from qstats.methods.identifiers import (
    credit_code_is_valid,
    organisation_code_is_valid,
    resident_number_is_valid,
)

NAME_ATTENTION = r"[() \u00b7•]"
_CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff（）]) +| +(?=[\u4e00-\u9fff（）])")
_SEPARATORS = r"[\s\-–—－_.·]+"
_CODE_FORM = r"^(?:[0-9A-Z]{9}|[0-9A-Z]{18})$"


@lru_cache(maxsize=1 << 17)
def normalize_name(name: str) -> Cleaned:
    """Enterprise name with full-width brackets, without spaces beside Chinese (``enterprise.name``)."""
    plain = name.replace("(", "（").replace(")", "）") if re.search(r"[\u4e00-\u9fff]", name) else name
    plain = _CHINESE_GAP.sub("", plain)
    return Cleaned(plain, (Hit("enterprise.name", name, plain),) if plain != name else ())


def clean_codes(frame: pl.DataFrame, log: IssueLog) -> pl.Series:
    """Nine-character organisation code of each row, null where the stated code is missing or wrong.

    The organisation code stands in places 9–17 of the 18-character code, so old and new codes of one
    enterprise meet. Rules ``code.form`` and ``code.check_digit``.
    """
    stated = frame["enterprise_code"].unique().drop_nulls()
    if stated.len() == 0:
        return pl.Series("organisation_code", [None] * frame.height, dtype=pl.String)
    judged = judge_codes(stated)
    joined = frame.select("source_row", "enterprise_code").join(
        judged, on="enterprise_code", how="left", maintain_order="left"
    )
    wrong = joined.filter(pl.col("rule").is_not_null())
    log.add(
        wrong.select(
            "source_row", "rule", pl.lit("enterprise_code").alias("field"),
            pl.col("enterprise_code").alias("old_value"), pl.lit(None, pl.String).alias("new_value"),
        )
    )  # fmt: skip
    return joined["organisation_code"]


def judge_codes(stated: pl.Series) -> pl.DataFrame:
    """For each distinct stated code: ``organisation_code`` or the ``rule`` that it breaks.

    Numbers of persons (公民身份号码) and fillers of one repeated character may have a right check character
    too; neither is a code.
    """
    codes = stated.str.replace_all(_SEPARATORS, "").str.to_uppercase()
    is_credit = codes.str.len_chars() == 18
    organisation = pl.select(pl.when(is_credit).then(codes.str.slice(8, 9)).otherwise(codes)).to_series()
    whole, inner = (np.array(one.to_list(), dtype="<U19") for one in (codes, organisation))
    is_filler = pl.Series([len(set(code[:8])) == 1 for code in organisation], dtype=pl.Boolean)
    is_code = codes.str.contains(_CODE_FORM) & ~is_filler & ~pl.Series(resident_number_is_valid(whole))
    valid = is_code & pl.Series(organisation_code_is_valid(inner))
    valid &= ~is_credit | pl.Series(credit_code_is_valid(whole))
    return pl.select(
        stated.alias("enterprise_code"),
        pl.when(valid).then(organisation).alias("organisation_code"),
        pl.when(~is_code).then(pl.lit("code.form"))
        .when(~valid).then(pl.lit("code.check_digit")).alias("rule"),
    )  # fmt: skip


def enterprise_identity() -> pl.Expr:
    """Identity: ``org:`` and the organisation code where it is valid, else ``name:`` and the name."""
    return (
        pl.when(pl.col("organisation_code").is_not_null())
        .then(pl.lit("org:") + pl.col("organisation_code"))
        .when(pl.col("enterprise_name").is_not_null())
        .then(pl.lit("name:") + pl.col("enterprise_name"))
        .alias("enterprise_id")
    )
