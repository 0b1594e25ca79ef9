"""The load file: exact number of rows over several portions, repeated rows, faults, same bytes for a seed."""

from pathlib import Path

import polars as pl
import pytest

from qstats.synthetic import load
from qstats.synthetic.load import HEADINGS, write_load_file


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small portions, so that several are written."""
    monkeypatch.setattr(load, "ROWS_AT_ONCE", 10_000)


def test_load_file_has_the_rows_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    write_load_file(path, 25_000, seed=3)
    table = pl.read_csv(path, infer_schema=False)
    assert table.columns == list(HEADINGS.values())
    assert table.height == 25_000
    repeated = table.height - table["抽样单编号"].n_unique()
    assert 0.03 < repeated / table.height < 0.07
    assert 0.05 < table["不合格项目"].is_not_null().mean() < 0.15


def test_load_file_is_the_same_for_a_seed(tmp_path: Path) -> None:
    for name, seed in (("a.csv", 9), ("b.csv", 9), ("c.csv", 10)):
        write_load_file(tmp_path / name, 3_001, seed=seed)
    first, again, other = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert first == again
    assert first != other
