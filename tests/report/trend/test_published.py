"""Published series as the chapter tells them. Oracle: what was declared of them, the rules of rank tests."""

import pandas as pd
import pytest

from qstats.report import trend
from qstats.report.figures.published import plot_published
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.periods import count_periods, period_cell, period_label, span_cell
from qstats.report.trend.published import list_stretches

WIDE = ("2013-10-01/2014-09-30", "2014-10-01/2015-09-30")


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2015Q4", "2015年第四季度", "the fourth quarter of 2015"),
        (WIDE[0], "截至2014年9月的一年", "the year to September 2014"),
        ("2013-10-01/2014-06-30", "2013年10月至2014年6月", "October 2013 to June 2014"),
        ("2013-10-05/2014-06-30", "2013年10月5日至2014年6月30日", "5 October 2013 to 30 June 2014"),
        ("第一轮", "第一轮", "第一轮"),
    ],
)
def test_periods_are_named_also_where_they_are_no_calendar_ones(period: str, zh: str, en: str) -> None:
    assert period_label(period) == {"zh": zh, "en": en}


def test_spans_and_counts_of_periods() -> None:
    assert span_cell("2012", "2015") == {"zh": "2012–2015", "en": "2012–2015"}
    assert span_cell(*WIDE) == {
        "zh": "截至2014年9月至2015年9月的各年",
        "en": "years to September 2014 … September 2015",
    }
    assert period_cell(WIDE[0])["en"] == "year to September 2014"
    assert (count_periods(1), count_periods(2)) == ("1 period", "2 periods")


def test_stretches_have_their_basis_issuer_rounding_and_what_changed() -> None:
    rows = pd.DataFrame({
        "series": "a", "segment": [1, 2, 2], "period_start": ["2010", "2011", "2012"], "measure": "pass_rate",
        "unit": "proportion", "rounded_to": [0.01, 0.001, 0.002], "issuer": ["x", "x", "y"],
        "basis_zh": ["甲", "乙", "乙"], "basis_en": ["A", "B", "B"], "break_note_zh": [None, "改", None],
        "break_note_en": [None, "Changed", None],
    })  # fmt: skip
    one, other = list_stretches(rows).to_dict("records")
    assert (one["group"], one["break_note_en"], one["rounded_to"]) == ("1", "", 0.01)
    assert (other["issuer"], other["basis_en"], other["break_note_en"]) == ("x；y", "B", "Changed")
    assert list_stretches(rows.assign(segment=1))["group"].tolist() == [""]


def test_what_changed_stands_where_the_series_is_told(published: Assessment, rows_of) -> None:
    rows = {(row["series"], row["group"]): row for row in rows_of(trend.tabulate_published(published))}
    assert rows["cut", "2"]["basis_en"] == "Changed: Counted in batches. unweighted"
    assert rows["cut", "2"]["span_en"] == "2011–2015" and rows["nat", ""]["step_en"] == "0.1 points"
    told = rows_of(trend.tabulate_trends(published))
    assert {row["name_en"] for row in told} >= {"Published cut rate (as defined 2006–2010)"}
    assert not any("definition 1" in row["name_en"] for row in told)


def test_main_points_are_a_summary_with_counts(patients: Assessment) -> None:
    points = trend.main_points(patients)
    assert len(points) == 3
    assert points[0]["en"] == "5 published series: 5 without a clear trend."
    assert "一并检验（Holm）后不成立，可能出于偶然（1段）" in points[1]["zh"]
    assert "(4)" in points[1]["en"] and "(1)" in points[1]["en"]
    assert (
        points[2]["en"] == "5 of them are published in steps of 1 point, so that smaller changes do not show."
    )


def test_the_reason_printed_is_the_true_one(patients: Assessment) -> None:
    row = patients.trend_of("S0")
    assert row["rank_p"] < 0.05 <= row["rank_p_adjusted"] and row["reason"] == "many_ranks"
    alone = next(one for one in trend.describe_published(patients) if one["en"].startswith("Share S0"))
    assert "with all series tested together" in alone["en"] and "(Holm)" in alone["en"]
    others = next(one for one in trend.describe_published(patients) if "4 without a clear trend" in one["en"])
    assert "they show no one direction" in others["en"] and "in steps of 1 point" in others["en"]


def test_slopes_of_proportions_are_printed_in_points_with_their_limits(patients: Assessment, rows_of) -> None:
    row = next(one for one in rows_of(trend.tabulate_trends(patients)) if one["series"] == "S0")
    assert row["amount_en"] == f"{100 * row['sen']:+.1f} points (Sen)".replace("-", "−")
    assert " to " in row["limits_en"] and row["span_en"].startswith("years to September 2014")
    finding = next(one for one in trend.list_findings(patients) if one.key == "trend.published.S0.slope")
    assert finding.unit == "points_per_year" and finding.estimate == row["sen"]


def test_every_figure_stands_in_the_table_of_periods(
    patients: Assessment, usual: Assessment, rows_of
) -> None:
    rows = rows_of(trend.tabulate_series(patients))
    assert len(rows) == 45 and all(row["value"] is not None for row in rows)
    assert rows[0]["shown_value_en"] == "82.0%"
    assert rows[0]["shown_period_en"] == "year to September 2014"
    complaints = [row for row in rows_of(trend.tabulate_series(usual)) if row["series"] == "complaint_rate"]
    assert complaints and all(row["value"] is not None for row in complaints)
    assert "%" in complaints[0]["shown_value_en"] or complaints[0]["shown_value_en"].count(".") == 1


def test_no_line_is_drawn_across_a_change_of_definition(published: Assessment) -> None:
    rows = published.series[published.series["series"] == "cut"]
    figure = plot_published(
        rows, labels={"cut": published.label("cut")}, shares={"cut"}, language="en"
    )  # fmt: skip
    (axes,) = figure.axes
    assert [len(line.get_xdata()) for line in axes.lines] == [5, 5]


def test_yearly_series_need_fewer_periods_and_the_limits_say_so(patients: Assessment) -> None:
    assert "12 periods (8 of yearly series)" in trend.describe_limits(patients)[0]["en"]
