"""The real announcements of food sampling: a trap on purpose, and every row of it accounted for."""

from pathlib import Path

import polars as pl
import pytest

from qstats.cleaning.admissibility import judge_sources, judge_windows
from qstats.params import read_params
from qstats.pipeline.clean import clean_files

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def tables(
    shared_data: Path, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pl.DataFrame]:
    folder = shared_data / "data" / "cn_foodmate_sampling" / "raw"
    target = tmp_path_factory.mktemp("food")
    clean_files(folder, read_params(project / "params" / "trial-food.yaml"), target, lambda message: None)
    return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}


def test_every_row_of_every_file_is_accounted_for(tables: dict[str, pl.DataFrame]) -> None:
    sources = tables["sources"]
    assert sources.height == 29
    assert (sources["rows_kept"] + sources["rows_rejected"] + sources["rows_merged"]).equals(
        sources["rows_in"].rename("rows_kept")
    )
    assert sources["rows_kept"].sum() == tables["inspections"].height
    assert sources["rows_in"].sum() > 10_000


def test_no_source_may_carry_a_rate(tables: dict[str, pl.DataFrame]) -> None:
    judged = judge_sources(tables["sources"], tables["windows"], tables["batch_rows"], listed_from=0.98)
    held = judged.filter(pl.col("batches_found") > 0)
    assert held["refusal"].null_count() == 0
    assert {"total_undeclared"} <= set(held["refusal"])


def test_queries_that_were_cut_are_found(tables: dict[str, pl.DataFrame]) -> None:
    findings = judge_windows(tables["windows"])["finding"].value_counts()
    assert {"truncated_query", "failures_only"} <= set(findings["finding"])


def test_foreign_alerts_are_no_inspections(tables: dict[str, pl.DataFrame]) -> None:
    assert not tables["inspections"]["listing"].str.contains("RASFF").fill_null(False).any()
    dropped = tables["issues"].filter(pl.col("rule") == "row.not_an_inspection")
    assert dropped["cases"].sum() > 0
