"""Which brands, prizes, standards, certificates, officers … are registered, from when and until when?

One row is one award. A row of a register that nobody counts is dropped and quoted; an end that is stated, but
whose day is unreadable or lies before the award, is no "no end": the entry has ended, or will, on a day not
known (`ending`). What is one and the same over all files is settled in
:mod:`qstats.cleaning.register_entries`.
"""

import polars as pl

from qstats.cleaning.distinct import clean_column
from qstats.cleaning.enterprises import NAME_ATTENTION, clean_codes, normalize_name
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    LATEST_REPORT,
    first_sent,
    read_counties,
    read_numbers,
    read_words,
    reject_lines,
    with_fields,
)
from qstats.cleaning.register_cells import (
    LONGEST_TERM,
    PART,
    area_rule,
    grade_of_standard,
    moment_rule,
    plain_word,
    read_grade,
    read_quantity,
    read_register,
    term_rule,
)
from qstats.cleaning.register_entries import CLEANED, settle_registers
from qstats.cleaning.streams import Stream, StreamSetting, Tables
from qstats.schemas import REGISTERS

FIELDS = (
    "register", "name", "number", "holder", "enterprise_code", "county", "awarded_on", "valid_until",
    "withdrawn_on", "status", "grade", "department", "quantity", "area_wanmu", "area_mu", "area_stated",
)  # fmt: skip
_IDENTITY = ("name", "holder", "number")


def clean_registers(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Entries of one file."""
    frame = _reject(raw, setting, log)
    frame = frame.with_columns(
        clean_column(frame, "holder", normalize_name, log, attention=NAME_ATTENTION),
        clean_codes(frame, log).alias("holder_code"),
        read_counties(frame, setting, log),
        read_numbers(frame, "number", log),
        read_words(frame, "status", "register_status", setting, log),
        _read_quantities(frame, log),
    )
    frame = _read_grades(_read_ends(_read_awards(frame, setting, log), setting, log), log)
    _check_status(frame, setting, log)
    own_id = pl.format("{}-{}", pl.lit(first_sent(setting.source_id)), "source_row")
    rows = frame.with_columns(own_id.alias("entry_id"), pl.lit(setting.source_id).alias("source_id"))
    return {"registers": rows.select(pl.col(name).cast(dtype) for name, dtype in CLEANED.items())}


def _reject(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """Rows that name something, of a register that is counted; ``register_word`` is what it was called."""
    layout = setting.layout
    headed = [name for name in ("name", "holder", "awarded_on", "number") if name in layout.columns]
    texts = ("sequence", "register", "name", "holder", "number", "county")
    frame = with_fields(reject_lines(raw, layout, log, headed=headed, texts=texts), FIELDS, layout)
    nameless = pl.all_horizontal(pl.col(_IDENTITY).is_null())
    log.add_rows(frame.filter(nameless), "row.no_identity", "name")
    frame = frame.filter(~nameless).with_columns(pl.col("register").alias("register_word"))
    own = {word: code for code, words in layout.words.get("register", {}).items() for word in words}
    frame = frame.with_columns(pl.col("register").replace(own))
    frame = frame.with_columns(clean_column(frame, "register", read_register, log))
    unstated = pl.col("register_word").is_null()
    log.add_rows(frame.filter(unstated), "register.unknown", "register")
    return frame.filter(pl.col("register").is_not_null())


def _read_quantities(frame: pl.DataFrame, log: IssueLog) -> pl.Expr:
    """``quantity``: the area in 10,000 mu where one is stated, else the number."""
    stated = [
        clean_column(frame, name, rule, log).cast(pl.Float64)
        for name, rule in (
            ("area_wanmu", area_rule("万亩")), ("area_mu", area_rule("亩")),
            ("area_stated", area_rule(None)), ("quantity", read_quantity),
        )
    ]  # fmt: skip
    return pl.coalesce(stated).alias("quantity")


def _read_awards(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """With ``awarded_on``, ``award_stated`` and ``_awarded_from``, the first day that it may mean."""
    rule = moment_rule(setting.cutoff + LATEST_REPORT, setting.layout.date_day_first)
    parts = clean_column(frame, "awarded_on", rule, log).str.split(PART)
    frame = frame.with_columns(
        parts.list.get(0, null_on_oob=True).str.to_date().alias("awarded_on"),
        parts.list.get(1, null_on_oob=True).alias("award_stated"),
    ).with_columns(first_day_of_award().alias("_awarded_from"))
    to_come = frame.filter(pl.col("_awarded_from") > setting.cutoff)
    log.add_rows(to_come, "register.award_to_come", "awarded_on", "awarded_on")
    return frame


def first_day_of_award() -> pl.Expr:
    """First day that an award may have been made on: of a month or year where no day is stated."""
    return (
        pl.when(pl.col("award_stated") == "year").then(pl.col("awarded_on").dt.truncate("1y"))
        .when(pl.col("award_stated") == "month").then(pl.col("awarded_on").dt.truncate("1mo"))
        .otherwise("awarded_on")
    )  # fmt: skip


def _read_ends(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """With ``valid_until``, ``withdrawn_on`` and two marks of an end whose day is not known.

    ``_lost``: an expiry was stated; ``_ended``: it was withdrawn, or its state says that it ended.
    """
    leaves = pl.col("withdrawn_on").is_not_null().alias("_leaves")
    rule = moment_rule(setting.cutoff + LATEST_REPORT, setting.layout.date_day_first)
    withdrawn = clean_column(frame, "withdrawn_on", rule, log).str.split(PART).list.first().str.to_date()
    frame = _read_terms(frame, setting, log).with_columns(leaves, pl.Series("_withdrawn", withdrawn))
    frame = _without_early(frame, "_until", "valid_until", "register.expired_before_award", log)
    frame = _without_early(frame, "_withdrawn", "withdrawn_on", "register.withdrawn_before_award", log)
    is_over = (pl.col("valid_until") <= setting.cutoff).fill_null(False)
    gone = pl.col("_leaves") | ((pl.col("status") == "ended") & ~is_over).fill_null(False)
    return frame.with_columns(
        (pl.col("_expires") & pl.col("valid_until").is_null()).alias("_lost"),
        (gone & pl.col("withdrawn_on").is_null()).alias("_ended"),
    )


def _read_terms(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> pl.DataFrame:
    """With ``_until``, the last day as stated or by the term, and ``_expires``: whether an end is stated.

    A term of an award on a day ends the day before its anniversary, one of an award of a year with that year.
    """
    latest = setting.cutoff.replace(day=1, year=setting.cutoff.year + LONGEST_TERM)
    rule = term_rule(latest, setting.layout.date_day_first)
    parts = clean_column(frame, "valid_until", rule, log).str.split(PART)
    frame = frame.with_columns(
        parts.list.first().alias("_kind"), parts.list.get(1, null_on_oob=True).alias("_what")
    )
    one_day = pl.when(pl.col("award_stated") == "day").then(pl.duration(days=1)).otherwise(pl.duration())
    months = pl.when(pl.col("_kind") == "term").then(pl.col("_what") + "mo")
    stated = pl.when(pl.col("_kind") == "until").then("_what").otherwise(None).str.to_date("%Y-%m-%d")
    by_term = pl.col("awarded_on").dt.offset_by(months.otherwise(None)) - one_day
    expires = pl.col("valid_until").is_not_null() & (pl.col("_kind") != "open").fill_null(True)
    return frame.with_columns(pl.coalesce(stated, by_term).alias("_until"), expires.alias("_expires"))


def _without_early(frame: pl.DataFrame, read: str, name: str, rule: str, log: IssueLog) -> pl.DataFrame:
    """With a column ``name`` of the days ``read``; one before the award is logged and left out."""
    early = (pl.col(read) < pl.col("_awarded_from")).fill_null(False)
    log.add_rows(frame.filter(early), rule, name, read, "awarded_on")
    return frame.with_columns(pl.when(~early).then(read).alias(name))


def _read_grades(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    """Grade as stated, else by the word of the register or the number of a standard.

    Rules ``register.grade_unknown``, ``register.grade_inferred``.
    """
    grades, unknown, inferred = [], [], []
    known = frame.select("register", "grade", "register_word", "number").iter_rows()
    for register, stated, word, number in known:
        grade = read_grade(register, stated) if stated else None
        other = read_grade(register, plain_word(word)) if word and not stated else None
        if register == "drafted_standard" and number and not (grade or other):
            other = grade_of_standard(number)
        grades.append(grade or other)
        unknown.append(bool(stated and not grade))
        inferred.append(bool(other and not grade))
    read = frame.with_columns(
        pl.Series("_grade", grades, pl.String), pl.Series("_unknown", unknown, pl.Boolean),
        pl.Series("_inferred", inferred, pl.Boolean),
    )  # fmt: skip
    log.add_rows(read.filter("_unknown"), "register.grade_unknown", "grade", "grade")
    log.add_rows(read.filter("_inferred"), "register.grade_inferred", "grade", new="_grade")
    return read.with_columns(pl.col("_grade").alias("grade"))


def _check_status(frame: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> None:
    """States that no day goes with, and those that a withdrawal contradicts."""
    silent = pl.col("_ended") & ~pl.col("_leaves")
    log.add_rows(frame.filter(silent), "register.ended_without_day", "status", "status")
    gone = (pl.col("status") == "valid") & (pl.col("withdrawn_on") <= setting.cutoff)
    log.add_rows(frame.filter(gone), "register.status_contradicts", "status", "status", "withdrawn_on")


REGISTER_STREAM = Stream(schemas={"registers": REGISTERS}, clean=clean_registers, settle=settle_registers)
