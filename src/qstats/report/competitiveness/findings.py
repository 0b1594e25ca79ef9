"""Which figures does the chapter on competitiveness state? The index, its parts, its change, each county."""

from typing import Any

from qstats.codebook import Text
from qstats.competitiveness.measured import CITY
from qstats.report.competitiveness.assessment import INDEX, Assessment
from qstats.report.competitiveness.narrative import why_not
from qstats.report.findings import Change, Finding, Release, join_label

_RANK: Text = {"zh": "可能的名次（抽样误差）", "en": "possible ranks (sampling error)"}


def list_findings(*assessments: Assessment) -> list[Finding]:
    """Of each index: the city's score and parts, the index of each unit, and its rank set; each key once."""
    found = [finding for assessed in assessments for finding in _of_one(assessed)]
    return list({finding.key: finding for finding in found}.values())


def _of_one(assessed: Assessment) -> list[Finding]:
    parts = [row.code for row in assessed.definition.pillars]
    own = (
        [] if assessed.kind == "industry" else [_find_score(assessed, code, CITY) for code in (INDEX, *parts)]
    )
    units = [_find_score(assessed, INDEX, unit) for unit in assessed.units]
    return [*own, *units, *_find_ranks(assessed)]


def _find_score(assessed: Assessment, code: str, unit: str) -> Finding:
    row = assessed.score(code, unit)
    name = "city" if unit == CITY else f"{assessed.kind}.{unit}"
    table = f"{assessed.prefix}_scores" if unit == CITY else f"{assessed.prefix}_units"
    shared: dict[str, Any] = {
        "key": f"competitiveness.{assessed.definition.id}.{code}.{name}",
        "label": join_label(assessed.definition.label(code), assessed.names[unit]),
        "basis": "model", "unit": "points",
        "table": f"tables/{table}.csv#" + (f"code={code}" if unit == CITY else f"unit={unit}"),
    }  # fmt: skip
    if row["status"] != "stated":
        return Finding(**shared, status=row["status"], reason=why_not(assessed, row))
    return Finding(
        **shared, status="stated", estimate=float(row["estimate"]), lower=float(row["lower"]),
        upper=float(row["upper"]), confidence=assessed.rules.confidence, n=int(row["n"]), method="mover_index",
        sources=assessed.sources(unit), changes=_changes(assessed, code, unit), release=_release(assessed, unit),
    )  # fmt: skip


def _release(assessed: Assessment, unit: str | None = None) -> Release:
    """Provisional while results behind an indicator of the year are still to come."""
    rows = assessed.inputs.table
    own = rows[(rows["period"] == assessed.period) & ((rows["unit"] == unit) | (unit is None))]
    return "provisional" if (own["release"] == "provisional").any() else "final"


def _changes(assessed: Assessment, code: str, unit: str) -> tuple[Change, ...]:
    if code != INDEX or assessed.changes.empty:
        return ()
    row = assessed.changes.set_index("unit").loc[unit]
    if row["verdict"] == "cannot_be_stated":
        return ()
    return (
        Change(
            against=str(assessed.previous), basis="common_indicators", status="stated",
            estimate=float(row["change"]), lower=float(row["lower"]), upper=float(row["upper"]),
            confidence=assessed.rules.confidence, n=int(row["n"]), unit="points", method="mover_index",
            verdict=str(row["verdict"]),
        ),
    )  # fmt: skip


def _find_ranks(assessed: Assessment) -> list[Finding]:
    """Place of each unit by its score with its set of ranks as limits, where any rank is excluded."""
    ranked = assessed.standing.table
    count = len(ranked)
    return [
        Finding(
            key=f"competitiveness.{assessed.definition.id}.rank.{assessed.kind}.{row['unit']}",
            label=join_label(_RANK, assessed.names[row["unit"]]), status="stated", basis="model", unit="rank",
            estimate=float(place), lower=float(row["rank_low"]), upper=float(row["rank_high"]),
            confidence=assessed.rules.confidence, n=count, method="index_rank_sets",
            table=f"tables/{assessed.prefix}_units.csv#unit={row['unit']}", release=_release(assessed),
        )
        for place, row in enumerate(ranked.to_dict("records"), start=1)
        if row["rank_low"] > 1 or row["rank_high"] < count
    ]  # fmt: skip
