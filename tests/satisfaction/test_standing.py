"""Who can be told apart, which of many changes are clear? Oracles: Holm by hand, known distances."""

from types import ModuleType

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import t

from qstats.satisfaction import estimate_indices, estimate_scores, fit_index, take_sample
from qstats.satisfaction.standing import judge_changes, rank_indices, rank_scores


def changes(*rows: tuple[float, float, float], status: str = "stated") -> pd.DataFrame:
    """Changes from (change, standard error, degrees of freedom) with their limits at 95 %."""
    table = pd.DataFrame(rows, columns=["change", "error", "change_df"])
    half = t.ppf(0.975, table["change_df"]) * table["error"]
    return table.assign(
        change_lower=table["change"] - half, change_upper=table["change"] + half, change_status=status
    )


def test_one_change_is_clear_where_its_interval_excludes_zero() -> None:
    table = changes((3, 1, 50), (-3, 1, 50), (1, 1, 50))
    assert judge_changes(table, 0.95, jointly=False) == ["rise", "fall", "not_clear"]


def test_among_many_a_change_must_be_clearer() -> None:
    """Holm: p of 0.02 and 0.03 among ten are none, one of 0.001 is."""
    df = 100
    sizes = [float(t.isf(p / 2, df)) for p in (0.001, 0.02, 0.03)]
    table = changes(*((size, 1, df) for size in sizes), *[(0.1, 1, df)] * 7)
    assert judge_changes(table, 0.95, jointly=True)[:4] == ["rise", "only_alone", "only_alone", "not_clear"]
    assert judge_changes(table, 0.95, jointly=False)[:3] == ["rise"] * 3


def test_tails_of_few_points_are_heavy() -> None:
    """4.6 standard errors: p of 0.01 on four degrees, too much among ten; on a hundred there is no doubt."""
    few, many = (changes((4.6, 1, df), *[(0.0, 1, df)] * 9) for df in (4, 100))
    assert judge_changes(few, 0.95, jointly=True)[0] == "only_alone"
    assert judge_changes(many, 0.95, jointly=True)[0] == "rise"


def test_what_cannot_be_stated_does_not_count_among_the_many() -> None:
    table = pd.concat([changes((2.6, 1, 100)), changes(*[(9, 1, 100)] * 9, status="cannot_be_stated")])
    verdicts = judge_changes(table, 0.95, jointly=True)
    assert verdicts == ["rise"] + ["cannot_be_stated"] * 9


@pytest.fixture(scope="module")
def apart(asked: ModuleType) -> pl.DataFrame:
    """Banks stand high, tourism low, couriers and hotels alike between them."""
    return asked.draw_respondents(points=12, people=10, industry_shift={"bank": 1.2, "tourism": -1.5})


def ranks(rows: pd.DataFrame) -> dict[str, tuple[int, int]]:
    return {row.industry: (row.rank_low, row.rank_high) for row in rows.itertuples()}


def test_ranks_leave_open_what_is_alike(asked: ModuleType, apart: pl.DataFrame) -> None:
    survey = asked.make_survey(replicates=199)
    sample = take_sample(apart, asked.make_margins(), survey, "2015")
    expected = {"bank": (1, 1), "courier": (2, 3), "hotel": (2, 3), "tourism": (4, 4)}
    scores = estimate_scores(sample, survey, ["industry"], measures=["score"])
    assert ranks(rank_scores(scores, sample, survey, "industry")) == expected
    index = fit_index(sample, survey)
    indices = estimate_indices(index, survey, ["industry"])
    indices = indices[indices["latent"] == "satisfaction"]
    assert ranks(rank_indices(indices, index, survey, "industry")) == expected


def test_groups_that_are_alike_share_all_ranks(asked: ModuleType) -> None:
    survey = asked.make_survey()
    sample = take_sample(asked.draw_respondents(points=12, people=10), asked.make_margins(), survey, "2015")
    rows = estimate_scores(sample, survey, ["industry"], measures=["score"])
    assert set(ranks(rank_scores(rows, sample, survey, "industry")).values()) == {(1, 4)}


def test_a_group_that_is_not_stated_has_no_rank(asked: ModuleType, apart: pl.DataFrame) -> None:
    silent = asked.without_answers(apart, pl.col("industry") == "hotel")
    survey = asked.make_survey()
    sample = take_sample(silent, asked.make_margins(), survey, "2015")
    rows = rank_scores(
        estimate_scores(sample, survey, ["industry"], measures=["score"]), sample, survey, "industry"
    ).set_index("industry")
    assert pd.isna(rows.loc["hotel", "rank_low"]) and rows.loc["tourism", "rank_high"] == 3
    alone = silent.filter(pl.col("industry").is_in(["hotel", "bank"]))
    sample = take_sample(alone, asked.make_margins(), survey, "2015")
    rows = rank_scores(
        estimate_scores(sample, survey, ["industry"], measures=["score"]), sample, survey, "industry"
    )
    assert rows["rank_low"].isna().all() and rows["rank_high"].isna().all()
    assert np.isfinite(rows.set_index("industry").loc["bank", "estimate"])
