"""How did the completion acceptance (竣工验收) of a construction project go? Registers, row by row.

A register has one row per project, or one per acceptance round. What a row says is kept as it stands;
:mod:`qstats.cleaning.project_rounds` puts the rounds of a project together over all files.
"""

import polars as pl

from qstats.cleaning.distinct import Cleaned, Hit, clean_column
from qstats.cleaning.dwelling_sentences import read_sentence
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.project_rounds import WAYS_ROUND, settle_projects
from qstats.cleaning.records import (
    count_rule,
    days_to_come,
    project_ids,
    read_counties,
    read_days,
    read_numbers,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.streams import Stream, StreamSetting, Tables
from qstats.schemas import PROJECTS
from qstats.sources.layouts import ScoreIdentity
from qstats.sources.refusals import refusal

_FIELDS = (
    "project_no", "project_name", "county", "scale", "building_type", "dwellings", "accepted_on", "outcome",
    "first_accepted_on", "first_outcome", "route", "final_accepted_on", "round",
)  # fmt: skip
_HEADED = ("project_no", "project_name", "county", "outcome", "first_outcome")
_DAYS = ("accepted_on", "first_accepted_on", "final_accepted_on")
_SAID = ("accepted_on", "outcome", "later", "numbered")
"""What settling must know of a row beside its columns."""


def clean_projects(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Rows of one register, each as if it stood alone.

    Raises
    ------
    RefusedFileError
        Most outcomes are sentences with counts of dwellings: sheets of acceptance by dwelling.
    """
    layout = setting.layout
    headed = [name for name in _HEADED if name in layout.columns]
    texts = ("sequence", "project_no", "project_name", "county")
    frame = reject_lines(raw, layout, log, headed=headed, texts=texts)
    if layout.score:
        _check_score(frame, layout.score, log)
    frame = with_fields(frame, _FIELDS, layout)
    _check_kind(frame, setting)
    awaited = {name: days_to_come(frame[name], setting) for name in _DAYS}
    frame = read_days(frame, _DAYS, setting, log)
    frame = frame.with_columns(
        read_counties(frame, setting, log),
        read_numbers(frame, "project_no", log),
        read_words(frame, "scale", "scale", setting, log),
        read_words(frame, "route", "route", setting, log),
        read_words(frame, "outcome", "acceptance", setting, log),
        read_words(frame, "first_outcome", "acceptance", setting, log),
        clean_column(frame, "round", round_rule, log).cast(pl.Int64),
        clean_column(frame, "dwellings", count_rule, log).cast(pl.Int64),
    )
    frame = _until_cutoff(frame, awaited)
    reworked = pl.col("first_outcome") == "after_rework"
    frame = frame.with_columns(
        pl.when(reworked).then(pl.lit("fail")).otherwise("first_outcome").alias("first_outcome"),
        pl.coalesce("outcome", pl.when(reworked).then("first_outcome")).alias("outcome"),
    )
    frame = frame.with_columns(
        project_ids(frame),
        pl.lit(setting.source_id).alias("source_id"),
        pl.col("project_no").is_not_null().alias("numbered"),
        _is_later().alias("later"),
        pl.lit(1, pl.Int64).alias("rounds"),
        pl.col("outcome").replace({"after_rework": "pass"}),
    )
    nameless = pl.col("project_id").is_null()
    log.add_rows(frame.filter(nameless), "row.no_identity", "project_no")
    rows = _in_order(frame.filter(~nameless), log)
    return {"projects": rows.select(*PROJECTS, *_SAID)}


def _check_kind(frame: pl.DataFrame, setting: StreamSetting) -> None:
    said = frame["outcome"].drop_nulls().to_list()
    if said and 2 * sum(read_sentence(text).value is not None for text in said) > len(said):
        raise refusal(setting.file, "sheets_of_dwellings")


def round_rule(text: str) -> Cleaned:
    """Rule: ``首次``, ``二次``, ``第3次`` … → number of the round; else ``number.unreadable``."""
    digits = {"首": 1, "初": 1, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "复": 2, "再": 2}
    word = text.removeprefix("第").removesuffix("验收").removesuffix("轮").removesuffix("次")
    if word.isdecimal() and 0 < int(word) < 100:
        return Cleaned(str(int(word)))
    number = digits.get(word) or digits.get(word.removesuffix("验"))
    return Cleaned(str(number)) if number else Cleaned(None, (Hit("number.unreadable", text, None),))


def _until_cutoff(frame: pl.DataFrame, awaited: dict[str, pl.Series]) -> pl.DataFrame:
    """What was still to come at the cutoff has no outcome yet."""
    for day, outcome in (("accepted_on", "outcome"), ("first_accepted_on", "first_outcome")):
        frame = frame.with_columns(pl.when(~awaited[day]).then(outcome).alias(outcome))
    later = awaited["final_accepted_on"] | awaited["accepted_on"]
    return frame.with_columns(pl.when(~later).then("route").alias("route"))


def _is_later() -> pl.Expr:
    """Whether the round of a row cannot be the first: by its number, its wording or its route."""
    reworked = (pl.col("outcome") == "pass") & pl.col("route").is_in(WAYS_ROUND)
    by_number = pl.col("round") > 1
    later = by_number | (pl.col("outcome") == "after_rework") | (reworked & pl.col("round").is_null())
    return later.fill_null(False)


def _in_order(rows: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Rows whose final acceptance does not lie before the first; one that does is unknown.

    Where the first acceptance was passed it is the final one as well; another day is flagged.
    """
    first = pl.coalesce("first_accepted_on", "accepted_on")
    early = pl.col("final_accepted_on") < first
    found = rows.filter(early).with_columns(first.alias("_first"))
    log.add_rows(found, "date.order", "final_accepted_on", "final_accepted_on", "_first")
    second = (pl.col("first_outcome") == "pass") & (pl.col("final_accepted_on") > first)
    log.add_rows(
        rows.filter(second), "project.conflict", "final_accepted_on", "final_accepted_on", "first_accepted_on"
    )
    return rows.with_columns(
        pl.when(~early.fill_null(False)).then("final_accepted_on").alias("final_accepted_on")
    )


def _check_score(frame: pl.DataFrame, identity: ScoreIdentity, log: IssueLog) -> None:
    """Flag rows whose stated score is not what its parts add up to, or that has no parts.

    Points are whole numbers: ``100·points/full`` is compared in them, because 46/80 is no binary fraction.
    """
    names = (identity.of, identity.areas, *identity.parts)
    numbers = {name: pl.col(name).cast(pl.Float64, strict=False) for name in names}
    points = 100 * pl.sum_horizontal(numbers[name].fill_null(0) for name in identity.parts)
    full = identity.points * numbers[identity.areas]
    rounded = pl.when(full > 0).then(((2 * points + full) / (2 * full)).floor())
    stated = numbers[identity.of]
    checked = frame.with_columns(rounded.cast(pl.Int64).cast(pl.String).alias("_follows"))
    wrong = checked.filter(stated.is_not_null() & stated.ne_missing(rounded) & full.is_not_null())
    log.add_rows(wrong, "project.score_identity", identity.of, identity.of, "_follows")


PROJECT_STREAM = Stream(schemas={"projects": PROJECTS}, clean=clean_projects, settle=settle_projects)
