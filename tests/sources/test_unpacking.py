"""SPSS files and gzip: read as the tables that they hold, refused where damaged."""

import gzip
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from qstats.errors import RefusedFileError
from qstats.sources import open_source, read_layouts
from qstats.sources.layouts import layouts_of_questionnaires

LAYOUTS = read_layouts() | layouts_of_questionnaires()
SERVICES = LAYOUTS["service_satisfaction"]


def write_spss(path: Path) -> None:
    """Two interviews: items named Q1 …, the industry coded with labels, a user-missing answer."""
    items = [SERVICES.columns[name][0] for name in SERVICES.scored]
    frame = pd.DataFrame({name: [8.0, 7.0] for name in items})
    frame["Q2"] = [99.0, None]
    frame["ind"], frame["id"] = [1.0, 2.0], ["a-1", "a-2"]
    labels = {"ind": "所属行业", "id": "问卷编号"}
    pyreadstat.write_sav(
        frame, path, column_labels=[labels.get(name, f"label of {name}") for name in frame],
        variable_value_labels={"ind": {1.0: "银行", 2.0: "快递"}, "Q2": {99.0: "不知道"}},
        missing_ranges={"Q2": [99]},
    )  # fmt: skip


def test_an_spss_file_is_read_by_names_and_labels(tmp_path: Path) -> None:
    write_spss(tmp_path / "survey.dat")
    source = open_source(tmp_path / "survey.dat", LAYOUTS)
    rows = next(source.rows())
    assert source.layout.id == "service_satisfaction"
    assert rows["industry"].to_list() == ["银行", "快递"]
    assert rows["respondent_id"].to_list() == ["a-1", "a-2"]
    assert rows["image_1"].to_list() == ["8", "7"]
    assert rows["image_2"].to_list() == ["99", None]


def test_a_damaged_spss_file_is_refused(tmp_path: Path) -> None:
    write_spss(tmp_path / "whole.sav")
    (tmp_path / "cut.sav").write_bytes((tmp_path / "whole.sav").read_bytes()[:300])
    with pytest.raises(RefusedFileError, match="SPSS file is cut off or damaged"):
        open_source(tmp_path / "cut.sav", LAYOUTS)


def test_a_packed_text_file_is_read_like_the_plain_one(tmp_path: Path) -> None:
    text = "工程名称,总户数,检验结论\n甲,10,合格\n".encode("gb18030")
    (tmp_path / "plain.csv").write_bytes(text)
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text))
    plain, packed = (open_source(tmp_path / name, LAYOUTS) for name in ("plain.csv", "packed.csv.gz"))
    assert next(packed.rows()).equals(next(plain.rows()))
    assert packed.encoding == plain.encoding and packed.sha256 != plain.sha256


def test_a_damaged_or_nested_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" * 1000)
    (tmp_path / "cut.gz").write_bytes(packed[:-20])
    with pytest.raises(RefusedFileError, match="cut off or damaged"):
        open_source(tmp_path / "cut.gz", LAYOUTS)
    (tmp_path / "twice.gz").write_bytes(gzip.compress(packed))
    with pytest.raises(RefusedFileError, match="archive"):
        open_source(tmp_path / "twice.gz", LAYOUTS)
