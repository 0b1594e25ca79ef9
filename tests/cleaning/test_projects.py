"""Registers of completion acceptance: what each row says, and what rows of one project prove together."""

from datetime import date
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.project_rounds import judge_rounds
from qstats.cleaning.project_rows import Round
from qstats.cleaning.projects import PROJECT_STREAM, round_rule
from qstats.errors import RefusedFileError

FIRST, LATER = date(2015, 3, 1), date(2015, 5, 1)


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, PROJECT_STREAM, "project_acceptance")


def row(number="GC01", **cells):
    plain = {
        "project_no": number, "project_name": "阳光花园", "county": "东阿县", "scale": "大中型",
        "accepted_on": "2015-03-01", "outcome": "合格",
    }  # fmt: skip
    return plain | cells


def standing(one):
    return one["first_accepted_on"], one["first_outcome"], one["final_accepted_on"], one["route"]


def test_a_project_that_passed_at_first(clean) -> None:
    done = clean([row(dwellings="120户", building_type="住宅")])
    assert standing(done.only) == (FIRST, "pass", FIRST, "first_time")
    assert (done.only["scale"], done.only["county_code"], done.only["dwellings"]) == (
        "large_medium", "371524", 120,
    )  # fmt: skip
    assert done.met() == ["project.route_from_outcome"]


def test_a_register_with_one_row_per_project(clean) -> None:
    cells = {
        "accepted_on": None, "outcome": None, "first_accepted_on": "2015年3月1日", "first_outcome": "不合格",
        "route": "经检测鉴定合格", "final_accepted_on": "2015-05-01",
    }  # fmt: skip
    done = clean([row(**cells)])
    assert standing(done.only) == (FIRST, "fail", LATER, "tested")
    assert done.only["rounds"] == 2
    assert done.met() == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_rounds_over_two_files_in_either_order(clean, order) -> None:
    files = [
        [row(outcome="不合格")],
        [row(accepted_on="2015-05-01", outcome="合格", route="返工返修后验收")],
    ]
    done = clean(*(files[at] for at in order))
    assert standing(done.only) == (FIRST, "fail", LATER, "reworked")
    assert (done.only["rounds"], done.met()) == (2, ["project.rounds_merged"])


def test_three_rounds_of_which_the_second_failed_again(clean) -> None:
    done = clean([
        row(outcome="不合格"), row(accepted_on="2015-04-01", outcome="不合格"),
        row(accepted_on="2015-05-01"),
    ])  # fmt: skip
    assert standing(done.only) == (FIRST, "fail", LATER, "reworked")
    assert done.only["rounds"] == 3


def test_a_project_that_is_still_open(clean) -> None:
    done = clean([row(outcome="不合格")])
    assert standing(done.only) == (FIRST, "fail", None, "not_accepted")


def test_an_unknown_first_outcome_is_not_replaced_by_a_later_pass(clean) -> None:
    done = clean([row(outcome="见附件"), row(accepted_on="2015-05-01")])
    assert standing(done.only) == (FIRST, None, LATER, None)


def test_a_failure_without_a_day_lies_before_the_pass(clean) -> None:
    done = clean([row(outcome="不合格", accepted_on="2015-02-30"), row(accepted_on="2015-05-01")])
    assert standing(done.only) == (None, "fail", LATER, "reworked")


def test_a_round_of_unknown_day_and_outcome_may_have_been_the_first(clean) -> None:
    done = clean([row(outcome="见附件", accepted_on="不详"), row(accepted_on="2015-05-01")])
    assert standing(done.only) == (None, None, LATER, None)


def test_only_a_second_round_is_on_record(clean) -> None:
    done = clean([row(round="二次验收")])
    assert standing(done.only) == (None, "fail", FIRST, "reworked")


@pytest.mark.parametrize("outcome", ["整改后合格", "复验合格", "二次验收合格"])
def test_a_pass_after_rework_is_no_first_pass(clean, outcome) -> None:
    done = clean([row(outcome=outcome)])
    assert standing(done.only) == (None, "fail", FIRST, "reworked")


def test_a_pass_by_a_way_round_is_no_first_pass(clean) -> None:
    done = clean([row(route="协商验收")])
    assert standing(done.only) == (None, "fail", FIRST, "negotiated")


def test_a_first_pass_beside_a_way_round_is_unknown(clean) -> None:
    done = clean([row(first_outcome="合格", outcome=None, route="返工返修后验收")])
    assert done.only["first_outcome"] is None
    assert done.met() == ["project.route_contradicts"]


def test_a_first_failure_beside_a_first_time_route_stays_a_failure(clean) -> None:
    done = clean([row(outcome="不合格", route="一次验收合格")])
    assert standing(done.only) == (FIRST, "fail", None, "not_accepted")
    assert done.met() == ["project.route_contradicts"]


def test_two_files_that_contradict_each_other_about_one_day(clean) -> None:
    done = clean([row()], [row(outcome="不合格")])
    assert standing(done.only)[:2] == (FIRST, None)
    assert "project.conflict" in done.met()


def test_a_second_round_contradicts_a_first_pass(clean) -> None:
    done = clean([row()], [row(accepted_on="2015-05-01", round="2")])
    assert done.only["first_outcome"] is None
    assert "project.conflict" in done.met()


def test_a_row_sent_again_counts_once(clean) -> None:
    done = clean([row(), row()], [row()])
    assert done.only["rounds"] == 1
    assert done.met().count("project.duplicate") == 2


def test_width_and_case_of_a_number_do_not_matter(clean) -> None:
    done = clean([row("gc-01")], [row("ＧＣ－０１"), row("GC — 01"), row("GC- 01")])
    assert done.only["project_id"] == "GC-01"
    assert clean([row("0012")], [row("12")]).only["project_id"] == "12"


def test_a_number_in_two_counties_stands_for_two_projects(clean) -> None:
    other = row(county="冠县", project_name="裕昌新城", accepted_on="2015-05-01", outcome="不合格")
    done = clean([row()], [other])
    assert [one["project_id"] for one in done.rows] == ["GC01", "GC01@371525"]
    assert [one["first_outcome"] for one in done.rows] == ["pass", "fail"]
    assert "project.number_reused" in done.met()


def test_a_number_used_again_in_another_year_stands_for_two_projects(clean) -> None:
    done = clean([row("1")], [row("1", project_name="金鼎花园", accepted_on="2015-05-01")])
    assert [one["first_accepted_on"] for one in done.rows] == [FIRST, LATER]


@pytest.mark.parametrize(
    "names", [("阳光花园1#楼", "阳光花园2号楼"), ("阳光花园一期", "阳光花园二期"), ("A座", "B座")]
)
def test_buildings_of_one_number_that_passed_on_one_day_stay_apart(clean, names) -> None:
    done = clean([row(project_name=name) for name in names])
    assert [one["project_name"] for one in done.rows] == list(names)
    assert [one["project_id"] for one in done.rows] == ["GC01", "GC01@371524"]


def test_one_project_under_two_spellings_and_a_wrong_county_is_one(clean) -> None:
    done = clean([row(project_name="阳光花园1#楼")], [row(project_name="阳光花园 1号楼", county="冠县")])
    assert done.only["county_code"] == "371524"
    assert done.met() == ["project.conflict", "project.duplicate", "project.route_from_outcome"]


def test_a_project_without_number_joins_the_numbered_one_of_its_name(clean) -> None:
    named = row(None, accepted_on="2015-05-01")
    done = clean([row(outcome="不合格")], [named])
    assert standing(done.only) == (FIRST, "fail", LATER, "reworked")
    assert clean([named], [row(None)]).only["project_id"] == "371524:阳光花园"


def test_the_same_name_in_two_counties_is_two_projects(clean) -> None:
    done = clean([row(None)], [row(None, county="冠县")])
    assert [one["project_id"] for one in done.rows] == ["371524:阳光花园", "371525:阳光花园"]


def test_words_in_place_of_a_number_are_none(clean) -> None:
    done = clean([row("暂无"), row("暂无", project_name="金鼎花园")])
    assert [one["project_name"] for one in done.rows] == ["阳光花园", "金鼎花园"]


def test_a_day_after_the_cutoff_has_not_come(clean) -> None:
    done = clean([row(outcome="不合格"), row(accepted_on="2016-03-01", route="返工返修后验收")])
    assert standing(done.only) == (FIRST, "fail", None, "not_accepted")
    assert clean([row(accepted_on="2016-03-01")]).only["first_outcome"] is None


def test_a_final_day_before_the_first_is_unknown(clean) -> None:
    done = clean([row(outcome="不合格", final_accepted_on="2015-01-01")])
    assert standing(done.only) == (FIRST, "fail", None, "not_accepted")
    assert "date.order" in done.met()


def test_lines_that_are_no_projects(clean) -> None:
    lines = [
        {"sequence": "合计", "dwellings": "900"}, {"project_no": "共 12 项"}, {"project_name": "注：1、略"},
        {"county": "东阿县", "outcome": "合格"}, {},
        {"project_no": "工程编号", "project_name": "工程名称", "outcome": "验收结论"},
    ]  # fmt: skip
    done = clean([row(), *lines])
    assert done.only["project_id"] == "GC01"
    assert done.met() == [
        "project.route_from_outcome", "row.blank", "row.header_repeated", "row.no_identity", "row.note",
        "row.total", "row.total",
    ]  # fmt: skip


def test_sheets_of_dwellings_are_refused(clean) -> None:
    said = "共120户，验收120户，一次检验合格113户"
    with pytest.raises(RefusedFileError, match="look like sheets of acceptance by dwelling"):
        clean([row(outcome=said), row("GC02", outcome=said), row("GC03")])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("首次", "1"),
        ("第二次", "2"),
        ("3", "3"),
        ("复验", "2"),
        ("二次验收", "2"),
        ("若干", None),
        ("0", None),
    ],
)
def test_rounds_by_word_and_number(text, number) -> None:
    assert round_rule(text).value == number


def test_no_rows_and_huge_numbers_are_no_error(clean) -> None:
    assert clean([]).rows == []
    assert clean([row(dwellings="9" * 30)]).only["dwellings"] is None
    assert clean([row(dwellings="١٢٠")]).only["dwellings"] is None


ROUNDS = st.builds(
    Round,
    day=st.none() | st.dates(date(2015, 1, 1), date(2015, 1, 9)),
    outcome=st.sampled_from(["pass", "fail", None]),
)


@given(st.lists(ROUNDS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_a_failure_is_never_hidden(rounds, random) -> None:
    verdict = judge_rounds(rounds)
    mixed = random.sample(rounds, len(rounds))
    assert judge_rounds(mixed) == verdict
    first_days = [one for one in rounds if one.day == min((r.day for r in rounds if r.day), default=None)]
    if verdict.first_outcome == "pass":
        assert {one.outcome for one in first_days} <= {"pass", None}
        assert all(one.day or one.outcome == "pass" for one in rounds)
    if verdict.final_on:
        assert any(one.outcome == "pass" and one.day == verdict.final_on for one in rounds)


WORDS = {"large_medium": "大型", "other": "其他", "pass": "合格", "fail": "不合格", None: None}
ROUTES = {
    "first_time": "一次验收合格", "reworked": "返工重做", "tested": "检测鉴定", "design_recheck": "设计核算",
    "negotiated": "让步验收", "not_accepted": "未验收", None: None,
}  # fmt: skip


@st.composite
def registers(draw):
    days = st.none() | st.dates(date(2014, 1, 1), date(2015, 12, 31)).map(str)
    cells = {
        "project_no": st.sampled_from(["GC01", "gc02", "7", None]),
        "project_name": st.sampled_from(["阳光花园", "金鼎新城1号楼", "水岸家园", None]),
        "county": st.sampled_from(["东阿县", "冠县", "某县", None]),
        "accepted_on": days, "outcome": st.sampled_from(["合格", "不合格", "整改后合格", "见附件", None]),
        "route": st.sampled_from([*ROUTES.values(), "别的"]),
        "round": st.sampled_from([None, None, "1", "2"]),
        "dwellings": st.sampled_from(["60", "若干", None]),
    }  # fmt: skip
    return draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=5))


@settings(max_examples=25)
@given(registers())
def test_cleaning_a_clean_table_changes_nothing(clean_stream, rows) -> None:
    once = clean_stream(PROJECT_STREAM, "project_acceptance", rows)
    names = {"371524": "东阿县", "371525": "冠县", None: None}
    again = clean_stream(PROJECT_STREAM, "project_acceptance", [
        {
            "project_no": one["project_id"], "project_name": one["project_name"],
            "county": names[one["county_code"]], "first_outcome": WORDS[one["first_outcome"]],
            "first_accepted_on": one["first_accepted_on"] and str(one["first_accepted_on"]),
            "final_accepted_on": one["final_accepted_on"] and str(one["final_accepted_on"]),
            "route": ROUTES[one["route"]], "dwellings": one["dwellings"] and str(one["dwellings"]),
        }
        for one in once.rows
    ])  # fmt: skip
    told = ["project_id", "project_name", "county_code", "dwellings", "first_accepted_on", "first_outcome",
            "route", "final_accepted_on"]  # fmt: skip
    assert again.table.select(told).rows() == once.table.select(told).rows()


@settings(max_examples=25)
@given(registers(), registers())
def test_every_row_is_kept_merged_or_dropped(clean_stream, first, second) -> None:
    done = clean_stream(PROJECT_STREAM, "project_acceptance", first, second)
    gone = done.issues.filter(pl.col("action").is_in(["dropped", "merged"]))["cases"].sum()
    assert done.table.height + gone == len(first) + len(second)
    assert done.table["project_id"].is_unique().all()
