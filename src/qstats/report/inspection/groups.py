"""How do the parts of the whole compare? Rates of the groups of a column, with their changes."""

from dataclasses import dataclass

import pandas as pd
import polars as pl

from qstats.codebook import Text, text
from qstats.estimation import correlate_periods, estimate_changes, estimate_pass_rates
from qstats.periods import Period
from qstats.report.findings import Finding, join_label
from qstats.report.groups import GROUP_LABELS, group_names, name_groups
from qstats.report.rates import add_release, find_change, find_rate
from qstats.report.reasons import add_reasons
from qstats.report.subject import Subject


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """Rates of the groups of one column in a period, with their changes on an earlier one.

    Attributes
    ----------
    column : str
    rates, changes : DataFrame
        By group (``""`` for batches that state none); rates carry ``reason_zh`` and ``reason_en``.
    names : dict
        Group code → name in both languages.
    against : Period
    """

    column: str
    rates: pd.DataFrame
    changes: pd.DataFrame
    names: dict[str, Text]
    against: Period

    @property
    def label(self) -> Text:
        """Kind of the groups, such as county or product class."""
        return GROUP_LABELS[self.column]

    @property
    def name(self) -> str:
        """Name of the table and chart of the groups."""
        return f"rates_by_{self.column.removesuffix('_code')}"

    def findings(self, subject: Subject) -> list[Finding]:
        """One finding for each group."""
        kind = self.column.removesuffix("_code")
        changes = self.changes.set_index(self.column)
        return [
            find_rate(
                row,
                key=f"inspection.pass_rate.{kind}.{row[self.column] or 'unknown'}",
                label=join_label(
                    subject.batches, text("indicator", "pass_rate"), self.names[row[self.column]]
                ),
                changes=[find_change(changes.loc[row[self.column]].to_dict(), "last_year")],
                release=row["release"],
                table=f"tables/{self.name}.csv#{self.column}={row[self.column]}",
            )
            for row in self.rates.to_dict("records")
        ]


def compare_groups(
    batches: pl.DataFrame, column: str, subject: Subject, against: Period, sources: pd.DataFrame,
    *, complete_from: float,
) -> GroupComparison:  # fmt: skip
    """Rates by group in the subject's period, best first, with the change on ``against``.

    Groups that have no batch in either period are left out where they are no county.
    """
    periods = [against, subject.period]
    both = name_groups(estimate_pass_rates(batches, periods, subject.scope, by=[column]), column)
    shared = name_groups(correlate_periods(batches, subject.period, against, subject.scope, [column]), column)
    changes = estimate_changes(both, subject.period, against, [column], correlation=shared)
    now = both[both["period"] == str(subject.period)]
    if column != "county_code":
        now = now[now[column].isin(both.loc[both["planned"] > 0, column])]
    rates = add_release(add_reasons(now, sources, subject.scope.minimum_batches), complete_from)
    rates = rates.sort_values(["estimate", "n"], ascending=[False, False], kind="stable", na_position="last")
    return GroupComparison(
        column, rates.reset_index(drop=True), changes, group_names(column, rates[column].tolist()), against
    )
