"""What drives the index, how well is it measured? Oracles: regression of index scores, known models."""

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from qstats.satisfaction import (
    IndexModel,
    Survey,
    fit_index,
    map_importance,
    tabulate_items,
    tabulate_paths,
    tabulate_quality,
    take_sample,
)


@pytest.fixture(scope="module")
def fitted(asked: ModuleType) -> tuple[IndexModel, Survey]:
    survey = asked.make_survey(replicates=199)
    respondents = asked.draw_respondents(points=12, people=12)
    return fit_index(take_sample(respondents, asked.make_margins(), survey, "2015"), survey), survey


def index_scores(index: IndexModel, survey: Survey) -> pd.DataFrame:
    """Index of each respondent by the shares of the items."""
    assert index.points is not None
    items = tabulate_items(index, survey)
    return pd.DataFrame(
        {
            latent: index.points[:, part.index] @ part["share"]
            for latent, part in items.groupby("latent", sort=False)
        }
    )


def test_items_share_the_index_of_their_block(fitted) -> None:
    index, survey = fitted
    items = tabulate_items(index, survey)
    assert items.groupby("latent")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert not items["negative"].any() and items["loading"].between(0.5, 1).all()


def test_importance_is_a_slope_in_points(fitted) -> None:
    """Regression of one index on the others in points: direct effects; value passes some of quality on."""
    index, survey = fitted
    scores = index_scores(index, survey)
    centred = scores - scores.mean()
    direct = np.linalg.lstsq(centred[["quality", "value"]], centred["satisfaction"], rcond=None)[0]
    passed = np.linalg.lstsq(centred[["quality"]], centred["value"], rcond=None)[0][0]
    table = map_importance(index, survey).set_index("latent")
    assert table.loc["value", "importance"] == pytest.approx(direct[1])
    assert table.loc["quality", "importance"] == pytest.approx(direct[0] + passed * direct[1])
    assert table["performance"].tolist() == pytest.approx(scores[["quality", "value"]].mean().tolist())
    assert (table["importance_lower"] < table["importance"]).all()
    assert (table["importance"] < table["importance_upper"]).all()
    assert list(table.index) == ["quality", "value"]  # satisfaction does not lead to itself


def test_paths_that_exist_are_clear(fitted) -> None:
    paths = tabulate_paths(*fitted)
    assert list(zip(paths["source"], paths["target"], strict=True)) == [
        ("quality", "value"), ("quality", "satisfaction"), ("value", "satisfaction"),
    ]  # fmt: skip
    assert paths["clear"].all() and (paths["lower"] > 0).all()


def test_a_path_that_does_not_exist_is_seldom_clear(asked: ModuleType) -> None:
    """Answers of value drawn by chance: their interval covers 0."""
    respondents = asked.draw_respondents(points=12, people=12)
    generator = np.random.default_rng(8)
    common = generator.normal(size=respondents.height)
    chance = {
        item: np.clip(np.round(7 + common + generator.normal(size=respondents.height)), 1, 10)
        for item in ("value_1", "value_2")
    }
    survey = asked.make_survey(replicates=199)
    sample = take_sample(respondents.with_columns(**chance), asked.make_margins(), survey, "2015")
    paths = tabulate_paths(fit_index(sample, survey), survey).set_index(["source", "target"])
    assert not paths.loc[("value", "satisfaction"), "clear"]
    assert paths.loc[("quality", "satisfaction"), "clear"]


def test_measurement_by_block(fitted) -> None:
    index, _ = fitted
    quality = tabulate_quality(index).set_index("latent")
    assert quality["items"].tolist() == [3, 2, 3]
    assert np.isnan(quality.loc["quality", "r_squared"]) and quality.loc["satisfaction", "r_squared"] > 0.3
    assert quality["ave"].between(0.5, 1).all() and quality["composite"].between(0.7, 1).all()
    correlation = np.corrcoef(index.points[:, 3:5].T)[0, 1]
    assert quality.loc["value", "alpha"] == pytest.approx(2 * correlation / (1 + correlation))


def test_negative_weights_show_in_the_items_and_nothing_is_mapped(asked: ModuleType) -> None:
    import polars as pl

    respondents = asked.draw_respondents().with_columns(quality_3=11 - pl.col("quality_3"))
    survey = asked.make_survey()
    index = fit_index(take_sample(respondents, asked.make_margins(), survey, "2015"), survey)
    items = tabulate_items(index, survey)
    assert items.loc[items["negative"], "item"].tolist() == ["quality_3"]
    assert map_importance(index, survey).empty


def test_without_a_model_every_table_is_empty_with_its_columns(asked: ModuleType) -> None:
    survey = asked.make_survey()
    index = fit_index(take_sample(asked.make_respondents(5), asked.make_margins(), survey, "2015"), survey)
    tables = [tabulate_paths(index, survey), tabulate_quality(index), tabulate_items(index, survey),
              map_importance(index, survey)]  # fmt: skip
    assert all(table.empty and len(table.columns) >= 5 for table in tables)
