"""The clerk's record, as it comes back from Excel."""

from pathlib import Path

import pytest

from qstats.errors import SourceError
from qstats.sources.deliveries import Delivery, read_deliveries

HEADING = "file,supplier,programme,level,lists,batches_declared,received_on\n"
GOOD = "东昌府.csv,东昌府区局,routine,municipal,all,120,2016-01-10\n"


def _read(folder: Path, content: str, encoding: str = "utf-8") -> dict[str, Delivery]:
    (folder / "东昌府.csv").touch()
    (folder / "deliveries.csv").write_text(content, encoding=encoding)
    return read_deliveries(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_record_in_the_encodings_that_excel_writes(tmp_path: Path, encoding: str) -> None:
    assert _read(tmp_path, HEADING + GOOD, encoding) == {
        "东昌府.csv": Delivery("东昌府区局", "routine", "municipal", "all", 120, "2016-01-10")
    }


def test_spaces_blank_rows_and_days_as_excel_writes_them(tmp_path: Path) -> None:
    records = _read(tmp_path, HEADING + "\n,,,,,,\n 东昌府.csv , ,routine,,,,2016/1/9\n")
    assert records == {"东昌府.csv": Delivery(programme="routine", received_on="2016-01-09")}


@pytest.mark.parametrize("cell", ["2016/1/9", "2016年1月9日", "2016.01.09", "20160109"])
def test_every_way_of_writing_a_day_sorts_alike(tmp_path: Path, cell: str) -> None:
    records = _read(tmp_path, HEADING + GOOD.replace("2016-01-10", cell))
    assert records["东昌府.csv"].received_on == "2016-01-09"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "column 'batches_declared' is missing"),
        (HEADING + "东昌府.csv,区局,routine\n", "row 2: not as many cells"),
        (HEADING + GOOD.strip() + ",甲\n", "row 2: not as many cells"),
        (HEADING + '东昌府.csv,"区局,routine,municipal,all,120,2016-01-10\n', "row 2: not as many cells"),
        (HEADING + GOOD + GOOD, "row 3: 东昌府.csv is recorded twice"),
        (HEADING + GOOD.replace("东昌府.csv", "莘县.csv"), "there is no file '莘县.csv'"),
        (HEADING + GOOD.replace("routine", "Routine"), "programme 'Routine' is none of routine"),
        (HEADING + GOOD.replace("120", "-2"), "'-2' is no count"),
        (HEADING + GOOD.replace("2016-01-10", "2016-02-30"), "'2016-02-30' is no day"),
        (HEADING + GOOD.replace("2016-01-10", "10.1.16"), "'10.1.16' is no day"),
    ],
)
def test_broken_record_says_where_and_what(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        _read(tmp_path, content)


def test_record_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "deliveries.csv").write_bytes(HEADING.encode("utf-16"))
    with pytest.raises(SourceError, match="no text in UTF-8 or GB18030"):
        read_deliveries(tmp_path)


def test_a_record_kept_elsewhere_stands_where_the_folder_has_none(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "raw", tmp_path / "trial.csv"
    folder.mkdir()
    (folder / "东昌府.csv").touch()
    assert read_deliveries(folder, elsewhere) == {}
    elsewhere.write_text(HEADING + GOOD, encoding="utf-8")
    assert read_deliveries(folder, elsewhere)["东昌府.csv"].batches_declared == 120
    assert _read(folder, HEADING) == {}
    assert read_deliveries(folder, elsewhere) == {}, "the folder's own record comes first"
