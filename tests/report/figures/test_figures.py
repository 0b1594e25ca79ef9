import re
import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest

from qstats.errors import ReportError
from qstats.report.display import show_figure
from qstats.report.figures import plot_arrivals, plot_pareto, plot_rate_series, plot_rates_by_group

BOTH = {"zh": "中文", "en": "English"}
LABELS = {code: {"zh": f"县{code}", "en": f"County {code}"} for code in "abc"}


def draw(plot, *args, **kwargs) -> dict[str, str]:
    texts = dict.fromkeys(("title", "alt", "unit", "source"), BOTH)
    return show_figure(plot, *args, name="chart", **texts, **kwargs).payload["svg"]


def words_of(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter("text")]


def rates(**columns) -> pd.DataFrame:
    rows = {"code": ["a", "b", "c"], "estimate": [0.93, 0.97, 0.95], "n": [10, 20, 30]}
    frame = pd.DataFrame(rows | columns)
    return frame.assign(lower=frame["estimate"] - 0.02, upper=frame["estimate"] + 0.02)


def periods() -> pd.DataFrame:
    return rates().assign(period=["2015Q2", "2015Q3", "2015Q4"], release=["final", "final", "provisional"])


@pytest.mark.parametrize("alt", [{"zh": "", "en": "x"}, {"zh": "x", "en": "  "}, {"zh": "x"}])
def test_chart_without_alternative_text_is_an_error(alt) -> None:
    with pytest.raises(ReportError, match="alt of figure 'chart' is empty"):
        show_figure(plot_rate_series, periods(), name="chart", title=BOTH, alt=alt, unit=BOTH, source=BOTH)


def test_chart_text_is_text_in_each_language() -> None:
    svg = draw(plot_rates_by_group, rates(), group="code", labels=LABELS)
    assert "县a" in words_of(svg["zh"]) and "批次" in words_of(svg["zh"])
    assert "County a" in words_of(svg["en"]) and not re.search(
        r"[\u4e00-\u9fff]", "".join(words_of(svg["en"]))
    )


def test_text_from_data_is_neither_formula_nor_markup() -> None:
    items = pd.DataFrame({"item": ["$酸价$", "<b>&", "url(#x)"], "cases": [3, 2, 1]})
    svg = draw(plot_pareto, items)["zh"]
    assert {"$酸价$", "<b>&", "url(#x)"} <= set(words_of(svg))


def test_equal_calls_draw_equal_bytes() -> None:
    assert draw(plot_rate_series, periods(), target=0.98) == draw(plot_rate_series, periods(), target=0.98)


def test_ids_cannot_meet_those_of_another_chart(small) -> None:
    drawings = [svg for figure in small.figures() for svg in figure.payload["svg"].values()]
    ids = [name for svg in drawings for name in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) > 100
    for svg in drawings:
        used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
        assert used <= set(re.findall(r'\bid="([^"]+)"', svg))
        assert "<style" not in svg and "<metadata" not in svg and "http" not in svg


def test_groups_are_sorted_and_the_unstated_are_marked() -> None:
    frame = rates(status=["stated", "stated", "refused"], estimate=[0.93, 0.97, None])
    svg = draw(plot_rates_by_group, frame, group="code", labels=LABELS, reference=0.95)
    order = [word for word in words_of(svg["zh"]) if word.startswith("县")]
    assert order == ["县b", "县a", "县c"]
    assert "不发布" in words_of(svg["zh"])
    assert "not published" in words_of(svg["en"])


def test_rate_axis_states_where_it_starts() -> None:
    words = " ".join(words_of(draw(plot_rate_series, periods())["en"]))
    assert "axis starts at 90%" in words
    assert "hollow points are provisional" in words


def test_only_the_provisional_point_is_hollow() -> None:
    def hollow(release: list[str]) -> int:
        svg = draw(plot_rate_series, periods().assign(release=release))["en"]
        return len(re.findall(r"<use [^>]*fill: #ffffff", svg))

    counts = [hollow([*["final"] * (3 - new), *["provisional"] * new]) for new in range(3)]
    assert counts == [0, 1, 2]


def test_sample_sizes_stand_under_the_points() -> None:
    assert {"10", "20", "30"} <= set(words_of(draw(plot_rate_series, periods())["zh"]))


def test_shares_are_of_all_causes_not_of_those_drawn() -> None:
    items = pd.DataFrame({"item": list("abcd"), "cases": [4, 3, 2, 1]})
    words = words_of(draw(plot_pareto, items, top=2)["en"])
    assert "cumulative 70.0%" in words and "c" not in words


def test_arrivals_account_for_every_row() -> None:
    rows = {"supplier": ["质检所"], "rows_kept": [1830], "rows_rejected": [22], "rows_merged": [130]}
    words = words_of(draw(plot_arrivals, pd.DataFrame(rows))["en"])
    assert "Kept 1,830 · Merged 130 · Rejected 22" in words
