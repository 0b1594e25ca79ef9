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

CUTOFF = date(2016, 1, 31)
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
    assert (
        read_incidents(tmp_path, CUTOFF).is_empty() and read_incidents(tmp_path, CUTOFF).schema == INCIDENTS
    )
    assert (
        read_evidence(tmp_path, CUTOFF).is_empty()
        and read_evidence(tmp_path, CUTOFF).schema == ASSESSMENT_EVIDENCE
    )


def test_rows_are_read_as_they_stand(tmp_path: Path) -> None:
    found = read_incidents(write(tmp_path, INCIDENT_FILE, INCIDENT), CUTOFF).to_dicts()[0]
    assert found == {name: cell or None for name, cell in INCIDENT.items()} | {
        "source_row": 2, "occurred_on": date(2015, 3, 1), "deaths": 1, "loss": 12.5,
    }  # fmt: skip
    table = read_evidence(write(tmp_path, EVIDENCE_FILE, ENTRY, APPEAL, DECISION), CUTOFF)
    assert table["points"].to_list() == [5.5, None, 6.0] and table["source_row"].to_list() == [2, 3, 4]


DAYS = ("2013-11-05", "2013/11/5", "2013.11.05", "2013年11月5日", "20131105")


@pytest.mark.parametrize("cell", DAYS)
def test_days_are_read_as_excel_and_people_write_them(tmp_path: Path, cell: str) -> None:
    write(tmp_path, INCIDENT_FILE, INCIDENT | {"occurred_on": cell, "reported_on": cell})
    write(tmp_path, EVIDENCE_FILE, ENTRY | {"year": "2012-07-01/2013-06-30", "stated_on": cell})
    incidents, evidence = read_incidents(tmp_path, CUTOFF), read_evidence(tmp_path, CUTOFF)
    assert incidents.select("occurred_on", "reported_on").row(0) == (date(2013, 11, 5), date(2013, 11, 5))
    assert evidence["stated_on"].item() == date(2013, 11, 5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"county_code": "999999"}, "line 2: county_code '999999' is no county"),
        ({"occurred_on": "2015-02-30"}, "occurred_on '2015-02-30' is no day; write it as"),
        ({"occurred_on": "2015/2/30"}, "line 2: occurred_on '2015/2/30' is no day; write it as"),
        ({"occurred_on": "5.11.2013"}, "line 2: occurred_on '5.11.2013' is no day; write it as"),
        ({"occurred_on": ""}, "occurred_on is empty"),
        ({"extent": "wide"}, "extent 'wide' is none of single, regional"),
        ({"grade": "重大"}, "grade '重大' is none of general"),
        ({"deaths": "-1"}, "deaths '-1' is no whole number"),
        ({"deaths": "9" * 30}, "deaths '9{30}' is no whole number up to 10000000"),
        ({"injured": "9" * 5000}, "injured '9+' is no whole number up to 10000000"),
        ({"injured": "10000001"}, "injured '10000001' is no whole number up to 10000000"),
        ({"occurred_on": "2914-03-01"}, "occurred_on '2914-03-01' lies outside 2000-01-01 to 2016-01-31"),
        ({"occurred_on": "1915-03-01"}, "occurred_on '1915-03-01' lies outside 2000-01-01 to 2016-01-31"),
        ({"occurred_on": "2016-02-01"}, "occurred_on '2016-02-01' lies outside"),
        ({"reported_on": "2915-03-02"}, "reported_on '2915-03-02' lies outside"),
        ({"reported_on": "2015-02-28"}, "line 2: reported on 2015-02-28, before it happened on 2015-03-01"),
        ({"loss": "much"}, "loss 'much' is no number"),
        ({"loss": "nan"}, "loss 'nan' is no number"),
        ({"reported_by": " "}, "reported_by is empty"),
        ({"description": '"钢瓶'}, "unexpected end of data. Mend its quotes"),
        ({"description": "a,b"}, "line 2: 14 cells, the heading has 13. Mend its commas"),
    ],
)
def test_an_incident_that_cannot_be_right_stops_the_run(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_incidents(write(tmp_path, INCIDENT_FILE, INCIDENT | change), CUTOFF)


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
        (ENTRY | {"scheme": "x" * 300}, "there is no assessment scheme 'x{300}'; .* has county_30_50_20"),
        (ENTRY | {"scheme": "../indices/city"}, "there is no assessment scheme"),
        (ENTRY | {"scheme": "a\0b"}, "there is no assessment scheme"),
        (ENTRY | {"item": "pass_rate"}, "'pass_rate' is measured, evidence gives it no points"),
        (ENTRY | {"stated_on": "2914-07-20"}, "stated_on '2914-07-20' lies outside"),
        (DECISION | {"stated_on": "2015-07-19"}, "decided on 2015-07-19, before the appeal K2 of 2015-07-20"),
        (DECISION | {"refers_to": ""}, "refers_to None is no appeal of this scheme, year, county and item"),
        (DECISION | {"refers_to": "K1"}, "refers_to 'K1' is no appeal"),
        (DECISION | {"county_code": "371521"}, "refers_to 'K2' is no appeal of this scheme"),
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
        read_evidence(write(tmp_path, EVIDENCE_FILE, *rows), CUTOFF)


@pytest.mark.parametrize(
    "year",
    [
        "2014", "2014-07-01 / 2015-06-30", "20140701/20150630", "2014-07-01", "2014-07-01/2015-06-30/",
        "2014-01-01/2014-12-31",  # a year, but not one of a scheme that runs from July to June
        "2014-07-01/2016-06-30", "2015-06-30/2014-07-01", "0001-01-01/0001-12-31", "9998-07-01/9999-06-30",
        "2016-07-01/2017-06-30",  # begins after the cutoff
    ],
)  # fmt: skip
def test_a_year_that_no_scorecard_would_find_stops_the_run(tmp_path: Path, year: str) -> None:
    write(tmp_path, EVIDENCE_FILE, ENTRY | {"year": year})
    message = rf"line 2: '{year}' is no year of county_30_50_20.* as in 2014-07-01/2015-06-30"
    with pytest.raises(SourceError, match=message):
        read_evidence(tmp_path, CUTOFF)


def test_measured_points_are_still_claimed_and_appealed(tmp_path: Path) -> None:
    measured = {"item": "pass_rate", "points": "19"}
    claim = ENTRY | measured | {"evidence_id": "K0", "kind": "self_assessment"}
    rows = (claim, APPEAL | measured, DECISION | measured)
    assert read_evidence(write(tmp_path, EVIDENCE_FILE, *rows), CUTOFF).height == 3


def test_a_row_is_named_by_the_line_on_which_it_begins(tmp_path: Path) -> None:
    broken = INCIDENT | {"description": '"钢瓶爆裂，\n三人受伤"'}
    later = INCIDENT | {"incident_id": "SG2"}
    write(tmp_path, INCIDENT_FILE, broken, later)
    path = tmp_path / INCIDENT_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("SG2", "\nSG2"), encoding="utf-8")
    table, lines = read_incidents(tmp_path, CUTOFF), path.read_text(encoding="utf-8").split("\n")
    assert table["source_row"].to_list() == [2, 5]
    for number, line in table.select("incident_id", "source_row").iter_rows():
        assert lines[line - 1].startswith(number)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, INCIDENT_FILE, INCIDENT)
    path = tmp_path / INCIDENT_FILE
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{lines[0]},county_code\n{lines[1]},371521\n", encoding="utf-8")
    with pytest.raises(SourceError, match="column 'county_code' stands twice in the heading"):
        read_incidents(tmp_path, CUTOFF)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    short = {name: cell for name, cell in INCIDENT.items() if name != "extent"}
    with pytest.raises(SourceError, match="column 'extent' is missing; it needs incident_id"):
        read_incidents(write(tmp_path, INCIDENT_FILE, short), CUTOFF)
