"""Every case of oracle 03 (qcc 2.7, qicharts2 0.8.1, NHSRplotthedots 0.2.2; Laney's formula by hand)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.control_charts import (
    ChartSettings,
    ControlChart,
    RangeConstants,
    Rebase,
    assure_target,
    c_chart,
    cusum_chart,
    deviation_chart,
    ewma_chart,
    individuals_chart,
    name_special_causes,
    np_chart,
    p_chart,
    p_prime_chart,
    range_chart,
    run_test,
    type_points,
    u_chart,
    u_prime_chart,
    xbar_chart,
)
from qstats.methods.control_charts.run_rules import close_to_limit, runs_on_one_side

pytestmark = pytest.mark.oracle
REL = 1e-8
PRINTED = RangeConstants(2.326, 0.8640855)  # table of the peer for five values; exact d3 differs by 4e-6


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "oracles" / "03_control_charts"


def first(count: int, of: int, **other) -> ChartSettings:
    return ChartSettings(run_length=7, baseline=[place < count for place in range(of)], **other)


def orange_juice(folder: Path, case: str) -> ControlChart:
    data = pd.read_csv(folder / "input_orangejuice.csv")
    if case == "p_trial_drop15_23_new":
        data = data[~data["sample"].isin([15, 23])]
    if case in ("p_trial_only", "np_trial"):
        data = data[data["trial"]]
    chart = np_chart if case == "np_trial" else p_chart
    return chart(data["D"], data["size"], limits="normal", settings=first(data["trial"].sum(), len(data)))


def rings(folder: Path) -> np.ndarray:
    return pd.read_csv(folder / "input_pistonrings.csv")["diameter"].to_numpy().reshape(-1, 5)


def ring_ewma(folder: Path) -> ControlChart:
    shewhart = xbar_chart(rings(folder), settings=first(25, 40), constants=PRINTED)
    return ewma_chart(shewhart.statistic, centre=shewhart.centre[0], sigma=shewhart.sigma)


def counts(folder: Path, case: str) -> ControlChart:
    name = {"c_trial_new": "circuit", "u_const": "pcmanufact", "u_varying": "dyedcloth"}[case]
    data = pd.read_csv(folder / f"input_{name}.csv")
    if case == "c_trial_new":
        settings = first(data["trial"].sum(), len(data))
        return c_chart(data["x"], limits="normal", settings=settings)
    return u_chart(data["x"], data["size"], limits="normal", settings=ChartSettings(run_length=7))


SEVEN = ChartSettings(run_length=7)
QCC = {
    **{
        case: lambda folder, case=case: orange_juice(folder, case)
        for case in ("p_trial_then_new", "p_trial_only", "p_trial_drop15_23_new", "np_trial")
    },
    **{
        case: lambda folder, case=case: counts(folder, case)
        for case in ("c_trial_new", "u_const", "u_varying")
    },
    "xbar_1_25_new26_40": lambda folder: xbar_chart(rings(folder), settings=first(25, 40), constants=PRINTED),
    "R_1_25": lambda folder: range_chart(rings(folder)[:25], settings=SEVEN, constants=PRINTED),
    "S_1_25": lambda folder: deviation_chart(rings(folder)[:25], settings=SEVEN),
    "ewma_l0.2_2.7": ring_ewma,
}


def test_no_qcc_case_is_left_out(folder: Path) -> None:
    assert set(pd.read_csv(folder / "expected_qcc_points.csv")["case"]) == set(QCC)


@pytest.mark.parametrize("case", QCC)
def test_qcc_points(folder: Path, case: str) -> None:
    expected = pd.read_csv(folder / "expected_qcc_points.csv").query("case == @case")
    chart = QCC[case](folder)
    for column, values in (
        ("stat", chart.statistic), ("center", chart.centre), ("lcl", chart.lower), ("ucl", chart.upper),
    ):  # fmt: skip
        np.testing.assert_allclose(values, expected[column], rtol=REL, atol=0, err_msg=column)
    assert (chart.flags["beyond"] != 0).tolist() == expected["beyond"].tolist()
    if expected["run"].notna().all():  # the peer applies no run rule to a moving average
        assert (chart.flags["run"] != 0).tolist() == expected["run"].astype(bool).tolist()


SIGMA_OF_ONE = {
    "np_trial": lambda chart: chart.sigma,
    "R_1_25": lambda chart: chart.sigma / PRINTED.deviation,
    "S_1_25": lambda chart: chart.sigma / np.sqrt(1 - 0.9399856029866254**2),
}


def test_qcc_parameters(folder: Path) -> None:
    for row in pd.read_csv(folder / "expected_qcc_params.csv").itertuples():
        chart = QCC[row.case](folder)
        sigma = SIGMA_OF_ONE.get(row.case, lambda chart: chart.sigma * np.sqrt(chart.size))(chart)
        assert chart.centre[0] == pytest.approx(row.center, rel=REL)
        np.testing.assert_allclose(sigma, row._3, rtol=REL, err_msg=row.case)


def test_qcc_cusum(folder: Path) -> None:
    """The note names no decision interval; the peer's flags begin at 4.02 and end at 1.91: it was 4."""
    expected = pd.read_csv(folder / "expected_cusum_pistonrings.csv")
    means = xbar_chart(rings(folder), settings=first(25, 40), constants=PRINTED)
    chart = cusum_chart(means.statistic, centre=means.centre[0], sigma=means.sigma, interval=4)
    np.testing.assert_allclose(chart.high, expected["pos"], rtol=REL, atol=1e-10)
    np.testing.assert_allclose(chart.low, expected["neg"], rtol=REL, atol=1e-10)
    assert chart.beyond_high.tolist() == expected["viol_up"].tolist()
    assert chart.beyond_low.tolist() == expected["viol_lo"].tolist()


def nhs(folder: Path) -> tuple[pd.Series, pd.Series]:
    data = pd.read_csv(folder / "input_nhs_accidents.csv")
    return data["r"], data["n"]


def infections(folder: Path) -> pd.Series:
    return pd.read_csv(folder / "input_cdi.csv")["n"]


QICHARTS = {
    "p_nhs": lambda folder: p_chart(*nhs(folder), limits="normal"),
    "pp_nhs": lambda folder: p_prime_chart(*nhs(folder), variant="screened"),
    "u_nhs": lambda folder: u_chart(*nhs(folder), limits="normal"),
    "up_nhs": lambda folder: u_prime_chart(*nhs(folder), variant="screened"),
    "c_cdi": lambda folder: c_chart(infections(folder), limits="normal"),
    "i_cdi": lambda folder: individuals_chart(infections(folder), variant="screened"),
    "i_cdi_freeze24": lambda folder: individuals_chart(
        infections(folder), variant="screened", settings=first(24, 36)
    ),
    "i_cdi_part24": lambda folder: individuals_chart(
        infections(folder),
        variant="screened",
        settings=ChartSettings(rebases=[Rebase(24, "intervention begins")]),
    ),
}


def test_no_qicharts_case_is_left_out(folder: Path) -> None:
    cases = set(pd.read_csv(folder / "expected_qicharts2.csv")["case"])
    assert cases == {*QICHARTS, "run_cdi"}


@pytest.mark.parametrize("case", QICHARTS)
def test_qicharts_limits(folder: Path, case: str) -> None:
    expected = pd.read_csv(folder / "expected_qicharts2.csv").query("case == @case")
    chart = QICHARTS[case](folder)
    floor = 0.0 if case[0] in "pcu" else -np.inf
    inner = np.maximum(chart.centre - 2 * chart.sigma, floor), chart.centre + 2 * chart.sigma
    for column, values in (
        ("y", chart.statistic), ("cl", chart.centre), ("lcl", chart.lower), ("ucl", chart.upper),
        ("lcl95", inner[0]), ("ucl95", inner[1]),
    ):  # fmt: skip
        np.testing.assert_allclose(values, expected[column], rtol=REL, err_msg=column)
    assert (chart.flags["beyond"] != 0).tolist() == expected["sigma_signal"].tolist()


@pytest.mark.parametrize("case", [*QICHARTS, "run_cdi"])
def test_qicharts_runs(folder: Path, case: str) -> None:
    expected = pd.read_csv(folder / "expected_qicharts2.csv").query("case == @case").reset_index(drop=True)
    if case == "run_cdi":
        points = infections(folder).to_numpy(dtype=float)
        parts = [(points, np.full(len(points), np.median(points)), np.ones(len(points), dtype=bool))]
        np.testing.assert_allclose(parts[0][1], expected["cl"], rtol=REL)
    else:
        chart = QICHARTS[case](folder)
        parts = [(chart.statistic, chart.centre, points) for points in chart.phases.masks()]
    for points, centre, part in parts:
        test = run_test(points[part], centre[part])
        row = expected[part].iloc[0]
        assert (test.longest_run, test.longest_run_max) == (row["longest_run"], row["longest_run_max"])
        assert (test.crossings, test.crossings_min) == (row["n_crossings"], row["n_crossings_min"])
        assert (test.useful, test.signal) == (row["useful"], row["runs_signal"])


@pytest.mark.parametrize("variant", ["paper", "screened"])
def test_laney_by_hand(folder: Path, variant: str) -> None:
    """The file holds ten decimals."""
    expected = pd.read_csv(folder / "expected_laney_paper_nhs.csv")
    chart = p_prime_chart(*nhs(folder), variant=variant)
    within = np.sqrt(chart.centre * (1 - chart.centre) / chart.size)
    for column, values in (
        ("p", chart.statistic), ("cl", chart.centre), (f"sigma_z_{variant}", chart.sigma / within),
        (f"lcl_{variant}", chart.lower), (f"ucl_{variant}", chart.upper),
    ):  # fmt: skip
        np.testing.assert_allclose(values, expected[column], rtol=0, atol=6e-11, err_msg=column)


DOTS = {
    "stable": {}, "drift": {}, "step": {}, "run7up": {}, "outlier_screened": {},
    "outlier_noscreen": {"variant": "paper"}, "improve_down": {"higher_is_better": False},
    "step_rebased": {"rebases": [Rebase(18, "another laboratory")]},
    "step_fix18": {"baseline": [place < 18 for place in range(36)]},
}  # fmt: skip
DOTS_NAMES = {
    ("", 0): "Common Cause",
    ("beyond_limit", 1): "Above UCL",
    ("beyond_limit", -1): "Below LCL",
    ("seven_on_one_side", 1): "7 Points Above CL",
    ("seven_on_one_side", -1): "7 Points Below CL",
    ("trend_of_seven", 1): "7 Point Trend (Increasing)",
    ("trend_of_seven", -1): "7 Point Trend (Decreasing)",
    ("two_of_three", 1): "2 in 3 Above CL",
    ("two_of_three", -1): "2 in 3 Below CL",
}


def dots(values: pd.Series, *, variant="screened", higher_is_better=True, **settings) -> ControlChart:
    return individuals_chart(
        values, variant=variant, range_to_sigma=3 / 2.66, settings=ChartSettings(**settings)
    )


def test_no_dots_case_is_left_out(folder: Path) -> None:
    assert set(pd.read_csv(folder / "expected_plotthedots.csv")["case"]) == set(DOTS)


@pytest.mark.parametrize("case", DOTS)
def test_plot_the_dots(folder: Path, case: str) -> None:
    expected = pd.read_csv(folder / "expected_plotthedots.csv").query("case == @case")
    chart = dots(expected["value"], **DOTS[case])
    better = DOTS[case].get("higher_is_better", True)
    for column, values in (("mean", chart.centre), ("lpl", chart.lower), ("upl", chart.upper)):
        np.testing.assert_allclose(values, expected[column], rtol=REL, err_msg=column)
    assert (chart.flags["beyond"] != 0).tolist() == expected["outside"].tolist()
    near = close_to_limit(chart.statistic, chart.centre, chart.lower, chart.upper)
    assert near.tolist() == expected["close"].tolist()
    names, signs = name_special_causes(chart)
    named = [DOTS_NAMES[pair] for pair in zip(names.tolist(), signs.tolist(), strict=True)]
    assert named == expected["special_cause_type"].tolist()
    assert type_points(chart, higher_is_better=better).tolist() == expected["point_type"].tolist()
    target = expected["target"].iloc[0]
    assert assure_target(chart, target, higher_is_better=better) == expected["assurance_last"].iloc[0]


def test_runs_are_flagged_from_the_point_that_makes_them_long_enough(folder: Path) -> None:
    chart = orange_juice(folder, "p_trial_then_new")
    late = runs_on_one_side(chart.statistic, chart.centre, 7)
    whole = runs_on_one_side(chart.statistic, chart.centre, 7, whole=True)
    assert (whole != 0).sum() - (late != 0).sum() == 6
