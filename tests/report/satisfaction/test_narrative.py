"""Sentences on satisfaction. Oracle: the figures of the assessment, found again in both languages."""

from collections.abc import Callable

import polars as pl

from qstats.codebook import Text
from qstats.report import satisfaction
from qstats.report.satisfaction import Assessment
from qstats.report.satisfaction.narrative import (
    describe_change,
    describe_drivers,
    describe_level,
    describe_measures,
    describe_standing,
)


def whole(texts: list[Text], language: str) -> str:
    return " ".join(text[language] for text in texts)


def test_everything_reads_well_in_both_languages(case: Assessment, read_well: Callable[[Text], None]) -> None:
    texts = [
        *satisfaction.main_points(case), *satisfaction.describe_sample(case),
        *satisfaction.describe_results(case), *satisfaction.describe_robustness(case),
    ]  # fmt: skip
    assert texts
    for text in texts:
        read_well(text)
        assert text["zh"].endswith("。") and text["en"].endswith("."), text


def test_levels_are_those_of_the_sectors_with_their_unit(usual: Assessment) -> None:
    told = describe_level(usual)
    for row in usual.measure("sector", "index").to_dict("records"):
        assert f"{row['estimate']:.1f}分" in told["zh"] and f"{row['estimate']:.1f} points" in told["en"]
        assert f"{row['lower']:.1f}～{row['upper']:.1f}分" in told["zh"]
        assert f"{row['lower']:.1f} to {row['upper']:.1f}" in told["en"]
    assert "满意度指数" in told["zh"] and "Satisfaction index" in told["en"]
    assert "%" not in told["zh"].replace("95%", "") and "%" not in told["en"].replace("95%", "")


def test_points_are_said_not_to_be_per_cent(usual: Assessment) -> None:
    told = describe_measures(usual)
    assert "80分不等于80%" in told["zh"] and "80 points do not mean that 80%" in told["en"]
    assert "评7分及以上" in told["zh"] and "answers 7 or more" in told["en"]


def test_a_rise_is_told_only_where_its_interval_excludes_zero(usual: Assessment) -> None:
    told = describe_change(usual)
    assert told is not None
    for row in usual.measure("sector", usual.compared).to_dict("records"):
        name = usual.label_of("sector", row["sector"])
        clear = row["change_lower"] > 0 or row["change_upper"] < 0
        assert (f"{name['zh']}提高{row['change']:.1f}分" in told["zh"]) == clear
        assert (f"{name['en']} up {row['change']:.1f} points" in told["en"]) == clear
        assert (f"{name['zh']}无显著变化" in told["zh"]) == (not clear)


def test_without_an_earlier_wave_there_is_no_change(one_wave: Assessment) -> None:
    assert describe_change(one_wave) is None
    assert "2014" not in whole(satisfaction.main_points(one_wave), "en")


def test_a_silent_sector_says_why(silent_sector: Assessment) -> None:
    """Not a figure, not a missing word: nobody gave a score."""
    told = describe_level(silent_sector)
    assert "nobody gave a score" in told["en"] and "没有人给出评分" in told["zh"]
    change = describe_change(silent_sector)
    assert change is not None and "cannot be compared" in change["en"] and "无从比较" in change["zh"]


def test_without_an_index_the_score_leads_and_is_named(turned: Assessment) -> None:
    assert turned.headline == "score"
    told = describe_level(turned)
    assert "满意度得分" in told["zh"] and "Satisfaction score" in told["en"]
    assert "指数" not in told["zh"] and "index" not in told["en"]
    assert describe_drivers(turned) is None


def test_indices_that_mean_different_things_are_not_compared(not_invariant: Assessment) -> None:
    told = describe_change(not_invariant)
    assert told is not None
    assert "MICOM" in told["en"] and "测量不变性检验（MICOM）未通过" in told["zh"]
    assert "Satisfaction score against" in told["en"] and "满意度得分" in told["zh"]
    assert not_invariant.compared == "score"


def test_importance_is_association(usual: Assessment) -> None:
    told = describe_drivers(usual)
    assert told is not None
    assert "不证明因果" in told["zh"] and "no proof of cause" in told["en"]
    most = satisfaction.tabulate_drivers(usual).payload["frame"]
    assert most["rows"]


def test_who_stands_apart_is_told_by_ranks(usual: Assessment) -> None:
    """Tourism stands two points of nine lower than the others: last, and alone."""
    told = describe_standing(usual, "industry")
    assert told is not None and "题tourism居后" in told["zh"] and "tourism last" in told["en"].lower()
    assert "名次" not in told["zh"] or "不是名次" in told["zh"]


def test_who_was_asked_and_how_they_count(usual: Assessment, one_wave: Assessment) -> None:
    (told,) = satisfaction.describe_sample(usual)
    assert "320份" in told["zh"] and "320 respondents at 40 sampling points" in told["en"]
    assert "性别的总体构成校准" in told["zh"] and "raked to the population by sex" in told["en"]
    (plain,) = satisfaction.describe_sample(one_wave)
    assert "不能直接代表全体顾客" in plain["zh"] and "every respondent counts the same" in plain["en"]


def test_margins_that_could_not_be_used_are_said(asked, assess, waves) -> None:
    margins = asked.make_margins((None, "sex", "female", 520), (None, "sex", "other", 480))
    (told,) = satisfaction.describe_sample(assess(waves[1], margins=margins))
    assert "the sample cannot be weighted to the population" in told["en"]
    assert "不能按总体加权" in told["zh"]


def test_questionnaires_left_out_are_counted(assess, waves) -> None:
    fast = waves[1].with_columns(
        screened=pl.when(pl.col("source_row") < 12).then(pl.lit("speeder")).otherwise(pl.lit(None, pl.String))
    )
    (told,) = satisfaction.describe_sample(assess(fast))
    assert "答题过快的问卷10份" in told["zh"] and "answered too fast (10)" in told["en"]


def test_nothing_received_says_what_is_needed(nothing: Assessment) -> None:
    for texts in (satisfaction.main_points(nothing), satisfaction.describe_results(nothing)):
        assert "margins.csv" in texts[0]["zh"] and "satisfaction.questionnaire" in texts[0]["en"]


def test_too_few_is_no_figure(few: Assessment) -> None:
    told = whole(satisfaction.main_points(few), "en")
    assert "only 20 gave a score, fewer than 30" in told
    assert "只有20人" in whole(satisfaction.main_points(few), "zh")


def test_what_was_left_open_is_no_score(usual: Assessment) -> None:
    told = satisfaction.describe_robustness(usual)[-1]
    assert "题value_1" in told["zh"] and "0.3%" in told["zh"] and "0.3%" in told["en"]
    assert "不当作分数" in told["zh"] and "never count as scores" in told["en"]


def test_an_effect_of_the_mode_is_told_with_its_limits(assess, waves) -> None:
    """Answers on the web are lower by two of nine points of the scale, 22 of 100."""
    lowered = pl.col("satisfaction_1") - pl.when(pl.col("mode") == "web").then(2).otherwise(0)
    lower = waves[1].with_columns(lowered.clip(1).alias("satisfaction_1"))
    told = satisfaction.describe_robustness(assess(lower))
    assert "How people were asked matters" in whole(told, "en") and "points lower" in whole(told, "en")
    assert "访问方式影响满意度得分" in whole(told, "zh") and "低" in whole(told, "zh")
