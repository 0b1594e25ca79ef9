"""Tables of the chapter, and what no file of it may hold. Oracle: registers counted by hand."""

import json
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from qstats.report import acceptance, markup
from qstats.report.acceptance import Assessment
from qstats.report.display import Display

Rows = Callable[[Display], list[dict[str, Any]]]
TABLES: dict[str, Callable[[Assessment], Display]] = {
    name: getattr(acceptance, f"tabulate_{name}")
    for name in (
        "targets", "first_time", "counties", "routes", "dwellings", "rooms", "times", "complaints",
        "county_complaints", "other_definitions",
    )
} | {f"{table} {'named' if named else 'nameless'}": lambda assessed, table=table, named=named:
     getattr(acceptance, f"tabulate_{table}")(assessed, name_projects=named)
     for table in ("exceptions", "incomplete_sheets") for named in (True, False)}  # fmt: skip
CHARTS = ("first_time", "rectification", "complaints", "handling")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_reads_well_whatever_can_be_stated(case: Assessment, table: str) -> None:
    display = TABLES[table](case)
    for language in ("zh", "en"):
        shown = markup.render(display.kind, display.payload, language)
        assert not re.search(r">[^<]*\b(nan|None|NaN|NaT|inf)\b[^<]*</t[dh]>|\{", shown), shown
        names = re.sub(r"某(小区|院)\d*号?楼?", "", shown)  # names of projects are Chinese in both
        assert language == "zh" or not HAN.search(names), names


def test_targets_stand_beside_what_was_demonstrated(usual: Assessment, rows_of: Rows) -> None:
    """40 of 40 in the quarter and in the year; 11 of 13 others."""
    rows = rows_of(acceptance.tabulate_targets(usual))
    assert [(row["scale_en"], row["period"], row["n"]) for row in rows] == [
        ("Large and medium", "2015Q4", 40), ("Large and medium", "2015", 40),
        ("Other", "2015Q4", 13), ("Other", "2015", 13),
    ]  # fmt: skip
    large, other = rows[0], rows[2]
    assert (large["verdict_zh"], large["needed_zh"], large["tolerated"]) == ("达到", "不能证明", 0)
    assert large["bound"] == pytest.approx(0.9278424755)
    assert (other["verdict_en"], other["needed_en"], other["target_en"]) == ("missed", "149", "≥98%")


def test_first_time_holds_all_periods_and_both_weightings(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_first_time(usual))
    assert [row["period"] for row in rows if row["scale"] == "large_medium"] == ["2015Q4", "2015", "2014"]
    every = next(row for row in rows if row["scale"] == "all" and row["period"] == "2015Q4")
    assert (every["n"], every["passes"], every["failures"]) == (53, 51, 2)
    assert every["estimate"] == every["by_dwellings"] == pytest.approx(51 / 53)


def test_a_period_that_begins_the_year_has_one_row(half_year: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_first_time(half_year))
    assert [row["period"] for row in rows if row["scale"] == "all"] == ["2015H1", "2014"]


def test_counties_in_the_order_of_their_codes(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_counties(usual))
    assert [(row["county_code"], row["n"], row["failures"]) for row in rows] == [
        ("371502", 42, 2),
        ("371521", 11, 0),
    ]


def test_exceptions_list_open_projects_first(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_exceptions(usual, name_projects=False))
    assert [(row["route"], row["days"]) for row in rows] == [("not_accepted", 90), ("reworked", 30)]


def test_an_unknown_outcome_is_not_listed_as_a_failure(untold: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_exceptions(untold, name_projects=False))
    assert [row["outcome_zh"] for row in rows] == ["没有结论", "没有结论"]


@pytest.mark.parametrize("table", ["exceptions", "incomplete_sheets"])
def test_names_reach_no_file_unless_they_may(assess, works, table: str) -> None:
    """Projects without a number are known by county and name: that id must not leak the name either."""
    ids = [f"371502:某院{at}号" for at in range(3)]
    assessed = assess(
        projects=works.make_failed(3, project_id=ids),
        dwellings=works.make_sheets(3, project_id=ids, dwellings_accepted=97, dwellings_first_time=90),
        complaints=works.make_complaints({2015: [4] * 12}, project_id=ids[0]),
    )  # fmt: skip
    tabulate = getattr(acceptance, f"tabulate_{table}")
    hidden = json.dumps(tabulate(assessed, name_projects=False).payload, ensure_ascii=False)
    assert "某" not in hidden
    assert "某" in json.dumps(tabulate(assessed, name_projects=True).payload, ensure_ascii=False)
    others = [show(assessed) for name, show in TABLES.items() if "name" not in name]
    others += [getattr(acceptance, f"chart_{chart}")(assessed) for chart in CHARTS]
    findings = [one.as_dict() for one in acceptance.list_findings(assessed)]
    everything = json.dumps([[one.payload for one in others], findings], ensure_ascii=False, default=str)
    assert "某" not in everything


def test_dwellings_by_period(usual: Assessment, rows_of: Rows) -> None:
    row = rows_of(acceptance.tabulate_dwellings(usual))[0]
    assert (row["sheets"], row["total"], row["inspected"], row["first_time"], row["after_rework"]) == (
        8,
        800,
        797,
        720,
        40,
    )
    assert row["not_settled"] == 37


def test_times_of_projects_and_of_complaints(usual: Assessment, rows_of: Rows) -> None:
    projects, this, last = rows_of(acceptance.tabulate_times(usual))
    assert (projects["n"], projects["ended"], projects["open"], projects["median"]) == (12, 11, 1, 34)
    assert projects["median_upper"] == 34 and (this["n"], last["n"]) == (72, 84)


def test_complaints_newest_year_first(usual: Assessment, rows_of: Rows) -> None:
    rows = rows_of(acceptance.tabulate_complaints(usual))
    assert [row["year"] for row in rows] == [2015, 2014, 2013, 2012, 2011]
    assert rows[0]["estimate"] == pytest.approx(3.6) and rows[0]["change"] == pytest.approx(-1 / 7)
    assert rows[2]["step_zh"] == "无显著变化" and rows[4]["step_zh"] == "—"
    (county,) = rows_of(acceptance.tabulate_county_complaints(usual))
    assert (county["county_code"], county["n"], county["estimate"]) == ("371502", 72, pytest.approx(8.0))


def test_other_definitions_bracket_unknown_outcomes(assess, works, rows_of: Rows) -> None:
    projects = pl.concat(
        [works.make_projects(8), works.make_failed(1), works.make_projects(1, first_outcome=None)]
    )
    rows = rows_of(acceptance.tabulate_other_definitions(assess(projects=projects)))
    assert [(row["passes"], row["n"]) for row in rows] == [(8, 9), (8, 10), (9, 10), (800, 900)]
