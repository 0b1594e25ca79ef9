"""Displays of sampling plans: in both languages, labelled, and named by their standard."""

from dataclasses import replace

import pandas as pd
import pytest

from qstats.report.columns import Column
from qstats.report.display import Display
from qstats.report.sampling.plan_tables import (
    chart_lot_plan,
    tabulate_allocation,
    tabulate_declared_levels,
    tabulate_lot_plan,
    tabulate_switching,
)
from qstats.sampling_plan import allocate_sample, judge_declared_level, judge_lots, plan_for_lot

PLAN = plan_for_lot(1000, 0.4)
NAMES = {code: {"zh": f"县{code}", "en": f"County {code}"} for code in "ab"}


def html(display: Display) -> str:
    return display._repr_mimebundle_()["text/html"]


def test_plan_names_its_standard_and_what_it_is_not() -> None:
    shown = html(tabulate_lot_plan(PLAN))
    assert "不是GB/T 2828.1的表" in shown and "the ancestor of GB/T 2828.1" in shown
    assert "向下" in shown and "0.4" in shown
    licensed = html(tabulate_lot_plan(replace(PLAN, table="GB/T 2828.1-2012")))
    assert "From GB/T 2828.1-2012." in licensed and "ancestor" not in licensed


@pytest.mark.parametrize(("lot", "word"), [(1000, "抽样"), (20, "全数检验")])
def test_whole_lots_are_said_to_be_inspected(lot: int, word: str) -> None:
    table = tabulate_lot_plan(plan_for_lot(lot, 0.4)).payload
    extent = next(column for column in table["columns"] if column["key"] == "extent")
    assert [text["zh"] for text in extent["labels"].values()] == [word]


def test_curve_of_a_plan() -> None:
    chart = chart_lot_plan(PLAN).payload
    assert "91.0%" in chart["title"]["en"] and "AQL 0.4%" in chart["svg"]["zh"]


def test_switching_is_told_lot_by_lot() -> None:
    shown = html(
        tabulate_switching(judge_lots([True, False, False, *[False, True] * 5, True]), "MIL-STD-105E")
    )
    assert (
        "加严检验" in shown and "Ten lots in a row on tightened inspection" in shown and "暂停检验" in shown
    )


def test_verdicts_on_declared_levels() -> None:
    shown = html(tabulate_declared_levels(judge_declared_level([100, 100, 2], [5, 6, 2], [0.02, 0.02, 0.3])))
    for word in (
        "不否定不等于证明",
        "Contradicted",
        "Too few to judge",
        "nor is conformity with them claimed",
    ):
        assert word in shown


def test_next_sample() -> None:
    strata = pd.DataFrame({"county": list("ab"), "population": [400, 100], "n": [60, 30], "failures": [1, 6]})
    shown = html(
        tabulate_allocation(allocate_sample(strata, 90), Column(format="code", labels=NAMES), "county")
    )
    assert "下期90批次的分配" in shown and "County a" in shown
