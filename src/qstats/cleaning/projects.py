"""How did the completion acceptance (竣工验收) of a construction project go? Registers, round by round.

A register has one row per project, or one per acceptance round. Rounds of a project are put together over
all files: the first day decides the first outcome, the first later pass is the final acceptance. The
route is in the terms of GB 50300-2013 §5.0.6; where it is not stated it follows from the outcomes.
"""

import polars as pl

from qstats.cleaning.distinct import clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    count_rule,
    read_counties,
    read_days,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.schemas import PROJECTS
from qstats.sources.layouts import ScoreIdentity

_FIELDS = (
    "project_no", "project_name", "county", "scale", "building_type", "dwellings", "accepted_on", "outcome",
    "first_accepted_on", "first_outcome", "route", "final_accepted_on",
)  # fmt: skip
_HEADED = ("project_no", "project_name", "county", "outcome", "first_outcome")
_DAYS = ("accepted_on", "first_accepted_on", "final_accepted_on")


def clean_projects(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Rows of one register as rounds of projects, each as if it stood alone."""
    layout = setting.layout
    headed = [name for name in _HEADED if name in layout.columns]
    frame = reject_lines(raw, layout, log, headed=headed, texts=("project_no", "project_name", "county"))
    if layout.score:
        _check_score(frame, layout.score, log)
    frame = read_days(with_fields(frame, _FIELDS, layout), _DAYS, setting, log)
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        read_words(frame, "scale", "scale", setting, log),
        read_words(frame, "route", "route", setting, log),
        read_words(frame, "outcome", "acceptance", setting, log),
        read_words(frame, "first_outcome", "acceptance", setting, log),
        clean_column(frame, "dwellings", count_rule, log).cast(pl.Int64),
    )
    nameless = pl.col("project_no").is_null() & pl.col("project_name").is_null()
    log.add_rows(frame.filter(nameless), "row.no_identity", "project_no")
    passed = pl.col("outcome") == "pass"
    rows = frame.filter(~nameless).with_columns(
        pl.coalesce("project_no", pl.format("{}:{}", pl.col("county_code").fill_null("—"), "project_name"))
        .alias("project_id"),
        pl.lit(setting.source_id).alias("source_id"),
        pl.coalesce("first_accepted_on", "accepted_on").alias("first_accepted_on"),
        pl.coalesce("first_outcome", "outcome").alias("first_outcome"),
        pl.coalesce("final_accepted_on", pl.when(passed).then("accepted_on")).alias("final_accepted_on"),
        pl.lit(1, pl.Int64).alias("rounds"),
    )  # fmt: skip
    return {"projects": _in_order(rows, log).select(list(PROJECTS))}


def settle_projects(tables: Tables) -> Settled:
    """One row per project over all files, with its route."""
    rounds = tables["projects"].with_row_index("_row").sort(
        "project_id", "first_accepted_on", "_row", nulls_last=True
    )  # fmt: skip
    round_key = ["project_id", "first_accepted_on", "first_outcome", "final_accepted_on"]
    same = rounds.select(round_key).is_duplicated()
    first = pl.col("_row") == pl.col("_row").first().over("project_id")
    absorbed = rounds.with_columns(same.alias("_same")).filter(~first)
    issues = absorbed.select(
        "source_id",
        "source_row",
        pl.when("_same")
        .then(pl.lit("project.duplicate"))
        .otherwise(pl.lit("project.rounds_merged"))
        .alias("rule"),
        pl.lit("project_id").alias("field"),
        pl.col("project_id").alias("old_value"),
        pl.col("first_accepted_on").cast(pl.String).alias("new_value"),
    )
    later = pl.col("final_accepted_on").filter(
        pl.col("final_accepted_on") >= pl.col("first_accepted_on").first()
    )
    projects = rounds.group_by("project_id", maintain_order=True).agg(
        pl.col("source_id", "source_row", "first_accepted_on", "first_outcome").first(),
        pl.col("project_name", "county_code", "scale", "building_type", "dwellings", "route")
        .drop_nulls()
        .first(),
        later.min().alias("final_accepted_on"),
        pl.struct("first_accepted_on", "first_outcome").n_unique().cast(pl.Int64).alias("rounds"),
        pl.col("_row").first(),
    )
    projects = projects.sort("_row").drop("_row")
    routed, found = _with_route(projects)
    all_issues = pl.concat([issues, found]).select(list(ROW_ISSUES))
    return Settled({"projects": routed.select(list(PROJECTS))}, all_issues)


def _in_order(rows: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Rows whose final acceptance does not lie before the first; one that does is unknown."""
    early = pl.col("final_accepted_on") < pl.col("first_accepted_on")
    log.add_rows(
        rows.filter(early), "date.order", "final_accepted_on", "final_accepted_on", "first_accepted_on"
    )
    return rows.with_columns(
        pl.when(~early.fill_null(False)).then("final_accepted_on").alias("final_accepted_on")
    )


def _with_route(projects: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Routes stated or inferred; beside a first failure a first-time route does not count."""
    failed, accepted = pl.col("first_outcome") == "fail", pl.col("final_accepted_on").is_not_null()
    inferred = (
        pl.when(pl.col("first_outcome") == "pass").then(pl.lit("first_time"))
        .when(failed & accepted).then(pl.lit("reworked"))
        .when(failed).then(pl.lit("not_accepted"))
    )  # fmt: skip
    contradicts = (failed & (pl.col("route") == "first_time")) | (
        (pl.col("first_outcome") == "pass") & (pl.col("route") != "first_time")
    )
    judged = projects.with_columns(
        inferred.alias("_inferred"), contradicts.fill_null(False).alias("_contradicts")
    )
    wrong = judged.filter("_contradicts")
    missing = judged.filter(pl.col("route").is_null() & pl.col("_inferred").is_not_null())
    issues = pl.concat(
        [
            rows.select(
                "source_id", "source_row", pl.lit(rule).alias("rule"), pl.lit("route").alias("field"),
                pl.col(old).alias("old_value"), pl.col("_inferred").alias("new_value"),
            )
            for rows, rule, old in (
                (wrong, "project.route_contradicts", "route"), (missing, "project.route_from_outcome",
                "first_outcome"),
            )
        ]
    )  # fmt: skip
    severe = pl.when(failed & (pl.col("route") == "first_time")).then("_inferred").otherwise("route")
    return judged.with_columns(pl.coalesce(severe, "_inferred").alias("route")), issues


def _check_score(frame: pl.DataFrame, identity: ScoreIdentity, log: IssueLog) -> None:
    """Flag rows whose stated score is not what its parts add up to."""
    names = (identity.of, identity.areas, *identity.parts)
    numbers = {name: pl.col(name).cast(pl.Float64, strict=False) for name in names}
    parts = pl.sum_horizontal(numbers[name].fill_null(0) for name in identity.parts)
    exact = 100 * parts / (identity.points * numbers[identity.areas])
    rounded = (exact + 0.5).floor().cast(pl.Int64, strict=False)
    checked = frame.with_columns(rounded.cast(pl.String).alias("_follows"))
    wrong = checked.filter(numbers[identity.of] != pl.col("_follows").cast(pl.Float64))
    log.add_rows(wrong, "project.score_identity", identity.of, identity.of, "_follows")


PROJECT_STREAM = Stream(schemas={"projects": PROJECTS}, clean=clean_projects, settle=settle_projects)
