"""Who was asked, and which questionnaires can be used? Satisfaction surveys, row by row.

Questionnaires that were filled in too fast, or with the same score throughout, are marked; whether they
count is a choice of the run.
"""

import polars as pl

from qstats.cleaning.answers import clean_answers, list_unanswered
from qstats.cleaning.dates import date_rule
from qstats.cleaning.distinct import ValueRule, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.numbers import amount_rule
from qstats.cleaning.records import read_counties, reject_lines, with_fields, words_rule
from qstats.cleaning.streams import ROW_ISSUES, Settled, Stream, StreamSetting, Tables
from qstats.questionnaires import CODED, Questionnaire
from qstats.schemas import RESPONDENTS, UNANSWERED
from qstats.sources.refusals import refusal

KEY = ["respondent_id", "wave"]
FAST = 1 / 3
"""An interview that took less than this share of the wave's median time was not read."""

FEWEST_TIMED = 30
_STATED = ("respondent_id", "wave", "surveyed_on", "county_code", "sector", "industry", "mode")


def clean_respondents(raw: pl.DataFrame, setting: StreamSetting, log: IssueLog) -> Tables:
    """Questionnaires of one file as rows of `respondents` and `unanswered`.

    Raises
    ------
    RefusedFileError
        Answers to another questionnaire, on another scale, or of an unknown wave.
    """
    questionnaire = _questionnaire_of(setting)
    frame = reject_lines(raw, setting.layout, log, headed=questionnaire.items, texts=_STATED)
    frame = with_fields(frame, (), setting.layout)
    frame = clean_answers(frame, questionnaire, setting.file, log)
    frame = _clean_columns(frame, questionnaire, setting, log)
    frame = frame.with_columns(
        pl.lit(setting.source_id).alias("source_id"),
        pl.col("respondent_id").fill_null(pl.format("{}-{}", pl.lit(setting.source_id), "source_row")),
    )
    answered = pl.any_horizontal(pl.col(item).is_not_null() for item in questionnaire.items)
    log.add_rows(frame.filter(~answered), "respondent.no_answers")
    frame = frame.filter(answered)
    columns = [*RESPONDENTS, *questionnaire.profile, *questionnaire.items]
    return {"respondents": frame.select(columns), "unanswered": list_unanswered(frame)}


def settle_respondents(tables: Tables) -> Settled:
    """One row per respondent and wave, the first delivered; fast and uniform questionnaires marked."""
    together = tables["respondents"]
    frame = together.unique(KEY, keep="first", maintain_order=True)
    merged = together.join(frame, on=["source_id", "source_row"], how="anti").select(
        "source_id", "source_row", pl.lit("respondent.duplicate").alias("rule"), pl.col("respondent_id")
    )
    frame = frame.with_columns(
        pl.when(_is_fast()).then(pl.lit("speeder")).otherwise("screened").alias("screened")
    )
    marked = frame.filter(pl.col("screened").is_not_null()).select(
        "source_id", "source_row", pl.format("respondent.{}", "screened").alias("rule"), "respondent_id"
    )
    issues = pl.concat([merged, marked]).with_columns(
        pl.lit("respondent_id").alias("field"),
        pl.col("respondent_id").alias("old_value"),
        pl.lit(None, pl.String).alias("new_value"),
    )
    kept = {"respondents": frame, "unanswered": _of_kept(tables["unanswered"], frame)}
    return Settled(kept, issues.select(list(ROW_ISSUES)))


def _of_kept(unanswered: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Reasons of the questionnaires that are kept: a question that they answer is none left open."""
    first = unanswered.unique([*KEY, "item"], keep="first", maintain_order=True).select(list(UNANSWERED))
    items = [item for item in first["item"].unique() if item in frame.columns]
    answers = frame.select(*KEY, *items).unpivot(index=KEY, variable_name="item", value_name="score")
    answered = answers.filter(pl.col("score").is_not_null())
    return first.join(answered, on=[*KEY, "item"], how="anti", maintain_order="left")


RESPONDENT_STREAM = Stream(
    schemas={"respondents": RESPONDENTS, "unanswered": UNANSWERED},
    clean=clean_respondents,
    settle=settle_respondents,
)


def _questionnaire_of(setting: StreamSetting) -> Questionnaire:
    found, wanted = setting.layout.label.model_dump(), setting.questionnaire
    if wanted is None:
        raise refusal(setting.file, "no_questionnaire", found=found)
    if wanted.id != setting.layout.id:
        raise refusal(setting.file, "other_questionnaire", found=found, wanted=wanted.label.model_dump())
    return wanted


def _clean_columns(
    frame: pl.DataFrame, questionnaire: Questionnaire, setting: StreamSetting, log: IssueLog
) -> pl.DataFrame:
    """Coded columns, dates and numbers; the sector follows from the industry where only that is stated."""
    coded = [name for name in (*CODED, *questionnaire.profile) if questionnaire.categories_of(name)]
    day = clean_column(frame, "surveyed_on", date_rule(setting.cutoff, setting.layout.date_day_first), log)
    frame = frame.with_columns(
        day.str.to_date("%Y-%m-%d", strict=False),
        *(clean_column(frame, name, _category_rule(questionnaire, name), log) for name in coded),
        *(
            clean_column(frame, name, amount_rule(None), log).cast(pl.Float64)
            for name in ("weight", "seconds")
        ),
    )
    if "county_code" not in coded:
        frame = frame.with_columns(read_counties(frame, setting, log, column="county_code"))
    unweighted = pl.col("weight") <= 0
    log.add_rows(frame.filter(unweighted), "number.unreadable", "weight", "weight")
    sectors = {
        code: category.sector
        for code, category in questionnaire.categories_of("industry").items()
        if category.sector
    }
    of_industry = pl.col("industry").replace_strict(sectors, default=None, return_dtype=pl.String)
    frame = frame.with_columns(
        pl.when(~unweighted).then("weight").alias("weight"),
        pl.coalesce("sector", of_industry).alias("sector"),
        pl.coalesce("wave", pl.col("surveyed_on").dt.year().cast(pl.String)).alias("wave"),
    )
    if frame.height and frame["wave"].null_count() == frame.height:
        raise refusal(setting.file, "no_wave")
    return _drop_without_wave(frame, log)


def _drop_without_wave(frame: pl.DataFrame, log: IssueLog) -> pl.DataFrame:
    log.add_rows(frame.filter(pl.col("wave").is_null()), "row.no_identity", "wave")
    return frame.filter(pl.col("wave").is_not_null())


def _category_rule(questionnaire: Questionnaire, column: str) -> ValueRule:
    return words_rule(
        {
            word.replace(" ", "").casefold(): code
            for code, category in questionnaire.categories_of(column).items()
            for word in (code, category.label.zh, category.label.en, *category.words)
        }
    )


def _is_fast() -> pl.Expr:
    """Whether an interview was too fast, beside the others of its wave."""
    timed = pl.col("seconds").count().over("wave") >= FEWEST_TIMED
    return timed & (pl.col("seconds") < FAST * pl.col("seconds").median().over("wave"))
