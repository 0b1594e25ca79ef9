"""Which counts of grades may be published? Tables by county, industry and between years, with few enterprises hidden.

The grades of a scheme are the columns of a table, enterprises are what is counted. Totals of rows and columns are
published; tables of two schemes share the totals of rows, which the audit takes into account.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from qstats import credit
from qstats.methods.disclosure import TOTAL, SuppressionAudit
from qstats.report.disclosure import (
    DisclosureRule,
    ProtectedTable,
    audit_publications,
    labels_of,
    protect_cross_table,
)

SMALL = "other"
"""Industries with few enterprises, taken together."""
_ROOM = 4
"""An industry with fewer enterprises than this multiple of the minimum is not a row of its own."""


@dataclass(frozen=True)
class Published:
    """Protected tables of all schemes and years.

    Attributes
    ----------
    counties, industries : dict
        Scheme id → (a year ago, now).
    moves : dict
        Scheme id → grades of the two years crossed.
    audit : SuppressionAudit
        Of all tables together.
    """

    counties: dict[str, tuple[ProtectedTable, ProtectedTable]]
    industries: dict[str, tuple[ProtectedTable, ProtectedTable]]
    moves: dict[str, ProtectedTable]
    audit: SuppressionAudit

    @property
    def tables(self) -> list[ProtectedTable]:
        """All of them."""
        pairs = [*self.counties.values(), *self.industries.values()]
        return [*(one for pair in pairs for one in pair), *self.moves.values()]

    @property
    def hidden(self) -> int:
        """Cells that are not shown in the tables of now and of moves."""
        shown = [pair[1] for pair in (*self.counties.values(), *self.industries.values())]
        return sum(int(one.suppressed.sum()) for one in (*shown, *self.moves.values()))


def publish_counts(
    pairs: Sequence[tuple[list[credit.Graded], tuple[tuple[str, ...], ...]]], rule: DisclosureRule
) -> Published:
    """Protected tables of each scheme, audited as one system.

    Parameters
    ----------
    pairs : sequence of ([Graded, Graded], groups)
        Of each scheme the grades a year ago and now, and the grades that are published together.
    rule : DisclosureRule
    """
    counties, industries, moves = {}, {}, {}
    for graded, groups in pairs:
        scheme = graded[0].scheme.id
        counties[scheme] = _both_years(graded, groups, rule, "county_code")
        industries[scheme] = _both_years(graded, groups, rule, "industry")
        moves[scheme] = _protect_moves(graded, groups, rule)
    published = Published(counties, industries, moves, audit_publications([]))
    return Published(counties, industries, moves, audit_publications(published.tables))


def _both_years(
    graded: list[credit.Graded], groups: tuple[tuple[str, ...], ...], rule: DisclosureRule, by: str
) -> tuple[ProtectedTable, ProtectedTable]:
    kept = _large(graded[1], rule) if by == "industry" else None
    before, now = (_protect(one, groups, rule, by, kept) for one in graded)
    return before, now


def _large(graded: credit.Graded, rule: DisclosureRule) -> set[str]:
    """Industries that are rows of their own, by their size now."""
    counted = credit.count_grades(graded, "industry").groupby("industry")["n"].sum()
    return set(counted.index[counted >= _ROOM * rule.minimum_enterprises]) - {""}


def _protect(
    graded: credit.Graded, groups: tuple[tuple[str, ...], ...], rule: DisclosureRule, by: str,
    kept: set[str] | None,
) -> ProtectedTable:  # fmt: skip
    """Rows carry the name of their kind, columns that of their scheme, so that equal names are equal cells."""
    counted = credit.count_grades(graded, by)
    rows = counted[by] if kept is None else counted[by].where(counted[by].isin({*kept, ""}), SMALL)
    named = counted.assign(row=by + "." + rows.astype(str), grade=_columns(counted["grade"], graded, groups))
    summed = named.groupby(["row", "grade"], as_index=False)["n"].sum()
    return _protect_counts(summed, str(graded.on), ("row", "grade"), rule)


def _columns(grades: pd.Series, graded: credit.Graded, groups: tuple[tuple[str, ...], ...]) -> pd.Series:
    """Names of the groups that grades are published in; what is no grade keeps its name."""
    names = {grade: f"{graded.scheme.id}.{'+'.join(group)}" for group in groups for grade in group}
    return grades.map(lambda grade: names.get(grade, f"{graded.scheme.id}.{grade}"))


def _protect_moves(
    graded: list[credit.Graded], groups: tuple[tuple[str, ...], ...], rule: DisclosureRule
) -> ProtectedTable:
    crossed = credit.cross_years(*graded)
    named = crossed.assign(
        before=_columns(crossed["before"], graded[0], groups), now=_columns(crossed["now"], graded[1], groups)
    )
    summed = named.groupby(["before", "now"], as_index=False)["n"].sum()
    return _protect_counts(summed, f"{graded[0].on}/{graded[1].on}", ("before", "now"), rule)


def _protect_counts(
    counts: pd.DataFrame, period: str, by: tuple[str, str], rule: DisclosureRule
) -> ProtectedTable:
    """Cells hidden in a line must hold the minimum together: their sum follows from the total of the line."""
    filled = counts.assign(period=period, failures=0, enterprises=counts["n"])
    protected = protect_cross_table(filled, by, rule)
    also: set[tuple[str, str]] = set()
    while not protected.refused and (more := _next_smallest(protected, by, rule) - also):
        also |= more
        protected = protect_cross_table(filled, by, rule, also=also)
    return protected


def _next_smallest(
    protected: ProtectedTable, by: tuple[str, str], rule: DisclosureRule
) -> set[tuple[str, str]]:
    """Of each line whose hidden cells hold too few together, the smallest other cell that is not empty."""
    names = [labels_of(name)[1:] for name in protected.table.names]
    cells = pd.DataFrame(names, columns=list(by)).assign(
        n=protected.table.values, hidden=protected.suppressed
    )  # fmt: skip
    inner = cells[(cells[by[0]] != TOTAL) & (cells[by[1]] != TOTAL)]
    found = set()
    for _, line in (one for name in by for one in inner.groupby(name)):
        held = line.loc[line["hidden"], "n"].sum()
        rest = line[~line["hidden"] & (line["n"] > 0)]
        if 0 < held < rule.minimum_enterprises and not rest.empty:
            least = rest.loc[rest["n"].idxmin()]
            found.add((str(least[by[0]]), str(least[by[1]])))
    return found
