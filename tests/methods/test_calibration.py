"""Oracles: R survey 4.1-1 (`14_raking_calibration`), every case; hand-worked refusals."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.calibration import (
    Calibration,
    calibrate,
    kish_deff,
    post_stratify,
    rake,
    rake_resamples,
    trim_resamples,
    trim_weights,
)
from qstats.methods.survey.calibrated_estimates import calibrated_mean, calibrated_total
from qstats.methods.survey.design import Design, make_design
from qstats.methods.survey.domains import domain_means
from qstats.methods.survey.variance import score_covariance

FOLDER = Path("oracles") / "14_raking_calibration"
CASES = (
    "base",
    "rake2",
    "rake3",
    "poststrat_stype",
    "calib_linear",
    "calib_raking",
    "calib_logit_0.5_2",
    "calib_linear_bounded_0.7_1.6",
    "greg_ratio_api99",
    "rake3_trim",
)
# The peer takes residuals by ten sweeps over the margins: 3e-5 of one standard error stay; ours are exact.
TEN_SWEEPS = 5e-5


@pytest.fixture(scope="module")
def schools(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / FOLDER / "input_apiclus1.csv")


@pytest.fixture(scope="module")
def margins(shared_data: Path, schools: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Category of each school and totals of the categories, for each margin."""
    table = pd.read_csv(shared_data / FOLDER / "input_margins.csv")
    return {
        name: (
            schools[name].map({level: k for k, level in enumerate(part["level"])}).to_numpy(),
            part["freq"],
        )
        for name, part in table.groupby("variable")
    }


def _calibration(
    case: str, schools: pd.DataFrame, margins: dict[str, tuple[np.ndarray, np.ndarray]], totals: np.ndarray
) -> Calibration:
    weight = schools["pw"].to_numpy()
    if case.startswith("rake"):
        names = ("stype", "sch.wide", "comp.imp")[: int(case[4])]
        raked = rake(weight, [margins[name][0] for name in names], [margins[name][1] for name in names])
        return trim_weights(raked, 0.7 * weight[0], 1.8 * weight[0]) if case.endswith("trim") else raked
    if case == "poststrat_stype":
        return post_stratify(weight, *margins["stype"])
    if case == "greg_ratio_api99":
        api99 = schools["api99"].to_numpy(dtype=float)
        return calibrate(weight, api99[:, None], totals[1:2], unit_variance=api99)
    auxiliary = np.column_stack(
        [np.ones(len(weight)), schools["api99"], schools["stype"] == "H", schools["stype"] == "M"]
    )
    if case == "base":
        return Calibration(
            weight, weight, np.zeros((len(weight), 0)), np.ones_like(weight), np.ones_like(weight)
        )
    name, *bounds = case.removeprefix("calib_").replace("linear_bounded", "linear").split("_")
    limits = (float(bounds[0]), float(bounds[1])) if bounds else None
    return calibrate(weight, auxiliary, totals, distance=name, bounds=limits)


@pytest.mark.oracle
@pytest.mark.parametrize("case", CASES)
def test_weights_and_estimates_are_the_peers(
    shared_data: Path, schools: pd.DataFrame, margins: dict[str, tuple[np.ndarray, np.ndarray]], case: str
) -> None:
    totals = pd.read_csv(shared_data / FOLDER / "input_totals.csv")["value"].to_numpy()
    found = _calibration(case, schools, margins, totals)
    weights = pd.read_csv(shared_data / FOLDER / "expected_weights.csv")[case]
    assert found.weight == pytest.approx(weights.to_numpy(), abs=1e-4)

    design = make_design(
        len(schools), weight=schools["pw"], cluster=schools["dnum"], population=schools["fpc"]
    )
    with open(shared_data / FOLDER / "expected_estimates.csv", newline="", encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["case"] == case)
    mean = calibrated_mean(design, found, schools["api00"])
    total = calibrated_total(design, found, schools["enroll"])
    awards = calibrated_mean(design, found, schools["awards"] == "Yes")
    answers = {
        "sum_w": found.weight.sum(),
        "min_w": found.weight.min(),
        "max_w": found.weight.max(),
        "kish_deff": kish_deff(found.weight),
        "neff": len(found.weight) / kish_deff(found.weight),
        "mean_api00": mean.estimate,
        "se_mean_api00": np.sqrt(mean.variance),
        "total_enroll": total.estimate,
        "se_total_enroll": np.sqrt(total.variance),
        "prop_awards": awards.estimate,
        "se_prop_awards": np.sqrt(awards.variance),
    }
    assert set(answers) == set(row) - {"case"}
    for name, value in answers.items():
        rel = TEN_SWEEPS if name == "se_prop_awards" and case.startswith("rake3") else 1e-5
        assert value == pytest.approx(float(row[name]), rel=rel), name


@pytest.mark.oracle
@pytest.mark.parametrize("case", ["rake3", "rake3_trim"])
def test_ten_sweeps_over_the_margins_give_the_peers_digits(
    shared_data: Path, schools: pd.DataFrame, margins: dict[str, tuple[np.ndarray, np.ndarray]], case: str
) -> None:
    found = _calibration(case, schools, margins, np.empty(0))
    awards = (schools["awards"] == "Yes").to_numpy(dtype=float)
    left = (awards - found.weight @ awards / found.weight.sum()) * found.trimming
    for _ in range(10):
        for name in ("stype", "sch.wide", "comp.imp"):
            code = margins[name][0]
            left = left - (np.bincount(code, left) / np.bincount(code))[code]
    design = make_design(len(schools), cluster=schools["dnum"], population=schools["fpc"])
    scores = left * found.weight / found.trimming / found.weight.sum()
    with open(shared_data / FOLDER / "expected_estimates.csv", newline="", encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["case"] == case)
    std_error = np.sqrt(score_covariance(design, scores[:, None])[0, 0])
    assert std_error == pytest.approx(float(row["se_prop_awards"]), rel=1e-5)


@pytest.mark.oracle
def test_no_case_is_left_out(shared_data: Path) -> None:
    with open(shared_data / FOLDER / "expected_estimates.csv", newline="", encoding="utf-8") as file:
        assert [row["case"] for row in csv.DictReader(file)] == list(CASES)


@given(seed=st.integers(0, 10**6), distance=st.sampled_from(["linear", "raking", "logit"]))
def test_known_totals_are_met(seed: int, distance: str) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.uniform(1, 5, 80)
    auxiliary = np.column_stack([np.ones(80), rng.normal(10, 2, 80), rng.random(80) < 0.4])
    totals = weight @ auxiliary * (1 + rng.uniform(-0.02, 0.02, 3))
    bounds = (0.2, 5.0) if distance == "logit" else None
    found = calibrate(weight, auxiliary, totals, distance=distance, bounds=bounds)
    assert found.weight @ auxiliary == pytest.approx(totals, rel=1e-8)
    ratio = found.weight / weight
    assert distance == "linear" or ratio.min() > 0
    assert bounds is None or (bounds[0] <= ratio.min() and ratio.max() <= bounds[1])


@given(seed=st.integers(0, 10**6))
def test_raking_is_calibration_by_its_distance(seed: int) -> None:
    """Iterative proportional fitting ends at the same weights as Newton's method on indicators."""
    rng = np.random.default_rng(seed)
    weight, first, second = rng.uniform(1, 5, 90), np.arange(90) % 3, rng.permutation(90) % 2
    totals = [np.array([100.0, 120, 80]), np.array([170.0, 130])]
    raked = rake(weight, [first, second], totals)
    found = calibrate(weight, raked.auxiliary, np.concatenate(totals), distance="raking")
    assert found.weight == pytest.approx(raked.weight, rel=1e-7)
    again = rake(weight, [second, first], totals[::-1])
    assert again.weight == pytest.approx(raked.weight, rel=1e-7)


def test_what_is_calibrated_has_no_variance_left() -> None:
    """The known total itself is certain; the naive variance of the weighted values is not."""
    rng = np.random.default_rng(4)
    cell, weight = np.arange(60) % 3, rng.uniform(1, 5, 60)
    found = post_stratify(weight, cell, [50.0, 70, 60])
    design = make_design(60, weight=weight)
    known = calibrated_mean(design, found, cell == 1)
    naive = domain_means(
        Design(found.weight, design.stratum, design.cluster), cell == 1, np.zeros(60, int), 1
    )
    assert known.estimate == pytest.approx(70 / 180)
    assert known.variance == pytest.approx(0, abs=1e-20)
    assert naive.variance[0] > 1e-3


def test_margins_with_different_totals_are_refused() -> None:
    with pytest.raises(ValueError, match=r"different totals: \[10.0, 11.0\]"):
        rake(np.ones(4), [[0, 0, 1, 1], [0, 1, 0, 1]], [[5, 5], [5, 6]])


def test_cells_without_units_are_named() -> None:
    with pytest.raises(ValueError, match=r"margin 0: no units in categories \[1, 3\]"):
        post_stratify(np.ones(3), [0, 2, 2], [5, 4, 3, 2])
    assert post_stratify(np.ones(3), [0, 2, 2], [5, 0, 3]).weight.tolist() == [5, 1.5, 1.5]


def test_margins_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be met at once"):
        rake(np.ones(2), [[0, 1], [0, 1]], [[5, 5], [4, 6]])


def test_totals_out_of_reach_of_the_bounds_are_refused() -> None:
    auxiliary = np.ones((4, 1))
    for distance in ("linear", "logit"):
        with pytest.raises(ValueError, match="cannot be met"):
            calibrate(np.ones(4), auxiliary, [9.0], distance=distance, bounds=(0.5, 2.0))
    with pytest.raises(ValueError, match="cannot be met"):
        calibrate(np.ones(4), np.ones((4, 2)), [4.0, 5.0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distance": "nearest"}, "known: linear"),
        ({"distance": "logit"}, "bounds go with logit"),
        ({"bounds": (1.2, 2.0)}, "below and above 1"),
        ({"unit_variance": [1, 0, 1, 1]}, "above 0"),
    ],
)
def test_impossible_settings_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibrate(np.ones(4), np.ones((4, 1)), [4.0], **change)


def test_trimming_keeps_the_sum_and_refuses_bounds_that_cannot() -> None:
    found = post_stratify(np.ones(6), [0, 0, 0, 0, 1, 2], [8, 1, 9])
    trimmed = trim_weights(found, 1.5, 6)
    assert trimmed.weight.sum() == pytest.approx(18)
    assert trimmed.weight.min() >= 1.5 and trimmed.weight.max() <= 6
    assert trimmed.weight == pytest.approx(found.weight * trimmed.trimming)
    with pytest.raises(ValueError, match="cannot be kept"):
        trim_weights(found, 0.1, 2)


def test_weights_of_zero_or_less_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        rake([1, 0], [[0, 0]], [[3]])


def test_resamples_are_trimmed_as_often_as_a_unit_counts() -> None:
    """Drawn once each, as the sample is; drawn three times, three times the largest weight; sums are kept."""
    weight = np.array([10.0, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    plain = Calibration(weight, weight, np.ones((10, 1)), np.ones(10), np.ones(10))
    expected = trim_weights(plain, 0, 2.5 * weight.mean()).weight
    times = np.vstack([np.ones(10), [3, *np.ones(7), 0, 0]])
    resampled = trim_resamples(np.vstack([weight, weight * times[1]]), times, 2.5)
    np.testing.assert_allclose(resampled[0], expected, rtol=1e-8)
    np.testing.assert_allclose(resampled.sum(axis=1), [20, 37], rtol=1e-8)
    assert resampled[1, 0] == pytest.approx(2.5 * 37 / 10 * 3)
    assert resampled[1, 8:].tolist() == [0, 0]


def test_resamples_are_raked_as_their_units_would_be() -> None:
    """Units drawn once or more are raked like a sample of them; a category that was lost is left out."""
    generator = np.random.default_rng(3)
    margins = [generator.integers(0, 3, 60), generator.integers(0, 2, 60)]
    totals = [np.array([50.0, 30, 20]), np.array([70.0, 30])]
    times = np.vstack([generator.multinomial(59, np.full(60, 1 / 60)), margins[0] > 0]).astype(float)
    weight = times * generator.uniform(1, 2, 60)
    resampled = rake_resamples(weight, margins, totals)
    drawn = times[0] > 0
    expected = rake(weight[0, drawn], [codes[drawn] for codes in margins], totals).weight
    np.testing.assert_allclose(resampled[0, drawn], expected, rtol=1e-8)
    assert (resampled[times == 0] == 0).all()
    np.testing.assert_allclose(np.bincount(margins[1], resampled[1]), totals[1], rtol=1e-8)
