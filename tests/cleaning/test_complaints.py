"""Registers of complaints: open and closed ones, duplicates, numbers used twice, days that cannot be."""

from datetime import date
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.complaints import COMPLAINT_STREAM


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, COMPLAINT_STREAM, "complaint_records")


def row(number="TS01", **cells):
    plain = {
        "complaint_no": number, "county": "东阿县", "opened_on": "2015-03-01", "closed_on": "2015-03-20",
        "kind": "渗漏", "status": "已办结",
    }  # fmt: skip
    return plain | cells


def days(one):
    return one["opened_on"], one["closed_on"], one["status"]


OPENED, CLOSED = date(2015, 3, 1), date(2015, 3, 20)


def test_a_closed_and_an_open_complaint(clean) -> None:
    done = clean([row(project_no="gc01"), row("TS02", closed_on=None, status="办理中")])
    assert [days(one) for one in done.rows] == [(OPENED, CLOSED, "closed"), (OPENED, None, "open")]
    assert done.rows[0]["project_id"] == "GC01"
    assert done.met() == []


@pytest.mark.parametrize(
    ("closed_on", "status", "expected"),
    [
        ("2015-02-01", None, (None, "closed")),
        ("2015-02-30", None, (None, "closed")),
        ("2051-03-20", None, (None, "closed")),
        ("2016-03-20", "已办结", (None, "open")),
        ("2015-03-20 15:42", None, (CLOSED, "closed")),
        ("2015/3/20T15:42:01Z", None, (CLOSED, "closed")),
        ("42083", None, (CLOSED, "closed")),
        (None, "已办结", (None, "closed")),
        ("/", None, (None, None)),
        (None, "转办", (None, None)),
        ("2015-03-01", None, (OPENED, "closed")),
    ],
)
def test_days_of_closing(clean, closed_on, status, expected) -> None:
    assert days(clean([row(closed_on=closed_on, status=status)]).only)[1:] == expected


def test_a_closing_before_the_opening_is_listed(clean) -> None:
    assert clean([row(closed_on="2015-02-01")]).met() == ["complaint.closed_before_opened"]


def test_a_complaint_without_a_day_of_receipt_stays(clean) -> None:
    done = clean([row(opened_on=None), row("TS02", opened_on="2015-13-01")])
    assert [one["opened_on"] for one in done.rows] == [None, None]
    assert done.met() == ["date.impossible"]


def test_complaints_without_number_are_told_apart_by_their_row(clean) -> None:
    rows = [row(None), row("无编号"), row(None)]
    done = clean(rows, rows, ids=("abc", "abc.2"))
    assert [one["complaint_id"] for one in done.rows] == ["abc-2", "abc-3", "abc-4"]
    assert done.met() == ["complaint.duplicate"] * 3


@pytest.mark.parametrize("status", ["重复投诉", "已办结，重复", "并案"])
def test_marked_duplicates_leave(clean, status) -> None:
    done = clean([row(), row("TS02", status=status), row("TS03", status="非重复投诉")])
    assert [one["complaint_id"] for one in done.rows] == ["TS01", "TS03"]
    assert done.met() == ["category.unknown", "complaint.marked_duplicate"]


def test_a_complaint_sent_again_when_it_was_closed(clean) -> None:
    done = clean([row(closed_on=None, status="办理中")], [row("ts 01", county=None)])
    assert days(done.only) == (OPENED, CLOSED, "closed")
    assert done.met() == ["complaint.duplicate"]


def test_of_several_days_of_closing_the_latest_counts(clean) -> None:
    files = [row()], [row(closed_on="2015-06-01")]
    for one in (files, files[::-1]):
        done = clean(*one)
        assert done.only["closed_on"] == date(2015, 6, 1)
        assert done.met() == ["complaint.conflict", "complaint.duplicate"]


def test_a_number_in_two_years_stands_for_two_complaints(clean) -> None:
    later = row("0001", opened_on="2015-03-01")
    done = clean([row("1", opened_on="2014-03-01", closed_on="2014-03-09")], [later], [later])
    assert [one["complaint_id"] for one in done.rows] == ["1", "1@2015"]
    assert done.met() == ["complaint.duplicate", "complaint.number_reused"]


def test_a_number_in_two_counties_stands_for_two_complaints(clean) -> None:
    done = clean([row()], [row(county="冠县", kind="门窗", opened_on="2015-05-01", closed_on=None)])
    assert [one["complaint_id"] for one in done.rows] == ["TS01", "TS01@371525"]


def test_lines_that_are_no_complaints(clean) -> None:
    lines = [
        {"sequence": "合计", "kind": "12件"}, {"kind": "合计"}, {"complaint_no": "小计：12件"},
        {"kind": "其他"},
        {"complaint_no": "注：1、略"}, {"sequence": "填表人：演示员"}, {},
        {"complaint_no": "投诉编号", "opened_on": "受理日期", "closed_on": "办结日期"},
    ]  # fmt: skip
    done = clean([row(), *lines])
    assert done.only["complaint_id"] == "TS01"
    assert done.met() == [
        "row.blank", "row.header_repeated", "row.no_identity", "row.no_identity", "row.note", "row.note",
        "row.total", "row.total",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["维修费用合计：3000元", "说明：外墙渗漏", "备注1、门窗", "共12户渗漏"])
def test_what_a_complaint_is_about_is_no_total_and_no_note(clean, kind) -> None:
    assert clean([row(kind=kind)]).only["kind"] == kind


def test_no_complaints_are_no_error(clean) -> None:
    assert clean([]).rows == []


@st.composite
def registers(draw):
    days_ = st.none() | st.dates(date(2014, 6, 1), date(2016, 3, 31)).map(str)
    cells = {
        "complaint_no": st.sampled_from(["TS01", "ts01", "2", None]), "opened_on": days_, "closed_on": days_,
        "county": st.sampled_from(["东阿县", "冠县", None]), "kind": st.sampled_from(["渗漏", "门窗", None]),
        "status": st.sampled_from(["已办结", "办理中", "重复", "转办", None]),
    }  # fmt: skip
    return draw(st.lists(st.fixed_dictionaries(cells), max_size=6))


@settings(max_examples=40)
@given(registers(), registers())
def test_every_row_is_kept_merged_or_dropped_and_no_time_runs_backwards(clean_stream, first, second) -> None:
    done = clean_stream(COMPLAINT_STREAM, "complaint_records", first, second)
    gone = done.issues.filter(pl.col("action").is_in(["dropped", "merged"]))["cases"].sum()
    assert done.table.height + gone == len(first) + len(second)
    assert done.table["complaint_id"].is_unique().all()
    assert done.table.filter(pl.col("closed_on") < pl.col("opened_on")).is_empty()
    assert done.table.filter(pl.col("closed_on").is_not_null() & (pl.col("status") != "closed")).is_empty()


@settings(max_examples=25)
@given(registers())
def test_cleaning_a_clean_table_changes_nothing(clean_stream, rows) -> None:
    once = clean_stream(COMPLAINT_STREAM, "complaint_records", rows, ids=["S1"])
    names = {"371524": "东阿县", "371525": "冠县", None: None}
    again = clean_stream(COMPLAINT_STREAM, "complaint_records", [
        {
            "complaint_no": one["complaint_id"], "county": names[one["county_code"]], "kind": one["kind"],
            "opened_on": one["opened_on"] and str(one["opened_on"]), "status": one["status"],
            "closed_on": one["closed_on"] and str(one["closed_on"]),
        }
        for one in once.rows
    ])  # fmt: skip
    told = [name for name in once.table.columns if not name.startswith("source")]
    assert again.table.select(told).rows() == once.table.select(told).rows()
