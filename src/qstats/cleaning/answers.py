"""Which answers are scores? A don't-know, a refusal, a blank or a figure outside the scale never is.

Such answers are unknown, and a table of their own says why. Reverse items are turned, so that more is
always better. A file whose answers lie on another scale than its questionnaire declares is refused: its
scores would be wrong.
"""

import re

import numpy as np
import polars as pl
import polars.selectors as cs

from qstats.cleaning.distinct import Cleaned, Hit, ValueRule, clean_column
from qstats.cleaning.issues import IssueLog
from qstats.questionnaires import Questionnaire
from qstats.schemas import UNANSWERED
from qstats.sources.refusals import refusal

FEWEST_SAME = 8
"""Answers that are all alike say something only if there are so many of them."""

FEWEST_ITEMS = 5
FEWEST_TO_JUDGE_SCALE = 30
TOO_MANY_OUTSIDE = 0.2
NEARLY_ALL = 0.995
_SCORE = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:分|points?)?$", re.IGNORECASE)
_WHOLE = re.compile(r"\.0+$")
_WHY = "why_not_"


def clean_answers(
    frame: pl.DataFrame, questionnaire: Questionnaire, file: str, log: IssueLog
) -> pl.DataFrame:
    """Items as scores, with ``screened`` set to ``straight_line`` where they are the same throughout.

    Columns of reasons are added for `list_unanswered`.

    Raises
    ------
    RefusedFileError
        The answers lie on another scale than the questionnaire declares.
    """
    frame = frame.with_columns(
        _reasons(frame[item], questionnaire, item).alias(f"{_WHY}{item}") for item in questionnaire.items
    )
    _check_scale(frame, questionnaire, file)
    return _clean_items(frame, questionnaire, log)


def list_unanswered(frame: pl.DataFrame) -> pl.DataFrame:
    """Long table of the answers that are no scores."""
    key = ["respondent_id", "wave"]
    wide = frame.select(*key, cs.starts_with(_WHY).name.replace(_WHY, ""))
    long = wide.unpivot(index=key, variable_name="item", value_name="reason")
    return long.filter(pl.col("reason").is_not_null()).select(list(UNANSWERED))


def _answer_rule(questionnaire: Questionnaire, item: str) -> ValueRule:
    """Rule: an answer as written → the score as text.

    Rules ``answer.dont_know``, ``answer.refused``, ``answer.out_of_range``.
    """
    low, high = questionnaire.scale_of(item)

    def read_answer(text: str) -> Cleaned:
        if reason := _reason(text, questionnaire, low, high):
            return Cleaned(None, (Hit(f"answer.{reason}", text, None),))
        return Cleaned(repr(_score(text)))

    return read_answer


def _reason(text: str, questionnaire: Questionnaire, low: float, high: float) -> str | None:
    """Why an answer is no score: ``dont_know``, ``refused``, ``out_of_range``; None where it is one."""
    text = _WHOLE.sub("", text)
    if text in questionnaire.dont_know:
        return "dont_know"
    if text in questionnaire.refused:
        return "refused"
    score = _score(text)
    return None if low <= score <= high else "out_of_range"


def _score(text: str) -> float:
    match = _SCORE.match(text)
    return float(match[1]) if match else float("nan")


def _reasons(answers: pl.Series, questionnaire: Questionnaire, item: str) -> pl.Series:
    """Why each answer is no score, ``blank`` included; null where it is one."""
    scale = questionnaire.scale_of(item)
    known = {text: _reason(text, questionnaire, *scale) for text in answers.unique().drop_nulls().to_list()}
    return answers.replace_strict(known, default=None, return_dtype=pl.String).fill_null(
        pl.select(pl.when(answers.is_null()).then(pl.lit("blank"))).to_series()
    )


def _check_scale(frame: pl.DataFrame, questionnaire: Questionnaire, file: str) -> None:
    """Refuse a file whose answers lie on another scale than declared: its scores would be wrong, not few."""
    items = [item for item, one in questionnaire.items.items() if one.scale is None]
    numbers = pl.concat([_numbers_given(frame, item) for item in items]).to_numpy()
    if numbers.size < FEWEST_TO_JUDGE_SCALE:
        return
    low, high = questionnaire.scale
    top = np.quantile(numbers, NEARLY_ALL)
    short = top <= low + (high - low) / 2
    if short or ((numbers > high) | (numbers < low)).mean() > TOO_MANY_OUTSIDE:
        shown = (numbers.min(), top if short else numbers.max(), low, high)
        names = ("low", "high", "lowest", "highest")
        raise refusal(file, "other_scale", **{n: f"{v:g}" for n, v in zip(names, shown, strict=True)})


def _numbers_given(frame: pl.DataFrame, item: str) -> pl.Series:
    """Answers that are meant as scores, within the scale or not."""
    why = pl.col(f"{_WHY}{item}")
    meant = frame.filter(why.is_null() | (why == "out_of_range"))[item]
    return meant.str.extract(_SCORE.pattern, 1).cast(pl.Float64).drop_nulls()


def _clean_items(frame: pl.DataFrame, questionnaire: Questionnaire, log: IssueLog) -> pl.DataFrame:
    """Items as scores; those that are the same throughout are marked before reversed ones are turned."""
    frame = frame.with_columns(
        clean_column(frame, item, _answer_rule(questionnaire, item), log).cast(pl.Float64)
        for item in questionnaire.items
    )
    turned = [
        (item, questionnaire.scale_of(item)) for item, one in questionnaire.items.items() if one.reverse
    ]
    return frame.with_columns(
        pl.when(_is_uniform(list(questionnaire.items))).then(pl.lit("straight_line")).alias("screened"),
        *((sum(scale) - pl.col(item)).alias(item) for item, scale in turned),
    )


def _is_uniform(items: list[str]) -> pl.Expr:
    """Whether a respondent gave the same score throughout."""
    answers = pl.concat_list(items).list.drop_nulls()
    enough = min(FEWEST_SAME, max(len(items), FEWEST_ITEMS))
    return (answers.list.len() >= enough) & (answers.list.n_unique() == 1)
