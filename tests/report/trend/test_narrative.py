"""Sentences on trends. Oracle: the rules as declared, and series made to break each of them."""

import pytest

from qstats.report import trend
from qstats.report.trend.assessment import Assessment
from qstats.report.trend.gather import Gathered
from qstats.report.trend.headings import keep_sign

DESCRIPTIONS = ("data", "indicators", "breaks", "events", "counties", "outlooks", "published", "limits")


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_sentence_reads_well_whatever_can_be_stated(case: Assessment, name: str, read_well) -> None:
    told = getattr(trend, f"describe_{name}")(case)
    assert told
    for text in told:
        read_well(text)


def test_main_points_read_well_and_are_few(case: Assessment, read_well) -> None:
    points = trend.main_points(case)
    assert 1 <= len(points) <= 6
    for text in points:
        read_well(text)


def test_no_direction_is_named_that_is_no_trend(case: Assessment) -> None:
    """Words of a trend stand in sentences on series with a verdict only."""
    rows = case.trends.to_dict("records") if case.received else []
    moved = {row["verdict"] for row in rows} & {"rise", "fall"}
    told = [*trend.describe_indicators(case), *trend.describe_counties(case), *trend.describe_published(case)]
    zh, en = ("".join(one[language] for one in told) for language in ("zh", "en"))
    for verdict, words in (("rise", ("上升趋势", " is rising")), ("fall", ("下降趋势", " is falling"))):
        assert (words[0] in zh) == (words[1] in en) == (verdict in moved), verdict


def test_the_first_sentence_says_where_the_indicators_go(usual: Assessment) -> None:
    first = trend.main_points(usual)[0]
    assert first["zh"].startswith("截至2015年第四季度，聊城市4项")
    assert "1项上升（分户一次验收合格率）" in first["zh"] and "1 falls (rate of complaints" in first["en"]
    assert "2 show no clear trend (batch pass rate of supervision sampling, first-time" in first["en"]


def test_a_fall_that_the_mix_makes_is_not_called_one(usual: Assessment) -> None:
    row = usual.trend_of("pass_rate")
    assert (row["verdict"], row["reason"]) == ("no_clear_trend", "mix") and row["slope_upper"] < 0
    told = trend.main_points(usual)[1]
    assert "但按相同抽样结构计算" in told["zh"] and "报告值的下降不能说明质量下降" in told["zh"]
    assert "at the same mix of samples" in told["en"] and "without showing that quality does" in told["en"]
    assert "下降趋势" not in told["zh"] and "is falling" not in told["en"]


def test_a_rise_that_the_mix_hides_is_told(usual: Assessment) -> None:
    from qstats.report.trend.wording import describe_trend

    row = usual.trend_of("pass_rate")
    hidden = row | {
        "reason": "covers_none",
        "slope_lower": -0.1,
        "slope_upper": 0.1,
        "verdict_at_one_mix": "rise",
    }
    told = describe_trend(
        usual,
        hidden
        | {"mix_slope": 0.1, "mix_change": 0.002, "mix_change_lower": 0.001, "mix_change_upper": 0.003},
    )
    assert "无明显趋势" in told["zh"] and "按相同抽样结构计算上升，平均每年+0.2个百分点" in told["zh"]
    assert "at the same mix of samples it goes up by +0.2 points a year" in told["en"]


def test_another_laboratory_is_an_effect_and_no_trend(usual: Assessment) -> None:
    row = usual.trend_of("county_pass_rate", "371525")
    assert (row["since"], row["since_kind"]) == ("2012Q3", "laboratory")
    told = " ".join(one["en"] for one in trend.describe_events(usual))
    assert "After the new laboratory of 1 July 2012" in told and "clearly higher" in told
    counties = trend.describe_counties(usual)[0]
    assert counties["zh"] == "2个有足够记录的县（市、区）的批次合格率均无明显趋势。"


def test_a_break_is_told_and_the_trend_speaks_of_what_followed(broken: Assessment) -> None:
    told = trend.describe_breaks(broken)
    assert any("批次合格率的水平在2012年" in one["zh"] for one in told)
    assert any("since the break of" in one["en"] for one in trend.describe_indicators(broken))
    withheld = next(
        one
        for one in trend.describe_indicators(broken)
        if "一次验收" in one["zh"] and "暂不判断" in one["zh"]
    )
    assert "突变" in withheld["zh"] and "break" in withheld["en"]


def test_nothing_received_is_one_sentence(nothing: Assessment) -> None:
    assert trend.main_points(nothing) == trend.describe_indicators(nothing)
    assert "states nothing" in trend.main_points(nothing)[0]["en"]


def test_a_short_history_is_said_with_its_length(short: Assessment) -> None:
    told = trend.describe_indicators(short)
    assert any("只有5期，不足以判断趋势" in one["zh"] for one in told)
    assert any("nothing failed" in one["en"] for one in told)
    assert "影响无从判断" in trend.describe_events(short)[0]["zh"]
    assert "1 without failures" in trend.describe_breaks(short)[0]["en"]


def test_published_figures_without_counts_are_never_a_trend(published: Assessment) -> None:
    count, counted, plain, where = trend.describe_published(published)
    assert count["zh"] == (
        "公布的时间序列3个，按口径分为4段：1段有趋势，1段多为上升或下降而没有样本数，2段期数过少、无从判断。"
    )
    assert "2 too short to tell" in count["en"] and trend.main_points(published)[0] == count
    assert (
        "公布值多为上升，Sen斜率每年+1.1个百分点" in plain["zh"]
        and "ranks are tested, and nothing" in plain["en"]
    )
    assert "呈上升趋势" in counted["zh"] and "may have changed" in counted["en"]
    assert "发布机构、口径" in where["zh"]
    assert trend.describe_events(published)[0]["zh"] == "没有需要评估的政策或变更。"


def test_a_forecast_is_told_or_refused(usual: Assessment) -> None:
    from dataclasses import replace

    from qstats.report.trend.event_narrative import _describe_outlook

    outlook = usual.outlooks["pass_rate_by_quarter"]
    assert outlook.steps["period"].tolist()[-1] == "2016Q4"  # the awaited quarter and four more
    refused = _describe_outlook(usual, "pass_rate_by_quarter", replace(outlook, status="not_better"))
    assert "不发布预测" in refused["zh"] and "none is shown" in refused["en"]
    told = _describe_outlook(usual, "pass_rate_by_quarter", replace(outlook, status="stated", skill=0.2))
    assert "预计2016年第四季度" in told["zh"] and "20% smaller" in told["en"]


@pytest.mark.parametrize(
    ("shown", "lower", "upper", "printed"),
    [
        ("0.0～+0.6", 0.0002, 0.006, "+0.0～+0.6"),
        ("−0.6～0.0", -0.006, -0.0002, "−0.6～−0.0"),
        ("0.0 to +10.0", 0.0002, 0.1, "+0.0 to +10.0"),
        ("0.0～+0.6", -0.0002, 0.006, "0.0～+0.6"),
        ("+0.2～+0.6", 0.002, 0.006, "+0.2～+0.6"),
    ],
)
def test_a_limit_that_rounding_makes_zero_keeps_its_sign(
    shown: str, lower: float, upper: float, printed: str
) -> None:
    assert keep_sign(shown, lower, upper) == printed


def test_rates_that_are_not_published_are_said_to_be_so(usual: Assessment, read_well) -> None:
    from dataclasses import replace

    refused = usual.series[usual.series["series"] == "pass_rate"].assign(
        passed=float("nan"), n=float("nan"), value=float("nan")
    )
    case = replace(usual, gathered=Gathered(refused, refused={"pass_rate": 72}))
    told = [*trend.main_points(case), *trend.describe_data(case), *trend.describe_indicators(case)]
    for text in told:
        read_well(text)
    assert "合格率不予发布" in told[0]["zh"] and any(
        "72 months is not published" in one["en"] for one in told
    )
    assert {one.status for one in trend.list_findings(case)} == {"refused", "no_data"}


BENT = {"reason": "bends", "verdict": "no_clear_trend", "p_bend": 0.001, "turn": 2013.9, "years": 6.0}


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        ({"bend": "up_down"}, "约2013年第四季度以前上升，此后下降", "of 2013 and has fallen since"),
        ({"bend": "up_level"}, "此后无明显变化", "has not clearly changed since"),
        ({"bend": "up_down", "periods": 6}, "约2013年以前上升", "rose until about 2013 and"),
        ({"bend": "level_up", "turn": float("nan")}, "前半段无明显变化，后半段上升", "half and rose in"),
        ({"bend": ""}, "走势有弯折，不是一条直线", "it does not follow a straight line"),
    ],
)  # fmt: skip
def test_a_course_that_bends_is_told_as_it_went(
    usual: Assessment, read_well, changed, zh: str, en: str
) -> None:
    from qstats.report.trend.charts import _title
    from qstats.report.trend.wording import describe_trend

    row = usual.trend_of("dwelling_rate") | BENT | changed
    told = describe_trend(usual, row)
    read_well(told)
    assert zh in told["zh"] and en in told["en"]
    assert "上升趋势" not in told["zh"] and "a year" not in told["en"]
    title = _title(usual, row)
    read_well(title)
    assert "no clear trend, " in title["en"]


def test_a_course_that_bends_within_an_interval_that_covers_none_is_told_too(usual: Assessment) -> None:
    from qstats.report.trend.wording import describe_trend

    told = describe_trend(
        usual, usual.trend_of("first_time_rate") | BENT | {"reason": "covers_none", "bend": "up_down"}
    )
    assert "走势有弯折，约2013年第四季度以前上升" in told["zh"] and "the course bends: it rose" in told["en"]
