"""Charts of trends: what is drawn, and what is left out. Oracle: the drawing, counted."""

import re

import numpy as np
import pandas as pd
import pytest

from qstats.report.figures import draw_svg
from qstats.report.figures.axes import wrap_notes
from qstats.report.figures.fan import plot_fan
from qstats.report.figures.multiples import plot_multiples
from qstats.report.figures.trends import plot_trend

TIMES = 2012 + (np.arange(16) + 0.5) / 4
NAMES = {"zh": "某县", "en": "Some County"}


@pytest.fixture
def series() -> pd.DataFrame:
    value = np.linspace(0.95, 0.97, 16)
    value[5] = np.nan
    return pd.DataFrame({
        "time": TIMES, "value": value, "lower": value - 0.02, "upper": value + 0.01,
        "release": ["final"] * 15 + ["provisional"],
    })  # fmt: skip


@pytest.fixture
def line() -> pd.DataFrame:
    return pd.DataFrame({"time": TIMES, "fitted": np.linspace(0.95, 0.97, 16)})


NOTHING = pd.DataFrame(columns=["time", "fitted"])


def words(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)<", svg))


def draw(plot, *args, language: str = "en", **kwargs) -> str:
    return draw_svg(plot, *args, name="x", language=language, **kwargs)


def test_events_breaks_and_the_rate_at_one_mix_are_named(series: pd.DataFrame, line: pd.DataFrame) -> None:
    both = series.assign(standardised=series["value"] + 0.005)
    events = [{"time": 2013.95, "zh": "质量意见", "en": "Opinion"}]
    broken = {"time": 2014.1, "first": 2013.9, "last": 2014.4}
    for language, said in (("en", "Opinion"), ("zh", "质量意见")):
        svg = draw(plot_trend, both, line, line, language=language, events=events, broken=broken)
        assert said in words(svg)
    assert "squares: at the same mix" in words(draw(plot_trend, both, line, line))
    plain = draw(plot_trend, series, NOTHING, NOTHING)
    assert "squares" not in words(plain) and "dashed" not in words(plain) and "hollow" in words(plain)
    assert plain == draw(plot_trend, series, NOTHING, NOTHING)


def test_an_event_outside_the_series_is_left_out(series: pd.DataFrame) -> None:
    svg = draw(plot_trend, series, NOTHING, NOTHING, events=[{"time": 2009.0, "zh": "早", "en": "Early"}])
    assert "Early" not in words(svg)


def test_a_fan_says_what_its_bands_are(series: pd.DataFrame) -> None:
    steps = pd.DataFrame({
        "time": [2015.875, 2016.125], "median": [0.97, 0.971], "last_year": [0.96, 0.965],
        "lower_50": 0.96, "upper_50": 0.98, "lower_95": 0.94, "upper_95": 0.99,
    })  # fmt: skip
    svg = draw(plot_fan, series, steps, shares=(0.5, 0.95))
    assert "chance of 50%, 95%" in words(svg) and "expected 97.1%" in words(svg) and "2016" in words(svg)


def test_small_charts_have_lines_where_there_is_a_trend(series: pd.DataFrame, line: pd.DataFrame) -> None:
    rows = pd.concat([series.assign(group=code) for code in "abcd"])
    labels = {code: {"zh": f"{code}县", "en": f"County {code}"} for code in "abcd"}
    how = {"labels": labels, "notes": dict.fromkeys("abcd", NAMES)}
    with_line = draw(plot_multiples, rows, line.assign(group="b"), series, marks={"c": 2013.5}, **how)
    assert words(with_line).count("Some County") == 4 and "dashed: trend" in words(with_line)
    assert with_line.count("stroke-dasharray") == 2
    without = draw(plot_multiples, rows, NOTHING.assign(group=""), series, marks={}, **how)
    assert without.count("stroke-dasharray") == 0 and "dashed" not in words(without)


def test_notes_break_where_the_line_is_full() -> None:
    assert wrap_notes(["a" * 50, "b" * 50], "en").split("\n") == ["a" * 50 + ";", "b" * 50]
    assert wrap_notes(["甲" * 30, "乙" * 30], "zh").count("\n") == 1
    assert wrap_notes(["a", "b"], "en") == "a; b"
