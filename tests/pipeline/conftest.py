"""Small supplier files in our own form, and how they come out."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from qstats.params import Params, read_params
from qstats.pipeline.clean import clean_files

HEADINGS = {
    "sheet_no": "抽样单编号", "enterprise_name": "企业名称", "county": "所属县区", "product_name": "产品名称",
    "sampled_on": "抽样日期", "result": "检验结论", "failed_items": "不合格项目", "remark": "备注",
}  # fmt: skip
Row = Mapping[str, str]
Tables = dict[str, pl.DataFrame]


def row(number: int, **cells: str) -> dict[str, str]:
    """A clean row of our form; ``cells`` replace what is told otherwise."""
    plain = {
        "sheet_no": f"LC{number:04d}",
        "enterprise_name": f"东阿第{number % 7}阿胶厂",
        "county": "东阿县",
        "product_name": "阿胶",
        "sampled_on": "2015-05-06",
        "result": "合格",
    }
    return plain | cells


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8-sig") -> None:
    """A supplier's CSV in our form."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS.values())
        writer.writerows([cells.get(name, "") for name in HEADINGS] for cells in rows)


@pytest.fixture(scope="session")
def params(project: Path) -> Params:
    return read_params(project / "params" / "demo-2015Q4.yaml")


@pytest.fixture
def clean(tmp_path: Path, params: Params) -> Callable[[Path], Tables]:
    """Cleans a folder of supplier files and gives its tables by name."""

    def run(folder: Path) -> Tables:
        target = tmp_path / "clean"
        target.mkdir()
        clean_files(folder, params, target, lambda message: None)
        return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}

    return run
