"""What became of a project? Its acceptance rounds put together over all files.

The first day decides the first outcome, the first pass is the final acceptance. A pass ends the acceptance,
so that a failure without a day lies before it: then the first day is unknown, not that of the pass. Where
rows contradict each other about the first outcome, it is unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from qstats.cleaning.project_rows import Round, Row, group_rows, key_of, rounds_of, row_issue
from qstats.cleaning.records import plain_name
from qstats.cleaning.streams import ROW_ISSUES, Settled, Tables
from qstats.schemas import PROJECTS

WAYS_ROUND = ("reworked", "tested", "design_recheck", "negotiated")
"""Routes of GB 50300-2013 §5.0.6: whoever took one did not pass at first."""

_DESCRIBED = ("project_name", "county_code", "scale", "building_type", "dwellings")


@dataclass
class Verdict:
    """What the rounds of a project say together; ``conflict`` where they do not fit."""

    first_on: date | None = None
    first_outcome: str | None = None
    final_on: date | None = None
    accepted: bool = False
    conflict: bool = False
    rounds: set[tuple[date | None, str | None]] = field(default_factory=set)


def settle_projects(tables: Tables) -> Settled:
    """One row per project over all files, with its route."""
    frame = tables["projects"]
    projects: list[Row] = []
    issues: list[Row] = []
    if "later" in frame.columns:
        rows = list(frame.with_row_index("_row").iter_rows(named=True))
        for project_id, group in group_rows(rows, issues).items():
            projects.append(_settle_one(project_id, group, issues))
    projects.sort(key=lambda one: one["_row"])
    table = pl.DataFrame(
        [[one[name] for name in PROJECTS] for one in projects], schema=PROJECTS, orient="row"
    )
    return Settled({"projects": table}, pl.DataFrame(issues, schema=ROW_ISSUES))


def _settle_one(project_id: str, rows: list[Row], issues: list[Row]) -> Row:
    """The project of some rows; issues of the rows that are merged, and of what does not fit."""
    told = {row["_row"]: rounds_of(row) for row in rows}
    rows = sorted(rows, key=lambda row: (min(_day(one) for one in told[row["_row"]]), row["_row"]))
    first, verdict = rows[0], judge_rounds([one for row in rows for one in told[row["_row"]]])
    seen = {key_of(one) for one in told[first["_row"]]}
    for row in rows[1:]:
        keys = {key_of(one) for one in told[row["_row"]]}
        rule = "project.duplicate" if keys <= seen else "project.rounds_merged"
        day = min((one.day for one in told[row["_row"]] if one.day), default=None)
        issues.append(row_issue(row, rule, "project_id", project_id, _text(day)))
        seen |= keys
    if not first["numbered"] and len({day for day, out in verdict.rounds if day and out == "pass"}) > 1:
        issues.append(
            row_issue(first, "project.conflict", "final_accepted_on", None, _text(verdict.final_on))
        )
    if verdict.conflict:
        issues.append(row_issue(first, "project.conflict", "first_outcome", "pass / fail", None))
    described = {name: _described(name, rows, issues) for name in _DESCRIBED}
    route = _settle_route(verdict, first, [row["route"] for row in rows if row["route"]], issues)
    return described | {
        "project_id": project_id, "source_id": first["source_id"], "source_row": first["source_row"],
        "first_accepted_on": verdict.first_on, "first_outcome": verdict.first_outcome, "route": route,
        "final_accepted_on": verdict.final_on, "rounds": len(verdict.rounds), "_row": first["_row"],
    }  # fmt: skip


def _described(name: str, rows: Sequence[Row], issues: list[Row]) -> Any:
    """First stated value of a column; other values of merged rows are flagged."""
    stated = [row for row in rows if row[name] is not None]
    if not stated:
        return None
    stands = stated[0][name]
    for row in stated[1:]:
        same = plain_name(str(row[name])) == plain_name(str(stands))
        if not same:
            issues.append(row_issue(row, "project.conflict", name, str(row[name]), str(stands)))
    return stands


def judge_rounds(rounds: Sequence[Round]) -> Verdict:
    """First and final acceptance of rounds in any order.

    Rounds without a day count as well: a failure lies before the pass, and one of unknown outcome may.
    """
    verdict = Verdict(rounds=_distinct(rounds))
    passes = [one for one in rounds if one.outcome == "pass"]
    verdict.accepted = bool(passes)
    candidates = [one for one in rounds if not one.later]
    dated = [one for one in candidates if one.day]
    if dated:
        earliest = min(_day(one) for one in dated)
        at_first = [one for one in dated if one.day == earliest]
        outcomes = {one.outcome for one in at_first} - {None}
        verdict.first_on = earliest
        verdict.conflict = len(outcomes) == 2
        verdict.first_outcome = outcomes.pop() if len(outcomes) == 1 else None
    _judge_undated(verdict, candidates, dated)
    if any(one.again for one in rounds):
        verdict.conflict |= verdict.first_outcome == "pass"
        verdict.first_outcome = None if candidates and verdict.first_outcome != "fail" else "fail"
    days = [one.day for one in passes if one.day and (not verdict.first_on or one.day >= verdict.first_on)]
    verdict.final_on = min(days, default=None)
    return verdict


def _judge_undated(verdict: Verdict, candidates: Sequence[Round], dated: Sequence[Round]) -> None:
    """What rounds without a day change: they may have been the first."""
    undated = {one.outcome for one in candidates if not one.day}
    if not dated:
        known = undated - {None}
        verdict.first_outcome = "fail" if "fail" in known else "pass" if undated == {"pass"} else None
        return
    if verdict.first_outcome == "fail" and any(one.first for one in dated):
        return
    if "fail" in undated:
        verdict.first_on, verdict.first_outcome = None, "fail"
    elif None in undated and verdict.first_outcome == "pass":
        verdict.first_on, verdict.first_outcome = None, None


def _settle_route(verdict: Verdict, first: Row, stated: Sequence[str], issues: list[Row]) -> str | None:
    """Route as stated last, else as it follows; a pass at first beside a way round is no known outcome."""
    outcome = verdict.first_outcome
    follows = (
        "first_time" if outcome == "pass"
        else "reworked" if outcome == "fail" and verdict.accepted
        else "not_accepted" if outcome == "fail" else None
    )  # fmt: skip
    last = [route for route in stated if not (verdict.accepted and route == "not_accepted")] or list(stated)
    if not last:
        if follows:
            issues.append(row_issue(first, "project.route_from_outcome", "route", outcome, follows))
        return follows
    route = last[-1]
    fits = {
        "pass": ("first_time",), "fail": (*WAYS_ROUND, "not_accepted"), None: (*WAYS_ROUND, "not_accepted"),
    }[outcome]  # fmt: skip
    if route in fits and not (route == "not_accepted" and verdict.accepted):
        return route
    if outcome is None and not verdict.conflict and route == "first_time":
        return route
    issues.append(row_issue(first, "project.route_contradicts", "route", route, follows))
    if outcome == "pass":
        verdict.first_outcome = None
        return route if route in WAYS_ROUND else None
    return follows


def _distinct(rounds: Iterable[Round]) -> set[tuple[date | None, str | None]]:
    """Rounds that differ in day or outcome; one of unknown day or outcome may be one of the others."""
    known = {(one.day, one.outcome) for one in rounds}
    days, outcomes = {day for day, outcome in known if outcome}, {out for day, out in known if day}
    return {
        (day, outcome)
        for day, outcome in known
        if (outcome and (day or outcome not in outcomes)) or (day and day not in days)
    } or known


def _day(one: Round) -> date:
    return one.day or date.max


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
