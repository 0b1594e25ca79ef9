"""Through which ways does one latent variable move another? Oracle: products of paths by hand."""

from types import ModuleType

import numpy as np
import polars as pl
import pytest

from qstats.satisfaction import IndexModel, Survey, fit_index, map_importance, tabulate_paths, take_sample
from qstats.satisfaction.effects import lead_drivers, tabulate_effects


def fit(asked: ModuleType, respondents: pl.DataFrame) -> tuple[IndexModel, Survey]:
    survey = asked.make_survey(replicates=199)
    return fit_index(take_sample(respondents, asked.make_margins(), survey, "2015"), survey), survey


@pytest.fixture(scope="module")
def fitted(asked: ModuleType) -> tuple[IndexModel, Survey]:
    return fit(asked, asked.draw_respondents(points=12, people=12))


def test_total_is_direct_and_all_ways_round(fitted: tuple[IndexModel, Survey]) -> None:
    """Quality moves satisfaction itself and by way of value."""
    paths = tabulate_paths(*fitted).set_index(["source", "target"])["estimate"]
    effects = tabulate_effects(*fitted).set_index(["source", "target"])
    row = effects.loc[("quality", "satisfaction")]
    passed = paths["quality", "value"] * paths["value", "satisfaction"]
    assert row["direct"] == pytest.approx(paths["quality", "satisfaction"])
    assert row["indirect"] == pytest.approx(passed)
    assert row["total"] == pytest.approx(row["direct"] + passed)
    assert row["lower"] < row["total"] < row["upper"] and row["clear"]
    assert np.isnan(effects.loc[("value", "satisfaction"), "indirect"])
    assert len(effects) == 3


def test_the_first_driver_leads_alone_only_where_it_is_clear(
    asked: ModuleType, fitted: tuple[IndexModel, Survey]
) -> None:
    table = map_importance(*fitted).set_index("latent")["importance"]
    assert lead_drivers(*fitted)[0] == table.idxmax()
    generator = np.random.default_rng(8)
    respondents = asked.draw_respondents(points=12, people=12)
    chance = {
        item: np.clip(np.round(7 + 1.2 * generator.normal(size=respondents.height)), 1, 10)
        for item in ("value_1", "value_2")
    }
    common = generator.normal(size=respondents.height).round()
    of_chance = respondents.with_columns(**{item: np.clip(v + common, 1, 10) for item, v in chance.items()})
    assert lead_drivers(*fit(asked, of_chance)) == ["quality"]


def test_without_a_model_there_are_no_effects(asked: ModuleType) -> None:
    none = fit(asked, asked.make_respondents(5))
    assert tabulate_effects(*none).empty and lead_drivers(*none) == []
    turned = fit(asked, asked.draw_respondents().with_columns(quality_3=11 - pl.col("quality_3")))
    assert lead_drivers(*turned) == []
