"""What did cleaning meet? One row per case, or per distinct change for cosmetic rules."""

from io import BytesIO

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
        self._found: list[pl.DataFrame] = []
        self._packed: list[bytes] = []

    def add(self, cases: pl.DataFrame) -> None:
        """Add ``source_row, rule, field, old_value, new_value``, and ``cases`` if they are counted."""
        if cases.height:
            count = pl.col("cases") if "cases" in cases.columns else pl.lit(1)
            self._found.append(
                cases.select(
                    pl.col("source_row").cast(pl.Int64), pl.col("rule", "field").cast(pl.String),
                    pl.col("old_value", "new_value").cast(pl.String).str.slice(0, _LONGEST_VALUE),
                    count.cast(pl.Int64).alias("cases"),
                )
            )  # fmt: skip

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

    def packed(self) -> "IssueLog":
        """The same issues without hold on the tables that they were taken from, which may be large."""
        if self._found:
            bytes_ = BytesIO()
            self._counted().write_parquet(bytes_, compression="lz4", statistics=False)
            self._packed, self._found = [bytes_.getvalue()], []
        return self

    def absorb(self, other: "IssueLog") -> None:
        """Take over the packed issues of a later part of the same source."""
        self._packed += other._packed

    def table_of_issues(self) -> pl.DataFrame:
        """All issues with the columns of the contract, in the order of the source's rows."""
        if not self._found and not self._packed:
            return pl.DataFrame(schema=ISSUES)
        return (
            self._counted()
            .with_columns(
                pl.lit(self.source_id).alias("source_id"),
                pl.lit(self.table).alias("table"),
                pl.col("rule").replace_strict(_ACTIONS, return_dtype=pl.String).alias("action"),
            )
            .select(pl.col(name).cast(dtype) for name, dtype in ISSUES.items())
            .sort("source_row", "rule", "field", "old_value", "new_value", nulls_last=True)
        )

    def _counted(self) -> pl.DataFrame:
        """What was found so far, cosmetic cases counted by distinct change."""
        found = pl.concat([*self._found, *(pl.read_parquet(BytesIO(part)) for part in self._packed)])
        cosmetic = pl.col("rule").is_in(COSMETIC)
        return pl.concat([found.filter(~cosmetic), _aggregate(found.filter(cosmetic))])


def _aggregate(cosmetic: pl.DataFrame) -> pl.DataFrame:
    return (
        cosmetic.group_by("rule", "field", "old_value", "new_value")
        .agg(pl.col("source_row").min(), pl.col("cases").sum())
        .select("source_row", "rule", "field", "old_value", "new_value", "cases")
    )
