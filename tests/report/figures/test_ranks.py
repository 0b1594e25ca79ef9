import re
import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest

from qstats.report.display import show_figure
from qstats.report.figures.ranks import plot_rank_sets

BOTH = {"zh": "中文", "en": "English"}
LABELS = {code: {"zh": f"县{code}", "en": f"County {code}"} for code in "abcd"}


@pytest.fixture
def ranked() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": list("abcd"), "estimate": [0.99, 0.96, 0.85, None], "lower": [0.97, 0.9, 0.8, None],
            "upper": [1.0, 0.99, 0.9, None], "n": [1200, 90, 100, 9], "status": ["stated"] * 3 + ["refused"],
            "standing": ["above", "not_told_apart", "below", None], "ranked": [3, 3, 3, None],
            "rank_low": pd.array([1, 1, 3, None], dtype="Int64"),
            "rank_high": pd.array([2, 2, 3, None], dtype="Int64"),
        }
    )  # fmt: skip


def words(frame: pd.DataFrame, language: str = "zh") -> list[str]:
    texts = dict.fromkeys(("title", "alt", "unit", "source"), BOTH)
    drawn = show_figure(plot_rank_sets, frame, group="code", labels=LABELS, reference=0.95, name="x", **texts)
    root = ElementTree.fromstring(drawn.payload["svg"][language])
    return ["".join(element.itertext()).strip() for element in root.iter("text")]


def test_ranks_are_drawn_as_sets(ranked):
    assert words(ranked).count("1–2") == 2 and "3" in words(ranked)


def test_only_marks_that_are_drawn_are_explained(ranked):
    assert "▲ 高于其余地区" in " ".join(words(ranked))
    calm = " ".join(words(ranked.assign(standing=["not_told_apart"] * 3 + [None]), "en"))
    assert "cannot be told apart" in calm and "above" not in calm


def test_shrunken_estimates_are_a_second_mark(ranked):
    assert "◇ shrunken estimate" in " ".join(words(ranked.assign(shrunk=[0.98, 0.96, 0.88, None]), "en"))


def test_units_without_a_rate_keep_their_place_with_the_mark(ranked):
    assert {"县d", "不发布", "全市 95.0%"} <= set(words(ranked))


def test_english_drawing_holds_no_chinese(ranked):
    assert not re.search(r"[\u4e00-\u9fff]", " ".join(words(ranked, "en")))


def test_a_chart_without_ranks_still_shows_the_rates(ranked):
    alone = ranked.head(1).assign(rank_low=pd.NA, rank_high=pd.NA, ranked=None, standing=None)
    assert "县a" in words(alone)
