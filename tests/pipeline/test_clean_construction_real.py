"""Real registers against a plain recount: apartment buildings in Toronto, complaints in Chicago."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from qstats.params import read_params
from qstats.pipeline.clean import clean_files

pytestmark = pytest.mark.oracle
PASSED = ("Evaluation needs to be conducted in 2 years", "Evaluation needs to be conducted in 3 years")


def _clean(shared: Path, project: Path, target: Path, run: str) -> dict[str, pl.DataFrame]:
    params = read_params(project / "params" / f"{run}.yaml")
    assert params.raw_folder
    folder = shared / Path(params.raw_folder).relative_to("../shared")
    clean_files(folder, params, target, lambda message: None)
    return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}


@pytest.fixture(scope="module")
def evaluations(shared_data: Path) -> pd.DataFrame:
    (file,) = (shared_data / "data" / "toronto_apartment_evaluations").glob("*.csv")
    return pd.read_csv(file, dtype=str)


@pytest.fixture(scope="module")
def buildings(
    shared_data: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pl.DataFrame]:
    return _clean(shared_data, project, tmp_path_factory.mktemp("toronto"), "trial-buildings")


@pytest.fixture(scope="module")
def requests(shared_data: Path) -> pd.DataFrame:
    (file,) = (shared_data / "data" / "chicago_sanitation_complaints").glob("*.csv.gz")
    return pd.read_csv(file, dtype=str)


@pytest.fixture(scope="module")
def complaints(
    shared_data: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pl.DataFrame]:
    return _clean(shared_data, project, tmp_path_factory.mktemp("chicago"), "trial-complaints")


def _cases(tables: dict[str, pl.DataFrame], rule: str) -> int:
    return int(tables["issues"].filter(pl.col("rule") == rule)["cases"].sum())


@pytest.mark.parametrize(("trial", "table"), [("buildings", "projects"), ("complaints", "complaints")])
def test_every_row_is_accounted_for(request: pytest.FixtureRequest, trial: str, table: str) -> None:
    tables = request.getfixturevalue(trial)
    (source,) = tables["sources"].iter_rows(named=True)
    assert source["rows_in"] == source["rows_kept"] + source["rows_rejected"] + source["rows_merged"]
    assert source["rows_kept"] == tables[table].height


def test_the_first_evaluation_of_each_building_counts(
    evaluations: pd.DataFrame, buildings: dict[str, pl.DataFrame]
) -> None:
    error = evaluations["SITE_ADDRESS"].str.contains("CREATED IN ERROR", na=False)
    assert _cases(buildings, "row.not_a_record") == error.sum() == 7
    ordered = evaluations[~error].sort_values("EVALUATION_COMPLETED_ON", kind="stable")
    first = ordered.drop_duplicates("RSN").set_index("RSN")
    projects = buildings["projects"].to_pandas().set_index("project_id")
    assert set(projects.index) == set(first.index)
    assert len(projects) == 3_512  # 3,513 numbers, one of which stands in rows created in error only
    first = first.loc[projects.index]
    assert (projects["first_accepted_on"].astype(str) == first["EVALUATION_COMPLETED_ON"].str[:10]).all()
    passed = first["RESULTS_OF_SCORE"].isin(PASSED)
    assert (projects["first_outcome"].eq("pass") == passed).all()
    shares = sorted(first["RESULTS_OF_SCORE"].value_counts(normalize=True))
    assert shares == pytest.approx([0.017, 0.020, 0.463, 0.500], abs=0.0015)
    assert (projects["dwellings"] > 0).all()


def test_later_evaluations_decide_about_the_final_one(
    evaluations: pd.DataFrame, buildings: dict[str, pl.DataFrame]
) -> None:
    error = evaluations["SITE_ADDRESS"].str.contains("CREATED IN ERROR", na=False)
    passed = evaluations[~error & evaluations["RESULTS_OF_SCORE"].isin(PASSED)]
    final = passed.groupby("RSN")["EVALUATION_COMPLETED_ON"].min().str[:10]
    projects = buildings["projects"].to_pandas().set_index("project_id")
    stated = projects["final_accepted_on"].dropna().astype(str)
    assert stated.sort_index().equals(
        final.sort_index().rename_axis("project_id").rename("final_accepted_on")
    )
    assert (projects.loc[projects["final_accepted_on"].isna(), "route"] == "not_accepted").all()


def test_scores_follow_from_their_parts_in_whole_numbers(
    evaluations: pd.DataFrame, buildings: dict[str, pl.DataFrame]
) -> None:
    parts = evaluations.loc[:, "ENTRANCE_LOBBY":"OTHER_FACILITIES"].apply(pd.to_numeric, errors="coerce")
    areas, scores = (evaluations[name].astype(int) for name in ("NO_OF_AREAS_EVALUATED", "SCORE"))
    points = parts.sum(axis=1).astype(int)
    wrong = [
        row
        for row, (point, area, score) in enumerate(zip(points, areas, scores, strict=True), start=2)
        if not area or int(Fraction(100 * point, 5 * area) + Fraction(1, 2)) != score
    ]
    listed = buildings["issues"].filter(pl.col("rule") == "project.score_identity")["source_row"].to_list()
    assert listed == wrong == [8365]
    floats = 100 * (points / (5 * areas)) + 0.5
    assert (floats // 1 != scores).sum() == 38  # 37 of them only because 46/80 is no binary fraction


def test_duplicates_of_the_hotline_leave(requests: pd.DataFrame, complaints: dict[str, pl.DataFrame]) -> None:
    marked = requests["Status"].str.contains("Dup")
    assert _cases(complaints, "complaint.marked_duplicate") == marked.sum() == 3_633
    others = requests[~marked]
    clean = complaints["complaints"]
    assert clean.height == others["Service_Request_Number"].nunique()
    assert _cases(complaints, "complaint.duplicate") == len(others) - clean.height


def test_days_and_open_cases_of_the_hotline(
    requests: pd.DataFrame, complaints: dict[str, pl.DataFrame]
) -> None:
    others = requests[~requests["Status"].str.contains("Dup")]
    grouped = others.groupby("Service_Request_Number")
    true = pd.DataFrame(
        {"opened": grouped["Creation_Date"].first(), "closed": grouped["Completion_Date"].max()}
    )
    clean = complaints["complaints"].to_pandas().set_index("complaint_id").loc[true.index]
    assert (clean["opened_on"].astype(str) == true["opened"].str[:10]).all()
    closed = true["closed"].dropna().str[:10]
    assert (clean.loc[closed.index, "closed_on"].astype(str) == closed).all()
    still_open = true["closed"].isna()
    assert (clean["status"].eq("open") == still_open).all()
    assert still_open.sum() == (others["Status"] == "Open").sum() == 201
    assert clean["opened_on"].astype(str).str.startswith("2000").sum() == 28


def test_wards_of_the_hotline(requests: pd.DataFrame, complaints: dict[str, pl.DataFrame]) -> None:
    others = requests[~requests["Status"].str.contains("Dup")].drop_duplicates("Service_Request_Number")
    known = others["Ward"].where(others["Ward"].ne("0")).dropna().astype(int).value_counts()
    clean = complaints["complaints"].to_pandas()["county_code"].dropna().astype(int) - 990_200
    assert clean.value_counts().sort_index().to_list() == known.sort_index().to_list()
