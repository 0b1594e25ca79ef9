import pytest

from qstats.codebook import sentence
from qstats.errors import SourceError
from qstats.sources.headings import check_width, describe_misfit, find_heading

PROVINCIAL = [
    "产品名称",
    "生产企业",
    "商标",
    "规格型号",
    "生产日期/批号",
    "抽查结果",
    "不合格项目",
    "承检机构",
]


def test_title_lines_stand_above_the_heading(layouts):
    lines = [
        ["2010年石膏制品省级监督抽查结果"],
        [],
        ["单位：批次"],
        PROVINCIAL,
        ["石膏板", "甲厂", "", "", "", "合格"],
    ]
    heading = find_heading(lines, layouts)
    assert (heading.layout.id, heading.first, heading.last) == ("provincial_results", 3, 3)


def test_heading_broken_over_three_lines(layouts):
    lines = [
        ["国家监督抽查结果分省情况"],
        ["地区", "抽查企", "合格企", "不合格企", "抽查产", "合格产", "不合格产"],
        ["", "业数", "业数", "业数", "品数", "品数", "品数"],
        ["", "（家）", "（家）", "（家）", "（种）", "（种）", "（种）"],
        ["北京", "10", "9", "1", "12", "11", "1"],
    ]
    heading = find_heading(lines, layouts)
    assert (heading.layout.id, heading.first, heading.last) == ("national_annual_by_region", 1, 3)
    assert heading.columns == {
        "area": 0, "enterprises": 1, "enterprises_passed": 2, "enterprises_failed": 3,
        "kinds": 4, "kinds_passed": 5, "kinds_failed": 6,
    }  # fmt: skip


def test_line_of_units_belongs_to_the_heading(layouts):
    lines = [
        ["地区", "抽查企业数", "合格企业数", "抽查批次数"],
        ["", "（家）", "（家）", "（批次）"],
        ["山东", "8", "7", "9"],
    ]
    assert find_heading(lines, layouts).last == 1


def test_cell_merged_over_columns_counts_for_each(layouts):
    lines = [
        ["企业名称", "产品名称", "抽样日期", "检验结论", "", "不合格项目"],
        ["", "", "", "初检", "复检", ""],
        ["甲厂", "水泥", "2015-1-2", "不合格", "合格", "强度"],
    ]
    heading = find_heading(lines, layouts)
    assert (heading.first, heading.last) == (0, 1)
    assert (heading.columns["first_result"], heading.columns["final_result"]) == (3, 4)
    assert "result" not in heading.columns


def test_repeated_heading_is_left_in_the_body(layouts):
    heading = find_heading([PROVINCIAL, PROVINCIAL, ["板", "厂"]], layouts)
    assert (heading.first, heading.last) == (0, 0)


def test_brackets_are_optional_unless_they_tell_two_fields_apart(layouts):
    line = ["食品类别", "监督抽检样品总量", "不合格样品数量", "不合格率"]
    assert find_heading([line], layouts).columns["failure_rate"] == 3
    with_unit = ["地区", "抽查企业数", "合格企业数", "抽查产品数（批次）"]
    without_unit = ["地区", "抽查企业数", "合格企业数", "抽查产品数"]
    assert find_heading([with_unit], layouts).columns["batches"] == 3
    assert find_heading([without_unit], layouts).missing == [["kinds", "batches"]]


@pytest.mark.parametrize(
    ("heading", "unit"), [("销售额（元）", "元"), ("销售额", "万元"), ("销售额(单位：千元)", "千元")]
)
def test_unit_in_the_heading_prevails(layouts, heading, unit):
    line = ["企业名称", "产品名称", "抽样日期", "检验结论", heading]
    assert find_heading([line], layouts).layout.units == {"sales_value": unit}
    assert layouts["template_inspection"].units == {"sales_value": "万元"}


def test_first_synonym_wins_where_two_columns_fit(layouts):
    line = ["企业名称", "产品名称", "抽样日期", "检验结论", "批号", "生产日期"]
    heading = find_heading([line], layouts)
    assert heading.columns["production"] == 5
    assert heading.unmatched == ("批号",)


def test_misfit_names_headings_nearest_layout_and_what_is_missing(layouts):
    lines = [["标题"], ["企业名称", "产品名称", "颜色", "检验结论"]]
    heading = find_heading(lines, layouts)
    code, values = describe_misfit(lines, heading)
    for message in sentence("unreadable", code, **values).values():
        assert "企业名称、产品名称、颜色、检验结论" in message
        assert heading.layout.label.zh in message
        assert heading.missing and all(
            heading.layout.columns[entry[0]][0] in message for entry in heading.missing
        )


def test_many_headings_are_shortened(layouts):
    lines = [[f"列{number}" for number in range(60)]]
    code, values = describe_misfit(lines, find_heading(lines, layouts))
    assert code == "unknown_headings"
    assert "列19" in values["headings"] and "列20" not in values["headings"] and "…" in values["headings"]


def test_width_is_limited():
    check_width([["x"] * 500], "a.csv")
    with pytest.raises(SourceError, match=r"a\.csv: 501 columns"):
        check_width([["x"] * 501], "a.csv")
