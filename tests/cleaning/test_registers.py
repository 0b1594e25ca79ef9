"""Registers: awards with their days, terms of validity, grades, areas; one award once over all files."""

from datetime import date
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.register_cells import read_register
from qstats.cleaning.registers import REGISTER_STREAM
from qstats.codebook import labels, read_vocabulary

AWARDED = date(2013, 6, 15)
CODE, OTHER_CODE = "70000001-X", "70000002-8"


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, REGISTER_STREAM, "register_entries")


def row(name="鲁西复混肥料", **cells):
    plain = {
        "register": "山东名牌产品", "name": name, "holder": "东阿化工有限公司", "county": "东阿县",
        "awarded_on": "2013-06-15",
    }  # fmt: skip
    return plain | cells


def ends(one):
    return one["valid_until"], one["withdrawn_on"], one["ending"]


def test_an_entry(clean) -> None:
    done = clean([row(enterprise_code=CODE, number="SDMP 01", department="市质监局", quantity="3 项")])
    expected = {
        "entry_id": "s1-2", "register": "provincial_brand_product", "name": "鲁西复混肥料",
        "number": "SDMP01", "holder": "东阿化工有限公司", "holder_code": "70000001X",
        "holder_id": "org:70000001X", "county_code": "371524",
        "thing_id": "provincial_brand_product:org:70000001X:鲁西复混肥料",
        "awarded_on": AWARDED, "award_stated": "day", "valid_until": None, "ending": "none_stated",
        "department": "市质监局", "quantity": 3.0,
    }  # fmt: skip
    assert {name: done.only[name] for name in expected} == expected
    assert done.met() == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("中国驰名商标", "national_trademark"), ("馳名商標", "national_trademark"),
        ("2013年度 山东名牌产品", "provincial_brand_product"), ("山東名牌產品", "provincial_brand_product"),
        ("山东省著名商标（复评）", "provincial_trademark"), ("“三品”认证", "three_products"),
        ("“1150”工程企业", "campaign_enterprise"), ("1150工程", "campaign_enterprise"),
        ("good_conduct", "good_conduct"), ("老字号", None), ("2013", None),
    ],
)  # fmt: skip
def test_names_of_registers(word, code) -> None:
    assert read_register(word).value == code


def test_every_register_and_grade_has_words_and_a_label() -> None:
    words = read_vocabulary()
    assert list(words["register"]) == list(labels("register"))
    grades = {grade for of_register in words["register_grade"].values() for grade in of_register}
    assert grades <= set(labels("register_grade"))
    assert set(words["register_grade"]) - {"any"} <= set(words["register"])


def test_rows_of_registers_that_nobody_counts_are_dropped(clean) -> None:
    done = clean([row(), row(register="老字号"), row(register=None)])
    assert done.table.height == 1
    assert done.met() == ["register.unknown", "register.unknown"]


@pytest.mark.parametrize(
    ("text", "day", "stated", "met"),
    [
        ("2013年6月15日", AWARDED, "day", []),
        ("41440", AWARDED, "day", ["date.serial"]),
        ("2013年度", date(2013, 12, 31), "year", ["register.day_not_stated"]),
        ("2012年2月", date(2012, 2, 29), "month", ["register.day_not_stated"]),
        ("1996-05-01", date(1996, 5, 1), "day", []),
        ("2013-02-30", None, None, ["date.impossible"]),
        ("2051-06-15", None, None, ["date.impossible"]),
        ("1913", None, None, ["date.impossible"]),
        ("2016-03-01", date(2016, 3, 1), "day", ["register.award_to_come"]),
        ("2016", date(2016, 12, 31), "year", ["register.day_not_stated"]),
        (None, None, None, []),
    ],
)
def test_days_of_award(clean, text, day, stated, met) -> None:
    done = clean([row(awarded_on=text)])
    assert (done.only["awarded_on"], done.only["award_stated"]) == (day, stated)
    assert done.met() == met


@pytest.mark.parametrize(
    ("cells", "expected", "met"),
    [
        ({"valid_until": "2016-06-14"}, (date(2016, 6, 14), None, "dated"), []),
        ({"valid_until": "三年"}, (date(2016, 6, 14), None, "dated"), ["register.term_read"]),
        ({"valid_until": "36个月"}, (date(2016, 6, 14), None, "dated"), ["register.term_read"]),
        ({"valid_until": "4"}, (date(2017, 6, 14), None, "dated"), ["register.term_read"]),
        (
            {"valid_until": "3年", "awarded_on": "2013"},
            (date(2016, 12, 31), None, "dated"),
            ["register.day_not_stated", "register.term_read"],
        ),
        ({"valid_until": "3年", "awarded_on": None}, (None, None, "undated"), ["register.term_read"]),
        (
            {"valid_until": "2013年6月15日至2016年6月14日"},
            (date(2016, 6, 14), None, "dated"),
            ["register.term_read"],
        ),
        ({"valid_until": "长期"}, (None, None, "none_stated"), ["register.term_read"]),
        ({"valid_until": "/"}, (None, None, "none_stated"), []),
        ({"valid_until": "2016年6月"}, (date(2016, 6, 30), None, "dated"), ["register.day_not_stated"]),
        ({"valid_until": "见证书"}, (None, None, "undated"), ["date.impossible"]),
        ({"valid_until": "2051-06-14"}, (None, None, "undated"), ["date.impossible"]),
        ({"valid_until": "2013-06-14"}, (None, None, "undated"), ["register.expired_before_award"]),
        ({"withdrawn_on": "2015-01-01"}, (None, date(2015, 1, 1), "dated"), []),
        ({"withdrawn_on": "2015-02-30"}, (None, None, "undated"), ["date.impossible"]),
        ({"withdrawn_on": "2013-01-01"}, (None, None, "undated"), ["register.withdrawn_before_award"]),
        ({"status": "已撤销"}, (None, None, "undated"), ["register.ended_without_day"]),
        (
            {"status": "失效", "valid_until": "2017-01-01"},
            (date(2017, 1, 1), None, "undated"),
            ["register.ended_without_day"],
        ),
        ({"status": "过期", "valid_until": "2014-01-01"}, (date(2014, 1, 1), None, "dated"), []),
        (
            {"status": "有效", "withdrawn_on": "2015-01-01"},
            (None, date(2015, 1, 1), "dated"),
            ["register.status_contradicts"],
        ),
        ({"status": "待定"}, (None, None, "none_stated"), ["category.unknown"]),
    ],
)
def test_ends_of_validity(clean, cells, expected, met) -> None:
    done = clean([row(**cells)])
    assert ends(done.only) == expected
    assert done.met() == met


@pytest.mark.parametrize(
    ("register", "cells", "grade", "met"),
    [
        ("标准化良好行为企业", {"grade": "AAA级"}, "AAA", []),
        ("标准化良好行为企业", {"grade": "4a"}, "AAAA", []),
        ("标准化良好行为企业", {"grade": "特级"}, None, ["register.grade_unknown"]),
        ("绿色食品", {}, "green", ["register.grade_inferred"]),
        ("省级服务业标准化试点", {}, "provincial", ["register.grade_inferred"]),
        ("服务业标准化试点", {"grade": "国家级"}, "national", []),
        ("参与制修订标准", {"number": "GB/T 19001-2008"}, "national", ["register.grade_inferred"]),
        ("参与制修订标准", {"number": "NY/T 55-2012"}, "industry", ["register.grade_inferred"]),
        ("参与制修订标准", {"number": "Q/ABC 001"}, None, []),
        ("首席质量官", {"grade": "中型"}, "medium", []),
        ("山东名牌产品", {"grade": "绿色"}, None, ["register.grade_unknown"]),
    ],
)
def test_grades(clean, register, cells, grade, met) -> None:
    done = clean([row(register=register, **cells)])
    assert done.only["grade"] == grade
    assert done.met() == met


@pytest.mark.parametrize(
    ("cells", "quantity", "met"),
    [
        ({"area_wanmu": "12.5"}, 12.5, []),
        ({"area_mu": "125,000"}, 12.5, []),
        ({"area_mu": "12.5万亩"}, 12.5, ["number.unit"]),
        ({"area_stated": "800公顷"}, 1.2, ["number.unit"]),
        ({"area_stated": "800"}, None, ["number.unreadable"]),
        ({"area_wanmu": "约十"}, None, ["number.unreadable"]),
        ({"quantity": "1,200"}, 1200.0, []),
    ],
)
def test_areas_and_numbers(clean, cells, quantity, met) -> None:
    done = clean([row(register="标准化基地", **cells)])
    assert done.only["quantity"] == quantity
    assert done.met() == met


def test_an_award_listed_by_several_suppliers_is_one_entry(clean) -> None:
    again = row("“鲁西”复混肥料", county=None, enterprise_code=CODE, valid_until="三年", number="7")
    done = clean([row(number="７")], [again], [row()])
    assert (done.only["holder_id"], done.only["holder_code"]) == ("org:70000001X", "70000001X")
    assert (done.only["source_id"], done.only["county_code"], done.only["number"]) == ("s1", "371524", "7")
    assert ends(done.only) == (date(2016, 6, 14), None, "dated")
    assert done.met() == ["register.duplicate", "register.duplicate", "register.term_read"]


def test_rows_that_disagree(clean) -> None:
    files = [row(valid_until="2016-06-14", grade="省级")], [row(valid_until="2017-06-14", county="冠县")]
    done = clean(*files)
    assert (done.only["valid_until"], done.only["county_code"]) == (date(2017, 6, 14), "371524")
    assert done.met() == ["register.conflict", "register.conflict", "register.duplicate"]


@pytest.mark.parametrize("order", [1, -1])
def test_an_award_of_a_year_is_that_of_the_day_in_it(clean, order) -> None:
    done = clean(*[[row(awarded_on="2013年度")], [row()], [row(awarded_on="2013-06")]][::order])
    assert (done.only["awarded_on"], done.only["award_stated"]) == (AWARDED, "day")
    assert done.met().count("register.duplicate") == 2
    assert clean([row(awarded_on="2014")], [row()]).table.height == 2


def test_a_renewal_is_an_entry_of_its_own_of_the_same_thing(clean) -> None:
    done = clean([row(valid_until="2016-06-14"), row(awarded_on="2015-12-20")])
    assert done.table.height == 2
    assert done.table["thing_id"].n_unique() == 1
    assert done.met() == []


def test_two_awards_within_half_a_year_are_flagged(clean) -> None:
    done = clean([row(), row(awarded_on="2013-09-01")])
    assert done.table.height == 2
    assert done.met() == ["register.awarded_again_soon"]
    stages = (
        row(register="里程碑", grade="申报"),
        row(register="里程碑", grade="获批", awarded_on="2013-09-01"),
    )
    assert clean(stages).met() == []


def test_entries_that_state_a_number_only_are_told_apart_by_it(clean) -> None:
    plain = {"register": "山东名牌产品", "awarded_on": "2013-06-15"}
    done = clean([plain | {"number": "A1"}, plain | {"number": "A2"}, plain | {"number": "a 1"}])
    assert done.table["number"].to_list() == ["A1", "A2"]
    assert done.met() == ["register.duplicate"]


def test_undated_entries_are_told_apart_by_their_ends(clean) -> None:
    undated = row(awarded_on=None)
    assert clean([undated, undated]).table.height == 1
    two = clean([undated | {"valid_until": "2014-01-01"}, undated | {"valid_until": "2017-01-01"}])
    assert two.table.height == 2


def test_a_name_that_two_codes_have_belongs_to_neither(clean) -> None:
    done = clean([row(enterprise_code=CODE), row(enterprise_code=OTHER_CODE), row()])
    assert done.table["holder_id"].to_list() == ["org:70000001X", "org:700000028", "name:东阿化工有限公司"]
    assert clean([row(enterprise_code="70000001-5")]).met() == ["code.check_digit"]


def test_units_that_draft_a_standard_together_share_it(clean_stream) -> None:
    lines = [
        {
            "number": "GB/T 1234—2013",
            "name": "复混肥料",
            "holder": "东阿化工有限公司",
            "awarded_on": "2013-06-15",
        },
        {"number": "gb/t1234-2013", "name": "复混肥料", "holder": "莘县农科所", "awarded_on": "2013-06-15"},
        {"name": "复混肥料", "holder": "莘县农科所", "awarded_on": "2013-06-15"},
    ]
    done = clean_stream(REGISTER_STREAM, "standards_list", lines)
    assert done.table["thing_id"].to_list() == ["drafted_standard:GB/T1234-2013"] * 2
    assert done.table["grade"].to_list() == ["national"] * 2


@pytest.mark.parametrize(
    ("layout", "cells", "register", "grade"),
    [
        ("trademark_list", {"register": "著名商标", "name": "鲁西"}, "provincial_trademark", None),
        (
            "quality_officer_list",
            {"name": "张三", "holder": "甲", "grade": "大型"},
            "chief_quality_officer",
            "large",
        ),
        (
            "farm_products_list",
            {"name": "西瓜", "holder": "甲", "grade": "有机"},
            "three_products",
            "organic",
        ),
        ("farm_products_list", {"name": "肉", "holder": "甲", "register": "无公害畜产品"}, None, None),
    ],
)
def test_lists_of_other_shapes(clean_stream, layout, cells, register, grade) -> None:
    done = clean_stream(REGISTER_STREAM, layout, [cells | {"awarded_on": "2015-01-01"}])
    assert done.only["register"] == (register or "pollution_free_livestock")
    assert done.only["grade"] == grade


def test_lines_that_are_no_entries(clean) -> None:
    lines = [
        {"sequence": "合计", "name": "12件"}, {"register": "小计：12件"}, {"name": "注：1、略"}, {},
        {"register": "山东名牌产品", "county": "东阿县"},
        {"register": "登记类别", "name": "名称", "holder": "获证单位", "awarded_on": "批准日期"},
    ]  # fmt: skip
    done = clean([row(), *lines])
    assert done.table.height == 1
    assert done.met() == [
        "row.blank", "row.header_repeated", "row.no_identity", "row.note", "row.total", "row.total",
    ]  # fmt: skip


def test_no_entries_are_no_error(clean) -> None:
    assert clean([]).rows == []
    assert clean().rows == []


@st.composite
def registers(draw):
    days = st.none() | st.dates(date(2012, 1, 1), date(2016, 9, 30)).map(str)
    cells = {
        "register": st.sampled_from(["山东名牌产品", "绿色食品", "老字号", None]),
        "name": st.sampled_from(["甲", "“甲”", "乙", None]), "holder": st.sampled_from(["A厂", "B厂", None]),
        "enterprise_code": st.sampled_from([CODE, OTHER_CODE, None]),
        "county": st.sampled_from(["东阿县", "冠县", None]),
        "awarded_on": days | st.sampled_from(["2013", "2014年5月", "2013-02-30"]),
        "valid_until": days | st.sampled_from(["三年", "长期", "见附件"]), "withdrawn_on": days,
        "status": st.sampled_from(["有效", "已撤销", None]), "quantity": st.sampled_from(["3", "若干", None]),
    }  # fmt: skip
    return draw(st.lists(st.fixed_dictionaries(cells), max_size=6))


@settings(max_examples=40)
@given(registers(), registers())
def test_every_row_is_kept_merged_or_dropped_and_no_end_is_before_the_award(
    clean_stream, first, second
) -> None:
    done = clean_stream(REGISTER_STREAM, "register_entries", first, second)
    gone = done.issues.filter(pl.col("action").is_in(["dropped", "merged"]))["cases"].sum()
    assert done.table.height + gone == len(first) + len(second)
    assert done.table["entry_id"].is_unique().all()
    days = done.table.filter(pl.col("award_stated") == "day")
    for name in ("valid_until", "withdrawn_on"):
        assert days.filter(pl.col(name) < pl.col("awarded_on")).is_empty()
    known = done.table.filter(pl.col("ending") == "dated")
    assert known.filter(pl.col("valid_until").is_null() & pl.col("withdrawn_on").is_null()).is_empty()
    awards = ["thing_id", "holder_id", "awarded_on"]
    dated = done.table.filter(pl.col("award_stated") == "day")
    assert not dated.select(awards).is_duplicated().any()


@settings(max_examples=40)
@given(registers())
def test_cleaning_a_clean_table_changes_nothing(clean_stream, rows) -> None:
    once = clean_stream(REGISTER_STREAM, "register_entries", rows, ids=["S1"])
    names = {"371524": "东阿县", "371525": "冠县", None: None}
    again = clean_stream(REGISTER_STREAM, "register_entries", [
        {
            "register": one["register"], "name": one["name"], "holder": one["holder"], "grade": one["grade"],
            "enterprise_code": one["holder_code"], "county": names[one["county_code"]],
            "awarded_on": _as_stated(one["awarded_on"], one["award_stated"]),
            "valid_until": one["valid_until"] and str(one["valid_until"]),
            "withdrawn_on": "2012-02-30" if one["ending"] == "undated" else
            one["withdrawn_on"] and str(one["withdrawn_on"]),
            "quantity": one["quantity"] and str(one["quantity"]),
        }
        for one in once.rows
    ])  # fmt: skip
    told = [name for name in once.table.columns if not name.startswith("source") and name != "entry_id"]
    assert again.table.select(told).rows() == once.table.select(told).rows()


def _as_stated(day, stated):
    return day and str(day)[: {"day": 10, "month": 7, "year": 4}[stated]]
