"""Has satisfaction changed? Oracles: Welch and MOVER by hand, waves with a known difference or none."""

from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import t

from qstats.satisfaction import (
    IndexModel,
    Survey,
    compare_indices,
    compare_scores,
    estimate_indices,
    estimate_scores,
    fit_index,
    judge_groups,
    judge_waves,
    take_sample,
)


def waves_of(asked: ModuleType, now: pl.DataFrame, before: pl.DataFrame, **rules: Any):
    """Samples of 2015 and 2014 with their rules."""
    survey = asked.make_survey(**rules)
    return [take_sample(one, asked.make_margins(), survey, one["wave"][0]) for one in (now, before)], survey


def scores_compared(asked: ModuleType, now: pl.DataFrame, before: pl.DataFrame, *by: str) -> pd.DataFrame:
    samples, survey = waves_of(asked, now, before)
    return compare_scores(*(estimate_scores(one, survey, by) for one in samples), by, survey)


def models_of(
    asked: ModuleType, now: pl.DataFrame, before: pl.DataFrame, **rules: Any
) -> tuple[IndexModel, IndexModel, Survey]:
    samples, survey = waves_of(asked, now, before, **rules)
    return fit_index(samples[0], survey), fit_index(samples[1], survey), survey


@pytest.fixture(scope="module")
def two_waves(asked: ModuleType) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers of 2015 are higher by half a point of nine."""
    return (
        asked.draw_respondents("2015", points=10, people=8, shift=0.5, seed=1),
        asked.draw_respondents("2014", points=8, people=8, seed=2),
    )


def test_scores_differ_by_welch(asked: ModuleType, two_waves) -> None:
    row = scores_compared(asked, *two_waves).set_index("measure").loc["score"]
    (now, before), survey = waves_of(asked, *two_waves)
    one, other = (estimate_scores(sample, survey, measures=["score"]).iloc[0] for sample in (now, before))
    variances = np.array([one["std_error"], other["std_error"]]) ** 2
    df = variances.sum() ** 2 / (variances**2 / [one["df"], other["df"]]).sum()
    half = t.ppf(0.975, df) * np.sqrt(variances.sum())
    assert row["change"] == pytest.approx(one["estimate"] - other["estimate"])
    assert (row["change_lower"], row["change_upper"]) == pytest.approx(
        (row["change"] - half, row["change"] + half)
    )
    assert row[["change_status", "change_method", "against", "n_before"]].tolist() == [
        "stated",
        "welch",
        "2014",
        256,
    ]
    assert row["change_lower"] < 50 / 9 < row["change_upper"]


def test_shares_differ_by_mover(asked: ModuleType, two_waves) -> None:
    """Square roots of the distances to the limits, by hand."""
    row = scores_compared(asked, *two_waves).set_index("measure").loc["share"]
    (now, before), survey = waves_of(asked, *two_waves)
    one, other = (estimate_scores(sample, survey, measures=["share"]).iloc[0] for sample in (now, before))
    below = np.hypot(one["estimate"] - one["lower"], other["upper"] - other["estimate"])
    above = np.hypot(one["upper"] - one["estimate"], other["estimate"] - other["lower"])
    assert row["change_lower"] == pytest.approx(row["change"] - below)
    assert row["change_upper"] == pytest.approx(row["change"] + above)
    assert row["change_method"] == "mover_shares"
    assert abs(row["change"]) < 1


def test_what_is_not_stated_cannot_be_compared(asked: ModuleType, two_waves) -> None:
    now, before = two_waves
    no_consumers = asked.without_answers(before, pl.col("sector") == "consumer")
    later = scores_compared(asked, now, no_consumers, "sector").set_index(["sector", "measure"])
    assert later.loc[("consumer", "score"), "change_reason"] == "not_stated_last_wave"
    earlier = scores_compared(
        asked, asked.without_answers(now, pl.col("sector") == "consumer"), before, "sector"
    )
    row = earlier.set_index(["sector", "measure"]).loc[("consumer", "share")]
    assert row[["change_status", "change_reason"]].tolist() == ["cannot_be_stated", "not_stated_this_wave"]
    assert np.isnan(row["change"])
    assert later.loc[("producer", "score"), "change_status"] == "stated"


def test_a_group_that_was_not_there_before(asked: ModuleType, two_waves) -> None:
    now, before = two_waves
    fewer = before.filter(pl.col("industry") != "hotel")
    table = scores_compared(asked, now, fewer, "industry").set_index(["industry", "measure"])
    assert table.loc[("hotel", "score"), "change_reason"] == "not_stated_last_wave"
    first, second, survey = models_of(asked, now, fewer)
    indices = compare_indices(first, second, survey, ["industry"]).set_index(["industry", "latent"])
    assert indices.loc[("hotel", "satisfaction"), "change_reason"] == "not_stated_last_wave"
    assert indices.loc[("bank", "satisfaction"), "change_status"] == "stated"


def test_without_any_group_the_columns_stay(asked: ModuleType) -> None:
    nobody = asked.make_respondents(40, wave="2014")
    table = scores_compared(asked, asked.make_respondents(40), nobody, "sector")
    assert table.empty and {"change", "change_reason", "before"} <= set(table.columns)


def test_indices_differ_by_both_waves(asked: ModuleType, two_waves) -> None:
    now, before, survey = models_of(asked, *two_waves, replicates=499)
    table = compare_indices(now, before, survey)
    first, second = estimate_indices(now, survey), estimate_indices(before, survey)
    np.testing.assert_allclose(
        table["change"].astype(float), (first["estimate"] - second["estimate"]).astype(float)
    )
    expected = np.hypot(first["std_error"].astype(float), second["std_error"].astype(float))
    half = (table["change_upper"] - table["change_lower"]).astype(float) / 2
    np.testing.assert_allclose(half, expected * t.ppf(0.975, 60), rtol=0.12)
    row = table.set_index("latent").loc["satisfaction"]
    assert row["change_lower"] < 50 / 9 < row["change_upper"]


def test_the_same_answers_in_two_waves_are_still_two_samples(asked: ModuleType) -> None:
    """Resamples of both waves are drawn apart: else the difference of equal waves would have no error."""
    now = asked.draw_respondents("2015", seed=5)
    before = asked.draw_respondents("2014", seed=5)
    first, second, survey = models_of(asked, now, before, replicates=499)
    row = compare_indices(first, second, survey).set_index("latent").loc["satisfaction"]
    error = estimate_indices(first, survey).set_index("latent").loc["satisfaction", "std_error"]
    assert row["change"] == pytest.approx(0, abs=1e-9)
    assert row["change_upper"] == pytest.approx(np.sqrt(2) * error * t.ppf(0.975, 40), rel=0.12)


def test_an_index_that_is_refused_is_not_compared(asked: ModuleType, two_waves) -> None:
    now, before = two_waves
    turned = before.with_columns(quality_3=11 - pl.col("quality_3"))
    first, second, survey = models_of(asked, now, turned)
    table = compare_indices(first, second, survey, ["sector"])
    assert set(table["change_reason"]) == {"not_stated_last_wave"} and table["change"].isna().all()
    other = compare_indices(second, first, survey)
    assert set(other["change_reason"]) == {"not_stated_this_wave"}


def test_waves_of_one_model_are_comparable(asked: ModuleType, two_waves) -> None:
    now, before, survey = models_of(asked, *two_waves)
    extent = judge_waves(now, before, survey)
    assert set(extent) == set(asked.BLOCKS) and "none" not in extent.values()


def test_an_item_that_has_come_to_mean_something_else_is_noticed(asked: ModuleType, two_waves) -> None:
    now, before = two_waves
    noise = np.random.default_rng(3).integers(1, 11, now.height).astype(float)
    first, second, survey = models_of(asked, now.with_columns(satisfaction_2=noise), before)
    assert judge_waves(first, second, survey)["satisfaction"] == "none"
    assert judge_waves(first, second, survey)["value"] != "none"


def test_likeness_within_points_is_no_change_between_waves(asked: ModuleType) -> None:
    """Points differ much, waves not: by respondents the means of two waves would seldom pass as equal."""
    full = 0
    for seed in range(12):
        waves = [
            _with_unlike_points(
                asked.draw_respondents(wave, points=4, people=20, seed=seed + number), seed + number
            )
            for wave, number in (("2015", 100), ("2014", 200))
        ]
        now, before, survey = models_of(asked, *waves)
        full += judge_waves(now, before, survey)["satisfaction"] == "full"
    assert full >= 10


def _with_unlike_points(respondents: pl.DataFrame, seed: int) -> pl.DataFrame:
    points = respondents["cluster"].unique(maintain_order=True)
    shift = dict(zip(points, np.random.default_rng(seed).normal(0, 1.5, len(points)).round(), strict=True))
    added = pl.col("cluster").replace_strict(shift, return_dtype=pl.Float64)
    items = [name for name in respondents.columns if name.startswith(("quality_", "value_", "satisfaction_"))]
    return respondents.with_columns((pl.col(item) + added).clip(1, 10) for item in items)


def test_nothing_is_judged_without_two_models(asked: ModuleType, two_waves) -> None:
    now, before, survey = models_of(asked, two_waves[0], asked.make_respondents(5, wave="2014"))
    assert judge_waves(now, before, survey) == {}


def test_the_two_largest_groups_are_judged(asked: ModuleType, two_waves) -> None:
    now, _, survey = models_of(asked, *two_waves)
    assert set(judge_groups(now, "mode", survey)) == set(asked.BLOCKS)
    few = asked.make_survey(minimum_respondents=300)
    assert judge_groups(now, "mode", few) == {}
    turned = two_waves[0].with_columns(
        value_1=pl.when(pl.col("mode") == "web").then(pl.lit(8.0)).otherwise("value_1")
    )
    constant, _, _ = models_of(asked, turned, two_waves[1])
    assert judge_groups(constant, "mode", survey) == {}
