"""The sampling frame is read strictly: a wrong count of enterprises would weight every rate wrongly."""

from pathlib import Path

import pytest

from qstats.errors import SourceError
from qstats.sources.frame import FILE_NAME, read_frame

STRATA = ["enterprise_size", "county_code"]
GOOD = "enterprise_size,county_code,enterprises\nsmall,371502,120\nlarge,371502,4\n,,\n"


def _write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / FILE_NAME).write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_counts_by_stratum(tmp_path: Path, encoding: str) -> None:
    frame = read_frame(_write(tmp_path, GOOD, encoding), STRATA)
    assert frame.rows() == [("small", "371502", 120), ("large", "371502", 4)]


def test_no_frame_is_a_frame_without_rows(tmp_path: Path) -> None:
    frame = read_frame(tmp_path, STRATA)
    assert (frame.height, frame.columns) == (0, [*STRATA, "enterprises"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("enterprise_size,enterprises\nsmall,1\n", "column 'county_code' is missing"),
        (GOOD.replace("120", "一百"), "row 2: enterprises '一百' is no count"),
        (GOOD.replace("120", "-3"), "row 2: enterprises '-3' is no count"),
        (GOOD.replace("large", "huge"), "row 3: enterprise_size 'huge' is none of"),
        (GOOD.replace("371502,4", "999999,4"), "row 3: county_code '999999' is none of"),
        (GOOD.replace("large", "small"), "stratum small / 371502 stands twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_frame(_write(tmp_path, text), STRATA)
