"""Trials of the trend chapter against plain recounts: published figures, a patient survey, food inspections.

Oracles are pandas on the files themselves, and the collected facts beside the project.
"""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from qstats.cleaning.admissibility import judge_sources, mark_admissible
from qstats.params import read_params
from qstats.pipeline.clean import clean_files, find_raw_folder

Tables = dict[str, pl.DataFrame]


def _clean(folder: Path, project: Path, target: Path, run: str) -> Tables:
    params = read_params(project / "params" / f"{run}.yaml")
    clean_files(folder, params, target, lambda message: None)
    return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}


def _cases(tables: Tables, rule: str) -> int:
    return int(tables["issues"].filter(pl.col("rule") == rule)["cases"].sum())


@pytest.fixture(scope="module")
def published(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = find_raw_folder(read_params(project / "params" / "trial-published.yaml"))
    return _clean(folder, project, tmp_path_factory.mktemp("published"), "trial-published")


@pytest.fixture(scope="module")
def figures(published: Tables) -> pd.DataFrame:
    return published["published_series"].to_pandas()


@pytest.fixture(scope="module")
def patients(shared_data: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = shared_data / "data" / "hcahps_patient_survey"
    return _clean(folder, project, tmp_path_factory.mktemp("patients"), "trial-hcahps")


@pytest.fixture(scope="module")
def visits(shared_data: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = shared_data / "data" / "chicago_food_inspections"
    return _clean(folder, project, tmp_path_factory.mktemp("visits"), "trial-chicago")


def _national(figures: pd.DataFrame) -> pd.DataFrame:
    rows = figures[figures["series"] == "national_supervision"]
    return rows.assign(year=pd.to_datetime(rows["period_start"]).dt.year).set_index("year")


def test_reference_figures_are_read_without_a_fault(published: Tables, figures: pd.DataFrame) -> None:
    assert set(published["issues"]["rule"]) == {"series.turned"}
    (source,) = published["sources"].iter_rows(named=True)
    assert source["rows_in"] == source["rows_kept"] == len(figures) > 60
    assert figures["issuer"].notna().all(), "each figure names the body that published it first"
    assert figures[["label_zh", "label_en", "basis_zh", "basis_en"]].notna().all(axis=None)
    assert (figures["break_note_zh"].isna() == figures["break_note_en"].isna()).all()


def test_only_declared_failure_rates_are_turned(project: Path, published: Tables) -> None:
    file = project / "data" / "reference" / "published" / "published_series.csv"
    declared = pd.read_csv(file, dtype=str)["stated_as"].eq("failure_rate").sum()
    assert _cases(published, "series.turned") == declared > 10


def test_no_figure_stands_for_a_target_or_for_two_definitions(figures: pd.DataFrame) -> None:
    national = _national(figures)
    assert list(national.index) == [*range(2011, 2018), *range(2020, 2024)]
    assert national["segment"].to_list() == [1, *[2] * 6, *[3] * 4], "2012: batches; 2020: another mix"
    assert not ((figures["series"] == "mqci_national") & figures["value"].eq(86)).any()


@pytest.mark.oracle
def test_national_and_provincial_rates_are_those_collected(shared_data: Path, figures: pd.DataFrame) -> None:
    facts = pd.read_csv(shared_data / "domain" / "supervision_sampling_published.csv", dtype=str)
    whole = facts[(facts["breakdown_dim"] == "总计") & facts["period"].str.fullmatch(r"\d{4}")]
    for area, level, series in (
        ("全国", "国家监督抽查", "national_supervision"),
        ("山东省", "省级监督抽查", "shandong_provincial_supervision"),
    ):
        known = whole[(whole["area"] == area) & (whole["level"] == level)].set_index("period")
        passed = known["pass_rate_pct"].astype(float).fillna(100 - known["fail_rate_pct"].astype(float)) / 100
        rows = figures[(figures["series"] == series)].assign(
            period=lambda table: pd.to_datetime(table["period_start"]).dt.year.astype(str)
        )
        rows = rows[rows["period_end"].astype(str).str.endswith("12-31")].set_index("period")
        rows = rows[rows["period_start"].astype(str).str.endswith("01-01")]
        assert rows["value"].to_dict() == pytest.approx(passed.to_dict(), abs=1e-9)
        stated = known["n_batches"].dropna().astype(float)
        assert rows["n"].dropna().to_dict() == pytest.approx(stated.to_dict())


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("file", "where", "series"),
    [
        ("mqci_national.csv", ("series", "全国制造业质量竞争力指数"), "mqci_national"),
        ("mqci_national.csv", ("series", "东部制造业质量竞争力指数"), "mqci_east"),
        ("mqci_national.csv", ("series", "中部制造业质量竞争力指数"), "mqci_central"),
        ("mqci_national.csv", ("series", "西部制造业质量竞争力指数"), "mqci_west"),
        ("mqci_region.csv", ("area", "山东省"), "mqci_shandong"),
        ("manufacturing_pass_rate.csv", ("area", "全国"), "manufacturing_pass_rate_national"),
        ("manufacturing_pass_rate.csv", ("area", "山东省"), "manufacturing_pass_rate_shandong"),
    ],
)
def test_indices_are_those_collected(
    shared_data: Path, figures: pd.DataFrame, file: str, where: tuple[str, str], series: str
) -> None:
    facts = pd.read_csv(shared_data / "domain" / file, dtype=str)
    facts = facts[(facts[where[0]] == where[1]) & (facts["status"] != "target")].set_index("year")
    of_percent = "value_pct" in facts
    known = facts["value_pct" if of_percent else "value"].astype(float) / (100 if of_percent else 1)
    rows = figures[figures["series"] == series]
    years = pd.to_datetime(rows["period_start"]).dt.year.astype(str)
    assert dict(zip(years, rows["value"], strict=True)) == pytest.approx(known.to_dict(), abs=1e-9)
    derived = dict(zip(years, rows["status"].eq("derived"), strict=True))
    assert derived == facts["status"].eq("derived").to_dict()


@pytest.mark.oracle
def test_releases_are_the_years_of_discharge_that_the_reports_name(
    shared_data: Path, patients: Tables
) -> None:
    folder = shared_data / "data" / "hcahps_patient_survey"
    national = pd.read_csv(folder / "national_results.csv").merge(pd.read_csv(folder / "reports.csv"))
    true = {
        (row["Measure ID"], row["Start Date"], row["End Date"]): row["Top-box Percentage"] / 100
        for _, row in national.iterrows()
    }
    rows = patients["published_series"]
    keys = zip(
        rows["series"], rows["period_start"].cast(pl.String), rows["period_end"].cast(pl.String), strict=True
    )
    assert dict(zip(keys, rows["value"], strict=True)) == pytest.approx(true)
    assert rows.height == 90 and set(rows["segment"]) == {1}


@pytest.mark.oracle
def test_shares_of_patients_are_known_in_whole_per_cent(shared_data: Path, patients: Tables) -> None:
    assert set(patients["published_series"]["rounded_to"]) == {0.01}
    names = pd.read_csv(shared_data / "data" / "hcahps_patient_survey" / "measures.csv")
    labels = patients["published_series"].select("series", "label_zh", "label_en").unique()
    assert set(labels["series"]) == set(names["Measure ID"])
    assert labels.filter(pl.any_horizontal(pl.col("label_zh", "label_en") == pl.col("series"))).is_empty()


@pytest.mark.oracle
def test_states_are_never_taken_for_the_nation(patients: Tables) -> None:
    sources = {row["file"]: row for row in patients["sources"].iter_rows(named=True)}
    assert sources["state_results.csv"]["layout"] == "hcahps_states"
    assert sources["state_results.csv"]["rows_kept"] == 0
    assert "not assessed" in sources["state_results.csv"]["problem_en"]


@pytest.fixture(scope="module")
def raw_visits(shared_data: Path) -> pd.DataFrame:
    file = shared_data / "data" / "chicago_food_inspections" / "food_insp_features.csv.gz"
    return pd.read_csv(file, dtype={"Inspection_ID": str, "License": str}).set_index("Inspection_ID")


@pytest.mark.oracle
def test_every_visit_is_one_batch_with_its_outcomes(raw_visits: pd.DataFrame, visits: Tables) -> None:
    clean = visits["inspections"].to_pandas().set_index("batch_id").loc[raw_visits.index]
    assert len(clean) == visits["inspections"].height == 27_600
    assert clean["outcome"].map({"pass": 0, "fail": 1}).equals(raw_visits["fail_flag"].rename("outcome"))
    assert (clean["first_outcome"].eq("pass") == raw_visits["pass_flag"].eq(1)).all()
    assert (clean["sampled_on"].astype(str) == raw_visits["Inspection_Date"]).all()
    assert (clean["product_class"] == raw_visits["Risk"]).all()
    assert (clean["enterprise_name"] == raw_visits["License"]).all()
    assert clean["enterprise_id"].nunique() == raw_visits["License"].nunique() == 12_367
    conditions = raw_visits["Results"].eq("Pass w/ Conditions")
    assert _cases(visits, "outcome.first_and_final") == conditions.sum() == 3_651


@pytest.mark.oracle
def test_inspectors_come_from_the_second_file_and_nothing_contradicts(
    shared_data: Path, raw_visits: pd.DataFrame, visits: Tables
) -> None:
    file = shared_data / "data" / "chicago_food_inspections" / "model_data_with_score_and_test_flag.csv.gz"
    known = pd.read_csv(file, dtype={"Inspection_ID": str}).set_index("Inspection_ID")["Inspector_Assigned"]
    clean = visits["inspections"].to_pandas().set_index("batch_id")["laboratory"]
    assert clean.dropna().sort_index().to_dict() == known.sort_index().to_dict()
    assert _cases(visits, "batch.overlap") == len(known) == 18_712
    assert _cases(visits, "batch.conflict") == 0


@pytest.mark.oracle
def test_rates_may_be_published_from_these_visits(visits: Tables) -> None:
    """Their totals are declared by the description of the data, in a record of our own."""
    judged = judge_sources(visits["sources"], visits["windows"], visits["batch_rows"], listed_from=0.98)
    marked = mark_admissible(visits["inspections"], judged, visits["batch_rows"])
    assert marked["refused_source"].null_count() == marked.height
    assert marked["unlisted"].sum() == 0


@pytest.mark.oracle
def test_monthly_failure_rates_are_those_of_a_plain_count(raw_visits: pd.DataFrame, visits: Tables) -> None:
    true = raw_visits.groupby(raw_visits["Inspection_Date"].str[:7])["fail_flag"].agg(["size", "sum"])
    clean = visits["inspections"].to_pandas()
    months = clean.groupby(clean["sampled_on"].astype(str).str[:7])["outcome"]
    assert months.size().to_dict() == true["size"].to_dict()
    assert months.apply(lambda outcomes: outcomes.eq("fail").sum()).to_dict() == true["sum"].to_dict()
    assert len(true) == 40
