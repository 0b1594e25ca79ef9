"""Which figures does the assessment state? The total of each county, and how many counties have which grade."""

from typing import Any

from qstats.codebook import LANGUAGES, Text, text
from qstats.report.county_assessment.assessment import Assessment
from qstats.report.county_assessment.county import compare_years
from qstats.report.county_assessment.wording import say_without_total
from qstats.report.findings import Change, Finding, join_label

_POINTS: Text = {"zh": "考核得分", "en": "points of the assessment"}
_COUNT: Text = {"zh": "县（市、区）数", "en": "Number of counties"}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Counties by grade, then the total of each county."""
    return [
        *(_find_count(assessed, grade) for grade in assessed.grades),
        *(_find_total(assessed, one) for one in assessed.names),
    ]


def _find_count(assessed: Assessment, grade: str) -> Finding:
    return Finding(
        key=f"county_assessment.{assessed.scheme.id}.count.{grade}", status="stated", basis="census", unit="count",
        label=join_label(_COUNT, {one: f"{grade} {text('assessment_grade', grade)[one]}" for one in LANGUAGES}),
        estimate=float(len(assessed.counties_of(grade))), n=len(assessed.totals), method="count",
        table="tables/assessment_totals.csv", release=assessed.release(),
    )  # fmt: skip


def _find_total(assessed: Assessment, county: str) -> Finding:
    """Total of a county with its limits."""
    row = assessed.by_county[county]
    shared: dict[str, Any] = {
        "key": f"county_assessment.{assessed.scheme.id}.points.county.{county}", "basis": "sample",
        "label": join_label(assessed.names[county], _POINTS), "unit": "points",
        "table": f"tables/assessment_totals.csv#county_code={county}", "release": assessed.release(county),
    }  # fmt: skip
    if row["status"] != "stated":
        return Finding(**shared, status="refused", reason=say_without_total(assessed, row))
    rows = assessed.point_rows
    own = rows[rows["county_code"] == county]
    return Finding(
        **shared, status="stated", estimate=float(row["points"]), lower=float(row["lower"]), n=len(own),
        upper=float(row["upper"]), confidence=assessed.confidence, method="scorecard",
        sources=tuple(sorted(one for one in own["source_id"].unique() if not str(one).endswith(".csv"))),
        changes=_changes(assessed, county),
    )  # fmt: skip


def _changes(assessed: Assessment, county: str) -> tuple[Change, ...]:
    change = compare_years(assessed, county)
    if change is None:
        return ()
    estimate, lower, upper = change
    verdict = "rise" if lower > 0 else "fall" if upper < 0 else "no_clear_change"
    return (
        Change(
            against=str(assessed.before.year), basis="same_scheme", status="stated", estimate=estimate,
            lower=lower, upper=upper, confidence=assessed.confidence, unit="points", method="mover_index",
            verdict=verdict,
        ),
    )  # fmt: skip


def list_items(assessed: Assessment, county: str) -> list[Finding]:
    """Points of each item, bonus and deduction of one county, for its own page."""
    return [_find_item(assessed, county, row) for row in assessed.card(county).to_dict("records")]


def _find_item(assessed: Assessment, county: str, row: dict[str, Any]) -> Finding:
    # Points by a decision are entered, not estimated, whatever was measured before.
    basis = "census" if row["status"] == "appealed" else row["basis"]
    shared: dict[str, Any] = {
        "key": f"county_assessment.{assessed.scheme.id}.item.{row['item']}.county.{county}", "unit": "points",
        "label": join_label(assessed.names[county], assessed.label(row["item"])), "basis": basis,
        "table": f"tables/units/{county}/assessment_card.csv#item={row['item']}", "release": assessed.release(county),
    }  # fmt: skip
    if row["status"] == "no_data":
        return Finding(**shared, status="no_data", reason=text("score_status", "no_data"))
    limits: dict[str, Any] = {}
    if row["basis"] == "sample" and row["status"] == "scored":
        limits = {
            "lower": float(row["points_lower"]),
            "upper": float(row["points_upper"]),
            "confidence": assessed.confidence,
        }
    n = None if row["n"] != row["n"] else int(row["n"])
    return Finding(
        **shared, status="stated", estimate=float(row["points"]), n=n, method="scorecard", **limits
    )
