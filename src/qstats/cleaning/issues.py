"""What did cleaning meet? One row per case, or per distinct change for cosmetic rules."""

import polars as pl

from qstats.cleaning.rules import COSMETIC, RULES
from qstats.schemas import ISSUES

_LONGEST_VALUE = 200
_ACTIONS = {rule.id: rule.action for rule in RULES.values()}


class IssueLog:
    """Issues of one source, collected chunk by chunk.

    Parameters
    ----------
    source_id : str
    table : str
        Name of the clean table that the rows belong to.
    """

    def __init__(self, source_id: str, table: str = "inspections") -> None:
        self.source_id, self.table = source_id, table
        self._cases: list[pl.DataFrame] = []
        self._cosmetic: list[pl.DataFrame] = []

    def add(self, cases: pl.DataFrame) -> None:
        """Add ``source_row, rule, field, old_value, new_value``, and ``cases`` if they are counted."""
        if cases.height == 0:
            return
        if "cases" not in cases.columns:
            cases = cases.with_columns(pl.lit(1, pl.Int64).alias("cases"))
        cases = cases.select(
            pl.col("source_row").cast(pl.Int64), "rule", "field",
            pl.col("old_value", "new_value").cast(pl.String).str.slice(0, _LONGEST_VALUE),
            pl.col("cases").cast(pl.Int64),
        )  # fmt: skip
        cosmetic = cases["rule"].is_in(COSMETIC)
        self._cases.append(cases.filter(~cosmetic))
        self._cosmetic.append(_aggregate(cases.filter(cosmetic)))

    def add_rows(
        self, rows: pl.DataFrame, rule: str, field: str | None = None, old: str | None = None,
        new: str | None = None,
    ) -> None:  # fmt: skip
        """Add one case of ``rule`` per row; ``old`` and ``new`` name the columns that hold the values."""
        if rows.height:
            self.add(
                rows.select(
                    "source_row",
                    pl.lit(rule).alias("rule"),
                    pl.lit(field, pl.String).alias("field"),
                    (pl.col(old) if old else pl.lit(None)).cast(pl.String).alias("old_value"),
                    (pl.col(new) if new else pl.lit(None)).cast(pl.String).alias("new_value"),
                )
            )

    def absorb(self, other: "IssueLog") -> None:
        """Take over the issues of a later part of the same source."""
        self._cases += other._cases
        self._cosmetic += other._cosmetic

    def table_of_issues(self) -> pl.DataFrame:
        """All issues with the columns of the contract, in the order of the source's rows."""
        parts = [*self._cases]
        if self._cosmetic:
            parts.append(_aggregate(pl.concat(self._cosmetic)))
        if not parts:
            return pl.DataFrame(schema=ISSUES)
        return (
            pl.concat(parts)
            .with_columns(
                pl.lit(self.source_id).alias("source_id"),
                pl.lit(self.table).alias("table"),
                pl.col("rule").replace_strict(_ACTIONS, return_dtype=pl.String).alias("action"),
            )
            .select(pl.col(name).cast(dtype) for name, dtype in ISSUES.items())
            .sort("source_row", "rule", "field", "old_value", "new_value", nulls_last=True)
        )


def _aggregate(cosmetic: pl.DataFrame) -> pl.DataFrame:
    return (
        cosmetic.group_by("rule", "field", "old_value", "new_value")
        .agg(pl.col("source_row").min(), pl.col("cases").sum())
        .select("source_row", "rule", "field", "old_value", "new_value", "cases")
    )
