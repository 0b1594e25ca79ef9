"""Oracle: the patterns of sentences that reports follow, and what is said where two changes disagree."""

from dataclasses import replace

import pandas as pd
import pytest

from qstats.periods import Period
from qstats.report.findings import Change
from qstats.report.inspection.comparisons import Comparison, tabulate_rows
from qstats.report.inspection.verdicts import describe_comparison, headline_movement

NO_MIX = pd.DataFrame(columns=["column", "code", "share_before", "share_now"])
SHIFTED = pd.DataFrame(
    {
        "column": ["enterprise_size", "enterprise_size", "stage"], "code": ["micro", "large", "retail"],
        "share_before": [0.18, 0.30, 0.12], "share_now": [0.40, 0.05, 0.40],
    }
)  # fmt: skip


def change(estimate, lower, upper, **over):
    values = {
        "against": "2014Q4", "basis": "last_year", "status": "stated", "estimate": estimate, "lower": lower,
        "upper": upper, "confidence": 0.95, "n": 700, "method": "mover",
    }  # fmt: skip
    return Change(**(values | over))


def compare(crude, standardised, verdict, *, mix=NO_MIX, mix_effect=0.0, basis="last_year", **bases):
    crude_change = change(*crude[:3], basis=basis, holds=len(crude) < 4)
    at_average = change(*standardised, basis=f"{basis}_standardised", verdict=verdict)
    figures = {"mix_effect": mix_effect, "rate_effect": crude[0] - mix_effect} | bases
    years = Period.parse("2015"), Period.parse("2010")
    periods = years if basis == "first_year" else (Period.parse("2015Q4"), Period.parse("2014Q4"))
    return Comparison(*periods, crude_change, at_average, figures, mix)


RISE, FALL, UNCLEAR = (0.021, 0.006, 0.036), (-0.014, -0.024, -0.004), (0.003, -0.011, 0.017)


def test_both_clear_and_alike():
    sentence = describe_comparison(compare(RISE, (0.019, 0.004, 0.034), "rise"))
    assert sentence["zh"] == (
        "比上年同期提高2.1个百分点（95%置信区间：+0.6～+3.6个百分点）；"
        "按相同抽样结构计算提高1.9个百分点（95%置信区间：+0.4～+3.4个百分点）。"
    )
    assert sentence["en"].startswith("Up 2.1 points on the same period last year (95% confidence interval")
    assert "; at the same mix of samples up 1.9 points" in sentence["en"]


@pytest.mark.parametrize("limits", [(-0.011, 0.017), (0.0, 0.017), (-0.011, 0.0)])
def test_an_interval_that_covers_or_touches_zero_is_no_clear_change(limits):
    sentence = describe_comparison(compare((0.003, *limits), UNCLEAR, "no_clear_change"))
    assert sentence["zh"].count("无显著变化") == 2
    assert sentence["en"].startswith("No clear change")
    assert not any(word in sentence["zh"] for word in ("提高", "下降"))


def test_a_fall_that_is_a_change_of_the_mix_says_so_and_names_what_moved():
    """The synthetic city: the crude rate falls, at the same mix it rises."""
    found = compare(FALL, (0.006, 0.001, 0.011), "rise", mix=SHIFTED, mix_effect=-0.020, basis="first_year")
    sentence = describe_comparison(found)
    assert sentence["zh"] == (
        "2015年全年比2010年下降1.4个百分点（95%置信区间：−2.4～−0.4个百分点），但按相同抽样结构计算提高0.6个百分点"
        "（95%置信区间：+0.1～+1.1个百分点）。下降主要来自抽样结构的变化（流通环节由12%升至40%、微型企业由18%升至40%），"
        "结构影响为−2.0个百分点。"
    )
    assert sentence["en"].startswith("2015 as a whole: down 1.4 points on 2010")
    assert ", but at the same mix of samples up 0.6 points" in sentence["en"]
    assert (
        "The fall is mostly a change of what was sampled (−2.0 points): retail from 12% to 40%"
        in sentence["en"]
    )


def test_a_crude_fall_without_any_at_the_same_mix():
    sentence = describe_comparison(compare(FALL, UNCLEAR, "no_clear_change", mix=SHIFTED, mix_effect=-0.017))
    assert "按相同抽样结构计算则无显著变化" in sentence["zh"]
    assert "The fall is mostly a change of what was sampled" in sentence["en"]


def test_disagreeing_bases_claim_no_direction():
    sentence = describe_comparison(
        compare(FALL, (0.002, -0.003, 0.007), "bases_disagree", at_before=0.010, at_now=-0.004)
    )
    assert "方向不一，不作整体判断" in sentence["zh"]
    assert "at the earlier mix it is +1.0 points, at the present one −0.4" in sentence["en"]
    assert "提高" not in sentence["zh"]


def test_a_direction_that_awaited_results_could_undo_is_not_claimed():
    sentence = describe_comparison(compare((0.027, 0.004, 0.051, "awaited"), RISE, "awaited"))
    assert "暂不判断升降" in sentence["zh"]
    assert "no direction is claimed yet" in sentence["en"]
    assert not any(word in sentence["zh"] for word in ("提高", "下降"))


def test_what_cannot_be_compared_says_why():
    reason = {"zh": "对比期合格率未发布", "en": "the earlier rate is not published"}
    refused = change(None, None, None, status="refused", reason=reason, n=None)
    sentence = describe_comparison(
        Comparison(Period.parse("2015Q4"), Period.parse("2014Q4"), refused, refused, {}, NO_MIX)
    )
    assert sentence["zh"] == "与上年同期不可比：对比期合格率未发布。"
    assert (
        sentence["en"] == "Not comparable with the same period last year: the earlier rate is not published."
    )


@pytest.mark.parametrize(
    ("comparison", "title"),
    [
        (None, "与上年同期不可比"),
        (compare(UNCLEAR, UNCLEAR, "no_clear_change"), "与上年同期相比无显著变化"),
        (compare(FALL, RISE, "rise"), "比上年同期下降1.4个百分点；按相同抽样结构提高"),
        (compare(UNCLEAR, RISE, "rise"), "与上年同期相比无显著变化；按相同抽样结构提高"),
        (compare((0.027, 0.004, 0.051, "awaited"), RISE, "awaited"), "结果未齐，暂不判断升降"),
    ],
)
def test_the_title_of_the_chart_never_hides_a_disagreement(comparison, title):
    assert headline_movement(comparison)["zh"] == title


def test_the_table_has_a_row_for_each_comparison_and_a_reason_where_refused():
    reason = {"zh": "对比期合格率未发布", "en": "not published"}
    refused = change(None, None, None, status="refused", reason=reason, n=None)
    nothing = Comparison(
        Period.parse("2015Q4"), Period.parse("2014Q4"), refused, refused, {"verdict": ""}, NO_MIX
    )
    rows = tabulate_rows([compare(RISE, RISE, "rise"), nothing])
    assert rows["reason_zh"].tolist() == ["", "对比期合格率未发布"]
    assert pd.isna(rows["verdict"][1])


def test_samples_with_too_little_in_common_say_nothing_about_quality():
    reason = {"zh": "差别太大", "en": "too little in common"}
    apart = change(None, None, None, status="refused", reason=reason, verdict="no_common_mix", n=None)
    found = compare(FALL, UNCLEAR, "no_clear_change", mix_effect=float("nan"))
    sentence = describe_comparison(replace(found, standardised=apart))
    assert "无法按相同抽样结构比较，不能据此判断质量变化" in sentence["zh"]
    assert "so this says nothing about quality" in sentence["en"]
