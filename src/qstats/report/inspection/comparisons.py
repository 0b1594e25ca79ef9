"""Did quality change, or what was sampled? A period against earlier ones, crude and at one mix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from qstats.codebook import LANGUAGES, text
from qstats.estimation import (
    Scope,
    compare_periods,
    correlate_periods,
    estimate_changes,
    estimate_pass_rates,
    span_of_years,
    tabulate_mix,
)
from qstats.periods import Period
from qstats.report.findings import Change, Finding
from qstats.report.inspection.findings import find_city
from qstats.report.rates import add_release, find_change
from qstats.report.reasons import add_reasons
from qstats.report.subject import Subject


@dataclass(frozen=True, slots=True)
class Comparison:
    """Change of the rate on one earlier period, as it is and at one mix.

    Attributes
    ----------
    now, against : Period
    crude, standardised : Change
        The second at the average mix of both periods; it has a ``verdict``.
    figures : dict
        Row of :func:`qstats.estimation.compare_periods`.
    mix : DataFrame
        Shares of sizes and stages in both (:func:`qstats.estimation.tabulate_mix`).
    """

    now: Period
    against: Period
    crude: Change
    standardised: Change
    figures: dict[str, Any]
    mix: pd.DataFrame


def compare_with(
    batches: pl.DataFrame, now: Period, earlier: dict[str, Period], scope: Scope
) -> list[Comparison]:
    """Comparison of ``now`` with each earlier period, by the codebook's name of the comparison."""
    return [_compare(batches, now, before, basis, scope) for basis, before in earlier.items()]


def compare_years(batches: pl.DataFrame, now: Period, scope: Scope) -> list[Comparison]:
    """The last full year on record compared with the first; none where they are not two years apart."""
    span = span_of_years(batches, now, scope)
    return compare_with(batches, span[0], {"first_year": span[1]}, scope) if span else []


def find_years(
    years: Sequence[Comparison], batches: pl.DataFrame, subject: Subject, sources: pd.DataFrame,
    complete_from: float,
) -> list[Finding]:  # fmt: skip
    """Finding of the rate of a full year with its change on the first year."""
    found = []
    for comparison in years:
        scope = subject.scope
        rate = estimate_pass_rates(batches, [comparison.now], scope)
        row = add_release(add_reasons(rate, sources, scope.minimum_batches), complete_from).iloc[0]
        changes = [comparison.crude, comparison.standardised]
        found.append(find_city(row.to_dict(), changes, subject, key="inspection.pass_rate.city.year"))
    return found


def _compare(batches: pl.DataFrame, now: Period, before: Period, basis: str, scope: Scope) -> Comparison:
    rates = estimate_pass_rates(batches, [before, now], scope)
    shared = correlate_periods(batches, now, before, scope)
    crude = estimate_changes(rates, now, before, correlation=shared).iloc[0].to_dict()
    figures = compare_periods(batches, now, [before], scope).iloc[0].to_dict()
    return Comparison(
        now, before, find_change(crude, basis), _standardised(figures, basis), figures,
        tabulate_mix(batches, now, before, scope),
    )  # fmt: skip


def _standardised(row: dict[str, Any], basis: str) -> Change:
    no_common_mix = row["verdict"] == "no_common_mix"
    stated = row["status"] == "stated" and not no_common_mix
    return Change(
        against=row["against"],
        basis=f"{basis}_standardised",
        status="stated" if stated else "refused",
        estimate=row["at_average"] if stated else None,
        lower=row["at_average_lower"] if stated else None,
        upper=row["at_average_upper"] if stated else None,
        confidence=row["confidence"] if stated else None,
        n=row["n_before"] if stated else None,
        method="mover_standardised" if stated else None,
        holds=row["verdict"] not in ("awaited", "bases_disagree"),
        verdict=row["verdict"] or None,
        reason=None if stated else text("refusal", "no_common_mix" if no_common_mix else row["reason"]),
    )


def tabulate_rows(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """One row for each comparison, with what awaited results allow of the crude change."""
    empty = dict.fromkeys(LANGUAGES, "")
    rows = []
    for comparison in comparisons:
        reason = comparison.standardised.reason or empty
        told = {f"reason_{language}": reason[language] for language in LANGUAGES}
        rows.append(comparison.figures | told | {"crude_holds": comparison.crude.holds})
    return pd.DataFrame(rows).replace({"verdict": {"": None}})
