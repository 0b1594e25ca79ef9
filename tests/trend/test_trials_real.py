"""Trends of the trials against independent figures: statsmodels on raw counts, rank tests by definition."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from scipy.stats import t as student

from qstats import estimation, trend
from qstats.params import read_params
from qstats.periods import Period
from qstats.pipeline.clean import clean_files, find_raw_folder
from qstats.pipeline.inputs import RunTables
from qstats.report.trend.gather import gather_inspections

RULES = trend.Rules(resamples=99)


def _clean(project: Path, folder: Path, target: Path, run: str) -> dict[str, pl.DataFrame]:
    params = read_params(project / "params" / f"{run}.yaml")
    clean_files(folder, params, target, lambda message: None)
    return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}


def _assess(published: pd.DataFrame) -> pd.DataFrame:
    series = trend.series_of_published(published)
    return trend.tabulate_trends(series, trend.tabulate_breaks(series, RULES), RULES)


def test_no_published_series_is_joined_across_a_break(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = find_raw_folder(read_params(project / "params" / "trial-published.yaml"))
    tables = _clean(project, folder, tmp_path_factory.mktemp("published"), "trial-published")
    published = tables["published_series"].to_pandas()
    found = _assess(published)
    stretches = published.groupby(["series", "segment"]).size()
    assert found["periods"].sum() == len(published)
    assert sorted(found["periods"]) == sorted(stretches), "one row for each stretch of one definition"
    national = found[found["series"] == "national_supervision"].set_index("group")
    assert national.loc["2", ["first", "last", "periods"]].to_list() == ["2012", "2017", 6]
    assert not found["verdict"].isin(trend.DIRECTIONS).any(), "nothing here is long enough for a trend"


def _rank_test(values: np.ndarray) -> tuple[float, float]:
    """S and p of Mann and Kendall with ties and continuity, from the definition."""
    s = sum(np.sign(late - early) for early, late in combinations(values, 2))
    n, ties = len(values), np.unique(values, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    return s, 2 * norm.sf(max(abs(s) - 1, 0) / np.sqrt(variance))


@pytest.mark.oracle
def test_shares_in_whole_per_cent_show_no_trend_and_their_ranks_are_those_of_the_definition(
    project: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = shared_data / "data" / "hcahps_patient_survey"
    tables = _clean(project, folder, tmp_path_factory.mktemp("patients"), "trial-hcahps")
    found = _assess(tables["published_series"].to_pandas()).set_index("series")
    raw = pd.read_csv(folder / "national_results.csv").sort_values("Release Period")
    assert len(found) == 10 and set(found["periods"]) == {9}
    for measure, rows in raw.groupby("Measure ID"):
        _, p = _rank_test(rows["Top-box Percentage"].to_numpy(float))
        assert found.loc[measure, "rank_p"] == pytest.approx(min(p, 1.0), abs=1e-9), measure
    assert not found["verdict"].isin(trend.DIRECTIONS).any(), "without counts nothing is called a trend"


@pytest.mark.oracle
@pytest.mark.parametrize("outcome", ["final", "first"])
def test_slope_of_the_monthly_pass_rate_is_that_of_a_plain_logistic_regression(
    project: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory, outcome: str
) -> None:
    """Quasi-binomial regression of statsmodels on raw counts; few visits of a month share an enterprise."""
    folder = shared_data / "data" / "chicago_food_inspections"
    tables = _clean(project, folder, tmp_path_factory.mktemp("visits"), "trial-chicago")
    received = RunTables(**{name: tables[name] for name in RunTables.__slots__})
    gathered = gather_inspections(
        received, Period.parse("2014Q4"), estimation.Scope(level="municipal", outcome=outcome),
        listed_from=0.98, complete_from=0.98,
    )  # fmt: skip
    series = gathered.series[gathered.series["series"] == "pass_rate"]
    (row,) = trend.tabulate_trends(series, trend.tabulate_breaks(series, RULES), RULES).to_dict("records")
    raw = pd.read_csv(folder / "food_insp_features.csv.gz")
    passed = 1 - raw["fail_flag"] if outcome == "final" else raw["pass_flag"]
    months = passed.groupby(raw["Inspection_Date"].str[:7]).agg(["sum", "size"])
    at = months.index.str[:4].astype(int) + (months.index.str[5:].astype(int) - 0.5) / 12
    times = at.to_numpy(float)
    waves = [wave(2 * np.pi * k * times) for k in (1, 2) for wave in (np.cos, np.sin)]
    design = np.column_stack([np.ones_like(times), times - times.mean(), *waves])
    counts = np.column_stack([months["sum"], months["size"] - months["sum"]])
    fit = sm.GLM(counts, design, family=sm.families.Binomial()).fit()
    n, rate = months["size"].to_numpy(float), fit.fittedvalues
    phi = ((months["sum"] - n * rate) ** 2 / (n * rate * (1 - rate))).sum() / (len(n) - 6)
    half = student.ppf(0.975, len(n) - 6) * fit.bse[1] * np.sqrt(phi)
    assert (row["periods"], row["counted"], row["failures"]) == (40, 27_600, (1 - passed).sum())
    assert row["slope"] == pytest.approx(fit.params[1], abs=5e-4)
    assert [row["slope_lower"], row["slope_upper"]] == pytest.approx(
        [fit.params[1] - half, fit.params[1] + half], abs=1e-3
    )
    assert row["dispersion"] == pytest.approx(phi, rel=0.02)


@pytest.mark.oracle
def test_a_real_course_that_rises_and_then_falls_is_no_rise_by_month_or_by_quarter(
    project: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A straight line rises by 1.3 points a year, the newest end falls."""
    folder = shared_data / "data" / "chicago_food_inspections"
    tables = _clean(project, folder, tmp_path_factory.mktemp("bent"), "trial-chicago")
    received = RunTables(**{name: tables[name] for name in RunTables.__slots__})
    series = gather_inspections(
        received, Period.parse("2014Q4"), estimation.Scope(level="municipal"), listed_from=0.98,
        complete_from=0.98,
    ).series  # fmt: skip
    found = trend.tabulate_trends(series, trend.tabulate_breaks(series, RULES), RULES).set_index("series")
    for row in (found.loc["pass_rate"], found.loc["pass_rate_by_quarter"]):
        assert row["change"] == pytest.approx(0.013, abs=5e-4) and row["slope_lower"] > 0
        assert (row["verdict"], row["reason"], row["bend"]) == ("no_clear_trend", "bends", "up_level")
        assert row["end_slope"] < 0 and row["turn"] == pytest.approx(2013.9, abs=0.1)
