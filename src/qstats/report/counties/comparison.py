"""What does the chapter on the counties state? One comparison for a period: ranks, differences, mix, findings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import polars as pl

from qstats.codebook import LANGUAGES, Text
from qstats.estimation import estimate_pass_rates, shrink_groups
from qstats.estimation.beside_rest import estimate_beside_rest
from qstats.periods import TwelveMonths
from qstats.ranking import describe_mix, list_pairs, rank_counties, share_of
from qstats.report.findings import Finding, join_label
from qstats.report.formats import format_percent
from qstats.report.groups import group_names, name_groups
from qstats.report.rates import add_release
from qstats.report.reasons import add_reasons
from qstats.report.subject import Subject

_COUNTY = "county_code"
_MIX = ["enterprise_size", "stage"]
_SMALL, _SHOPS = ["small", "micro"], ["retail", "online"]
_ALONE: Text = {
    "zh": "没有其他县（市、区）的合格率可以比较",
    "en": "no other county has a rate to compare with",
}


@dataclass(frozen=True, slots=True)
class CountyComparison:
    """The counties of a place compared in one period.

    Attributes
    ----------
    subject : Subject
    table : DataFrame
        From :func:`qstats.ranking.rank_counties`, with reasons, release and mix; ``""`` names no county.
    whole : dict
        Row of the place as a whole (:func:`qstats.estimation.estimate_pass_rates`) with reasons.
    pairs : DataFrame
        Pairs told apart: ``better, worse, difference``.
    names : dict
        Code → name in both languages.
    name : str
        Name of the table and of the chart.
    """

    subject: Subject
    table: pd.DataFrame
    whole: Mapping[str, Any]
    pairs: pd.DataFrame
    names: dict[str, Text]
    name: str

    @property
    def counties(self) -> pd.DataFrame:
        """Rows of counties, without the batches that name none."""
        return self.table[self.table[_COUNTY] != ""]

    @property
    def stated(self) -> pd.DataFrame:
        """Counties with a rate, best first."""
        return self.counties[self.counties["status"] == "stated"]

    @property
    def ranked(self) -> pd.DataFrame:
        """Counties with a rank set, best first; none where fewer than two have a rate."""
        return self.stated[self.stated["rank_low"].notna()]

    @property
    def when(self) -> Text:
        """Name of the period; twelve months are named so also where they are a calendar year."""
        label = self.subject.period.label
        if not isinstance(self.subject.period, TwelveMonths):
            return label
        is_year = label["en"].isdigit()
        return {
            "zh": f"近十二个月（{label['zh']}）",
            "en": f"the twelve months of {label['en']}" if is_year else label["en"],
        }

    @property
    def level(self) -> str:
        """Confidence as it is printed."""
        return format_percent(self.subject.scope.confidence, decimals=0)

    def caption(self, what: Text) -> Text:
        """Caption of a table of all counties."""
        about, place, when = self.subject.batches, self.subject.place, self.when
        return {
            "zh": f"{when['zh']}{place['zh']}{about['zh']}：各县（市、区）{what['zh']}",
            "en": f"{what['en']} by county, {about['en']}, {place['en']}, {when['en']}",
        }

    def standing(self, how: str) -> pd.DataFrame:
        """Counties that stand so to the rest of the place (:data:`qstats.ranking.STANDINGS`)."""
        return self.stated[self.stated["standing"] == how]

    def findings(self) -> list[Finding]:
        """For every county its rank with the set of ranks, and its difference to the rest of the place."""
        rows = self.counties.to_dict("records")
        return [find(self, row) for row in rows for find in (find_rank, find_difference)]


def compare_counties(
    batches: pl.DataFrame, subject: Subject, sources: pd.DataFrame, *, complete_from: float
) -> CountyComparison:
    """The counties in the subject's period; a period of twelve months is named so.

    Parameters
    ----------
    batches : polars.DataFrame
        Clean batches with ``refused_source``.
    sources : DataFrame
        Judged sources, for reasons.
    complete_from : float
        Share of results in from which a rate is final, 0–1.
    """
    scope, period = subject.scope, [subject.period]
    whole = add_reasons(estimate_pass_rates(batches, period, scope), sources, scope.minimum_batches)
    rates = name_groups(estimate_pass_rates(batches, period, scope, by=[_COUNTY]), _COUNTY)
    rates = add_release(add_reasons(rates, sources, scope.minimum_batches), complete_from)
    cells = estimate_pass_rates(batches, period, scope, by=[_COUNTY, *_MIX])
    shrunk = shrink_groups(rates[rates[_COUNTY] != ""], _COUNTY, confidence=scope.confidence)
    ranked = rank_counties(rates, _others(batches, rates, subject), shrunk, confidence=scope.confidence)
    return CountyComparison(
        subject,
        ranked.merge(_mix_of(cells), on=_COUNTY, how="left"),
        whole.iloc[0].to_dict(),
        list_pairs(ranked, confidence=scope.confidence),
        group_names(_COUNTY, ranked[_COUNTY].tolist()),
        "counties_in_twelve_months" if isinstance(subject.period, TwelveMonths) else "counties",
    )


def in_twelve_months(subject: Subject) -> Subject:
    """The same for the twelve months that end with the period."""
    return replace(subject, period=TwelveMonths.ending(subject.period))


def _others(batches: pl.DataFrame, rates: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """For each county with a rate all other counties together."""
    columns = ["n", "passes", "awaited", "unlisted", "deff", "estimate", "effective_n", "status"]
    codes = rates.loc[(rates["status"] == "stated") & (rates[_COUNTY] != ""), _COUNTY].tolist()
    both = {code: estimate_beside_rest(batches, [subject.period], subject.scope, code) for code in codes}
    rows = [
        areas.loc[areas["area"] == "rest", columns].assign(**{_COUNTY: code}) for code, areas in both.items()
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[_COUNTY, *columns])


def _mix_of(cells: pd.DataFrame) -> pd.DataFrame:
    """By county: shares of small firms and of shops, and what its mix would let one expect."""
    shares = {
        "share_small": share_of(cells, "enterprise_size", _SMALL),
        "share_shops": share_of(cells, "stage", _SHOPS),
    }
    by_county = pd.DataFrame(shares).rename_axis(_COUNTY).reset_index()
    return describe_mix(cells, _MIX).merge(by_county, on=_COUNTY, how="left")


def find_rank(comparison: CountyComparison, row: Mapping[str, Any]) -> Finding:
    """Place of a county by its estimate, always with the set of ranks that the data leave open."""
    is_ranked = row["status"] == "stated" and not pd.isna(row["rank_low"])
    figures = {
        "estimate": float(1 + (comparison.ranked["estimate"] > row["estimate"]).sum()),
        "lower": float(row["rank_low"]), "upper": float(row["rank_high"]),
    } if is_ranked else {}  # fmt: skip
    return _finding(
        comparison, row, "rank", {"zh": "名次", "en": "rank"}, "rank", "pairwise_mover_holm", figures
    )


def find_difference(comparison: CountyComparison, row: Mapping[str, Any]) -> Finding:
    """Difference of a county to the rest of the place, with an interval that holds for all of them at once."""
    is_compared = row["status"] == "stated" and not pd.isna(row["difference"])
    ends = {"estimate": "difference", "lower": "difference_lower", "upper": "difference_upper"}
    figures = {field: float(row[name]) for field, name in ends.items()} if is_compared else {}
    label: Text = {"zh": "与全市其余地区合格率之差", "en": "pass rate less that of the rest of the city"}
    return _finding(comparison, row, "difference", label, "proportion", "mover_bonferroni", figures)


def _finding(
    comparison: CountyComparison, row: Mapping[str, Any], what: str, label: Text, unit: str, method: str,
    figures: Mapping[str, float],
) -> Finding:  # fmt: skip
    code, subject = str(row[_COUNTY]), comparison.subject
    window = ".twelve_months" if comparison.name != "counties" else ""
    parts = (subject.batches, subject.period.label, comparison.names[code], label)
    return Finding(
        key=f"inspection.{what}{window}.county.{code}",
        label=join_label(*parts),
        status=_status(row, bool(figures)),
        basis="sample",
        unit=unit,
        n=int(row["n"]),
        confidence=subject.scope.confidence if figures else None,
        method=method if figures else None,
        reason=None if figures else _reason(row),
        table=f"tables/{comparison.name}.csv#{_COUNTY}={code}",
        sources=tuple(filter(None, str(row["sources"]).split(","))),
        release=row["release"],
        **figures,  # type: ignore[arg-type]
    )


def _status(row: Mapping[str, Any], is_known: bool) -> Any:
    if is_known:
        return "stated"
    return "cannot_be_stated" if row["status"] == "stated" else row["status"]


def _reason(row: Mapping[str, Any]) -> Text:
    """Why a county has no rank: why it has no rate, or that it is alone."""
    if row["status"] == "stated":
        return _ALONE
    return {language: str(row[f"reason_{language}"]) for language in LANGUAGES}
