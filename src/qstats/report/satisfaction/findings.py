"""Which figures does the chapter on satisfaction state? One finding per measure and group."""

from collections.abc import Mapping
from typing import Any

from qstats.codebook import LANGUAGES, text
from qstats.report.findings import Change, Finding, join_label
from qstats.report.satisfaction.assessment import MEASURES, PLACED_BY, Assessment

UNITS = {"index": "points", "score": "points", "share": "proportion"}
_KEYS = {"sector": "", "industry": "industry.", "county_code": "county."}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Findings of sectors by each measure, of industries and districts by index and score."""
    if not assessed.received:
        return [_nothing(assessed)]
    found = []
    for column in assessed.columns:
        measures = MEASURES if column == "sector" else ("index", "score")
        for measure in measures:
            rows = assessed.measure(column, measure)
            found += [_find(row, column, measure, assessed) for row in rows.to_dict("records")]
    return found


def _find(row: Mapping[str, Any], column: str, measure: str, assessed: Assessment) -> Finding:
    stated, code = row["status"] == "stated", str(row[column])
    limits = {
        name: float(row[name]) if stated else None for name in ("estimate", "lower", "upper", "confidence")
    }
    return Finding(
        key=f"satisfaction.{measure}.{_KEYS[column]}{code}",
        label=join_label(text("satisfaction_measure", measure), assessed.label_of(column, code)),
        status=row["status"],
        basis="model" if measure == "index" else "sample",
        unit=UNITS[measure],
        n=int(row["n"]),
        method=str(row["method"]) if stated else None,
        reason=None if stated else {one: str(row[f"reason_{one}"]) for one in LANGUAGES},
        changes=(_find_change(row, measure, assessed),) if stated and assessed.before else (),
        table=f"tables/satisfaction_by_{PLACED_BY[column]['en']}.csv#{column}={code}",
        sources=tuple(sorted(assessed.now.frame["source_id"].unique())),
        **limits,  # type: ignore[arg-type]
    )


def _find_change(row: Mapping[str, Any], measure: str, assessed: Assessment) -> Change:
    stated = row["change_status"] == "stated"
    values = {
        name: float(row[column]) if stated else None
        for name, column in (("estimate", "change"), ("lower", "change_lower"), ("upper", "change_upper"))
    }
    return Change(
        against=assessed.waves[-2],
        basis="previous",
        status="stated" if stated else "cannot_be_stated",
        confidence=assessed.survey.confidence if stated else None,
        unit=UNITS[measure],
        method=str(row["change_method"]) if stated else None,
        reason=None if stated else text("refusal", str(row["change_reason"])),
        **values,  # type: ignore[arg-type]
    )


def _nothing(assessed: Assessment) -> Finding:
    return Finding(
        key="satisfaction.score.all", label=text("satisfaction_measure", "score"), status="no_data", basis="sample",
        unit="points", reason=text("refusal", "no_survey"),
    )  # fmt: skip
