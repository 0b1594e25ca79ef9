"""Charts of waiting times and of years. Oracle: what stands in the drawing, as text and as paths."""

import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure

from qstats.methods.waiting_times import fit_waiting_times
from qstats.report.display import show_figure
from qstats.report.figures.points import plot_points
from qstats.report.figures.waiting import plot_waiting
from qstats.report.figures.yearly import plot_yearly_rates

BOTH = {"zh": "图", "en": "chart"}


def _draw(plot, *args, **kwargs) -> dict[str, str]:
    texts = dict.fromkeys(("title", "alt", "unit", "source"), BOTH)
    return show_figure(plot, *args, name="chart", **texts, **kwargs).payload["svg"]


def _words(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("text")]


def _curve(times: list[int], ended: list[bool], label: str = "2015") -> dict[str, object]:
    found = fit_waiting_times(times, ended)
    return {
        "label": {"zh": f"{label}年", "en": label}, "n": found.n, "times": found.times.tolist(),
        "ended_by": found.ended_by.tolist(), "lower": found.lower.tolist(), "upper": found.upper.tolist(),
    }  # fmt: skip


def _years(**columns: list[object]) -> pd.DataFrame:
    rows = {
        "year": [2013, 2014, 2015], "n": [1080, 96, 94],
        "estimate": [5.4, 4.4, 4.1], "lower": [4.5, 3.5, 3.3],
        "upper": [6.5, 5.3, 5.0], "status": ["stated"] * 3,
    }  # fmt: skip
    return pd.DataFrame(rows | columns)


def test_waiting_names_curves_sizes_and_the_day_allowed() -> None:
    days = list(range(10, 130, 10))
    svg = _draw(
        plot_waiting, [_curve(days, [True] * 12), _curve(days, [True] * 9 + [False] * 3, "2014")], within=90
    )
    for language, words in (
        ("zh", {"90 天", "2015年 (n=12)", "2014年 (n=12)"}),
        ("en", {"90 days", "2015 (n=12)"}),
    ):
        assert words <= set(_words(svg[language]))
    assert not re.search(r"[\u4e00-\u9fff]", "".join(_words(svg["en"])))


def test_waiting_begins_with_none_and_keeps_within_the_whole() -> None:
    axes = plot_waiting([_curve([3, 5, 8, 9], [True] * 4)], language="en", within=60).axes[0]
    line = axes.get_lines()[0]
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 0) and line.get_drawstyle() == "steps-post"
    assert max(line.get_ydata()) == 1 and axes.get_ylim()[0] == 0
    assert axes.get_xlim()[1] >= 60  # the day allowed is always in the picture


@pytest.mark.parametrize("ended", [[False] * 4, [True, False, False, False], [True] * 4])
def test_waiting_is_drawn_whatever_has_ended(ended: list[bool]) -> None:
    assert isinstance(plot_waiting([_curve([0, 0, 4, 900], ended)], language="zh", within=30), Figure)


def test_one_very_long_case_does_not_flatten_the_others() -> None:
    curve = _curve([*range(1, 100), 5000], [True] * 100)
    assert plot_waiting([curve], language="zh", within=60).axes[0].get_xlim()[1] < 200


def test_years_start_at_zero_and_show_counts_and_values() -> None:
    axes = plot_yearly_rates(_years(), language="en").axes[0]
    assert axes.get_ylim()[0] == 0 and axes.get_ylim()[1] > 6.5
    words = _words(_draw(plot_yearly_rates, _years())["en"])
    assert {"5.4", "4.4", "4.1", "1,080", "96", "94", "2013", "2015", "Complaints"} <= set(words)
    assert {"1080", "件数"} <= set(_words(_draw(plot_yearly_rates, _years())["zh"]))
    assert "5" in _words(_draw(plot_yearly_rates, _years(), decimals=0)["en"])


def test_a_year_without_a_rate_breaks_the_line_and_says_so() -> None:
    nan = float("nan")
    gap = _years(
        estimate=[5.4, nan, 4.1],
        lower=[4.5, nan, 3.3],
        upper=[6.5, nan, 5.0],
        status=["stated", "refused", "stated"],
    )
    words = _words(_draw(plot_yearly_rates, gap)["en"])
    assert "not published" in words and "nan" not in words and "96" in words
    none = _years(estimate=[nan] * 3, lower=[nan] * 3, upper=[nan] * 3, status=["refused"] * 3)
    assert _words(_draw(plot_yearly_rates, none)["zh"]).count("不发布") == 3


def test_years_without_complaints_are_drawn_as_zero() -> None:
    zero = _years(n=[0, 0, 0], estimate=[0.0] * 3, lower=[0.0] * 3, upper=[0.0] * 3)
    assert plot_yearly_rates(zero, language="zh").axes[0].get_ylim() == (0, 1)
    assert plot_yearly_rates(_years().iloc[:1], language="zh").axes[0].get_xlim() == (-0.5, 0.6)


def test_shares_near_100_are_not_drawn_beyond_it() -> None:
    """40 of 40 with the limits of the process; the quarter in which nothing was accepted shows its mark."""
    nan = float("nan")
    rows = pd.DataFrame(
        {
            "label_zh": ["大中型", "上年"], "label_en": ["Large", "Before"], "head": [True, False],
            "estimate": [100.0, nan], "lower": [91.2, nan], "upper": [100.0, nan], "target": [100.0, 100.0],
            "n": [40, 0], "status": ["stated", "no_data"],
        }
    )  # fmt: skip
    low, high = plot_points(rows, language="zh").axes[0].get_xlim()
    assert low < 91.2 and high == 100.5
    words = _words(_draw(plot_points, rows)["en"])
    assert {"40", "0", "target 100"} <= {word.lower() for word in words}


@pytest.mark.parametrize(
    ("plot", "rows", "options"),
    [(plot_yearly_rates, _years(), {}), (plot_waiting, [_curve([3, 5], [True, True])], {"within": 9})],
)
def test_equal_calls_draw_equal_bytes(plot, rows, options: dict[str, int]) -> None:
    assert _draw(plot, rows, **options) == _draw(plot, rows, **options)
