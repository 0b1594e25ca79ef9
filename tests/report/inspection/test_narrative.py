"""Oracle: the patterns of sentences that reports follow (level, change, no clear change, refused)."""

import pandas as pd
import pytest

from qstats.estimation import Scope
from qstats.periods import Period
from qstats.report.findings import Finding
from qstats.report.inspection import caveats, narrative
from qstats.report.inspection.groups import GroupComparison
from qstats.report.subject import Subject

PLACE = {"zh": "聊城市", "en": "Liaocheng"}
SUBJECT = Subject(PLACE, Period.parse("2015Q4"), Scope(level="municipal"))


def finding(**over):
    values = {
        "key": "inspection.pass_rate.city", "label": PLACE, "status": "stated", "basis": "sample",
        "unit": "proportion", "n": 712, "estimate": 0.968, "lower": 0.952, "upper": 0.978,
        "confidence": 0.95, "method": "korn_graubard",
    }  # fmt: skip
    return Finding(**(values | over))


def test_level_carries_n_and_interval_in_both_languages():
    sentence = narrative.describe_rate(finding(), SUBJECT)
    assert sentence["zh"] == (
        "2015年第四季度，聊城市市级监督抽查有结果的产品712批次，批次合格率为96.8%（95%置信区间95.2%～97.8%）。"
    )
    assert sentence["en"].startswith("In the fourth quarter of 2015, 96.8% of the 712 batches")
    assert "(95% confidence interval 95.2% to 97.8%)" in sentence["en"]


def test_a_refused_rate_says_why_and_gives_no_number():
    reason = {
        "zh": "来源“甲.csv”只列不合格产品，未提供抽查总批次",
        "en": "“甲.csv”: only failures are listed",
    }
    refused = finding(
        status="refused", estimate=None, lower=None, upper=None, confidence=None, method=None, reason=reason
    )
    sentence = narrative.describe_rate(refused, SUBJECT)
    assert sentence["zh"].endswith("批次合格率不予发布：来源“甲.csv”只列不合格产品，未提供抽查总批次。")
    assert "is not published: “甲.csv”: only failures are listed." in sentence["en"]
    assert "%" not in sentence["zh"] + sentence["en"]


def test_pending_results_bound_the_rate():
    row = {
        "status": "stated",
        "awaited": 17,
        "awaiting_retest": 16,
        "unlisted": 0,
        "n": 625,
        "passes": 607,
        "completeness": 625 / 642,
    }
    sentence = caveats.describe_completeness(row, 0.98)
    assert "如全部不合格，合格率为94.5%，如全部合格，为97.2%" in sentence["zh"]  # 607/642 and 624/642
    assert "16批次初检不合格" in sentence["zh"]
    assert "初步数" in sentence["zh"]
    assert "provisional" in sentence["en"]
    assert "provisional" not in caveats.describe_completeness(row, 0.9)["en"]


def test_complete_results_are_called_final():
    row = {
        "status": "stated",
        "awaited": 0,
        "awaiting_retest": 0,
        "unlisted": 0,
        "n": 625,
        "passes": 607,
        "completeness": 1.0,
    }
    assert "final" in caveats.describe_completeness(row, 0.98)["en"]


def groups(rates, changes=None):
    names = {code: {"zh": f"县{code}", "en": f"County {code}"} for code in rates["county_code"]}
    return GroupComparison("county_code", rates, changes, names, Period.parse("2014Q4"))


def test_groups_whose_change_awaits_results_are_named():
    codes = ["a", "b", "c"]
    changes = pd.DataFrame(
        {
            "county_code": codes, "status": "stated", "change_lower": [0.01, 0.01, -0.02],
            "change_upper": 0.1, "holds": [False, True, False],
        }
    )  # fmt: skip
    rates = pd.DataFrame({"county_code": codes, "status": "stated"})
    assert narrative.describe_unsettled(groups(rates, changes))["zh"].startswith("县a：")
    assert narrative.describe_unsettled(groups(rates, changes.iloc[1:])) is None


@pytest.mark.parametrize(
    ("batches", "named"), [([4, 2, 2, 2, 1], 1), ([5, 4, 3, 2], 3), ([2, 2, 2, 2], 0), ([3, 1], 2)]
)
def test_leading_items_are_never_cut_inside_a_tie(batches, named):
    items = pd.DataFrame({"item": [f"项目{i}" for i in range(len(batches))], "batches": batches})
    assert len(narrative.leading_items(items)) == named
    assert narrative.describe_worst_items(items, SUBJECT)["zh"].count("批次）") == named


def test_fates_are_not_told_where_the_plan_is_not_known():
    assert "无从统计" in caveats.describe_fates({"status": "refused"})["zh"]


def test_without_a_rate_the_main_points_are_what_can_be_said_all_the_same():
    reason = {"zh": "x", "en": "x"}
    refused = finding(
        status="refused", estimate=None, lower=None, upper=None, confidence=None, method=None, reason=reason
    )
    row = {"status": "refused", "n": 30, "failures": 4}
    items = pd.DataFrame({"item": ["过氧化值"], "batches": [3]})
    points = narrative.main_points(refused, row, [], items, SUBJECT, 0.98)
    assert len(points) == 3
    assert "30批次，其中不合格4批次" in points[1]["zh"]
    assert "过氧化值（3批次）" in points[2]["zh"]
