"""Oracle: R survey 4.1-1 on the Californian schools (`01_survey_api`), every row at 1e-6."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.survey.comparisons import compare_means
from qstats.methods.survey.design import Design, Stage, make_design
from qstats.methods.survey.domains import DomainMeans, deff_without_replacement, domain_means, domain_totals
from qstats.methods.survey.intervals import proportion_interval, t_interval
from qstats.methods.survey.quantiles import quantile
from qstats.methods.survey.regression import fit_logistic
from qstats.methods.survey.replicates import jackknife
from qstats.methods.survey.tables import independence_test

pytestmark = pytest.mark.oracle
FOLDER = Path("oracles") / "01_survey_api"
DESIGNS = ("strat_fpc", "strat_nofpc", "clus1_fpc", "clus1_nofpc", "clus2_fpc", "srs_fpc")
STAGES = ("E", "H", "M")

# The peer reads likelihood limits off a profile of some ten points, which is good for five digits. With five
# hundred steps in place of five its own profile gives the values below, which are held at 1e-6.
COARSE_PROFILE = 1.5e-5
FINE_PROFILE = {
    "strat_fpc": (0.5693951869, 0.7047841068),
    "clus1_fpc": (0.6363507634, 0.7775909407),
    "clus2_fpc": (0.5067357947, 0.7598450605),
    "srs_fpc": (0.5518819737, 0.6850946886),
}

Row = dict[str, str]


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> list[Row]:
    with open(shared_data / FOLDER / "expected.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def schools(shared_data: Path) -> Callable[[str], tuple[pd.DataFrame, Design]]:
    def read(name: str) -> tuple[pd.DataFrame, Design]:
        sample, correction = name.split("_")
        table = pd.read_csv(shared_data / FOLDER / f"input_api{sample}.csv")
        return table, _design(sample, table, corrected=correction == "fpc")

    return read


def _design(sample: str, table: pd.DataFrame, *, corrected: bool) -> Design:
    population = table["fpc1" if sample == "clus2" else "fpc"] if corrected else None
    first = make_design(
        len(table),
        weight=table["pw"],
        stratum=table["stype"] if sample == "strat" else None,
        cluster=table["dnum"] if sample.startswith("clus") else None,
        population=population,
    )
    if sample != "clus2":
        return first
    in_district = table.groupby(first.cluster)["fpc2"].first().to_numpy(dtype=float)
    schools_of_district = Stage(first.cluster, np.arange(len(table)), in_district)
    return Design(first.weight, first.stratum, first.cluster, first.population, (schools_of_district,))


def _values(table: pd.DataFrame, variable: str) -> np.ndarray:
    if variable == "awards=='Yes'":
        return (table["awards"] == "Yes").to_numpy(dtype=float)
    return table[variable].to_numpy(dtype=float)


def _domain(table: pd.DataFrame, row: Row) -> np.ndarray:
    """Code 0 inside the domain of a row; means of two variables leave out schools that miss one of them."""
    if row["domain"] != "all":
        return np.where(table["stype"] == row["domain"].removeprefix("stype="), 0, -1)
    return np.where(table["enroll"].notna() | (row["stat"] != "mean"), 0, -1)


def _agree(row: Row, rel: float = 1e-6, **found: float) -> None:
    for name, value in found.items():
        if row[name]:
            assert value == pytest.approx(float(row[name]), rel=rel), (row, name)


def _rows(expected: list[Row], design: str, start: str) -> list[Row]:
    rows = [row for row in expected if row["design"] == design and row["stat"].startswith(start)]
    assert rows
    return rows


def _means(table: pd.DataFrame, design: Design, row: Row) -> DomainMeans:
    return domain_means(design, np.nan_to_num(_values(table, row["variable"])), _domain(table, row), 1)


@pytest.mark.parametrize("name", DESIGNS)
def test_means(schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str) -> None:
    table, design = schools(name)
    for row in _rows(expected, name, "mean"):
        found = _means(table, design, row)
        df = design.degrees_of_freedom
        # The peer's limits by domain are normal ones: the degrees of freedom did not reach its confint.
        lower, upper = t_interval(found.estimate, found.variance, np.inf if row["stat"] == "mean_by" else df)
        _agree(
            row,
            estimate=found.estimate[0],
            se=np.sqrt(found.variance[0]),
            ci_low=lower[0],
            ci_high=upper[0],
            deff=deff_without_replacement(found)[0],
            df=df,
        )


@pytest.mark.parametrize("name", DESIGNS)
def test_totals(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    for row in _rows(expected, name, "total"):
        found = domain_totals(design, _values(table, row["variable"]), _domain(table, row), 1)
        lower, upper = t_interval(found.estimate, found.variance, design.degrees_of_freedom)
        _agree(
            row,
            estimate=found.estimate[0],
            se=np.sqrt(found.variance[0]),
            ci_low=lower[0],
            ci_high=upper[0],
        )


@pytest.mark.parametrize("name", DESIGNS)
def test_ratios(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    for row in _rows(expected, name, "ratio"):
        numerator, denominator = (_values(table, variable) for variable in row["variable"].split("/"))
        found = domain_means(design, numerator, _domain(table, row), 1, denominator=denominator)
        lower, upper = t_interval(found.estimate, found.variance, design.degrees_of_freedom)
        _agree(
            row,
            estimate=found.estimate[0],
            se=np.sqrt(found.variance[0]),
            ci_low=lower[0],
            ci_high=upper[0],
        )


@pytest.mark.parametrize("name", DESIGNS)
def test_proportions(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    for row in _rows(expected, name, "prop_"):
        found = _means(table, design, row)
        method = row["stat"].split("_")[1].replace("xlogit", "logit")
        by = row["stat"].endswith("_by")
        df, n = (found.df, found.n) if by else (design.degrees_of_freedom, len(table))
        lower, upper = proportion_interval(found.estimate, found.variance, df, n, method=method)
        _agree(row, estimate=found.estimate[0], se=np.sqrt(found.variance[0]))
        rel = COARSE_PROFILE if method == "likelihood" else 1e-6
        _agree(row, rel=rel, ci_low=lower[0], ci_high=upper[0])


@pytest.mark.parametrize(("name", "limits"), FINE_PROFILE.items())
def test_likelihood_limits_on_a_fine_profile(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], name: str, limits: tuple[float, float]
) -> None:
    table, design = schools(name)
    found = domain_means(design, _values(table, "awards=='Yes'"), np.zeros(len(table), int), 1)
    lower, upper = proportion_interval(
        found.estimate, found.variance, design.degrees_of_freedom, len(table), method="likelihood"
    )
    assert (lower[0], upper[0]) == pytest.approx(limits, rel=1e-6)


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    for row in _rows(expected, name, "quantile_"):
        share = float(row["stat"].removeprefix("quantile_"))
        found = quantile(design, _values(table, row["variable"]), share)
        _agree(row, estimate=found.estimate, se=found.std_error, ci_low=found.lower, ci_high=found.upper)


@pytest.mark.parametrize("name", DESIGNS)
def test_differences(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    (row,) = _rows(expected, name, "ttest_diff")
    found = compare_means(design, table["api00"], (table["sch.wide"] == "Yes").astype(int))
    statistic, p_value = (float(part.split("=")[1]) for part in row["note"].split())
    _agree(row, estimate=found.estimate, se=found.std_error, ci_low=found.lower, ci_high=found.upper)
    assert (found.statistic, found.p_value) == pytest.approx((statistic, p_value), rel=1e-6)
    assert found.df == int(row["df"])


@pytest.mark.parametrize("name", ["strat_fpc", "clus1_fpc", "clus2_fpc"])
def test_tables(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    (row,) = _rows(expected, name, "raoscott_F")
    columns = table["stype"].map({stage: code for code, stage in enumerate(STAGES)})
    found = independence_test(design, (table["sch.wide"] == "Yes").astype(int), columns)
    numerator, denominator, p_value = (float(part.split("=")[1]) for part in row["note"].split())
    _agree(row, estimate=found.statistic, df=found.numerator_df)
    assert found.numerator_df == pytest.approx(numerator, rel=1e-6)
    assert found.denominator_df == pytest.approx(denominator, rel=1e-6)
    assert found.p_value == pytest.approx(p_value, rel=1e-6)


@pytest.mark.parametrize("name", ["strat_fpc", "clus1_fpc", "clus2_fpc"])
def test_logistic_regression(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    predictors = np.column_stack([np.ones(len(table)), table["ell"], table["meals"]])
    found = fit_logistic(design, table["awards"] == "Yes", predictors)
    for k, row in enumerate(_rows(expected, name, "svyglm_logit")):
        statistic, p_value = (float(part.split("=")[1]) for part in row["note"].split())
        _agree(row, estimate=found.coefficient[k], se=found.std_error[k], df=found.df)
        assert (found.statistic[k], found.p_value[k]) == pytest.approx((statistic, p_value), rel=1e-6)


@pytest.mark.parametrize("name", ["strat_fpc", "clus1_fpc", "clus2_fpc"])
def test_jackknife(
    schools: Callable[[str], tuple[pd.DataFrame, Design]], expected: list[Row], name: str
) -> None:
    table, design = schools(name)
    values = table["api00"].to_numpy(dtype=float)
    (row,) = _rows(expected, name, "jk_mean")
    found = jackknife(design, lambda weight: float(weight @ values / weight.sum()))
    _agree(row, estimate=found.estimate, se=np.sqrt(found.variance))


def test_no_row_is_left_out(expected: list[Row]) -> None:
    held = (
        "mean",
        "total",
        "ratio",
        "prop_",
        "quantile_",
        "ttest_diff",
        "raoscott_F",
        "svyglm_logit",
        "jk_mean",
    )
    assert [row for row in expected if not row["stat"].startswith(held)] == []
    assert {row["design"] for row in expected} == set(DESIGNS)
