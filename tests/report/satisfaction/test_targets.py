"""Targets in words and in a table. Oracle: the verdicts of the assessment; 80 points stand beside 80 %."""

from collections.abc import Callable
from typing import Any

import pytest

from qstats.report.display import Display
from qstats.report.satisfaction import Assessment, tabulate_targets
from qstats.report.satisfaction.targets import describe_targets, read_target


def test_each_target_is_judged_by_its_own_measure(usual: Assessment) -> None:
    producers, consumers = describe_targets(usual)
    assert "满意度指数不低于70分的目标" in producers["zh"] and "target of 70 points" in producers["en"]
    assert "满意率不低于99%的目标" in consumers["zh"]
    assert "target of 99% (share satisfied)" in consumers["en"]
    assert "未达到" in consumers["zh"] and "missed" in consumers["en"]


@pytest.mark.parametrize(
    ("distance", "zh", "en"),
    [
        (-30, "已达到", "met"), (-0.5, "不能排除实际未达到", "may fall short"),
        (0.5, "不能排除实际已达到", "may be there"), (30, "整个置信区间在目标以下", "lies below it"),
    ],
)  # fmt: skip
def test_words_follow_the_verdict(
    assess, waves, usual: Assessment, distance: float, zh: str, en: str
) -> None:
    """A level set so far from what was measured."""
    rows = usual.measure("sector", "index").set_index("sector")
    level = float(rows.loc["producer", "estimate"]) + distance
    target = {"sector": "producer", "measure": "index", "level": level}
    again = assess(*waves, margins=usual.margins, targets=[target])
    (told,) = describe_targets(again)
    assert zh in told["zh"] and en in told["en"]


def test_readings_keep_points_and_per_cent_apart(usual: Assessment) -> None:
    """70 points as a share are 0.70, 99 % as points are 99."""
    levels = {measure: level for measure, level, _, _ in read_target(usual, usual.targets[0])}
    assert levels == {"index": 70, "score": 70, "share": 0.7}
    levels = {measure: level for measure, level, _, _ in read_target(usual, usual.targets[1])}
    assert levels == pytest.approx({"share": 0.99, "index": 99, "score": 99})


def test_table_of_targets(usual: Assessment, rows_of: Callable[[Display], list[dict[str, Any]]]) -> None:
    rows = rows_of(tabulate_targets(usual))
    assert len(rows) == 6
    own = [row for row in rows if row["measure_en"].endswith("*")]
    assert [row["level_zh"] for row in own] == ["≥70分", "≥99%"]
    for row in rows:
        share = row["measure_zh"].startswith("满意率")
        assert row["measured_zh"].endswith("%" if share else "分")
        assert row["measured_en"].endswith("%" if share else " points")


def test_a_target_without_a_figure_cannot_be_judged(silent_sector: Assessment) -> None:
    told = describe_targets(silent_sector)[1]
    assert (
        "不能判断" in told["zh"] and "cannot be judged" in told["en"] and "nobody gave a score" in told["en"]
    )


def test_a_target_of_an_index_that_is_refused(turned: Assessment) -> None:
    told = describe_targets(turned)[0]
    assert "不能判断" in told["zh"] and "题quality_3" in told["zh"]
    assert "“quality 3”" in told["en"] and "negative weights" in told["en"]


def test_a_sector_that_the_survey_does_not_know(few: Assessment) -> None:
    for told in describe_targets(few):
        assert "不能判断" in told["zh"] and "cannot be judged" in told["en"]
