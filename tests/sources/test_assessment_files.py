"""Incidents and evidence as the bureau keeps them. Oracle: what stands here; what is wrong stops the run."""

from datetime import date
from pathlib import Path

import pytest

from qstats.errors import SourceError
from qstats.schemas import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.sources.assessment_files import (
    EVIDENCE_FILE,
    INCIDENT_FILE,
    read_evidence,
    read_incidents,
)

INCIDENT = {
    "incident_id": "SG1", "county_code": "371502", "occurred_on": "2015-03-01", "reported_on": "",
    "area": "product", "extent": "regional", "grade": "major", "deaths": "1", "injured": "", "loss": "12.5",
    "status": "confirmed", "reported_by": "市质监局", "description": "钢瓶爆裂",
}  # fmt: skip
ENTRY = {
    "evidence_id": "K1", "scheme": "county_30_50_20", "year": "2014-07-01/2015-06-30",
    "county_code": "371502",
    "item": "funding", "kind": "evidence", "points": "5.5", "stated_on": "2015-07-20",
    "author": "考核组", "reason": "文件齐全", "refers_to": "", "status": "accepted",
}  # fmt: skip
APPEAL = ENTRY | {"evidence_id": "K2", "kind": "appeal", "points": "", "status": "pending"}
DECISION = ENTRY | {"evidence_id": "K3", "kind": "decision", "refers_to": "K2", "points": "6"}


def write(folder: Path, name: str, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding=encoding)
    return folder


def test_without_files_there_are_no_rows(tmp_path: Path) -> None:
    assert read_incidents(tmp_path).is_empty() and read_incidents(tmp_path).schema == INCIDENTS
    assert read_evidence(tmp_path).is_empty() and read_evidence(tmp_path).schema == ASSESSMENT_EVIDENCE


def test_rows_are_read_as_they_stand(tmp_path: Path) -> None:
    found = read_incidents(write(tmp_path, INCIDENT_FILE, INCIDENT)).to_dicts()[0]
    assert found == {name: cell or None for name, cell in INCIDENT.items()} | {
        "source_row": 2, "occurred_on": date(2015, 3, 1), "deaths": 1, "loss": 12.5,
    }  # fmt: skip
    table = read_evidence(write(tmp_path, EVIDENCE_FILE, ENTRY, APPEAL, DECISION))
    assert table["points"].to_list() == [5.5, None, 6.0] and table["source_row"].to_list() == [2, 3, 4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"county_code": "999999"}, "row 2: county_code '999999' is no county"),
        ({"occurred_on": "2015-02-30"}, "occurred_on '2015-02-30' is no day; write it as"),
        ({"occurred_on": ""}, "occurred_on is empty"),
        ({"extent": "wide"}, "extent 'wide' is none of single, regional"),
        ({"grade": "重大"}, "grade '重大' is none of general"),
        ({"deaths": "-1"}, "deaths '-1' is no whole number"),
        ({"loss": "much"}, "loss 'much' is no number"),
        ({"loss": "nan"}, "loss 'nan' is no number"),
        ({"reported_by": " "}, "reported_by is empty"),
        ({"description": "a,b"}, "more cells than the heading"),
    ],
)
def test_an_incident_that_cannot_be_right_stops_the_run(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_incidents(write(tmp_path, INCIDENT_FILE, INCIDENT | change))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ENTRY | {"author": ""}, "author is empty"),
        (ENTRY | {"stated_on": ""}, "stated_on is empty"),
        (ENTRY | {"reason": ""}, "reason is empty"),
        (ENTRY | {"points": ""}, "evidence states no points"),
        (ENTRY | {"points": "6.5"}, "6.5 points lie outside 0 to 6"),
        (ENTRY | {"item": "colour"}, "item 'colour' is none of leadership"),
        (ENTRY | {"scheme": "colour"}, "there is no assessment scheme 'colour'"),
        (ENTRY | {"kind": "gift"}, "kind 'gift' is none of evidence"),
        (DECISION | {"refers_to": ""}, "refers_to None is no appeal of this county and item"),
        (DECISION | {"refers_to": "K1"}, "refers_to 'K1' is no appeal"),
        (DECISION | {"county_code": "371521"}, "refers_to 'K2' is no appeal of this county"),
        (APPEAL, "evidence_id 'K2' stands twice"),
    ],
)
def test_an_entry_that_cannot_be_right_stops_the_run(
    tmp_path: Path, row: dict[str, str], message: str
) -> None:
    rows = [
        ENTRY | {"evidence_id": "K0"},
        APPEAL,
        row if row["evidence_id"] != "K0" else row | {"evidence_id": "K9"},
    ]
    with pytest.raises(SourceError, match=message):
        read_evidence(write(tmp_path, EVIDENCE_FILE, *rows))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    short = {name: cell for name, cell in INCIDENT.items() if name != "extent"}
    with pytest.raises(SourceError, match="column 'extent' is missing; it needs incident_id"):
        read_incidents(write(tmp_path, INCIDENT_FILE, short))
