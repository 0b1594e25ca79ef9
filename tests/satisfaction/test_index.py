"""The index model of a wave. Oracles: repeated rows, the path model (held against plspm), Taylor errors."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.path_models.estimation import fit_paths
from qstats.methods.path_models.indices import index_shares, latent_indices
from qstats.methods.path_models.model import make_model
from qstats.methods.path_models.moments import weighted_moments
from qstats.methods.survey.intervals import t_quantile
from qstats.methods.survey.variance import score_covariance
from qstats.satisfaction import IndexModel, Survey, estimate_indices, fewest_complete, fit_index, take_sample
from qstats.satisfaction.index import draw_indices
from qstats.satisfaction.scores import mean_scores

LATENTS = ["quality", "value", "satisfaction"]


def fit(asked: ModuleType, respondents: pl.DataFrame, margins: pl.DataFrame | None = None, **rules: Any):
    """Model and rules of the wave 2015."""
    survey = asked.make_survey(**rules)
    nothing = asked.make_margins()
    sample = take_sample(respondents, nothing if margins is None else margins, survey, "2015")
    return fit_index(sample, survey), survey


def rows_of(index: IndexModel, survey: Survey, *by: str):
    return estimate_indices(index, survey, by)


@pytest.fixture(scope="module")
def usual(asked: ModuleType) -> tuple[IndexModel, Survey]:
    """192 respondents at 24 points, 499 resamples."""
    return fit(asked, asked.draw_respondents(), replicates=499)


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_integer_weights_are_repeated_rows(asked: ModuleType, seed: int) -> None:
    """Weights, paths, R² and indices, of all and of sectors."""
    respondents = asked.draw_respondents(seed=seed)
    times = np.random.default_rng(seed).integers(1, 4, respondents.height)
    weighted, survey = fit(asked, respondents.with_columns(weight=times.astype(float)))
    repeated, _ = fit(asked, respondents[np.repeat(np.arange(respondents.height), times)])
    assert weighted.fit is not None and repeated.fit is not None
    for name in ("weight", "loading", "paths", "r_squared", "latent_covariance"):
        np.testing.assert_allclose(getattr(weighted.fit, name)[0], getattr(repeated.fit, name)[0], atol=1e-9)
    for by in ((), ("sector",)):
        one, other = rows_of(weighted, survey, *by), rows_of(repeated, survey, *by)
        np.testing.assert_allclose(one["estimate"].astype(float), other["estimate"].astype(float), atol=1e-8)


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-3, 1e3))
def test_the_scale_of_weights_does_not_matter(asked: ModuleType, seed: int, factor: float) -> None:
    respondents = asked.draw_respondents(seed=seed)
    weight = np.random.default_rng(seed).uniform(0.5, 2, respondents.height)
    (one, survey), (other, _) = (
        fit(asked, respondents.with_columns(weight=w)) for w in (weight, factor * weight)
    )
    figures = ["estimate", "std_error", "lower", "upper", "effective_n"]
    for by in ((), ("sector",)):
        first, second = (rows_of(index, survey, *by)[figures].astype(float) for index in (one, other))
        np.testing.assert_allclose(first, second, rtol=1e-7)


def test_index_is_the_mean_of_items_with_the_weights_of_the_model(asked: ModuleType, usual) -> None:
    """Answers 1–10 fitted by `methods` as they are give the same index as answers in points."""
    index, survey = usual
    answers = index.sample.frame[asked.ITEMS].to_numpy(float)
    model = make_model(
        {"quality": [0, 1, 2], "value": [3, 4], "satisfaction": [5, 6, 7]},
        {"value": ["quality"], "satisfaction": ["quality", "value"]},
    )
    moments = weighted_moments(answers)
    expected = latent_indices(model, fit_paths(model, moments), moments, 1, 10)[0]
    table = rows_of(index, survey)
    assert table["latent"].tolist() == LATENTS
    np.testing.assert_allclose(table["estimate"].astype(float), expected, atol=1e-9)
    shares = index_shares(model, fit_paths(model, moments), 9.0)[0]
    by_hand = 100 * (shares[5:] @ answers[:, 5:].mean(axis=0) - 1) / 9
    assert table["estimate"].iloc[2] == pytest.approx(by_hand)


def test_groups_share_the_weights_of_all(asked: ModuleType, usual) -> None:
    """The index of all is the weighted mean of the indices of its groups."""
    index, survey = usual
    by_sector, whole = rows_of(index, survey, "sector"), rows_of(index, survey)
    for latent in LATENTS:
        part = by_sector[by_sector["latent"] == latent]
        mean = np.average(part["estimate"].astype(float), weights=part["n"].astype(float))
        assert mean == pytest.approx(whole.loc[whole["latent"] == latent, "estimate"].iloc[0])


def test_resamples_repeat_with_the_seed(asked: ModuleType) -> None:
    respondents = asked.draw_respondents()
    (first, survey), (again, _), (other, _) = (
        fit(asked, respondents, seed=seed) for seed in (20131212, 20131212, 7)
    )
    assert rows_of(first, survey).equals(rows_of(again, survey))
    one, two = rows_of(first, survey), rows_of(other, survey)
    assert one["estimate"].tolist() == two["estimate"].tolist()
    assert not np.allclose(one["std_error"].astype(float), two["std_error"].astype(float))


def taylor_error(index: IndexModel, latent: int, member: np.ndarray) -> float:
    """Error of the mean of the index scores of a group, the weights of the model taken as given."""
    assert index.fit is not None and index.model is not None and index.points is not None
    shares = index_shares(index.model, index.fit, 100.0)[0] * index.model.block[:, latent]
    scores = mean_scores(index.sample, index.points @ shares, member)
    return float(np.sqrt(score_covariance(index.sample.design, scores[:, None])[0, 0]))


@pytest.mark.parametrize("weighted", ["none", "margins"])
def test_errors_are_those_of_the_design(asked: ModuleType, weighted: str) -> None:
    """Resamples against Taylor's errors, with and without calibration that explains part of the answers."""
    respondents = asked.draw_respondents(points=10, people=6, industry_shift={"hotel": -1, "tourism": -1.5})
    respondents = respondents.with_columns(stratum=pl.lit("one"))  # industries are then left to chance
    margins = asked.make_margins(
        *((None, "industry", code, 250) for code in asked.SECTOR_OF if weighted == "margins")
    )
    index, survey = fit(asked, respondents, margins, replicates=999)
    rows = rows_of(index, survey)
    for at in range(3):
        expected = taylor_error(index, at, np.ones(len(index.complete), bool))
        assert rows["std_error"].iloc[at] == pytest.approx(expected, rel=0.12)
    sectors = rows_of(index, survey, "sector")
    member = (index.sample.frame["sector"] == "consumer").to_numpy()
    assert sectors["std_error"].iloc[2] == pytest.approx(taylor_error(index, 2, member), rel=0.15)


def test_calibration_gains_precision_in_the_resamples_too(asked: ModuleType) -> None:
    respondents = asked.draw_respondents(points=10, people=6, industry_shift={"hotel": -2, "tourism": -2})
    respondents = respondents.with_columns(stratum=pl.lit("one"))
    margins = asked.make_margins(*((None, "industry", code, 250) for code in asked.SECTOR_OF))
    (plain, survey), (calibrated, _) = fit(asked, respondents), fit(asked, respondents, margins)
    assert (
        rows_of(calibrated, survey)["std_error"].iloc[2] < 0.7 * rows_of(plain, survey)["std_error"].iloc[2]
    )


def test_trimming_does_not_undo_the_resampling(asked: ModuleType) -> None:
    """A point drawn three times may carry three times the largest weight: the mean of resamples stays."""
    respondents = asked.draw_respondents(points=10, people=6)
    margins = asked.make_margins((None, "sex", "female", 850), (None, "sex", "male", 150))
    index, _ = fit(asked, respondents, margins, trim_weights=1.5, replicates=999)
    assert index.weights is not None and index.sample.calibration is not None
    assert index.sample.calibration.trimming.min() < 1
    mean = index.weights[1:].mean(axis=0)
    female = (index.sample.frame["sex"] == "female").to_numpy()
    for member in (female, ~female):
        assert mean[member].sum() == pytest.approx(index.weights[0, member].sum(), rel=0.03)
    assert (index.weights[1:].max(axis=1) > 2 * index.weights[0].max()).any()


def test_student_limits_on_the_points_of_the_design(usual) -> None:
    index, survey = usual
    row = rows_of(index, survey).iloc[2]
    assert row["df"] == 24 - 4
    assert row["upper"] - row["estimate"] == pytest.approx(t_quantile(20, 0.95) * row["std_error"])
    assert row["effective_n"] == pytest.approx(row["n"] / row["deff"]) and 1 < row["deff"] < 6
    assert row[["method", "status", "measure"]].tolist() == ["pls_bootstrap", "stated", "index"]


def test_incomplete_questionnaires_are_left_out_or_filled(asked: ModuleType, usual) -> None:
    respondents = asked.draw_respondents()
    some = asked.without_answers(respondents, pl.col("source_row") % 5 == 0, ["quality_1"])
    survey = asked.make_survey()
    sample = take_sample(some, asked.make_margins(), survey, "2015")
    index, filled = fit_index(sample, survey), fit_index(sample, survey, fill=True)
    assert index.complete.sum() == 192 - (np.arange(2, 194) % 5 == 0).sum()
    assert filled.complete.all()
    assert filled.points is not None
    at = np.flatnonzero(sample.frame["quality_1"].isna())[0]
    assert filled.points[at, 0] == pytest.approx(filled.points[at, 1:3].mean())
    nothing_to_fill = fit_index(usual[0].sample, usual[1], fill=True)
    assert rows_of(nothing_to_fill, usual[1]).equals(rows_of(*usual))


def test_a_block_without_any_answer_is_not_filled(asked: ModuleType) -> None:
    some = asked.without_answers(asked.draw_respondents(), pl.col("source_row") < 12, ["value_1", "value_2"])
    survey = asked.make_survey()
    index = fit_index(take_sample(some, asked.make_margins(), survey, "2015"), survey, fill=True)
    assert index.complete.sum() == 182


def refused(asked: ModuleType, respondents: pl.DataFrame, **rules: Any) -> tuple[str, str | None, str]:
    index, survey = fit(asked, respondents, **rules)
    table = rows_of(index, survey)
    assert table["estimate"].isna().all() and set(table["status"]) == {index.status}
    assert set(table["reason"]) == {index.reason} and set(table["reliability"]) == {"cannot_be_stated"}
    return index.status, index.reason, index.detail


def test_negative_weights_are_refused_and_named(asked: ModuleType) -> None:
    respondents = asked.draw_respondents().with_columns(quality_3=11 - pl.col("quality_3"))
    assert refused(asked, respondents) == ("refused", "negative_weights", "quality_3")


def test_a_constant_item_is_refused_and_named(asked: ModuleType) -> None:
    respondents = asked.draw_respondents().with_columns(value_2=pl.lit(9.0))
    assert refused(asked, respondents) == ("refused", "constant_item", "value_2")


def test_an_item_that_follows_from_others_leaves_a_formed_block_without_weights(asked: ModuleType) -> None:
    latents = {code: one.model_copy(update={"mode": "B" if code == "quality" else "A"})
               for code, one in asked.QUESTIONNAIRE.latents.items()}  # fmt: skip
    questionnaire = asked.QUESTIONNAIRE.model_copy(update={"latents": latents})
    respondents = asked.draw_respondents().with_columns(quality_3=pl.col("quality_2"))
    assert refused(asked, respondents, questionnaire=questionnaire) == ("refused", "model_unsolved", "")


def test_too_few_complete_questionnaires(asked: ModuleType) -> None:
    few = asked.draw_respondents(points=3, people=8)
    assert refused(asked, few) == ("cannot_be_stated", "too_few_for_model", "")
    assert fewest_complete(asked.make_survey()) == 100


def test_ten_complete_questionnaires_for_each_path_into_one_variable(asked: ModuleType) -> None:
    latents = dict(asked.QUESTIONNAIRE.latents)
    latents["satisfaction"] = latents["satisfaction"].model_copy(update={"explained_by": ["value"] * 12})
    survey = asked.make_survey(questionnaire=asked.QUESTIONNAIRE.model_copy(update={"latents": latents}))
    assert fewest_complete(survey) == 120


def test_answers_of_one_point_have_no_error(asked: ModuleType) -> None:
    at_one = asked.draw_respondents().with_columns(cluster=pl.lit("x"), stratum=pl.lit("s"))
    assert refused(asked, at_one) == ("cannot_be_stated", "one_cluster", "")


def test_a_questionnaire_without_a_model(asked: ModuleType) -> None:
    questionnaire = asked.QUESTIONNAIRE.model_copy(update={"index_of": None})
    status = refused(asked, asked.draw_respondents(), questionnaire=questionnaire)
    assert status == ("no_data", "no_index_model", "")


def test_resamples_without_a_solution(asked: ModuleType) -> None:
    """An item that varies at a single point is constant in every third resample."""
    respondents = asked.draw_respondents()
    point = respondents["cluster"][0]
    odd = respondents.with_columns(
        value_2=pl.when(pl.col("cluster") == point).then("value_2").otherwise(pl.lit(7.0))
    )
    assert refused(asked, odd) == ("cannot_be_stated", "model_unstable", "")


def test_a_sector_in_which_all_answer_dont_know(asked: ModuleType) -> None:
    respondents = asked.draw_respondents(points=10, people=8)
    index, survey = fit(asked, asked.without_answers(respondents, pl.col("sector") == "consumer"))
    rows = rows_of(index, survey, "sector").set_index(["sector", "latent"])
    row = rows.loc[("consumer", "satisfaction")]
    assert row[["status", "reason", "n", "respondents"]].tolist() == [
        "cannot_be_stated",
        "no_answers",
        0,
        160,
    ]
    assert rows.loc[("producer", "satisfaction"), "status"] == "stated"


def test_a_group_at_one_or_two_points(asked: ModuleType) -> None:
    """At one point no error; at two of twelve, a resample in eight holds neither."""
    respondents = asked.draw_respondents(points=12, people=16)
    names = respondents["cluster"].unique(maintain_order=True).to_list()
    placed = respondents.with_columns(
        county_code=pl.when(pl.col("cluster").is_in(names[:2])).then(pl.lit("two"))
        .when(pl.col("cluster") == names[20]).then(pl.lit("one")).otherwise(pl.lit("rest"))
    )  # fmt: skip
    index, survey = fit(asked, placed, minimum_respondents=10)
    rows = rows_of(index, survey, "county_code")
    reasons = dict(zip(rows["county_code"], rows["reason"].fillna(""), strict=True))
    assert reasons == {"one": "one_cluster", "two": "few_clusters", "rest": ""}


def test_a_group_of_few_respondents(asked: ModuleType, usual) -> None:
    rows = rows_of(usual[0], replace(usual[1], minimum_respondents=60), "industry")
    assert set(rows["reason"]) == {"too_few_respondents"} and set(rows["n"]) == {48}


def test_draws_start_with_the_survey_itself(usual) -> None:
    index, survey = usual
    draws = draw_indices(index)
    assert draws.shape == (500, 3)
    np.testing.assert_allclose(draws[0], rows_of(index, survey)["estimate"].astype(float))
    assert abs(draws[1:].mean(axis=0) - draws[0]).max() < 0.3 * draws[1:].std(axis=0).max()
