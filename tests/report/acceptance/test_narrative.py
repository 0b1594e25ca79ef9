"""What the chapter says. Oracle: the registers of the tests, counted by hand; a sentence is judged alone."""

import re
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from qstats.codebook import Text
from qstats.report import acceptance
from qstats.report.acceptance import Assessment
from qstats.report.acceptance.complaints_narrative import describe_falling, describe_level, describe_steps

DESCRIPTIONS = (
    "records", "first_time", "rectification", "dwellings", "rooms", "complaints", "handling", "limits",
)  # fmt: skip
VERDICT = re.compile(r"当期目标|the target for the period")
BOUND = re.compile(r"9\d\.\d%|置信|bound|interval")


def _sentences(text: Text) -> list[str]:
    return [*re.split(r"[。；]", text["zh"]), *re.split(r"(?<=[.;])\s", text["en"])]


@pytest.mark.parametrize("name", [*(f"describe_{name}" for name in DESCRIPTIONS), "main_points"])
def test_every_text_reads_well_whatever_can_be_stated(
    case: Assessment, name: str, read_well: Callable[[Text], None]
) -> None:
    for text in getattr(acceptance, name)(case):
        read_well(text)


def test_forty_of_forty_meet_the_target_and_demonstrate_92_8_per_cent(usual: Assessment) -> None:
    """The verdict on the count and the bound of the process are two sentences, in both languages."""
    counted, process = acceptance.describe_first_time(usual)[:2]
    assert counted["zh"].startswith(
        "2015年第四季度首次竣工验收的大中型工程40项，全部一次验收合格，当期目标（100%）已达到。"
    )
    assert counted["en"].startswith(
        "All 40 large and medium projects first accepted in the fourth quarter of 2015 passed at the first "
        "acceptance: the target for the period (100%) is met."
    )
    assert "单侧95%置信下限为92.8%" in process["zh"] and "one-sided 95% lower bound is 92.8%" in process["en"]
    assert "施工质量水平" in process["zh"] and "building process" in process["en"]
    assert "92.8" not in counted["zh"] + counted["en"]
    assert not VERDICT.search(process["zh"] + process["en"])


def test_verdict_and_bound_never_stand_in_one_sentence(case: Assessment) -> None:
    texts = [*acceptance.describe_first_time(case), *acceptance.main_points(case)]
    for sentence in (one for text in texts for one in _sentences(text)):
        assert not (VERDICT.search(sentence) and re.search(r"置信下限|lower bound|施工质量水平", sentence)), (
            sentence
        )
        if VERDICT.search(sentence):
            assert "92.8" not in sentence, sentence


def test_main_points_hold_both_sentences(usual: Assessment) -> None:
    point = acceptance.main_points(usual)[1]  # behind the missed target of the other projects
    met, bound = (next(one for one in _sentences(point) if words in one) for words in ("已达到", "92.8%"))
    assert met != bound
    assert "is met. As evidence" in point["en"]


def test_a_missed_target_says_how_many_were_tolerated(usual: Assessment) -> None:
    """11 of 13 other projects passed."""
    counted = acceptance.describe_first_time(usual)[3]
    assert (
        "一次验收合格11项，一次验收合格率84.6%，当期目标未达到（98%：13项最多容许0项不合格，实际2项）"
        in counted["zh"]
    )
    assert "missed (98%: 13 projects tolerate 0, and 2 failed)" in counted["en"]


def test_projects_that_would_demonstrate_a_level(assess, works) -> None:
    told = acceptance.describe_first_time(assess(projects=works.make_projects(50, scale="other")))
    process = next(one for one in told if "单侧" in one["zh"])
    assert "须有149项且全部一次合格" in process["zh"] and "takes 149 projects" in process["en"]


def test_49_of_50_reach_98_per_cent(assess, works) -> None:
    failed = works.make_failed(1, scale="other")
    for passed, met in ((49, True), (48, False)):
        projects = pl.concat([works.make_projects(passed, scale="other"), failed])
        text = acceptance.main_points(assess(projects=projects))[1]
        assert ("当期目标已达到" in text["zh"], "is met" in text["en"]) == (met, met)


@pytest.mark.parametrize("missing", ["first_accepted_on", "scale", "first_outcome"])
def test_a_failed_project_without_day_or_scale_leaves_the_verdict_open(assess, works, missing: str) -> None:
    projects = pl.concat([works.make_projects(40), works.make_failed(1, **{missing: None})])
    text = acceptance.main_points(assess(projects=projects))[0]
    assert "暂不判断" in text["zh"] and "not judged" in text["en"]
    assert "已达到" not in text["zh"] and " met" not in text["en"]


def test_an_undated_project_that_passed_leaves_it_met(assess, works) -> None:
    projects = pl.concat([works.make_projects(40), works.make_projects(1, first_accepted_on=None)])
    assert "已达到" in acceptance.main_points(assess(projects=projects))[0]["zh"]


def test_before_the_period_is_over_nothing_is_met(running: Assessment) -> None:
    large, other, dwellings, *_ = acceptance.main_points(running)
    assert "尚未结束" in large["zh"] and "is not over" in large["en"] and "met" not in large["en"]
    assert "未达到" not in other["zh"]  # more may pass before the end
    assert "未达到" in dwellings["zh"]  # a dwelling that was not inspected is no more undone


def test_one_project_is_spoken_of_as_one(one: Assessment) -> None:
    text = acceptance.describe_first_time(one)[0]
    assert text["en"].startswith("The only one of the large and medium projects")


def test_a_register_without_scales_is_counted_whole(assess, works) -> None:
    told = acceptance.describe_first_time(assess(projects=works.make_projects(5, scale=None)))
    assert "全部工程5项，一次验收合格5项" in told[0]["zh"] and "5 of the 5 projects" in told[0]["en"]
    assert any("5项没有注明规模，目标无从判断" in one["zh"] for one in told)
    assert not any("没有大中型工程首次竣工验收" in one["zh"] for one in told)


def test_without_targets_the_count_stands_alone(uncounted: Assessment) -> None:
    told = acceptance.describe_first_time(uncounted)
    assert (
        "一次验收合格51项，一次验收合格率96.2%" in told[0]["zh"] and "51 of the 53 projects" in told[0]["en"]
    )
    assert not any("目标" in one["zh"] or "target" in one["en"] for one in told)


def test_change_is_said_of_the_process_and_only_where_clear(usual: Assessment) -> None:
    large = next(one for one in acceptance.describe_first_time(usual) if "40/40" in one["zh"])
    assert "（40/40）与2014年（30/30）相比，无显著变化" in large["zh"] and "no clear change" in large["en"]
    other = next(one for one in acceptance.describe_first_time(usual) if "11/13" in one["zh"])
    assert (
        "（11/13）与2014年（0/10）相比，提高84.6个百分点" in other["zh"] and "up 84.6 points" in other["en"]
    )


def test_a_period_that_begins_the_year_is_told_once(assess, usual_tables) -> None:
    for period, name in (("2015H1", "2015年上半年"), ("2015-01", "2015年1月"), ("2015", "2015年")):
        counted = acceptance.describe_first_time(assess(**usual_tables, period=period))[0]
        assert counted["zh"].count("。") == 1 and counted["zh"].startswith(name), counted
    twice = acceptance.describe_first_time(assess(**usual_tables, period="2015Q4"))[0]
    assert twice["zh"].count("。") == 2


def test_open_projects_are_named_beside_those_that_were_mended(usual: Assessment) -> None:
    (text,) = acceptance.describe_rectification(usual)
    assert "12项工程中，11项已通过验收，1项截至2016-01-31尚未通过" in text["zh"]
    assert (
        "中位时间为34天（95%置信区间34～" in text["zh"] and "Half are accepted within 34 days" in text["en"]
    )


def test_median_not_reached_is_no_number(assess, works) -> None:
    (text,) = acceptance.describe_rectification(assess(projects=works.make_failed(12, days=None)))
    assert "中位时间尚未达到" in text["zh"] and "Fewer than half are accepted so far" in text["en"]


def test_accepted_on_an_unknown_day_is_said(assess, works) -> None:
    (text,) = acceptance.describe_rectification(assess(projects=works.make_failed(2, final_accepted_on=None)))
    assert "另有2项工程最终通过的日期不明" in text["zh"] and "2 accepted on an unknown day" in text["en"]


def test_dwellings_not_inspected_miss_the_target(usual: Assessment) -> None:
    text = acceptance.describe_dwellings(usual)[0]
    assert "共800户，验收797户" in text["zh"] and "未达到：3户没有逐户验收" in text["zh"]
    assert "missed, 3 were not" in text["en"]


def test_dwellings_all_inspected_meet_it_unless_a_sheet_may_hide_one(assess, works) -> None:
    whole = works.make_sheets(3)
    assert "当期目标（100%）已达到" in acceptance.describe_dwellings(assess(dwellings=whole))[0]["zh"]
    for hidden in ({"dwellings_total": None}, {"accepted_on": None, "dwellings_accepted": 97}):
        text = acceptance.describe_dwellings(
            assess(dwellings=pl.concat([whole, works.make_sheets(1, **hidden)]))
        )[0]
        assert "暂不判断" in text["zh"] and "not judged" in text["en"] and "已达到" not in text["zh"]


def test_rework_that_is_not_told_is_said(assess, works) -> None:
    sheets = works.make_sheets(2, dwellings_after_rework=[5, None])
    text = acceptance.describe_dwellings(assess(dwellings=sheets))[-1]
    assert "整改后合格5户，5户整改结果没有写明" in text["zh"] and "尚未合格" not in text["zh"]


def test_rooms_say_what_the_spread_was(usual: Assessment, one: Assessment) -> None:
    heights, plans = acceptance.describe_rooms(usual)
    assert (
        "实测36间（6项工程），净高极差不超过20毫米的35间（97.2%" in heights["zh"]
        and "最大25.0毫米" in heights["zh"]
    )
    assert "36 of 36 rooms" in plans["en"] and "100.0%" in plans["en"]
    assert "不推断一般水平" in acceptance.describe_rooms(one)[0]["zh"]


def test_level_of_complaints_speaks_of_the_count_and_apart_of_the_underlying_rate(usual: Assessment) -> None:
    """72 of 20,000: 3.6; poisson.test(72, 20) gives 2.8 to 4.5."""
    text = describe_level(usual)
    assert "投诉72件，每千户交付住宅3.6件；如推断一般水平，95%置信区间为2.8～4.5件" in text["zh"]
    assert "3.6 per 1,000 dwellings delivered. As evidence on the underlying rate" in text["en"]


def test_every_step_is_told_with_its_interval(usual: Assessment) -> None:
    steps = describe_steps(usual)
    assert steps and steps["zh"].count("～") == 4 and steps["zh"].count("无显著变化") == 4
    assert (
        "2013年与上年相比无显著变化（+28.6%，" in steps["zh"]
        and "2013 no clear change (+28.6%, " in steps["en"]
    )


def test_falling_is_judged_from_the_year_declared(usual: Assessment) -> None:
    text = describe_falling(usual)
    assert (
        text
        and "2013—2015年，每一步都要下降" in text["zh"]
        and "按公布的数字已达到，但2014、2015年" in text["zh"]
    )
    assert "met by the figures as they stand" in text["en"] and "is not shown" in text["en"]


@pytest.mark.parametrize(
    ("complaints", "zh", "en"),
    [
        ({2013: [40] * 12, 2014: [20] * 12, 2015: [9] * 12}, "都超出偶然波动", "each fall is beyond chance"),
        ({2013: [9] * 12, 2014: [7] * 12, 2015: [7] * 12}, "未达到，2015年没有", "missed, 2015 did not fall"),
        ({2014: [9] * 12, 2015: [7] * 12}, "缺少2013年的投诉率", "no rate of 2013 to start from"),
        ({2013: [9] * 12, 2014: [7] * 12}, "2014年以后没有完整的投诉记录", "no whole year after 2014"),
    ],
)  # fmt: skip
def test_falling_year_by_year(assess, works, complaints: dict[int, list[int]], zh: str, en: str) -> None:
    delivered = [("dwellings_delivered", year, None, 20_000) for year in range(2011, 2016)]
    text = describe_falling(
        assess(complaints=works.make_complaints(complaints), denominators=works.make_denominators(*delivered))
    )
    assert text and zh in text["zh"] and en in text["en"]


def test_without_a_denominator_nothing_is_judged(uncounted: Assessment, assess, usual_tables, works) -> None:
    bare = assess(**usual_tables | {"denominators": works.make_denominators()})
    text = describe_falling(bare)
    assert text and "不能判断：没有申报分母" in text["zh"] and "cannot be judged" in text["en"]
    assert "没有申报分母" in describe_level(bare)["zh"] and "no rate" in describe_level(bare)["en"]
    assert describe_falling(uncounted) is None


def test_a_step_from_none_is_no_percentage(some_years: Assessment) -> None:
    steps = describe_steps(some_years)
    assert (
        steps
        and "上年没有投诉，2014年2件" in steps["zh"]
        and "none the year before, 2 in 2014" in steps["en"]
    )


def test_a_silent_year_is_not_taken_for_none(assess, works) -> None:
    told = acceptance.describe_complaints(
        assess(complaints=works.make_complaints({2013: [9] * 12, 2014: [7] * 12}))
    )
    assert (
        "2015年没有投诉记录，不当作没有投诉" in told[-1]["zh"] and "No complaints of 2015" in told[-1]["en"]
    )


def test_years_in_part_are_named(assess, works) -> None:
    counts = {2012: [0] * 8 + [9] * 4, 2013: [9] * 12, 2014: [7] * 12, 2015: [6] * 12}
    told = acceptance.describe_complaints(assess(complaints=works.make_complaints(counts)))
    assert "2012年的记录不满一年" in told[-1]["zh"]


def test_handling_of_this_year_and_the_last(usual: Assessment, works, assess) -> None:
    this, last = acceptance.describe_handling(usual)
    assert "2015年受理的72件中，已办结72件，未办结0件；办结的中位时间为20天" in this["zh"]
    assert "closed within 20 days" in this["en"] and "2014年受理的84件" in last["zh"]
    few = acceptance.describe_handling(
        assess(complaints=works.make_complaints({2015: [3]}, days=None, status="open"))
    )
    assert "件数过少" in few[0]["zh"] and "too few" in few[0]["en"]


@pytest.mark.parametrize(
    ("kept", "merged", "declared", "said"),
    [
        (40, 0, 40, "与报送单位申报的一致"), (38, 1, 40, "少于申报项数"), (38, 2, 40, "无从核对：works.csv"),
        (40, 0, None, "没有申报应有项数"),
    ],
)  # fmt: skip
def test_completeness_of_registers(
    assess, works, kept: int, merged: int, declared: int | None, said: str
) -> None:
    sources = works.make_sources({"rows_kept": kept, "rows_merged": merged, "batches_declared": declared})
    told = acceptance.describe_limits(assess(projects=works.make_projects(kept), sources=sources))
    assert said in told[1]["zh"] and "官方定义" in told[0]["zh"]


def test_undated_records_are_counted(untold: Assessment) -> None:
    told = acceptance.describe_records(untold)[1]
    for counted in ("工程1项", "分户验收表1份", "实测房间1间", "投诉2件"):
        assert counted in told["zh"]


def test_levels_are_printed_as_declared(assess, works) -> None:
    target = {"measure": "first_time_rate", "scale": None, "level": 0.985, "since": None}
    text = acceptance.main_points(assess(projects=works.make_projects(40), targets=[target]))[0]
    assert "（98.5%）" in text["zh"] and "(98.5%)" in text["en"]


def test_nothing_received_is_said_once(nothing: Assessment) -> None:
    assert len(acceptance.main_points(nothing)) == len(acceptance.describe_records(nothing)) == 1
    assert nothing.period.start == date(2015, 10, 1)
