from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qstats.sources import RawSource, SourceLayout, open_source, read_layouts


@pytest.fixture(scope="session")
def layouts() -> dict[str, SourceLayout]:
    return read_layouts()


@pytest.fixture
def opened(tmp_path: Path, layouts: dict[str, SourceLayout]) -> Callable[..., RawSource]:
    """Write content to a file and open it."""

    def write_and_open(content: bytes | str, name: str = "来件 一.csv", **options: int) -> RawSource:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_source(path, layouts, **options)

    return write_and_open


@pytest.fixture(scope="session")
def read_all() -> Callable[[RawSource], pl.DataFrame]:
    """All rows of a source in one frame."""

    def read(source: RawSource) -> pl.DataFrame:
        schema = {"source_row": pl.Int64, **dict.fromkeys(source.layout.fields, pl.String)}
        return pl.concat([pl.DataFrame(schema=schema), *source.rows()])

    return read
