"""Denominators are read strictly: a wrong one would make every complaint rate wrong."""

from pathlib import Path

import pytest

from qstats.errors import SourceError
from qstats.schemas import DENOMINATORS
from qstats.sources.denominators import FILE_NAME, read_denominators

GOOD = (
    "denominator,year,county_code,count\ndwellings_delivered,2015,,19000\n"
    "dwellings_delivered,2015,371502,3230\nprojects,2015,,170\n,,,\n"
)


def _write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / FILE_NAME).write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_counts_by_year_and_place(tmp_path: Path, encoding: str) -> None:
    table = read_denominators(_write(tmp_path, GOOD, encoding))
    assert dict(table.schema) == DENOMINATORS
    assert table.rows() == [
        ("dwellings_delivered", 2015, None, 19000), ("dwellings_delivered", 2015, "371502", 3230),
        ("projects", 2015, None, 170),
    ]  # fmt: skip


def test_no_file_is_a_table_without_rows(tmp_path: Path) -> None:
    table = read_denominators(tmp_path)
    assert (table.height, dict(table.schema)) == (0, DENOMINATORS)


def test_columns_in_another_order_and_one_more(tmp_path: Path) -> None:
    text = "note,count,county_code,year,denominator\n,170, ,2015,projects\n"
    assert read_denominators(_write(tmp_path, text)).rows() == [("projects", 2015, None, 170)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 'denominator' is missing"),
        (GOOD.replace(",count\n", ",n\n"), "column 'count' is missing"),
        (GOOD.replace("19000", "19,000"), "row 2: more cells than the heading"),
        (GOOD.replace("19000", '"19,000"'), "row 2: count '19,000' is no positive whole number"),
        (GOOD.replace("19000", "0"), "row 2: count '0' is no positive whole number"),
        (GOOD.replace("19000", "-5"), "row 2: count '-5' is no positive whole number"),
        (GOOD.replace("19000", "1.9e4"), "row 2: count '1.9e4' is no positive whole number"),
        (GOOD.replace("19000", "9" * 30), "row 2: count '9+' is no positive whole number"),
        (GOOD.replace("19000", ""), "row 2: count '' is no positive whole number"),
        (GOOD.replace("projects,2015", "projects,15"), "row 4: year '15' is none"),
        (GOOD.replace("projects,", "工程,"), "row 4: denominator '工程' is none of dwellings_delivered"),
        (GOOD.replace("371502", "东昌府区"), "row 3: county_code '东昌府区' is none of"),
        (GOOD + "projects,2015,,171\n", "projects / 2015 stands twice"),
        (GOOD.replace("3230", "19001"), "2015 add up to 19001, the whole place has 19000"),
        ("<!DOCTYPE html>\n<html></html>\n", "column 'denominator' is missing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_denominators(_write(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xff\x00\x81")
    with pytest.raises(SourceError, match="no text in UTF-8 or GB18030"):
        read_denominators(tmp_path)
