"""Chunks are cleaned side by side and taken in order; a file that breaks off leaves nothing behind."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from qstats.errors import RefusedFileError
from qstats.params import Params, read_params
from qstats.paths import params_folder
from qstats.pipeline.clean import clean_files
from qstats.pipeline.staging import map_in_order
from qstats.sources import reading
from qstats.synthetic.load import write_load_file


def test_results_come_in_the_order_of_the_inputs() -> None:
    def slow_if_even(number: int) -> int:
        time.sleep(0.01 if number % 2 == 0 else 0)
        return number * 10

    assert list(map_in_order(slow_if_even, range(9))) == [number * 10 for number in range(9)]


def test_reading_stays_only_a_little_ahead() -> None:
    taken, read = 0, 0
    furthest = 0

    def inputs() -> Iterator[int]:
        nonlocal read, furthest
        for number in range(20):
            read += 1
            furthest = max(furthest, read - taken)
            yield number

    for _ in map_in_order(lambda number: number, inputs(), workers=2):
        taken += 1
    assert taken == read == 20
    assert furthest <= 3


def test_workers_run_side_by_side() -> None:
    both = threading.Barrier(2, timeout=10)
    assert len(list(map_in_order(lambda number: both.wait(), range(2), workers=2))) == 2


def test_a_failing_chunk_fails_the_whole() -> None:
    with pytest.raises(ZeroDivisionError):
        list(map_in_order(lambda number: 1 // number, [1, 0, 1]))


@pytest.fixture
def params() -> Params:
    """Parameters of the demonstration under another name, so that no correction of its files applies."""
    return read_params(params_folder() / "demo-2015Q4.yaml").model_copy(update={"run": "demo-load"})


def test_every_row_is_accounted_for_and_faults_are_met(tmp_path: Path, params: Params) -> None:
    raw, target = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    target.mkdir()
    write_load_file(raw / "load.csv", 5_000)
    clean_files(raw, params, target, lambda message: None)
    source = pl.read_parquet(target / "sources.parquet").row(0, named=True)
    assert (source["layout"], source["rows_in"]) == ("template_inspection", 5_000)
    assert source["rows_in"] == source["rows_kept"] + source["rows_rejected"] + source["rows_merged"]
    met = set(pl.read_parquet(target / "issues.parquet")["rule"])
    assert {
        "batch.duplicate_row", "batch.rows_merged", "code.check_digit", "code.form", "date.impossible",
        "date.remark", "item.split", "item.limit_in_name", "item.unit_in_result", "outcome.unknown",
        "outcome.vocabulary", "place.unknown", "text.placeholder", "text.whitespace", "text.width",
    } <= met  # fmt: skip


def test_a_file_that_breaks_off_leaves_no_rows(
    tmp_path: Path, params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, target = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    target.mkdir()
    write_load_file(raw / "a.csv", 60)
    write_load_file(raw / "b.csv", 50, seed=5)

    rows = reading.RawSource.rows

    def rows_until_fault(source: reading.RawSource) -> Iterator[pl.DataFrame]:
        yield from rows(source)
        if source.file == "a.csv":
            raise RefusedFileError("a.csv", {"zh": "第4711字节无法读取", "en": "byte 4,711 cannot be read"})

    monkeypatch.setattr(reading.RawSource, "rows", rows_until_fault)
    monkeypatch.setattr(reading, "_read_to_end", lambda source: None)
    clean_files(raw, params, target, lambda message: None)
    sources = pl.read_parquet(target / "sources.parquet").sort("file")
    assert sources["problem_en"].is_null().to_list() == [False, True]
    assert sources["rows_in"].to_list() == [0, 50]
    held = pl.read_parquet(target / "batch_rows.parquet")["source_id"].unique().to_list()
    assert held == [sources["source_id"][1]]
    assert not (target / "stage").exists()
