"""Published series: units, periods, declared turns, figures published twice, periods that lie in each other.

The oracle is arithmetic by hand; the properties hold for any rows.
"""

from datetime import date, timedelta
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.published_series import PUBLISHED_SERIES_STREAM
from qstats.cleaning.rules import RULES
from qstats.cleaning.series_periods import length_of, read_span
from qstats.cleaning.series_values import complement, read_figure


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, PUBLISHED_SERIES_STREAM, "published_series", cutoff=date(2024, 12, 31))


def row(period="2015", value="91.1", **cells):
    plain = {
        "series": "national", "label_zh": "国家监督抽查", "label_en": "National", "measure": "pass_rate",
        "period": period, "value": value, "unit": "percent",
    }  # fmt: skip
    return plain | cells


def test_a_percentage_becomes_a_proportion_with_the_step_of_its_rounding(clean) -> None:
    done = clean([row(n="25,345", issuer="质检总局")])
    one = done.only
    assert (one["value"], one["rounded_to"], one["unit"], one["n"]) == (0.911, 0.001, "proportion", 25_345)
    assert (one["period_start"], one["period_end"]) == (date(2015, 1, 1), date(2015, 12, 31))
    assert (one["status"], one["segment"], one["issuer"]) == ("published", 1, "质检总局")
    assert done.met() == []


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("92.3%", None, (0.923, "proportion", 0.001)),
        ("92.3％", "percent", (0.923, "proportion", 0.001)),
        ("92.3%", "proportion", (0.923, "proportion", 0.001)),
        ("0.923", "proportion", (0.923, "proportion", 0.001)),
        ("100", "percent", (1.0, "proportion", 0.01)),
        ("74", "percent", (0.74, "proportion", 0.01)),
        ("82.0", "percent", (0.82, "proportion", 0.001)),
        ("3.2‰", None, (0.0032, "proportion", 0.0001)),
        ("81.49", "points", (81.49, "points", 0.01)),
        ("-2.5", "points", (-2.5, "points", 0.1)),
        ("1,066", "count", (1066.0, "count", 1.0)),
        ("4.8", "rate", (4.8, "rate", 0.1)),
    ],
)
def test_figures_in_the_unit_of_the_table(text, unit, expected) -> None:
    figure = read_figure(text, unit)
    assert (figure.value, figure.unit, figure.rule) == (expected[0], expected[1], None)
    assert figure.step == pytest.approx(expected[2], rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "rule"),
    [
        ("0.9", None, "series.unit_unknown"),
        ("92.3", None, "series.unit_unknown"),
        ("92.3", "proportion", "series.impossible"),
        ("100.1", "percent", "series.impossible"),
        ("-1", "percent", "series.impossible"),
        ("-4", "count", "series.impossible"),
        ("4.5", "count", "series.impossible"),
        ("-0.1", "rate", "series.impossible"),
        ("81.49%", "points", "series.unit_contradicts"),
        ("12%", "count", "series.unit_contradicts"),
        ("约90", "percent", "series.value_unreadable"),
        ("9,1", "percent", "series.value_unreadable"),
        ("90以上", "percent", "series.value_unreadable"),
        (None, "percent", "series.no_value"),
    ],
)
def test_a_figure_that_cannot_be_is_dropped_and_listed(clean, text, unit, rule) -> None:
    done = clean([row(value=text, unit=unit)])
    assert done.rows == [] and done.met() == [rule]
    assert RULES[rule].action == "dropped"


@pytest.mark.parametrize(
    ("text", "first", "last", "length"),
    [
        ("2015", "2015-01-01", "2015-12-31", "year"),
        ("2015年", "2015-01-01", "2015-12-31", "year"),
        ("2015年度", "2015-01-01", "2015-12-31", "year"),
        ("2015H1", "2015-01-01", "2015-06-30", "half"),
        ("2015年下半年", "2015-07-01", "2015-12-31", "half"),
        ("2015q4", "2015-10-01", "2015-12-31", "quarter"),
        ("2015年第三季度", "2015-07-01", "2015-09-30", "quarter"),
        ("2015年2季度", "2015-04-01", "2015-06-30", "quarter"),
        ("2016-02", "2016-02-01", "2016-02-29", "month"),
        ("2015年3月", "2015-03-01", "2015-03-31", "month"),
        ("2013-10-01..2014-09-30", "2013-10-01", "2014-09-30", "year"),
        ("2013-10-01 至 2014-09-30", "2013-10-01", "2014-09-30", "year"),
        ("2013年10月1日—2014年9月30日", "2013-10-01", "2014-09-30", "year"),
        ("2015-06..2015-09", "2015-06-01", "2015-09-30", "4m"),
        ("2015年1-9月", "2015-01-01", "2015-09-30", "9m"),
        ("2015年6月至9月", "2015-06-01", "2015-09-30", "4m"),
        ("2015年前三季度", "2015-01-01", "2015-09-30", "9m"),
        ("2015-01-05..2015-02-10", "2015-01-05", "2015-02-10", "37d"),
    ],
)
def test_periods_as_they_are_written(text, first, last, length) -> None:
    span = read_span(text)
    assert span == (date.fromisoformat(first), date.fromisoformat(last))
    assert length_of(span) == length


@pytest.mark.parametrize(
    "text", ["上年", "2015Q5", "2015-13", "2014..2013", "2015-02-30", "2015年9-1月", "15", "", "0"]
)
def test_what_is_no_period(clean, text) -> None:
    assert read_span(text) is None
    assert clean([row(text or None)]).met() == ["series.period_unreadable"]


def test_a_period_in_two_columns(clean) -> None:
    done = clean([row(None, period_start="2013-10-01", period_end="2014-09-30")])
    assert (done.only["period_start"], done.only["period_end"]) == (date(2013, 10, 1), date(2014, 9, 30))


def test_a_target_or_forecast_is_no_figure(clean) -> None:
    done = clean([row("2024"), row("2025", "94")])
    assert [one["period_start"].year for one in done.rows] == [2024]
    assert done.met() == ["series.not_over"]


def test_a_failure_rate_is_turned_where_it_is_declared(clean) -> None:
    done = clean([row("2022", "9.4", stated_as="failure_rate", n="19440", events="1827")])
    one = done.only
    assert (one["measure"], one["value"], one["events"]) == ("pass_rate", 0.906, 19_440 - 1_827)
    assert done.met() == ["series.turned"]
    (listed,) = done.issues.filter(pl.col("rule") == "series.turned").iter_rows(named=True)
    assert (listed["old_value"], listed["new_value"]) == ("0.094", "0.906")


def test_a_failure_rate_is_never_turned_by_itself(clean) -> None:
    done = clean([row("2016", "91.6"), row("2017", "91.5"), row("2021", "12.2", measure="failure_rate")])
    kept = [(one["series"], one["measure"], one["value"]) for one in done.rows]
    assert kept == [
        ("national", "pass_rate", 0.916), ("national", "pass_rate", 0.915),
        ("national@failure_rate", "failure_rate", 0.122),
    ]  # fmt: skip
    assert done.met() == ["series.mixed"]


def test_what_has_no_complement_is_not_turned(clean) -> None:
    rows = [row(stated_as="index"), row("2016", "81", unit="points", stated_as="failure_rate")]
    assert clean(rows).met() == ["series.measure_contradicts"] * 2


def test_two_units_are_two_series(clean) -> None:
    done = clean(
        [row("2014", "82", measure="index", unit="points"), row(measure="index", unit="count", value="8")]
    )
    assert [one["series"] for one in done.rows] == ["national", "national@count"]


def test_the_unit_of_a_sample_is_part_of_the_basis_not_of_the_count(clean) -> None:
    done = clean([row(n="2359", basis_zh="抽查产品种数")])
    assert (done.only["n"], done.only["basis_zh"]) == (2359, "抽查产品种数")


def test_a_rate_follows_from_counts_where_only_these_are_published(clean) -> None:
    done = clean([row(value=None, n="2622", events="125", stated_as="failure_rate")])
    assert done.only["value"] == pytest.approx(1 - 125 / 2622, abs=1e-12)
    assert (done.only["rounded_to"], done.only["events"]) == (0, 2622 - 125)
    assert done.met() == ["series.turned", "series.value_computed"]


@pytest.mark.parametrize(
    ("value", "events", "met"), [("95.2", "2497", []), ("95.3", "2497", ["series.value_contradicts"])]
)
def test_a_rate_is_compared_with_its_counts(clean, value, events, met) -> None:
    done = clean([row(value=value, n="2622", events=events)])
    assert done.met() == met and done.only["value"] == round(float(value) / 100, 12)


@pytest.mark.parametrize(("n", "events"), [("100", "101"), ("0", "0")])
def test_counts_that_cannot_be_are_blanked(clean, n, events) -> None:
    done = clean([row(n=n, events=events)])
    assert (done.only["n"], done.only["events"]) == (None, None)
    assert done.met() == ["series.counts_contradict"]


def test_a_figure_in_two_files_is_one_and_the_parts_are_joined(clean) -> None:
    done = clean([row(n="25345")], [row(issuer="质检总局"), row("2016", "91.6")])
    assert [(one["period_start"].year, one["n"], one["issuer"]) for one in done.rows] == [
        (2015, 25_345, "质检总局"), (2016, None, None),
    ]  # fmt: skip
    assert done.met() == ["series.duplicate"]


def test_a_figure_published_again_otherwise_is_the_later_one(clean) -> None:
    done = clean([row(n="25345")], [row(value="91.2")])
    assert (done.only["value"], done.only["n"]) == (0.912, None), "its n is that of the earlier figure"
    assert done.met() == ["series.conflict", "series.duplicate"]


def test_a_coarser_figure_of_the_same_value_is_no_conflict(clean) -> None:
    assert clean([row(value="91.12")], [row(value="91.1")]).met() == ["series.duplicate"]


def test_a_half_year_inside_its_year_is_no_second_observation(clean) -> None:
    done = clean([row("2014", "92.3"), row("2015H1", "90.4"), row("2015", "91.1"), row("2016", "91.6")])
    assert [(one["series"], one["value"]) for one in done.rows] == [
        ("national", 0.923), ("national", 0.911), ("national", 0.916), ("national@half", 0.904),
    ]  # fmt: skip
    assert done.met() == ["series.overlap"]


def test_periods_up_to_date_are_kept_apart(clean) -> None:
    periods = ["2015年1-2月", "2015年1-4月", "2015年1-3月", "2015年上半年"]
    done = clean([row(period) for period in periods])
    names = {one["series"] for one in done.rows}
    assert names == {"national", "national@4m", "national@quarter", "national@2m"}
    assert done.table.select("series", "period_start").is_duplicated().sum() == 0


def test_irregular_periods_that_do_not_overlap_stay_together(clean) -> None:
    done = clean([row("2005H1", "80.6"), row("2007", "82.13"), row("2013", "84.3"), row("2014Q4", "87.8")])
    assert {one["series"] for one in done.rows} == {"national"} and done.met() == []


def test_rolling_years_are_listed(clean) -> None:
    done = clean([row("2014-01..2014-12"), row("2014-04..2015-03")])
    assert [one["series"] for one in done.rows] == ["national"] * 2
    assert done.met() == ["series.overlap"]


def test_a_break_note_begins_a_new_segment(clean) -> None:
    broken = row("2020", "90", break_note_zh="流通领域比重上升", break_note_en="more retail")
    done = clean([row("2021", "87.8"), broken, row("2016"), row("2017", "91.5", break_note_en=None)])
    assert [(one["period_start"].year, one["segment"]) for one in done.rows] == [
        (2016, 1), (2017, 1), (2020, 2), (2021, 2),
    ]  # fmt: skip


def test_a_proportion_among_percentages_is_listed(clean) -> None:
    done = clean([row("2012", "89.8"), row("2013", "88.9"), row("2014", "0.923")])
    assert done.met() == ["series.scale"] and done.table.height == 3


def test_a_declared_step_of_a_derived_figure_wins(clean) -> None:
    done = clean([row("2020", "10.0", stated_as="failure_rate", status="derived", rounded_to="0.2")])
    assert (done.only["rounded_to"], done.only["status"]) == (0.002, "derived")


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"series": None}, "row.no_identity"),
        ({"measure": None}, "row.no_identity"),
        ({"sequence": "合计"}, "row.total"),
        ({"sequence": "注：略"}, "row.note"),
        ({"series": "序列", "period": "时期", "value": "数值"}, "row.header_repeated"),
    ],
)
def test_lines_that_are_no_figures(clean, cells, rule) -> None:
    done = clean([row(), row("2016") | cells])
    assert done.table.height == 1 and rule in done.met()


def test_no_series_is_no_error(clean) -> None:
    assert clean([]).rows == []


@st.composite
def publications(draw):
    cells = {
        "series": st.sampled_from(["a", "b", None]),
        "measure": st.sampled_from(["pass_rate", "不合格率", "index", None]),
        "stated_as": st.sampled_from([None, "failure_rate", "pass_rate"]),
        "period": st.sampled_from(["2014", "2015", "2015H1", "2015-03", "2015年1-9月", "2030", "去年", None]),
        "value": st.sampled_from(["91.1", "9.4%", "0.5", "-3", "120", "x", None]),
        "unit": st.sampled_from(["percent", "points", "proportion", None]),
        "n": st.sampled_from(["100", "0", None]), "events": st.sampled_from(["5", "101", None]),
        "break_note_zh": st.sampled_from([None, "口径变化"]),
    }  # fmt: skip
    return draw(st.lists(st.fixed_dictionaries(cells), max_size=7))


@settings(max_examples=60)
@given(publications(), publications())
def test_every_row_is_kept_merged_or_dropped_and_each_period_has_one_figure(clean_stream, one, two) -> None:
    done = clean_stream(PUBLISHED_SERIES_STREAM, "published_series", one, two)
    gone = done.issues.filter(pl.col("action").is_in(["dropped", "merged"]))["cases"].sum()
    assert done.table.height + gone == len(one) + len(two)
    assert not done.table.select("series", "period_start").is_duplicated().any()
    kinds = done.table.group_by("series").agg(pl.struct("measure", "unit").n_unique().alias("kinds"))
    assert (kinds["kinds"] == 1).all()
    proportions = done.table.filter(pl.col("unit") == "proportion")["value"]
    assert proportions.is_between(0, 1).all()
    assert (done.table["events"] <= done.table["n"]).fill_null(True).all()


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 2000))
def test_spans_of_days_are_read_back(first, days) -> None:
    span = (first, first + timedelta(days=days))
    assert read_span(f"{span[0]}..{span[1]}") == span


@given(st.integers(0, 100_000))
def test_turning_twice_changes_nothing(thousandths) -> None:
    value = round(thousandths / 100_000, 12)
    assert complement(complement(value)) == value
