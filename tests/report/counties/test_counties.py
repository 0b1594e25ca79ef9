"""The chapter on the counties: nobody is ranked who cannot be, and who stands out is named first."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from qstats.estimation import Scope
from qstats.periods import Period, TwelveMonths
from qstats.ranking import list_pairs, rank_counties
from qstats.report import counties
from qstats.report.counties.comparison import CountyComparison
from qstats.report.display import Display
from qstats.report.markup import render
from qstats.report.subject import Subject

PLACE = {"zh": "某市", "en": "Some City"}
CODES = ["a", "b", "c", "d", "e"]
NAMES = {code: {"zh": f"{code}县", "en": f"{code.upper()} County"} for code in CODES}
QUARTER = Period.parse("2015Q4")
YEAR = TwelveMonths.ending(QUARTER)


def compare(passes: list[int], n: list[int], period: Period = QUARTER):
    """A comparison from counts; a county with fewer than 30 batches has no rate."""
    counts = pd.DataFrame({"county_code": CODES[: len(n)], "n": n, "passes": passes})
    enough = counts["n"] >= 30
    reason = np.where(enough, "", "只有几个批次")
    rates = counts.assign(
        failures=counts["n"] - counts["passes"], effective_n=counts["n"].astype(float),
        awaited=0, unlisted=0, deff=1.0,
        estimate=(counts["passes"] / counts["n"]).where(enough), lower=0.9, upper=1.0,
        status=np.where(enough, "stated", "cannot_be_stated"), reliability="reliable",
        reason_zh=reason, reason_en=np.where(enough, "", "a few batches only"), sources="s1", release="final",
    )  # fmt: skip
    rest = counts[["n", "passes"]].sum() - counts[["n", "passes"]]
    others = rest.assign(
        county_code=counts["county_code"], estimate=rest["passes"] / rest["n"],
        effective_n=rest["n"].astype(float), status="stated", awaited=0, unlisted=0, deff=1.0,
    )  # fmt: skip
    table = rank_counties(rates, others, confidence=0.95).assign(
        expected=sum(passes) / max(sum(n), 1),
        expected_failures=1.0,
        failure_ratio=1.0,
        share_small=0.5,
        share_shops=0.4,
        shrunk=0.95,
        shrunk_lower=0.9,
        shrunk_upper=0.98,
        own_weight=0.4,
        prob_top=0.5,
        prob_bottom=0.5,
        between_sd=0.01,
    )
    whole = {
        "status": "stated",
        "estimate": sum(passes) / max(sum(n), 1),
        "lower": 0.9,
        "upper": 1.0,
        "n": sum(n),
    }
    name = "counties_in_twelve_months" if isinstance(period, TwelveMonths) else "counties"
    pairs = list_pairs(table, confidence=0.95)
    return CountyComparison(
        Subject(PLACE, period, Scope(level="municipal")), table, whole, pairs, NAMES, name
    )


ALIKE = ([58, 59, 57, 60, 12], [60, 60, 60, 60, 12])
APART = ([399, 397, 335, 280, 12], [400, 400, 380, 400, 12])


@pytest.fixture
def alike():
    return compare(*ALIKE)


@pytest.fixture
def apart():
    return compare(*APART)


def html(display: Display, language: str) -> str:
    return render(display.kind, display.payload, language)


def test_where_nobody_stands_out_the_first_point_says_so(alike):
    point = counties.main_points(alike, compare(*ALIKE, YEAR))[0]
    assert "4个有合格率的县（市、区）与全市其余地区的差异均不显著" in point["zh"]
    assert "none of the 4 counties with a rate can be told apart" in point["en"]


def test_where_nobody_stands_out_no_rank_is_given(alike):
    points = counties.main_points(alike, compare(*ALIKE, YEAR))
    assert any("每一个都可能居第1至第4位" in point["zh"] for point in points)
    assert any("不能区分不等于相同" in point["zh"] for point in points)
    assert all("居前" not in point["zh"] for point in points)


def test_who_stands_out_is_named_with_difference_and_interval(apart):
    sentence = counties.describe_standing(apart)
    assert sentence["zh"].startswith("2015年第四季度：合格率低于全市其余地区的有d县（低2")
    assert "a县（高" in sentence["zh"] and "b县（高" in sentence["zh"]
    assert "，这2个之间差异不显著" in sentence["zh"]
    assert "其余1个与全市其余地区差异不显著" in sentence["zh"]
    assert "D County by 2" in sentence["en"] and "The other 1" in sentence["en"]


def test_ranks_are_ranges_and_say_how_many_pairs_are_known(apart):
    sentence = counties.describe_order(apart)["zh"]
    assert "a县、b县可以确定居前一半，这2个之间差异不显著" in sentence
    assert "d县可以确定居后一半" in sentence
    assert f"6对县（市、区）中只有{len(apart.pairs)}对能分出高低" in sentence


def test_a_mix_that_explains_is_told_and_one_that_does_not(apart):
    assert "不能用抽样结构" in counties.describe_mix(apart)["zh"]
    usual = replace(apart, table=apart.table.assign(expected=0.93, lower=0.6, upper=1.0))
    usual = replace(usual, whole={"status": "stated", "estimate": 0.96})
    assert "可能主要来自抽样结构" in counties.describe_mix(usual)["zh"]
    assert counties.describe_mix(compare(*ALIKE)) is None


def test_counties_without_a_rate_stay_visible(alike):
    assert "e县（共1个）" in counties.describe_unstated(alike)["zh"]
    table = html(counties.tabulate_ranks(alike), "en")
    assert "E County" in table and "a few batches only" in table
    found = {finding.key: finding for finding in alike.findings()}
    assert found["inspection.rank.county.e"].status == "cannot_be_stated"


def test_a_rank_in_the_findings_carries_its_set(apart):
    found = {finding.key: finding for finding in apart.findings()}
    rank = found["inspection.rank.county.d"]
    assert (rank.unit, rank.estimate, rank.lower, rank.upper) == ("rank", 4, 4, 4)
    assert found["inspection.rank.county.b"].lower == 1 and found["inspection.rank.county.b"].upper == 2
    difference = found["inspection.difference.county.d"]
    assert difference.lower < difference.estimate < difference.upper < 0


def test_period_and_twelve_months_have_findings_of_their_own(apart):
    keys = [finding.key for one in (apart, compare(*APART, YEAR)) for finding in one.findings()]
    assert len(keys) == len(set(keys)) == 20


def test_the_title_of_the_chart_is_the_message(alike, apart):
    calm, told = (counties.chart_counties(one).payload for one in (alike, apart))
    assert calm["title"]["zh"].endswith("排列先后不是名次")
    assert "d县低于其余地区" in told["title"]["zh"] and "a县、b县高于其余地区" in told["title"]["zh"]
    assert "possible ranks 1–4" in calm["alt"]["en"]


def test_the_rank_column_is_a_set(alike):
    assert "1～4" in html(counties.tabulate_ranks(alike), "zh")
    assert "1 to 4" in html(counties.tabulate_ranks(alike), "en")


def test_the_city_stands_under_the_table(alike):
    assert "全市合格率97.6%（95%置信区间90.0%～100.0%，252批次）" in html(
        counties.tabulate_ranks(alike), "zh"
    )
    refused = replace(alike, whole={"status": "refused"})
    assert "rate of the city is not published" in html(counties.tabulate_ranks(refused), "en")


def test_pairs_are_a_table_or_a_sentence(alike, apart):
    assert counties.tabulate_pairs(alike).kind == "text"
    assert "A County" in html(counties.tabulate_pairs(apart), "en")


@pytest.mark.parametrize(
    "tabulate",
    [
        counties.tabulate_ranks,
        counties.tabulate_differences,
        counties.tabulate_sampling_mix,
        counties.tabulate_methods,
        counties.tabulate_shrunk,
    ],
)
@pytest.mark.parametrize(("passes", "n"), [ALIKE, APART, ([2, 3], [2, 3]), ([40, 3], [40, 3]), ([], [])])
def test_tables_hold_whatever_there_is(tabulate, passes, n):
    display = tabulate(compare(passes, n))
    assert html(display, "zh") and html(display, "en")


def test_where_no_batch_names_its_county_that_is_all_there_is_to_say():
    none, year = compare([], []), compare([], [], YEAR)
    (point,) = counties.main_points(none, year)
    assert "which county" in point["en"] and counties.describe_data(none, year) == [point]
    assert counties.chart_counties(none).kind == "text" and none.findings() == []


def test_without_any_rate_nothing_is_compared():
    none = compare([2, 3], [2, 3])
    points = counties.main_points(none, compare([2, 3], [2, 3], YEAR))
    assert "没有县（市、区）的合格率可以" in points[0]["zh"]
    assert any("不排名次" in point["zh"] for point in points)
    assert counties.chart_counties(none).kind == "text"


def test_a_single_county_is_compared_but_not_ranked():
    single = compare([38, 3], [40, 3])
    assert "不足两个" in counties.describe_order(single)["zh"]
    rank = next(finding for finding in single.findings() if finding.key == "inspection.rank.county.a")
    assert rank.status == "cannot_be_stated" and "没有其他县" in rank.reason["zh"]
    assert counties.chart_counties(single).kind == "figure"


def test_an_annual_report_says_things_once(apart):
    annual = Period.parse("2015")
    points = counties.main_points(compare(*APART, annual), compare(*APART, YEAR))
    texts = [point["zh"] for point in points]
    assert len(texts) == len(set(texts)) and sum("低于全市其余地区" in text for text in texts) == 1
