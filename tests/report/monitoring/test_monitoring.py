"""Monitoring in words, tables and charts: what is unusual is named, what is not judged says so."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from qstats.estimation import Scope
from qstats.monitoring import chart_rates, compare_by_funnel
from qstats.periods import Period
from qstats.report.figures import plot_control_chart
from qstats.report.monitoring.charts import chart_laboratories, chart_months
from qstats.report.monitoring.narrative import describe_laboratories, describe_months, name_signals
from qstats.report.monitoring.tables import tabulate_control_chart, tabulate_funnel
from qstats.report.subject import Subject

SUBJECT = Subject({"zh": "聊城市", "en": "Liaocheng"}, Period.parse("2015Q4"), Scope(level="municipal"))
STEADY = [0.96, 0.95, 0.965, 0.955, 0.96, 0.95, 0.97, 0.945] * 3


def charted(estimates: list[float], waiting: int = 0) -> pd.DataFrame:
    count = len(estimates)
    frame = pd.DataFrame({"period": [str(month) for month in Period.parse("2015-12").preceding(count)]})
    frame = frame.assign(
        n=200, failures=[round(200 * (1 - rate)) for rate in estimates], effective_n=200.0,
        estimate=estimates, status="stated", completeness=[1.0] * (count - waiting) + [0.9] * waiting,
        reason_zh="", reason_en="",
    )  # fmt: skip
    return chart_rates(frame).assign(crude=estimates, expected=9.0)


def laboratories(failures: tuple[int, ...], n: int = 800) -> pd.DataFrame:
    table = pd.DataFrame(
        {"laboratory": [f"所{i}" for i in range(len(failures))], "failures": failures, "n": n}
    )
    table = table.assign(
        barred=0, effective_n=float(n), enterprise_size="small", stage="retail", product_class="x"
    )
    return compare_by_funnel(table, table, group="laboratory")


def words_of(display, language: str) -> list[str]:
    svg = display.payload["svg"][language]
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("text")]


def test_calm_months_need_no_explanation() -> None:
    steady = charted(STEADY)
    (sentence,) = describe_months(steady, steady)
    assert "24 complete months" in sentence["en"] and "24个结果完整的月份" in sentence["zh"]


def test_an_unusual_month_is_named_with_its_side() -> None:
    chart = charted([*STEADY, 0.86])
    assert "2015-12 (low, beyond the limit)" in describe_months(chart, chart)[0]["en"]
    assert name_signals(chart).iloc[-1] == "low"


def test_what_only_the_crude_rate_shows_goes_with_the_mix() -> None:
    sentences = describe_months(charted([*STEADY, 0.95]), charted([*STEADY, 0.86]))
    assert "must not be read as a change of quality" in sentences[1]["en"]


def test_waiting_months_are_not_judged() -> None:
    chart = charted([*STEADY, 1.0], waiting=1)
    assert name_signals(chart).iloc[-1] == "not_judged"
    assert "The newest month still waits for results" in describe_months(chart, chart)[-1]["en"]


@pytest.mark.parametrize(
    ("estimates", "said"), [(STEADY[:8], "Fewer than 12 months"), ([1.0] * 20, "No batch")]
)
def test_without_limits_the_reason_stands_in_place_of_the_chart(estimates: list, said: str) -> None:
    chart = charted(estimates)
    assert chart_months(chart, chart, SUBJECT).kind == "text"
    assert said in describe_months(chart, chart)[0]["en"]


def test_control_chart_labels_its_lines_and_the_unusual_month() -> None:
    chart = charted([*STEADY, 0.86, 0.99], waiting=1)
    display = chart_months(chart, chart, SUBJECT)
    words = words_of(display, "en")
    assert any(word.startswith("Upper 9") for word in words) and any("Centre" in word for word in words)
    assert "2015-11" in words and "a diamond lies beyond a limit" in " ".join(words)
    assert not re.search(r"[\u4e00-\u9fff]", "".join(words))
    assert "axis starts at 8" in " ".join(words)


def test_table_of_months_is_newest_first_and_marks_what_is_not_judged() -> None:
    payload = tabulate_control_chart(charted([*STEADY, 0.99], waiting=1), SUBJECT).payload
    keys = [column["key"] for column in payload["columns"]]
    assert keys[0] == "period" and "control_limits" in keys and "signal" in keys
    signal = next(column for column in payload["columns"] if column["key"] == "signal")
    assert set(signal["labels"]) == {"not_judged", "within"}


def test_a_laboratory_beyond_its_limits_is_a_reason_to_look_at_its_mix() -> None:
    compared = laboratories((64, 60, 15))
    sentence = describe_laboratories(compared, "laboratory")
    assert "所2 (high)" in sentence["en"] and "does not show that the tests are wrong" in sentence["en"]
    display = chart_laboratories(compared, "laboratory", SUBJECT)
    assert "the results of 1 differ by more than chance" in display.payload["title"]["en"]
    assert "所2" in words_of(display, "zh")


def test_equal_laboratories_are_said_to_be_alike() -> None:
    assert "all 3 lie within" in describe_laboratories(laboratories((40, 42, 38)), "laboratory")["en"]


def test_laboratories_that_cannot_be_compared() -> None:
    alone = laboratories((30,))
    assert chart_laboratories(alone, "laboratory", SUBJECT).kind == "text"
    table = tabulate_funnel(alone, "laboratory", SUBJECT).payload
    assert table["status"] == "status" and table["name"] == "funnel_laboratory"
    barred = tabulate_funnel(alone.iloc[:0], "laboratory", SUBJECT)
    assert "No source carries a rate" in barred.payload["paragraphs"][0]["en"]
    unnamed = tabulate_funnel(alone.assign(laboratory=""), "laboratory", SUBJECT)
    assert unnamed.kind == "text" and unnamed.payload["name"] == "funnel_laboratory"


def test_a_gap_is_drawn_as_a_gap() -> None:
    gapped = charted(STEADY)
    gapped.loc[5, ["estimate", "crude", "lower_limit", "upper_limit"]] = np.nan
    lines = plot_control_chart(gapped, language="en").axes[0].lines
    drawn = [line.get_ydata() for line in lines if len(line.get_ydata()) == len(gapped)]
    of_points = [values for values in drawn if np.nanmin(values) < np.nanmax(values) < 0.98]
    assert of_points and all(np.isnan(values[5]) for values in of_points)
