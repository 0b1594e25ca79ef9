"""What the chapter on targets says. Oracle: the records of the tests, counted by hand; every text is read."""

import json
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from qstats.codebook import Text
from qstats.report import markup, targets
from qstats.report.display import Display, show_sections
from qstats.report.targets import Assessment
from qstats.report.targets.paragraphs import describe_target
from qstats.target_registry import read_targets
from qstats.targets import STATUSES, Outlook

ReadWell = Callable[[Text], None]
Assess = Callable[..., Assessment]


def outlook_of(assessed: Assessment, code: str) -> Outlook:
    return next(outlook for target, outlook in assessed.pairs if target.id == code)


def paragraph_of(assessed: Assessment, code: str) -> Text:
    pair = next(pair for pair in assessed.pairs if pair[0].id == code)
    return describe_target(pair, assessed.confidence, assessed.today)


def test_every_text_reads_well(case: Assessment, read_well: ReadWell) -> None:
    texts = [*targets.main_points(case), *targets.describe_records(case), *targets.describe_limits(case)]
    for heading, paragraphs in targets.describe_departments(case):
        texts += [heading, *paragraphs]
    for text in texts:
        read_well(text)


def test_every_target_has_its_paragraph_and_its_row(
    case: Assessment, rows_of: Callable[[Display], list[dict[str, Any]]]
) -> None:
    ids = {one.id for one in read_targets()}
    told = [one for _, paragraphs in targets.describe_departments(case) for one in paragraphs]
    assert {code for one in told for code in re.findall(r"（(T\d\d)，目标", one["zh"])} == ids and len(
        told
    ) == 39
    rows = rows_of(targets.tabulate_all(case))
    assert {row["target_id"] for row in rows} == ids and len(rows) == 39
    places = [STATUSES.index(row["status"]) for row in rows]
    assert places == sorted(places)


def test_the_first_sentence_counts_every_target_once(case: Assessment) -> None:
    first = targets.main_points(case)[0]
    parts = first["zh"].split("：")[1]
    assert sum(map(int, re.findall(r"(\d+)项", parts))) == 39
    assert sum(map(int, re.findall(r"(\d+) [a-z]", first["en"].split(": ")[1]))) == 39
    assert 1 <= len(targets.main_points(case)) <= 6


def test_only_counts_are_plainly_met_or_missed(over: Assessment, ahead: Assessment) -> None:
    for assessed in (over, ahead):
        for target, outlook in assessed.pairs:
            if outlook.status in ("met", "missed"):
                assert outlook.basis == "census" and np.isnan(outlook.probability), target.id
    scores = [outlook_of(over, code) for code in ("T25", "T26")]
    assert all(one.status in ("on_course", "at_risk", "off_course") for one in scores)
    assert all(0 < one.probability < 1 for one in scores)


def test_verdicts_after_the_deadline(over: Assessment) -> None:
    expected = {
        "T04": "missed", "T05": "met", "T06": "met", "T07": "missed", "T09": "missed", "T13": "missed",
        "T14": "met", "T21": "met", "T22": "missed", "T23": "met", "T24": "met", "T27": "met", "T29": "met",
        "T10": "no_data", "T01": "refused", "T02": "refused", "T31": "cannot_be_stated", "T39": "refused",
    }  # fmt: skip
    assert {code: outlook_of(over, code).status for code in expected} == expected


def test_before_the_deadline_there_are_probabilities(ahead: Assessment) -> None:
    predicted = [outlook for _, outlook in ahead.pairs if np.isfinite(outlook.probability)]
    assert len(predicted) >= 10 and not any(one.is_past for one in predicted)
    trademarks = paragraph_of(ahead, "T04")
    assert "按现有数据推算，到2015年底达到目标的概率" in trademarks["zh"]
    assert "on present evidence the target is met by the end of 2015" in trademarks["en"]


def test_no_rate_of_dwellings_is_expected_from_summaries(
    assess: Assess, full: dict[str, pl.DataFrame], ahead: Assessment
) -> None:
    """A summary that lacks one of a hundred dwellings is incomplete: 0 % of summaries, 99 % of dwellings."""
    sheets = full["dwellings"].with_columns((pl.col("dwellings_total") + 1).alias("dwellings_total"))
    days = pl.col("accepted_on").dt.offset_by("-1y")
    found = outlook_of(assess(full | {"dwellings": sheets.with_columns(days)}, "2014Q4", "2015-01-31"), "T23")
    assert found.probability < 0.2 and found.value > 0.9 and np.isnan(found.expected_lower)
    assert np.isnan(outlook_of(ahead, "T23").expected_upper)


def test_a_fall_is_counted_from_its_first_year(over: Assessment, ahead: Assessment) -> None:
    """The year that the falls begin from need not have fallen itself."""
    for assessed, year in ((over, 2015), (ahead, 2014)):
        told = paragraph_of(assessed, "T24")
        assert f"以2013年为起点、到{year}年逐年下降的目标已达到" in told["zh"]
        assert f"a fall in every year after 2013, up to {year}, is met" in told["en"]


def test_a_published_share_is_told_in_per_cent(
    assess: Assess, empty: dict[str, pl.DataFrame], books: SimpleNamespace
) -> None:
    days = [date(year, 12, 1) for year in (2013, 2015)]
    rows = [
        ("construction_satisfaction", day, n / 1000, 1000, n) for day, n in zip(days, (930, 985), strict=True)
    ]
    told = paragraph_of(
        assess(empty | {"published_series": books.make_series(*rows)}, "2015Q4", "2016-01-31"), "T32"
    )
    assert "98.5% measured in the survey of 2015-12" in told["en"] and "测得98.5%" in told["zh"]


def test_what_was_published_later_is_not_cited(over: Assessment, ahead: Assessment) -> None:
    """116 trademarks stood in a newspaper of August 2015."""
    assert "116件" in paragraph_of(over, "T04")["zh"] and "116件" not in paragraph_of(ahead, "T04")["zh"]
    assert "1066" not in paragraph_of(ahead, "T06")["zh"]


def test_another_definition_is_named_as_such(over: Assessment) -> None:
    told = paragraph_of(over, "T06")
    assert "1066个（“三品一标”总数，含地理标志，与本目标口径不同" in told["zh"]
    assert outlook_of(over, "T06").value == 430


def test_two_bases_of_the_pass_rate_are_named(over: Assessment) -> None:
    told = paragraph_of(over, "T01")
    assert "94.5%" in told["zh"] and "84.3%" in told["zh"] and "不是同一口径" in told["zh"]
    assert "84.3%" in told["en"] and "cannot be compared" in told["en"]


def test_missing_data_say_what_is_needed(nothing: Assessment) -> None:
    for target, outlook in nothing.pairs:
        told = paragraph_of(nothing, target.id)
        if outlook.status == "no_data":
            assert "未收到数据" in told["zh"] and target.needs["zh"] in told["zh"], target.id
            assert "No data received" in told["en"] and target.needs["en"] in told["en"], target.id
    assert nothing.count("met", "missed", "on_course", "at_risk", "off_course") == 0


def test_verdict_and_probability_never_stand_in_one_sentence(case: Assessment) -> None:
    for _, paragraphs in targets.describe_departments(case):
        for text in paragraphs:
            for sentence in text["zh"].split("。"):
                assert not (re.search("目标已达到|目标未达到$", sentence) and "概率" in sentence), sentence


def test_findings_have_a_value_and_a_probability_each(case: Assessment) -> None:
    findings = {one.key: one for one in targets.list_findings(case)}
    assert len(findings) == len(targets.list_findings(case))
    for target, outlook in case.pairs:
        value = findings[f"targets.{target.id}.value"]
        assert (value.status == "stated") == outlook.has_value
        assert value.table == f"tables/targets.csv#target_id={target.id}"
        has_probability = f"targets.{target.id}.probability" in findings
        assert has_probability == (outlook.status not in ("met", "missed")), target.id
    plain = json.dumps([one.as_dict() for one in findings.values()], default=str)
    assert "NaN" not in plain and "Infinity" not in plain
    assert sum(findings[f"targets.count.{status}"].estimate or 0 for status in STATUSES) == 39


@pytest.mark.parametrize("language", ["zh", "en"])
def test_displays_become_html(case: Assessment, language: str) -> None:
    shown = [
        targets.tabulate_all(case), targets.chart_progress(case), targets.tabulate_readings(case),
        targets.tabulate_courses(case), show_sections(targets.describe_departments(case)),
    ]  # fmt: skip
    for display in shown:
        assert markup.render(display.kind, display.payload, language, tables="../tables")


def test_the_table_holds_marks_and_courses(over: Assessment) -> None:
    html = markup.render("table", targets.tabulate_all(over).payload, "en")
    assert html.count('<span class="beside">') == 39
    assert html.count('role="img"') == sum(len(outlook.history) > 1 for _, outlook in over.pairs) > 10


def test_the_chart_is_of_registers_alone(over: Assessment, nothing: Assessment) -> None:
    chart = targets.chart_progress(over)
    assert chart.kind == "figure" and "T22" not in chart.payload["alt"]["en"]
    assert targets.chart_progress(nothing).kind == "text"
