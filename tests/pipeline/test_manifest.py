"""The version on a page changes with everything that the report was made from, and with nothing else."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.params import Params, read_params
from qstats.pipeline.manifest import describe_ingredients, hash_files, report_version, timed
from qstats.schemas import SOURCES


@pytest.fixture
def home(make_home: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_home()
    monkeypatch.setenv("QSTATS_HOME", str(folder))
    write_sources(folder, "a" * 64)
    return folder


def write_sources(home: Path, sha256: str) -> None:
    processed = home / "data" / "processed" / "demo-2015Q4"
    processed.mkdir(parents=True, exist_ok=True)
    row = {name: None for name in SOURCES} | {"file": "一.csv", "sha256": sha256}
    pl.DataFrame([row], schema=SOURCES).write_parquet(processed / "sources.parquet")


def read(home: Path) -> Params:
    return read_params(home / "params" / "demo-2015Q4.yaml")


def append(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an input": lambda home: write_sources(home, "b" * 64),
    "a parameter": lambda home: append_text(home / "params" / "demo-2015Q4.yaml", "confidence: 0.9\n"),
    "a notebook": lambda home: append(home / "notebooks" / "20_inspection.ipynb"),
    "a reference table": lambda home: append(home / "data" / "reference" / "codebook.yaml"),
    "a locked package": lambda home: append(home / "requirements.lock"),
}


def append_text(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("change", list(CHANGES))
def test_version_changes_with(home: Path, change: str) -> None:
    before = report_version(describe_ingredients(read(home)))
    CHANGES[change](home)
    assert report_version(describe_ingredients(read(home))) != before


def test_version_does_not_change_with_what_no_chapter_reads(home: Path) -> None:
    before = report_version(describe_ingredients(read(home)))
    append(home / "params" / "trial-food.yaml")
    (home / "notebooks" / "99_draft.ipynb").write_text("{}")
    assert report_version(describe_ingredients(read(home))) == before


def test_checksum_of_files_tells_names_and_contents_apart(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_text("x")
    other.write_text("y")
    first = hash_files([one, other], tmp_path)
    assert hash_files([other, one], tmp_path) == first
    one.write_text("y")
    other.write_text("x")
    assert hash_files([one, other], tmp_path) != first


def test_time_of_a_step_is_noted() -> None:
    durations: dict[str, float] = {}
    with timed("clean", durations):
        pass
    assert list(durations) == ["clean"] and 0 <= durations["clean"] < 1
