"""Which figures does the chapter on satisfaction state? One finding per measure and group."""

from collections.abc import Mapping
from typing import Any

from qstats import satisfaction as assess
from qstats.codebook import LANGUAGES, Text, text
from qstats.report.findings import Change, Finding, join_label
from qstats.report.satisfaction.assessment import MEASURES, PLACED_BY, Assessment, latent_label

UNITS = {"index": "points", "score": "points", "share": "proportion"}
_KEYS = {"sector": "", "industry": "industry.", "county_code": "county."}


def list_findings(assessed: Assessment) -> list[Finding]:
    """Findings of groups by each measure, of what drives the index and of how people were asked."""
    if not assessed.received:
        return [_nothing(assessed)]
    found = []
    for column in assessed.columns:
        for measure in MEASURES:
            rows = assessed.measure(column, measure)
            found += [_find(row, column, measure, assessed) for row in rows.to_dict("records")]
    return [*found, *_find_drivers(assessed), *_find_modes(assessed)]


def _find_drivers(assessed: Assessment) -> list[Finding]:
    """Importance of each latent variable for the index."""
    rows = assess.map_importance(assessed.index, assessed.survey).to_dict("records")
    return [
        Finding(
            key=f"satisfaction.importance.{row['latent']}", label=join_label(_IMPORTANCE, latent_label(assessed, row)),
            status="stated", basis="model", unit="points", n=int(assessed.index.complete.sum()),
            estimate=float(row["importance"]), lower=float(row["importance_lower"]),
            upper=float(row["importance_upper"]), confidence=assessed.survey.confidence, method="pls_bootstrap",
            table=f"tables/satisfaction_drivers.csv#latent={row['latent']}", sources=_sources(assessed),
        )
        for row in rows
    ]  # fmt: skip


def _find_modes(assessed: Assessment) -> list[Finding]:
    """Adjusted difference of each way of asking from the most frequent one."""
    rows = (
        assess.estimate_mode_effects(assessed.now, assessed.survey)
        .dropna(subset="adjusted")
        .to_dict("records")
    )
    return [
        Finding(
            key=f"satisfaction.mode_effect.{row['mode']}", label=join_label(_MODE, assessed.label_of("mode", str(row["mode"]))),
            status="stated", basis="sample", unit="points", n=int(row["n"]), estimate=float(row["adjusted"]),
            lower=float(row["lower"]), upper=float(row["upper"]), confidence=float(row["confidence"]),
            method="design_regression", table=f"tables/satisfaction_modes.csv#mode={row['mode']}", sources=_sources(assessed),
        )
        for row in rows
    ]  # fmt: skip


_IMPORTANCE: Text = {"zh": "对满意度指数的重要性", "en": "Importance for the satisfaction index"}
_MODE: Text = {"zh": "访问方式对得分的影响", "en": "Effect of the way of asking on the score"}


def _sources(assessed: Assessment) -> tuple[str, ...]:
    return tuple(sorted(assessed.now.frame["source_id"].unique()))


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
        sources=_sources(assessed),
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
