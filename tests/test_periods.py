"""Years, half-years, quarters and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.errors import ParameterError
from qstats.periods import Period, TwelveMonths, YearToDate

PERIODS = st.one_of(
    st.integers(1990, 2050).map(str),
    st.tuples(st.integers(1990, 2050), st.integers(1, 2)).map(lambda parts: f"{parts[0]}H{parts[1]}"),
    st.tuples(st.integers(1990, 2050), st.integers(1, 4)).map(lambda parts: f"{parts[0]}Q{parts[1]}"),
    st.tuples(st.integers(1990, 2050), st.integers(1, 12)).map(lambda parts: f"{parts[0]}-{parts[1]:02d}"),
)


@pytest.mark.parametrize(
    ("text", "start", "end", "zh", "en"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31), "2015年", "2015"),
        ("2015H1", date(2015, 1, 1), date(2015, 6, 30), "2015年上半年", "the first half of 2015"),
        ("2015H2", date(2015, 7, 1), date(2015, 12, 31), "2015年下半年", "the second half of 2015"),
        ("2015Q4", date(2015, 10, 1), date(2015, 12, 31), "2015年第四季度", "the fourth quarter of 2015"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "2016年2月", "February 2016"),
        ("2015-12", date(2015, 12, 1), date(2015, 12, 31), "2015年12月", "December 2015"),
    ],
)
def test_days_and_name(text: str, start: date, end: date, zh: str, en: str) -> None:
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)
    assert period.label == {"zh": zh, "en": en}


@pytest.mark.parametrize(
    "text", ["", "15Q4", "2015Q0", "2015Q5", "2015H3", "2015-13", "2015-0", "2015-", "2015q4", "2015Q4 "]
)
def test_other_forms_are_errors(text: str) -> None:
    with pytest.raises(ParameterError, match="is not of the form"):
        Period.parse(text)


@given(PERIODS)
def test_written_form_is_read_back(text: str) -> None:
    assert str(Period.parse(text)) == text


@given(PERIODS, st.integers(-40, 40))
def test_periods_follow_without_gap(text: str, step: int) -> None:
    period = Period.parse(text)
    assert period.shift(step).shift(-step) == period
    assert period.shift(1).start == period.end + timedelta(days=1)


@given(PERIODS)
def test_same_period_of_last_year(text: str) -> None:
    period = Period.parse(text)
    earlier = period.last_year()
    assert (earlier.start.month, earlier.start.year) == (period.start.month, period.start.year - 1)
    per_year = {"": 1, "H": 2, "Q": 4, "-": 12}[period.kind]
    assert period.shift(-per_year) == earlier


def test_series_ends_with_the_period() -> None:
    assert [str(period) for period in Period.parse("2015Q2").preceding(4)] == [
        "2014Q3",
        "2014Q4",
        "2015Q1",
        "2015Q2",
    ]


@given(PERIODS)
def test_twelve_months_end_with_the_period_and_follow_without_gap(text: str) -> None:
    period = Period.parse(text)
    year = TwelveMonths.ending(period)
    assert (year.end, year.start) == (period.end, period.last_year().end + timedelta(days=1))
    assert year.last_year().end + timedelta(days=1) == year.start
    assert year.preceding(3)[-1] == year


@pytest.mark.parametrize(
    ("text", "written", "zh", "en"),
    [
        ("2015Q4", "2015", "2015年", "2015"),
        ("2015", "2015", "2015年", "2015"),
        ("2015Q3", "2014Q4–2015Q3", "2014年第四季度至2015年第三季度",
         "the twelve months to the end of the third quarter of 2015"),
    ],
)  # fmt: skip
def test_twelve_months_are_a_year_where_they_are_one(text: str, written: str, zh: str, en: str) -> None:
    year = TwelveMonths.ending(Period.parse(text))
    assert str(year) == written
    assert year.label == {"zh": zh, "en": en}


@given(PERIODS)
def test_year_to_date_begins_the_year_and_ends_with_the_period(text: str) -> None:
    period = Period.parse(text)
    year = YearToDate.ending(period)
    assert (year.start, year.end) == (date(period.year, 1, 1), period.end)
    assert (year.shift(-1).start.year, year.shift(-1).end.month) == (period.year - 1, period.end.month)
    assert year.is_whole == (period.end.month == 12)
    assert (str(year) == str(period)) == (year.start == period.start)


@pytest.mark.parametrize(
    ("text", "written", "zh", "en"),
    [
        ("2015Q4", "2015", "2015年", "2015"),
        ("2015H2", "2015", "2015年", "2015"),
        ("2015-12", "2015", "2015年", "2015"),
        ("2015", "2015", "2015年", "2015"),
        ("2015Q3", "2015-01–09", "2015年1—9月", "January to September 2015"),
        ("2015-02", "2015-01–02", "2015年1—2月", "January to February 2015"),
        ("2015H1", "2015H1", "2015年上半年", "the first half of 2015"),
        ("2015Q1", "2015Q1", "2015年第一季度", "the first quarter of 2015"),
        ("2015-01", "2015-01", "2015年1月", "January 2015"),
    ],
)
def test_year_to_date_is_named_as_what_it_is(text: str, written: str, zh: str, en: str) -> None:
    year = YearToDate.ending(Period.parse(text))
    assert str(year) == written
    assert year.label == {"zh": zh, "en": en}


def test_year_to_date_of_a_leap_year() -> None:
    february = YearToDate.ending(Period.parse("2016-02"))
    assert (february.end, february.shift(-1).end) == (date(2016, 2, 29), date(2015, 2, 28))
