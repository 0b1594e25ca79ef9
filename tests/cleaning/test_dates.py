"""Dates in the forms that are met in announcements, exports and workbooks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.cleaning.dates import EARLIEST, date_rule, production_day

CUTOFF = date(2020, 12, 31)
READ = date_rule(CUTOFF, False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2010-6-2", "2010-06-02"),
        ("20200609", "2020-06-09"),
        ("2016/03/22", "2016-03-22"),
        ("2016-03-22", "2016-03-22"),
        ("2016.3.22", "2016-03-22"),
        ("2016年3月22日", "2016-03-22"),
        ("2016年03月22", "2016-03-22"),
        ("2016-03-22 00:00:00", "2016-03-22"),
        ("2016-03-22T08:30:00.000Z", "2016-03-22"),
        ("2016/3/22 8:30", "2016-03-22"),
        ("2016-02-29", "2016-02-29"),
    ],
)
def test_form_is_read_without_an_issue(text: str, day: str) -> None:
    assert READ(text) == (day, ())


@pytest.mark.parametrize(
    ("text", "day", "rule"),
    [
        ("42451", "2016-03-22", "date.serial"),
        ("42451.5", "2016-03-22", "date.serial"),
        ("2016-03-22（补录）", "2016-03-22", "date.remark"),
        ("2016年3月22日 补检", "2016-03-22", "date.remark"),
        ("20160322抽", "2016-03-22", "date.remark"),
        ("2016-3-123", None, "date.impossible"),
        ("2015-02-29", None, "date.impossible"),
        ("2015-02-30", None, "date.impossible"),
        ("2014-13-05", None, "date.impossible"),
        ("20150931", None, "date.impossible"),
        ("2051/06/02", None, "date.impossible"),
        ("1999-12-31", None, "date.impossible"),
        ("2015年", None, "date.impossible"),
        ("见附件", None, "date.impossible"),
        ("201503221", None, "date.impossible"),
    ],
)
def test_form_is_mended_or_blanked(text: str, day: str | None, rule: str) -> None:
    cleaned = READ(text)
    assert cleaned.value == day
    assert [(hit.rule, hit.old, hit.new) for hit in cleaned.hits] == [(rule, text, day)]


def test_day_comes_first_only_where_the_layout_says_so() -> None:
    assert date_rule(CUTOFF, True)("02/06/2015").value == "2015-06-02"
    assert READ("02/06/2015").value is None
    assert date_rule(CUTOFF, True)("2015-06-02").value == "2015-06-02"


def test_day_after_the_cutoff_is_impossible() -> None:
    assert date_rule(date(2015, 6, 1), False)("2015-06-01").value == "2015-06-01"
    assert date_rule(date(2015, 6, 1), False)("2015-06-02").value is None


FORMS = ["{0:04d}-{1:02d}-{2:02d}", "{0}-{1}-{2}", "{0}/{1}/{2}", "{0:04d}{1:02d}{2:02d}", "{0}年{1}月{2}日"]


@given(st.dates(EARLIEST, CUTOFF), st.sampled_from(FORMS))
def test_every_day_is_read_in_every_form(day: date, form: str) -> None:
    assert READ(form.format(day.year, day.month, day.day)) == (day.isoformat(), ())


@given(st.dates(EARLIEST, CUTOFF))
def test_serials_are_days_since_1899(day: date) -> None:
    assert READ(str((day - date(1899, 12, 30)).days)).value == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2015-03-02", "2015-03-02"), ("2015年3月2日/A12", "2015-03-02"), ("K0317", None), ("20150302", None),
     ("2015-02-30", None)],
)  # fmt: skip
def test_day_of_production_is_read_where_the_cell_begins_with_one(cell: str, day: str | None) -> None:
    assert production_day(cell) == day
