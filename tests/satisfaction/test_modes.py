"""Do answers depend on how they were asked for? Oracles: known shifts, modes of one group only."""

from types import ModuleType

import numpy as np
import polars as pl
import pytest

from qstats.satisfaction import estimate_mode_effects, take_sample


def effects_of(asked: ModuleType, respondents: pl.DataFrame, **rules: object):
    survey = asked.make_survey(**rules)
    return estimate_mode_effects(take_sample(respondents, asked.make_margins(), survey, "2015"), survey)


def test_a_known_shift_is_found(asked: ModuleType) -> None:
    """Answers on the web are lower by one point of nine: 11.1 points of 100."""
    respondents = asked.draw_respondents(points=15, people=20).with_columns(
        pl.when(pl.col("mode") == "web")
        .then(pl.col("satisfaction_1") - 1)
        .otherwise("satisfaction_1")
        .clip(1)
    )
    table = effects_of(asked, respondents).set_index("mode")
    row = (
        table.loc["web"]
        if table.index[1] == "web"
        else -table.loc["face_to_face", ["adjusted", "lower", "upper"]]
    )
    low, high = sorted([row["lower"], row["upper"]])
    assert low < -100 / 9 * 0.97 < high and high < 0


def test_adjusted_for_where_each_mode_was_used(asked: ModuleType) -> None:
    """Without any effect, but the web mostly in the industry that stands lower: crude −, adjusted about 0."""
    generator = np.random.default_rng(5)
    low = asked.draw_respondents(points=15, people=20, industry_shift={"tourism": -2, "hotel": -2})
    often = np.where(low["sector"] == "consumer", 0.8, 0.2)
    mode = np.where(generator.random(low.height) < often, "web", "face_to_face")
    table = effects_of(asked, low.with_columns(mode=pl.Series(mode))).set_index("mode")
    sign = 1 if table.index[1] == "web" else -1
    row = table.iloc[1]
    assert sign * row["difference"] < -5
    assert row["lower"] < 0 < row["upper"]


def test_a_mode_of_one_group_only_cannot_be_told_from_the_group(asked: ModuleType) -> None:
    respondents = asked.draw_respondents().with_columns(
        mode=pl.when(pl.col("sector") == "consumer").then(pl.lit("web")).otherwise(pl.lit("face_to_face"))
    )
    row = effects_of(asked, respondents).iloc[1]
    assert np.isfinite(row["difference"]) and np.isnan(row["adjusted"]) and np.isnan(row["lower"])


def test_too_few_points_for_so_many_groups(asked: ModuleType) -> None:
    respondents = asked.draw_respondents(points=2, people=30)  # 4 degrees of freedom, 4 groups and the sex
    row = effects_of(asked, respondents.filter(pl.col("industry").is_in(["bank", "hotel"]))).iloc[1]
    assert np.isnan(row["adjusted"]) and np.isfinite(row["difference"])


@pytest.mark.parametrize("mode", [["web"] * 40, ["web"] * 35 + ["face_to_face"] * 5, [None] * 40])
def test_fewer_than_two_modes_with_enough_answers(asked: ModuleType, mode: list[str | None]) -> None:
    assert effects_of(asked, asked.make_respondents(40, mode=mode)).empty


def test_the_first_row_is_the_most_frequent_mode(asked: ModuleType) -> None:
    table = effects_of(asked, asked.draw_respondents())
    assert table["n"].is_monotonic_decreasing and np.isnan(table.iloc[0]["difference"])
