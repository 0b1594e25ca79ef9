"""How many enterprises have which grade, by county or industry, and how did grades move over a year?"""

import pandas as pd
import polars as pl

from qstats.credit.grading import Graded

NEW = "new"
"""Grade of an enterprise in a year in which nothing was on record about it."""
GONE = "gone"
"""Grade of one that was cancelled in between."""


def count_grades(graded: Graded, by: str | None = None) -> pd.DataFrame:
    """Enterprises by grade, within the groups of a column of the grades; every grade has a row.

    Returns
    -------
    DataFrame
        ``by`` (empty where not stated), ``grade, n``, groups by their codes, grades from the best.
    """
    grades = graded.grades.with_columns(group=pl.col(by).fill_null("") if by else pl.lit(""))
    counted = grades.group_by("group", "grade").len("n")
    grid = pl.DataFrame({"group": grades["group"].unique().sort()}).join(
        pl.DataFrame({"grade": graded.scheme.names}), how="cross", maintain_order="left"
    )
    full = grid.join(counted, on=["group", "grade"], how="left", maintain_order="left").with_columns(
        pl.col("n").fill_null(0).cast(pl.Int64)
    )
    return full.rename({"group": by}).to_pandas() if by else full.drop("group").to_pandas()


def cross_years(before: Graded, now: Graded) -> pd.DataFrame:
    """Enterprises by the grade of the year before and the grade now.

    Raises
    ------
    ValueError
        Grades of two schemes: their letters have different meanings.

    Returns
    -------
    DataFrame
        ``before`` (a grade or `NEW`), ``now`` (a grade or `GONE`), ``n``; pairs without any are left out.
    """
    if before.scheme.id != now.scheme.id:
        raise ValueError(f"grades of {before.scheme.id!r} and {now.scheme.id!r} cannot be compared")
    sides = [
        one.grades.select("enterprise_id", pl.col("grade").alias(name))
        for one, name in ((before, "before"), (now, "now"))
    ]
    both = sides[0].join(sides[1], on="enterprise_id", how="full", coalesce=True)
    named = both.with_columns(pl.col("before").fill_null(NEW), pl.col("now").fill_null(GONE))
    return named.group_by("before", "now").len("n").sort("before", "now").to_pandas()
