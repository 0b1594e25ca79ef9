"""Scores and shares. Oracles: by hand, `methods.survey`, R survey 4.1-1 (`01`, `14`), repeated rows."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.survey.calibrated_estimates import calibrated_mean
from qstats.methods.survey.design import make_design
from qstats.methods.survey.domains import domain_freedom, domain_means
from qstats.methods.survey.variance import score_covariance
from qstats.questionnaires import Questionnaire
from qstats.satisfaction import MEASURES, Sample, Survey, estimate_scores, take_sample
from qstats.satisfaction.scores import mean_scores, values_of

FIRST = "satisfaction_1"


def scored(
    asked: ModuleType, respondents: pl.DataFrame, by: tuple[str, ...] = (), **rules: Any
) -> pd.DataFrame:
    """Rows of all measures without margins."""
    survey = asked.make_survey(**rules)
    return estimate_scores(take_sample(respondents, asked.make_margins(), survey, "2015"), survey, by)


def with_scores(asked: ModuleType, scores: list[float], **columns: Any) -> pl.DataFrame:
    """Respondents with these scores on satisfaction overall."""
    answers = np.full((len(scores), len(asked.ITEMS)), 7.0)
    answers[:, asked.ITEMS.index(FIRST)] = scores
    return asked.make_respondents(len(scores), answers=answers, **columns)


@pytest.mark.parametrize(
    ("measure", "counted"),
    [
        ("score", [0, 100 / 3, 500 / 9, 200 / 3, 800 / 9, 100]),
        ("share", [0, 0, 0, 1, 1, 1]),
        ("top_box", [0, 0, 0, 0, 1, 1]),
        ("net", [-1, -1, 0, 0, 1, 1]),
    ],
)
def test_what_an_answer_counts(asked: ModuleType, measure: str, counted: list[float]) -> None:
    """Marks of the questionnaire: satisfied from 7, top from 9, bottom to 4, on 1–10."""
    answers = np.array([1, 4, 6, 7, 9, 10, np.nan])
    values = values_of(answers, asked.QUESTIONNAIRE, FIRST, measure)
    np.testing.assert_allclose(values, [*counted, np.nan])


def test_marks_are_stretched_to_the_scale_of_an_item(asked: ModuleType) -> None:
    """On 1–5 the mark 7 of 1–10 lies at 1 + 6·4/9 = 3.67: satisfied from 4."""
    items = dict(asked.QUESTIONNAIRE.items)
    items["value_1"] = items["value_1"].model_copy(update={"scale": (1, 5)})
    questionnaire = asked.QUESTIONNAIRE.model_copy(update={"items": items})
    answers = np.arange(1.0, 6)
    assert values_of(answers, questionnaire, "value_1", "share").tolist() == [0, 0, 0, 1, 1]
    assert values_of(answers, questionnaire, "value_1", "score").tolist() == [0, 25, 50, 75, 100]


def test_figures_by_hand(asked: ModuleType) -> None:
    """10, 10, 7, 4 in turn: scores 100, 100, 66.7, 33.3; three in four satisfied, half of them at the top."""
    table = scored(asked, with_scores(asked, [10, 10, 7, 4] * 10)).set_index("measure")
    assert table["estimate"].tolist() == pytest.approx([75, 0.75, 0.5, 0.25])
    taylor = np.std([100, 100, 200 / 3, 100 / 3]) / np.sqrt(39)
    assert table.loc["score", "std_error"] == pytest.approx(taylor * 40 / 39)  # each is a 40th of the mean
    assert table["n"].tolist() == [40] * 4 and table["df"].tolist() == [39] * 4


@pytest.mark.parametrize("by", ["", "sector", "industry", "county_code"])
def test_errors_are_those_of_the_design(asked: ModuleType, by: str) -> None:
    respondents = asked.without_answers(asked.draw_respondents(), pl.col("source_row") % 7 == 0, [FIRST])
    weight = np.random.default_rng(3).uniform(0.5, 2, respondents.height)
    respondents = respondents.with_columns(weight=weight)
    survey = asked.make_survey(minimum_respondents=2)
    sample = take_sample(respondents, asked.make_margins(), survey, "2015")
    frame = sample.frame
    codes, known = pd.factorize(frame[by] if by else pd.Series(["all"] * len(frame)), sort=True)
    for measure in MEASURES:
        values = values_of(frame[FIRST].to_numpy(float), asked.QUESTIONNAIRE, FIRST, measure)
        expected = domain_means(sample.design, values, np.where(np.isnan(values), -1, codes), len(known))
        ours = estimate_scores(sample, survey, [by] if by else [], measures=[measure])
        np.testing.assert_allclose(ours["estimate"].astype(float), expected.estimate, rtol=1e-10)
        taylor = [taylor_error(sample, values, codes == at) for at in range(len(known))]
        np.testing.assert_allclose(np.square(taylor), expected.variance, rtol=1e-10)
        wider = ours["std_error"].to_numpy(float) / taylor
        np.testing.assert_allclose(ours["deff"].astype(float), expected.deff * wider**2, rtol=1e-10)
        most = [largest_share(sample, ~np.isnan(values) & (codes == at)) for at in range(len(known))]
        assert np.all(wider > 1) and np.all(wider <= 1 / (1 - np.array(most)))
        assert ours["n"].tolist() == expected.n.tolist()
        assert ours["clusters"].tolist() == expected.clusters.tolist()


def taylor_error(sample: Sample, values: np.ndarray, member: np.ndarray) -> float:
    """Error of a group's mean by linearisation alone, as R states it."""
    scores = mean_scores(sample, values, member & ~np.isnan(values))
    return float(np.sqrt(score_covariance(sample.design, scores[:, None])[0, 0]))


def largest_share(sample: Sample, used: np.ndarray) -> float:
    """Share that the heaviest sampling point has in a group's mean."""
    weight = np.bincount(sample.design.cluster, np.where(used, sample.weight, 0.0))
    return float(weight.max() / weight.sum())


def test_errors_are_those_of_leaving_each_point_out(asked: ModuleType) -> None:
    """Delete-one jackknife, one point after the other; its factor (k - 1)/k stands here as k/(k - 1)."""
    respondents = asked.draw_respondents(points=4, people=6).with_columns(stratum=pl.lit("one"))
    weight = np.random.default_rng(5).uniform(0.5, 2, respondents.height)
    survey = asked.make_survey(minimum_respondents=2)
    sample = take_sample(respondents.with_columns(weight=weight), asked.make_margins(), survey, "2015")
    values, cluster = sample.frame[FIRST].to_numpy(float), sample.design.cluster
    whole = np.average(values, weights=sample.weight)
    kept = [cluster != one for one in np.unique(cluster)]
    moved = np.array([np.average(values[one], weights=sample.weight[one]) - whole for one in kept])
    k = len(kept)
    jackknife = k / (k - 1) * ((moved - moved.mean()) ** 2).sum()
    ours = estimate_scores(sample, survey, measures=["score"]).iloc[0]
    assert (ours["std_error"] * 9 / 100) ** 2 == pytest.approx(jackknife, rel=1e-9)


class Schools:
    """R's Californian schools as a survey: `api00` on 0–1,000, `awards` yes or no, margins as profile."""

    def __init__(self, folder: Path, sample: str) -> None:
        table = pd.read_csv(folder / "01_survey_api" / f"input_api{sample}.csv")
        strata = table["stype"] if sample == "strat" else pd.Series([None] * len(table))
        clusters = table["dnum"].astype(str) if sample == "clus1" else pd.Series([None] * len(table))
        self.rows = pl.DataFrame(
            {
                "wave": ["2000"] * len(table), "screened": pl.Series([None] * len(table), dtype=pl.String),
                "weight": table["pw"].tolist(), "stratum": pl.Series(strata.tolist(), dtype=pl.String),
                "cluster": pl.Series(clusters.tolist(), dtype=pl.String), "stype": table["stype"].tolist(),
                "sch_wide": table["sch.wide"].tolist(), "comp_imp": table["comp.imp"].tolist(),
                "api00": table["api00"].astype(float).tolist(),
                "awards": (table["awards"] == "Yes").astype(float).tolist(),
            }
        )  # fmt: skip

    def sample(self, margins: pl.DataFrame, survey: Survey) -> Sample:
        return take_sample(self.rows, margins, survey, "2000")


@pytest.fixture(scope="module")
def schools_survey(asked: ModuleType) -> Survey:
    label = {"zh": "题", "en": "item"}
    questionnaire = Questionnaire.model_validate(
        {
            "id": "schools", "label": label, "scale": (0, 1), "satisfied_from": 1, "top_from": 1,
            "bottom_to": 0, "overall": "awards",
            "items": {
                "awards": {"label": label, "headings": ["awards"]},
                "api00": {"label": label, "headings": ["api00"], "scale": (0, 1000)},
            },
        }
    )  # fmt: skip
    return Survey(questionnaire=questionnaire, trim_weights=None)


def row_of(
    sample: Sample, survey: Survey, item: str, measure: str, by: str = "", code: str = ""
) -> pd.Series:
    table = estimate_scores(sample, survey, [by] if by else [], item=item, measures=[measure])
    return table[table[by] == code].iloc[0] if by else table.iloc[0]


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["strat", "clus1"])
def test_figures_of_r(asked: ModuleType, shared_data: Path, schools_survey: Survey, name: str) -> None:
    """Means and their errors of all schools and by type, the share with Korn-Graubard limits."""
    expected = pd.read_csv(shared_data / "oracles" / "01_survey_api" / "expected.csv")
    expected = expected[expected["design"] == f"{name}_nofpc"].set_index(["stat", "variable", "domain"])
    sample = Schools(shared_data / "oracles", name).sample(asked.make_margins(), schools_survey)
    peer = expected.loc[("mean", "api00", "all")]
    ours = row_of(sample, schools_survey, "api00", "score")
    api00, everybody = sample.frame["api00"].to_numpy(float), np.ones(len(sample.frame), bool)
    assert ours["estimate"] * 10 == pytest.approx(peer["estimate"], rel=1e-9)
    assert taylor_error(sample, api00, everybody) == pytest.approx(peer["se"], rel=1e-9)
    wider = ours["std_error"] * 10 / peer["se"]
    assert 1 < wider <= 1 / (1 - largest_share(sample, everybody))
    half = (peer["ci_high"] - peer["ci_low"]) / 2 * wider
    assert (ours["upper"] - ours["lower"]) * 5 == pytest.approx(half, rel=1e-9)
    assert ours["df"] == peer["df"]
    for kind in "EHM" if name == "strat" else "E":  # 14 high schools are too few to be stated
        peer = expected.loc[("mean_by", "api00", f"stype={kind}")]
        by_type = row_of(sample, schools_survey, "api00", "score", "stype", kind)
        assert by_type["estimate"] * 10 == pytest.approx(peer["estimate"], rel=1e-9)
        of_type = (sample.frame["stype"] == kind).to_numpy()
        assert taylor_error(sample, api00, of_type) == pytest.approx(peer["se"], rel=1e-9)
    peer, share = (
        expected.loc[("prop_beta", "awards=='Yes'", "all")],
        row_of(sample, schools_survey, "awards", "share"),
    )
    awards = sample.frame["awards"].to_numpy(float)
    assert taylor_error(sample, awards, everybody) == pytest.approx(peer["se"], rel=1e-9)
    assert share["lower"] <= peer["ci_low"] and share["upper"] >= peer["ci_high"]


@pytest.mark.oracle
@pytest.mark.parametrize("case", ["rake2", "rake3"])
def test_errors_after_raking_are_those_of_the_residuals(
    asked: ModuleType, shared_data: Path, schools_survey: Survey, case: str
) -> None:
    """R has a correction for 15 of 757 districts in its errors; a survey of customers has none."""
    folder = shared_data / "oracles" / "14_raking_calibration"
    margins = pd.read_csv(folder / "input_margins.csv")
    margins["variable"] = margins["variable"].str.replace(".", "_")
    used = ["stype", "sch_wide", "comp_imp"][: int(case[4])]
    rows = [(None, *row[1:]) for row in margins.itertuples() if row.variable in used]
    sample = Schools(shared_data / "oracles", "clus1").sample(asked.make_margins(*rows), schools_survey)
    peer = pd.read_csv(folder / "expected_estimates.csv").set_index("case").loc[case]
    correction = np.sqrt(1 - 15 / 757)
    everybody = np.ones(len(sample.frame), bool)
    for item, measure, unit, name in (
        ("api00", "score", 10, "mean_api00"),
        ("awards", "share", 1, "prop_awards"),
    ):
        ours = row_of(sample, schools_survey, item, measure)
        assert ours["estimate"] * unit == pytest.approx(peer[name], rel=1e-6)
        taylor = taylor_error(sample, sample.frame[item].to_numpy(float), everybody)
        assert taylor * correction == pytest.approx(peer[f"se_{name}"], rel=5e-5)
        assert taylor < ours["std_error"] * unit <= taylor / (1 - largest_share(sample, everybody))


def test_errors_after_raking_and_trimming(asked: ModuleType) -> None:
    respondents = asked.draw_respondents()
    margins = asked.make_margins(
        (None, "sex", "female", 900), (None, "sex", "male", 100),
        *((None, "industry", code, 700 if code == "bank" else 100) for code in asked.SECTOR_OF),
    )  # fmt: skip
    survey = asked.make_survey(trim_weights=2.0)
    sample = take_sample(respondents, margins, survey, "2015")
    assert sample.calibration is not None and sample.calibration.trimming.min() < 1
    values = values_of(sample.frame[FIRST].to_numpy(float), asked.QUESTIONNAIRE, FIRST, "score")
    expected = calibrated_mean(sample.design, sample.calibration, values)
    ours = estimate_scores(sample, survey, measures=["score"]).iloc[0]
    assert ours["estimate"] == pytest.approx(expected.estimate)
    everybody = np.ones(len(values), bool)
    assert taylor_error(sample, values, everybody) ** 2 == pytest.approx(expected.variance)
    assert 1 < ours["std_error"] ** 2 / expected.variance <= (1 - largest_share(sample, everybody)) ** -2


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_integer_weights_are_repeated_rows(asked: ModuleType, seed: int) -> None:
    respondents = asked.draw_respondents(points=2, people=5, seed=seed)
    times = np.random.default_rng(seed).integers(1, 5, respondents.height)
    survey = asked.make_survey(minimum_respondents=2)
    weighted = take_sample(
        respondents.with_columns(weight=times.astype(float)), asked.make_margins(), survey, "2015"
    )
    again = respondents[np.repeat(np.arange(respondents.height), times)]
    repeated = take_sample(again, asked.make_margins(), survey, "2015")
    for by in ([], ["sector"], ["industry", "sex"]):
        one, other = (estimate_scores(sample, survey, by) for sample in (weighted, repeated))
        np.testing.assert_allclose(one["estimate"].astype(float), other["estimate"].astype(float), rtol=1e-10)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-3, 1e3))
def test_the_scale_of_weights_does_not_matter(asked: ModuleType, seed: int, factor: float) -> None:
    respondents = asked.draw_respondents(points=2, people=5, seed=seed)
    weight = np.random.default_rng(seed).uniform(0.5, 3, respondents.height)
    one, other = (
        scored(asked, respondents.with_columns(weight=w), ("sector",)) for w in (weight, factor * weight)
    )
    figures = ["estimate", "std_error", "lower", "upper", "effective_n"]
    np.testing.assert_allclose(one[figures].astype(float), other[figures].astype(float), rtol=1e-8)


@settings(max_examples=30)
@given(scores=st.lists(st.integers(1, 10), min_size=30, max_size=60), seed=st.integers(0, 1000))
def test_figures_stay_within_their_scales_and_measures_apart(
    asked: ModuleType, scores: list[int], seed: int
) -> None:
    """Score on 0–100, shares on 0–1; for a share it only matters on which side of the mark an answer lies."""
    weight = np.random.default_rng(seed).uniform(0.1, 10, len(scores))
    table = scored(asked, with_scores(asked, [float(s) for s in scores], weight=weight)).set_index("measure")
    for measure, (low, high) in {
        "score": (0, 100),
        "share": (0, 1),
        "top_box": (0, 1),
        "net": (-1, 1),
    }.items():
        row = table.loc[measure]
        if row["status"] != "stated":
            assert measure in ("score", "net") and row["reason"] == "no_spread"
            continue
        assert low <= row["lower"] <= row["estimate"] <= row["upper"] <= high
    assert (
        table.loc["net", "estimate"] <= table.loc["top_box", "estimate"] or table["status"]["net"] != "stated"
    )
    kinder = [10.0 if score >= 7 else 6.0 for score in scores]
    other = scored(asked, with_scores(asked, kinder, weight=weight)).set_index("measure")
    assert other.loc["share", "estimate"] == pytest.approx(table.loc["share", "estimate"])
    stated = table[table["status"] == "stated"]["method"]
    assert all(stated[stated.index.isin(["share", "top_box"])] == "design_proportion")
    assert all(stated[stated.index.isin(["score", "net"])] == "design_mean")


def test_all_satisfied_is_no_certainty(asked: ModuleType) -> None:
    """48 satisfied at 6 points, all in the sample alike: each point counts once (Clopper-Pearson of 6)."""
    respondents = with_scores(asked, [10.0, 9.0, 8.0] * 16, cluster=[str(at // 8) for at in range(48)])
    row = scored(asked, respondents).set_index("measure").loc["share"]
    assert (row["estimate"], row["upper"], row["effective_n"]) == (1, 1, 6)
    from scipy.stats import t

    worth = 6 * (t.ppf(0.975, 47) / t.ppf(0.975, 5)) ** 2
    assert row["lower"] == pytest.approx(0.025 ** (1 / worth))
    nobody = (
        scored(asked, respondents.with_columns(pl.lit(2.0).alias(FIRST))).set_index("measure").loc["share"]
    )
    assert (nobody["estimate"], nobody["lower"]) == (0, 0)
    assert nobody["upper"] == pytest.approx(1 - row["lower"])


def test_a_group_without_the_unsatisfied_is_judged_by_how_alike_all_are(asked: ModuleType) -> None:
    """In one industry all are satisfied; its answers are worth less than n, more than its points."""
    drawn = asked.draw_respondents(points=6, people=10, seed=4)
    respondents = drawn.with_columns(
        pl.when(pl.col("industry") == "bank").then(pl.col(FIRST).clip(7)).otherwise(FIRST).alias(FIRST)
    )
    table = scored(asked, respondents, ("industry",))
    row = table[(table["industry"] == "bank") & (table["measure"] == "share")].iloc[0]
    assert row["estimate"] == 1 and row["std_error"] == 0
    assert 6 < row["effective_n"] < 60
    assert row["lower"] < 0.025 ** (1 / 60)


def test_equal_answers_have_no_error_to_be_seen(asked: ModuleType) -> None:
    table = scored(asked, with_scores(asked, [10.0] * 40)).set_index("measure")
    assert table.loc["score", ["status", "reason"]].tolist() == ["cannot_be_stated", "no_spread"]
    assert table.loc["share", "status"] == "stated"


def test_a_sector_in_which_all_answer_dont_know_cannot_be_stated(asked: ModuleType) -> None:
    respondents = asked.without_answers(asked.draw_respondents(), pl.col("sector") == "consumer")
    table = scored(asked, respondents, ("sector",)).set_index(["sector", "measure"])
    row = table.loc[("consumer", "score")]
    assert (row["status"], row["reason"], row["n"], row["respondents"]) == (
        "cannot_be_stated",
        "no_answers",
        0,
        96,
    )
    assert np.isnan(row["estimate"]) and np.isnan(row["lower"])
    assert table.loc[("producer", "score"), "status"] == "stated"


def test_one_respondent_per_district_cannot_be_stated(asked: ModuleType) -> None:
    respondents = with_scores(asked, [7.0, 8.0, 9.0], county_code=["371502", "371521", "371522"])
    table = scored(asked, respondents, ("county_code",))
    assert set(table["reason"]) == {"too_few_respondents"} and set(table["n"]) == {1}
    alone = scored(asked, respondents, ("county_code",), minimum_respondents=1)
    assert set(alone["reason"]) == {"one_cluster"}


def test_answers_of_one_point_have_no_error(asked: ModuleType) -> None:
    table = scored(asked, with_scores(asked, [7.0, 9.0] * 20, cluster=["x"] * 40))
    assert set(table["reason"]) == {"one_cluster"}


def test_an_unknown_group_belongs_to_none_and_columns_stay(asked: ModuleType) -> None:
    table = scored(asked, with_scores(asked, [7.0] * 5), ("sector",))
    assert table.empty and {"sector", "estimate", "status", "reliability"} <= set(table.columns)


def test_few_points_and_wide_intervals_are_marked(asked: ModuleType) -> None:
    few = asked.draw_respondents(points=2, people=20)
    many = asked.draw_respondents(points=12, people=20)
    assert scored(asked, few)["reliability"].tolist()[0] == "use_with_care"  # eight points
    assert scored(asked, many)["reliability"].tolist()[0] == "reliable"


def test_freedom_of_a_group() -> None:
    """Whole strata: clusters less strata. One of many points in each: all but one, not none."""
    stratum, cluster = np.repeat(np.arange(4), 10), np.arange(40)
    design = make_design(40, stratum=stratum, cluster=cluster)
    assert domain_freedom(design, np.ones(40, bool)) == pytest.approx(36)
    assert domain_freedom(design, stratum < 2) == pytest.approx(18)
    assert domain_freedom(design, cluster % 10 == 0) == pytest.approx(3)
    assert domain_freedom(design, cluster == 0) == 0
    assert domain_freedom(design, np.zeros(40, bool)) == 0
    assert 32 - 4 < domain_freedom(design, cluster % 10 < 8) < 32 - 1


def test_intervals_of_groups_across_strata_cover() -> None:
    """Domains of some four points of 8 × 25: Student limits on these degrees cover about 95 %."""
    generator, hits, rounds = np.random.default_rng(1), 0, 600
    from scipy.stats import t

    stratum = np.repeat(np.arange(8), 25)
    design = make_design(200, stratum=stratum, cluster=np.arange(200))
    for _ in range(rounds):
        inside = generator.random(200) < 0.025
        inside[:3] = True
        found = domain_means(design, generator.normal(size=200), np.where(inside, 0, -1), 1)
        half = t.ppf(0.975, domain_freedom(design, inside)) * np.sqrt(found.variance[0])
        hits += abs(found.estimate[0]) <= half
    assert 0.91 <= hits / rounds <= 0.98
