"""Charts of the chapter: when they are drawn, and what is said about them. Oracle: counting by hand."""

from collections.abc import Callable

import pytest

from qstats.report import acceptance
from qstats.report.acceptance import Assessment

CHARTS = ("first_time", "rectification", "complaints", "handling")


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_reads_well_whatever_can_be_stated(
    case: Assessment, chart: str, read_well: Callable[..., None]
) -> None:
    display = getattr(acceptance, f"chart_{chart}")(case)
    texts = display.payload["paragraphs"] if display.kind == "text" else [
        display.payload[name] for name in ("title", "alt", "unit", "source")
    ]  # fmt: skip
    for text in texts:
        read_well(text)


def test_charts_say_what_was_counted(usual: Assessment, assess, works) -> None:
    title = acceptance.chart_first_time(usual).payload["title"]
    assert title["zh"] == "2015年第四季度一次验收合格：大中型工程40/40，其他工程11/13"
    untold = acceptance.chart_first_time(assess(projects=works.make_projects(2, first_outcome=None)))
    assert "没有写明结论" in untold.payload["title"]["zh"] and "No outcome" in untold.payload["title"]["en"]
    waiting = acceptance.chart_rectification(usual).payload["title"]
    assert "中位时间为34天" in waiting["zh"] and waiting["en"].startswith("Half of the projects that failed")
    yearly = acceptance.chart_complaints(usual).payload
    assert yearly["title"]["en"] == "Complaints per 1,000 dwellings delivered: 4.8 in 2011, 3.6 in 2015"
    assert "2013年与上年相比无显著变化" in yearly["alt"]["zh"]


def test_a_curve_of_few_cases_is_not_drawn(assess, works) -> None:
    for days in (30, None):
        display = acceptance.chart_rectification(
            assess(projects=works.make_failed(9 if days else 15, days=days))
        )
        assert display.kind == "text"
