"""Small supplier files in our own form, and how they come out."""

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from qstats.params import Params, read_params
from qstats.pipeline.clean import clean_files

HEADINGS = {
    "sheet_no": "抽样单编号", "enterprise_name": "企业名称", "enterprise_code": "统一社会信用代码",
    "county": "所属县区", "product_name": "产品名称", "sampled_on": "抽样日期", "programme": "抽查类别",
    "level": "抽查级别", "result": "检验结论", "failed_items": "不合格项目", "remark": "备注",
}  # fmt: skip
Row = Mapping[str, str]
Beside = Callable[[pl.DataFrame, pl.DataFrame, list[str]], pl.DataFrame]


class Bureau:
    """Receives small files and cleans them."""

    def __init__(self, params: Params, folder: Path) -> None:
        self.params, self.folder = params, folder
        self.raw = folder / "来件 raw"
        self.raw.mkdir()

    @staticmethod
    def row(number: int, **cells: str) -> dict[str, str]:
        """A clean row of our form; ``cells`` replace what is told otherwise."""
        plain = {
            "sheet_no": f"LC{number:04d}", "enterprise_name": f"东阿第{number % 7}阿胶厂", "county": "东阿县",
            "product_name": "阿胶", "sampled_on": "2015-05-06", "programme": "监督抽查", "level": "市级",
            "result": "合格",
        }  # fmt: skip
        return plain | cells

    def receive(self, rows: Sequence[Row], name: str = "一.csv", encoding: str = "utf-8-sig") -> Path:
        """Write a supplier's CSV in our form."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADINGS.values())
            writer.writerows([cells.get(field, "") for field in HEADINGS] for cells in rows)
        return path

    def clean(self) -> dict[str, pl.DataFrame]:
        """Tables of the files received, by name."""
        target = Path(tempfile.mkdtemp(dir=self.folder))
        clean_files(self.raw, self.params, target, lambda message: None)
        return {path.stem: pl.read_parquet(path) for path in target.glob("*.parquet")}


@pytest.fixture(scope="session")
def params(project: Path) -> Params:
    return read_params(project / "params" / "demo-2015Q4.yaml")


@pytest.fixture
def bureau(tmp_path: Path, params: Params) -> Bureau:
    return Bureau(params, tmp_path)


@pytest.fixture
def new_bureau(params: Params, tmp_path_factory: pytest.TempPathFactory) -> type[Bureau]:
    """A class of bureaus, each with a folder of its own, for tests that try many deliveries."""

    class NewBureau(Bureau):
        def __init__(self) -> None:
            super().__init__(params, tmp_path_factory.mktemp("bureau"))

    return NewBureau


@pytest.fixture(scope="session")
def beside() -> Beside:
    """Puts what was injected beside what was caught, by a key; nothing on a side is a count of 0."""

    def put(injected: pl.DataFrame, caught: pl.DataFrame, on: list[str]) -> pl.DataFrame:
        both = injected.join(caught, on=on, how="full", coalesce=True, nulls_equal=True)
        return both.with_columns(pl.col("injected", "caught").cast(pl.Int64).fill_null(0)).sort(on)

    return put
