"""Tables and charts on trends. Oracle: the assessment itself, and what links to the tables."""

import re

import pytest

from qstats.report import trend
from qstats.report.trend.assessment import Assessment

TABLES = {
    "trends": "trends", "county_trends": "county_trends", "series": "trend_series", "breaks": "breaks",
    "effects": "event_effects", "outlooks": "outlooks", "backtest": "backtest",
    "robustness": "trend_robustness", "mixes": "trend_by_mix", "published": "published_stretches",
}  # fmt: skip
CHARTS = {
    "pass_rate": "pass_rate_trend",
    "counties": "county_trends_chart",
    "outlook": "pass_rate_outlook",
    "published": "published_series_chart",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_reads_well_or_says_why_it_is_missing(case: Assessment, name: str, read_well) -> None:
    display = getattr(trend, f"tabulate_{name}")(case)
    if display is None:  # the text of the section says it
        assert name not in ("mixes", "backtest", "robustness")
        return
    assert display.payload["name"] == TABLES[name]
    texts = display.payload["paragraphs"] if display.kind == "text" else [
        display.payload["caption"], *display.payload["notes"],
        *(one["label"] for one in display.payload["columns"]),
    ]  # fmt: skip
    assert texts
    for text in texts:
        if any("\u4e00" <= character <= "\u9fff" for character in text["zh"]):
            read_well(text)


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_reads_well_or_says_why_it_is_missing(case: Assessment, chart: str, read_well) -> None:
    display = getattr(trend, f"chart_{chart}")(case)
    if display is None:
        assert chart != "pass_rate"
        return
    assert display.payload["name"] == CHARTS[chart]
    texts = display.payload["paragraphs"] if display.kind == "text" else [
        display.payload[name] for name in ("title", "alt", "source")
    ]  # fmt: skip
    assert texts
    for text in texts:
        read_well(text)


def test_the_usual_city_has_all_of_them(usual: Assessment) -> None:
    for name in set(TABLES) - {"published"}:
        assert getattr(trend, f"tabulate_{name}")(usual).kind == "table", name
    assert trend.chart_pass_rate(usual).kind == trend.chart_counties(usual).kind == "figure"


def test_the_table_of_trends_holds_every_series_of_the_city_with_n_interval_and_method(
    usual, rows_of
) -> None:
    rows = rows_of(trend.tabulate_trends(usual))
    assert [row["series"] for row in rows] == [
        "pass_rate", "first_time_rate", "dwelling_rate", "complaint_rate", "satisfaction"
    ]  # fmt: skip
    for row in rows:
        assert row["counted"] and row["periods"] and row["method"]
        assert (row["change_lower"] is None) == (row["status"] != "stated")
    shown = {row["series"]: row for row in rows}
    assert shown["complaint_rate"]["amount_en"].endswith("%") and "points" in shown["pass_rate"]["amount_en"]
    assert shown["pass_rate"]["told_zh"] == "无明显趋势" and shown["pass_rate"]["why_en"] == "mix of samples"


def test_counties_stand_largest_first_and_are_tested_together(usual, rows_of) -> None:
    rows = rows_of(trend.tabulate_county_trends(usual))
    assert [row["group"] for row in rows] == ["371502", "371525", "3715T1"]
    assert rows[0]["p_adjusted"] >= rows[0]["p_value"] and rows[2]["told_en"] == "too few failures"


def test_the_chart_of_counties_draws_no_line_where_there_is_no_trend(usual: Assessment) -> None:
    display = trend.chart_counties(usual)
    assert "2 counties with enough records" in display.payload["title"]["en"]  # the third has too few
    assert display.payload["svg"]["en"].count("stroke-dasharray") == 1  # that of the new laboratory


def test_provisional_periods_are_drawn_and_enter_no_model(usual: Assessment, rows_of) -> None:
    assert usual.trend_of("pass_rate")["last"] == "2015-10"
    rows = rows_of(trend.tabulate_series(usual))
    assert rows[0]["period"] == "2015Q4" and rows[0]["release"] == "provisional"
    assert "2015年11月起结果尚未到齐" in trend.describe_data(usual)[1]["zh"]


def test_findings_resolve_in_their_tables(case: Assessment, rows_of) -> None:
    tables = {TABLES[name]: getattr(trend, f"tabulate_{name}")(case) for name in TABLES}
    findings = trend.list_findings(case)
    assert len({one.key for one in findings}) == len(findings)
    for one in findings:
        assert one.status == "stated" or one.reason
        if one.table is None:
            continue
        name, _, keys = one.table.removeprefix("tables/").partition(".csv#")
        assert tables[name] is not None and tables[name].kind == "table", one.key
        wanted = dict(re.findall(r"(\w+)=([^,]+)", keys))
        matching = [
            row
            for row in rows_of(tables[name])
            if all(str(row[key]) == value for key, value in wanted.items())
        ]
        assert matching, one.table
        if one.status == "stated":
            shown = [value for row in matching for value in row.values() if isinstance(value, int | float)]
            assert any(abs(value - one.estimate) < 1e-12 for value in shown), one.key


def test_keys_of_the_findings(usual: Assessment) -> None:
    keys = {one.key for one in trend.list_findings(usual)}
    assert {
        "trend.pass_rate.city.slope", "trend.pass_rate.city.slope_at_one_mix", "trend.pass_rate.city.break",
        "trend.pass_rate.city.policy", "trend.pass_rate.city.forecast", "trend.pass_rate.county.371502.slope",
        "trend.pass_rate.county.371525.laboratory", "trend.satisfaction.producer.slope",
        "trend.complaint_rate.city.slope",
    } <= keys  # fmt: skip
