"""Customers of the synthetic city. Oracle: the constants that they are drawn from, means by hand."""

import numpy as np
import polars as pl
import pytest

from qstats.methods.path_models.estimation import fit_paths
from qstats.methods.path_models.model import make_model
from qstats.methods.path_models.moments import weighted_moments
from qstats.questionnaires import read_questionnaires
from qstats.synthetic.survey.customers import (
    AGE_SHARES,
    AGE_SHIFT,
    INDUSTRIES,
    INDUSTRY_SHARES,
    OUTLETS_PER_INDUSTRY,
    PATHS,
    Customers,
    draw_customers,
    tabulate_truth,
)

SERVICES = read_questionnaires()["service_satisfaction"]
OVERALL = list(SERVICES.items).index(SERVICES.overall)


@pytest.fixture(scope="module")
def waves() -> list[Customers]:
    generator = np.random.default_rng(3)
    return [draw_customers(SERVICES, wave, generator) for wave in ("2013", "2015")]


def test_who_they_are(waves: list[Customers]) -> None:
    frame = waves[0].frame
    assert frame["outlet"].n_unique() == OUTLETS_PER_INDUSTRY * len(INDUSTRIES)
    assert frame.group_by("outlet").agg(pl.col("industry").n_unique())["industry"].max() == 1
    shares = dict(frame.group_by("industry").len().iter_rows())
    for industry, share in zip(INDUSTRIES, INDUSTRY_SHARES, strict=True):
        assert shares[industry] / frame.height == pytest.approx(share, rel=0.15)
    ages = dict(frame.group_by("age_group").len().iter_rows())
    assert {age: ages[age] / frame.height for age in AGE_SHARES} == pytest.approx(AGE_SHARES, abs=0.01)
    sizes = frame.group_by("outlet").agg(pl.len(), pl.col("outlet_size").first())
    assert (sizes["len"] == sizes["outlet_size"]).all()


def test_answers_lie_on_the_scale(waves: list[Customers]) -> None:
    answers = waves[0].answers
    assert answers.shape == (waves[0].frame.height, len(SERVICES.items))
    assert set(np.unique(answers)) == set(range(1, 11))


def test_industries_and_ages_shift_the_answers(waves: list[Customers]) -> None:
    """Industries in the order of their means; the oldest above the youngest by 0.7, less the cut at 10."""
    frame = waves[0].frame.with_columns(score=pl.Series(waves[0].answers[:, OVERALL]))
    means = dict(frame.group_by("industry").agg(pl.col("score").mean()).iter_rows())
    assert sorted(means, key=means.__getitem__) == sorted(INDUSTRIES, key=lambda one: INDUSTRIES[one][0])
    ages = dict(frame.group_by("age_group").agg(pl.col("score").mean()).iter_rows())
    assert 0.4 < ages["60+"] - ages["18-29"] < AGE_SHIFT["60+"] - AGE_SHIFT["18-29"] + 0.05


def test_waves_change_as_declared(waves: list[Customers]) -> None:
    """Tourism gains 0.5 over two waves, filling stations lose 0.2 (on 1–10; the scale cuts some of it)."""
    truth = [tabulate_truth(one, SERVICES).filter(pl.col("measure") == "score") for one in waves]
    by_code = [
        dict(one.filter(pl.col("group") == "industry").select("code", "value").iter_rows()) for one in truth
    ]
    change = {code: by_code[1][code] - by_code[0][code] for code in INDUSTRIES}
    assert 2 < change["tourism"] < 8 and -5 < change["filling_station"] < 0.5


def test_truth_is_the_mean_of_the_population(waves: list[Customers]) -> None:
    customers = waves[0]
    truth = tabulate_truth(customers, SERVICES)
    overall = customers.answers[:, OVERALL]
    known = {(group, code, measure): value for _, group, code, measure, value in truth.iter_rows()}
    assert known[("all", "", "score")] == pytest.approx((overall.mean() - 1) / 9 * 100)
    assert known[("all", "", "share")] == pytest.approx((overall >= 7).mean())
    member = np.isin(customers.frame["industry"].to_numpy(), ["bank", "courier", "telecom", "car_repair"])
    assert known[("sector", "producer", "share")] == pytest.approx((overall[member] >= 7).mean())
    assert {group for group, _, _ in known} == {"all", "sector", "industry", "county_code"}
    assert truth.height == truth.unique(["wave", "group", "code", "measure"]).height


def test_the_model_is_the_one_of_the_questionnaire(waves: list[Customers]) -> None:
    """Each path that answers are drawn from is declared, and found again with its sign."""
    declared = {code: set(one.explained_by) for code, one in SERVICES.latents.items() if one.explained_by}
    assert {target: set(sources) for target, sources in PATHS.items()} == declared
    blocks, at = {}, 0
    for latent, items in SERVICES.blocks.items():
        blocks[latent] = list(range(at, at + len(items)))
        at += len(items)
    model = make_model(blocks, {code: one.explained_by for code, one in SERVICES.latents.items()})
    fit = fit_paths(model, weighted_moments(waves[0].answers))
    assert (fit.paths[0][model.paths] > 0).all()
    assert (fit.weight[0] > 0).all()


def test_the_same_seed_gives_the_same_people() -> None:
    one, other = (draw_customers(SERVICES, "2014", np.random.default_rng(9)) for _ in range(2))
    assert one.frame.equals(other.frame) and (one.answers == other.answers).all()
