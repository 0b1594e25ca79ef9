"""Lists that name enterprises. Oracle: the register's rows; the folder of the report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from qstats.errors import QstatsError
from qstats.params import read_params
from qstats.paths import processed_folder
from qstats.pipeline import restricted
from qstats.pipeline.chapters import check_executions
from qstats.pipeline.inputs import RunTables, read_run
from qstats.report.disclosure import SUPPRESSED
from qstats.synthetic import write_everything

pytestmark = pytest.mark.slow
RUN = "demo-2015Q4"


@pytest.fixture(scope="module")
def home(make_home: Callable[[], Path]) -> Path:
    folder = make_home()
    raw = folder / "data" / "raw" / RUN
    raw.mkdir(parents=True)
    write_everything(raw, folder / "truth", size="tiny")
    return folder


def test_lists_lie_outside_the_report_and_lead_to_rows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(home))
    params = read_params(home / "params" / f"{RUN}.yaml")
    told: list[str] = []
    folder = restricted.write_restricted(params, told.append)
    assert folder == processed_folder(RUN) / "restricted"
    assert not list((home / "reports").rglob("*"))
    assert len(list(folder.iterdir())) == 2 * len(params.credit.credit_schemes) * 2 + 2
    assert folder.stat().st_mode & 0o077 == 0
    received = read_run(RUN)
    assert f"{received.link_review.height:,} pairs" in told[0] and f"{RUN}/restricted" in told[0]
    keys = set(received.enterprise_records["record_id"]) | set(received.inspections["batch_id"])
    for scheme in params.credit.credit_schemes:
        listed = pl.read_csv(folder / f"credit_grades_{scheme}.csv")
        lineage = pl.read_csv(folder / f"credit_lineage_{scheme}.csv", infer_schema_length=None)
        assert (
            listed["enterprise_id"].is_unique().all()
            and listed["enterprise_name"].null_count() < listed.height / 2
        )
        assert set(lineage["record_key"]) <= keys
        summed = lineage.group_by("enterprise_id").agg(pl.col("points").sum())
        both = listed.join(summed, on="enterprise_id", how="left").with_columns(pl.col("points").fill_null(0))
        expected = both.select((100 + pl.col("points")).clip(0, 100)).to_series()
        assert (both["score"] - expected).abs().max() < 1e-9
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    restricted.write_restricted(params, print)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_without_records_there_are_the_issues_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(home))
    received = read_run(RUN)
    empty = replace(received, enterprise_records=received.enterprise_records.clear())

    def read(run: str) -> RunTables:
        return empty

    monkeypatch.setattr(restricted, "read_run", read)
    params = read_params(home / "params" / f"{RUN}.yaml")
    folder = restricted.write_restricted(params, print)
    assert [path.name for path in folder.iterdir()] == ["issues.csv"]
    listed = pl.read_csv(folder / "issues.csv", infer_schema_length=None)
    quoted = listed.filter(pl.col("field") == "enterprise_name")["old_value"].drop_nulls()
    assert len(quoted) > 0 and not quoted.str.contains(SUPPRESSED).any()


def test_a_mistyped_scheme_is_said_before_the_cleaning(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(home))
    params = read_params(home / "params" / f"{RUN}.yaml")
    for name in ("gb_t_2379", "x" * 5000, "../schemes/county_30_50_20"):
        wrong = params.credit.model_copy(update={"credit_schemes": [name]})
        with pytest.raises(QstatsError, match=f"no credit scheme '{name}'"):
            check_executions(params.model_copy(update={"credit": wrong}))
