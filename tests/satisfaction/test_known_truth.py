"""Do estimates lie where the truth is? Oracle: the population that the synthetic survey was drawn from."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import norm, t

from qstats.methods.path_models.estimation import fit_paths
from qstats.methods.path_models.indices import latent_indices
from qstats.methods.path_models.model import make_model
from qstats.methods.path_models.moments import weighted_moments
from qstats.questionnaires import read_questionnaires
from qstats.satisfaction import Survey, estimate_indices, estimate_scores, fit_index, list_waves, take_sample
from qstats.synthetic.survey.customers import WAVES, draw_customers

SERVICES = read_questionnaires()["service_satisfaction"]
SURVEY = Survey(questionnaire=SERVICES, replicates=199)
GROUPS = ("sector", "industry", "county_code")
LAST_DAY = date(2015, 12, 31)


@pytest.fixture(scope="module")
def tables(asked_city: Path) -> dict[str, pl.DataFrame]:
    return {
        name: pl.read_parquet(asked_city / "clean" / f"{name}.parquet") for name in ("respondents", "margins")
    }


@pytest.fixture(scope="module")
def compared(asked_city: Path, tables: dict[str, pl.DataFrame]) -> pd.DataFrame:
    """Every stated score and share with the true one, from answers given in person or by telephone."""
    return compare(asked_city, tables, pl.col("mode").is_null() | (pl.col("mode") != "web"))


def compare(folder: Path, tables: dict[str, pl.DataFrame], who: pl.Expr) -> pd.DataFrame:
    truth = pl.read_csv(
        folder / "truth" / "survey_truth.csv", schema_overrides={"wave": pl.String}
    ).to_pandas()
    respondents, parts = tables["respondents"].filter(who), []
    for wave in list_waves(respondents, LAST_DAY):
        sample = take_sample(respondents, tables["margins"], SURVEY, wave)
        assert sample.weighting == "calibrated"
        for group in GROUPS:
            rows = estimate_scores(sample, SURVEY, [group], measures=["score", "share"])
            parts.append(rows.rename(columns={group: "code"}).assign(group=group))
    stated = pd.concat(part[part["status"] == "stated"] for part in parts)
    return stated.merge(truth, on=["wave", "group", "code", "measure"])


def test_intervals_hold_the_truth_about_as_often_as_they_say(compared: pd.DataFrame) -> None:
    held = (compared["lower"] <= compared["value"]) & (compared["value"] <= compared["upper"])
    assert len(compared) > 80
    assert 0.90 <= held.mean() <= 0.995


def test_errors_are_as_large_as_estimated(compared: pd.DataFrame) -> None:
    """Deviations in standard errors, normal by their degrees of freedom: mean about 0, spread about 1."""
    deviation = ((compared["estimate"] - compared["value"]) / compared["std_error"]).astype(float)
    normal = norm.ppf(t.cdf(deviation, compared["df"].astype(float)))
    assert abs(normal.mean()) < 0.5
    assert 0.75 < normal.std() < 1.25


def test_answers_on_the_web_pull_figures_down(
    asked_city: Path, tables: dict[str, pl.DataFrame], compared: pd.DataFrame
) -> None:
    """A known effect of the mode: no interval of sampling covers it."""
    web = compare(asked_city, tables, pl.col("mode") == "web")
    below = [
        (frame["estimate"] - frame["value"])[frame["measure"] == "score"].mean() for frame in (web, compared)
    ]
    assert below[0] < below[1] - 1


def test_indices_are_those_of_the_population(tables: dict[str, pl.DataFrame]) -> None:
    """The first population, fitted as a whole: its indices by sector lie in the intervals of the sample."""
    customers = draw_customers(SERVICES, WAVES[0], np.random.default_rng([20131212, 4]))
    blocks, at = {}, 0
    for latent, items in SERVICES.blocks.items():
        blocks[latent] = list(range(at, at + len(items)))
        at += len(items)
    model = make_model(blocks, {code: one.explained_by for code, one in SERVICES.latents.items()})
    sector = customers.frame["industry"].replace_strict(
        {code: one.sector for code, one in SERVICES.categories_of("industry").items()}
    )
    weight = np.vstack(
        [np.ones(sector.len()), *((sector == code).to_numpy() * 1.0 for code in ("consumer", "producer"))]
    )
    moments = weighted_moments(customers.answers, weight)
    whole = fit_paths(model, moments)
    shared = type(whole)(*(np.repeat(getattr(whole, name)[:1], 3, axis=0) for name in whole.__slots__))
    true = latent_indices(model, shared, moments, 1, 10)
    in_person = tables["respondents"].filter(pl.col("mode") != "web")
    index = fit_index(take_sample(in_person, tables["margins"], SURVEY, WAVES[0]), SURVEY)
    held = []
    for at, code in enumerate(("consumer", "producer"), start=1):
        rows = estimate_indices(index, SURVEY, ["sector"])
        rows = rows[rows["sector"] == code]
        held += ((rows["lower"] <= true[at]) & (true[at] <= rows["upper"])).tolist()
        assert np.abs(rows["estimate"].astype(float) - true[at]).max() < 6
    assert sum(held) >= 10  # of 12, which move together
