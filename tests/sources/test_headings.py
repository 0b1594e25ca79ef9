import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.codebook import sentence
from qstats.errors import RefusedFileError
from qstats.sources import read_layouts
from qstats.sources.headings import check_heading, check_width, describe_misfit, find_heading

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


BROKEN = [
    ["序号", "企业名称", "产品", "抽样", "检验结论", "", "不合格"],
    ["", "", "名称", "日期", "初检", "复检", "项目"],
]
ONE_LINE = ["序号", "企业名称", "产品名称", "抽样日期", "初检结果", "复检结果", "不合格项目"]
DATA = ["1", "甲厂", "水泥", "2015-01-02", "不合格", "合格", "强度"]


@pytest.mark.parametrize("repeated", [[ONE_LINE], BROKEN, [ONE_LINE, *BROKEN]])
@pytest.mark.parametrize("above", [[], [["标题"], []]])
def test_repeated_heading_never_takes_the_place_of_a_broken_one(layouts, repeated, above):
    heading = find_heading([*above, *BROKEN, DATA, DATA, *repeated, DATA], layouts)
    assert (heading.first, heading.last) == (len(above), len(above) + 1)
    check_heading(heading, [*above, *BROKEN], "a.csv")


def test_heading_that_fits_less_well_stands_if_it_comes_first(layouts):
    first = ["企业名称", "产品名称", "抽样日期", "检验结论"]
    heading = find_heading([first, DATA, [*first, "商标", "备注"], DATA], layouts)
    assert (heading.first, heading.last) == (0, 0)


cells = st.one_of(st.just(""), st.sampled_from(["备注", "说明", "合格", "初检", "12", "甲"]))
rows = st.lists(st.lists(cells, min_size=5, max_size=5), max_size=3)


@given(rows, rows, st.sampled_from([[ONE_LINE], BROKEN]), st.sampled_from([[ONE_LINE], BROKEN]))
def test_no_row_between_two_headings_is_ever_above_the_table(before, between, head, repeated):
    notes = [["填报说明：" + "".join(row)] for row in before]
    data = [[str(at), "甲厂", "砖", *row[:2], "", *row[2:3]] for at, row in enumerate(between)]
    lines = [*notes, *head, *data, *repeated, *data]
    heading = find_heading(lines, read_layouts())
    assert (heading.first, heading.last) == (len(notes), len(notes) + len(head) - 1)
    check_heading(heading, lines, "a.csv")


def test_rows_above_the_only_heading_are_refused(layouts):
    lines = [DATA, DATA, ONE_LINE, DATA]
    with pytest.raises(RefusedFileError, match="heading stands in row 3, but row 1 above it looks like data"):
        check_heading(find_heading(lines, layouts), lines, "a.csv")


@given(st.lists(st.booleans(), min_size=7, max_size=7))
def test_rows_with_what_is_required_are_never_lost_above_a_heading(filled):
    row = [cell if filled[at] or at in (1, 2, 3, 4) else "" for at, cell in enumerate(DATA)]
    for head in ([ONE_LINE], BROKEN):
        lines = [row, *head, DATA]
        with pytest.raises(RefusedFileError, match="row 1 above it looks like data"):
            check_heading(find_heading(lines, read_layouts()), lines, "a.csv")


@pytest.mark.parametrize(
    "line",
    [
        ["填报单位：聊城市质监局", "", "", "填报日期：2015-3-1"],
        ["企业信息", "", "产品信息", "", "检验信息", "", ""],
        ["单位：批次"],
    ],
)
def test_titles_notes_and_groups_above_the_heading_are_no_data(layouts, line):
    lines = [line, ONE_LINE, DATA]
    heading = find_heading(lines, layouts)
    check_heading(heading, lines, "a.csv")
    assert (heading.first, heading.last) == (1, 1)


def test_data_never_becomes_a_line_of_the_heading(layouts):
    head = ["企业名称", "产品名称", "抽样日期", "检验结论", ""]
    assert find_heading([head, ["甲厂", "砖", "2015-01-02", "合格", "备注"]], layouts).last == 0


def test_bracketed_notes_under_some_columns(layouts):
    lines = [
        ["企业名称", "产品名称", "抽样日期", "检验结论", ""],
        ["（全称）", "（含型号）", "（年月日）", "初检", "复检"],
        DATA,
    ]
    heading = find_heading(lines, layouts)
    assert (heading.last, heading.columns["final_result"]) == (1, 4)


def test_text_repeated_in_both_lines_of_a_heading(layouts):
    lines = [
        ["企业名称", "产品名称", "抽样日期", "检验结论", "检验结论"],
        ["企业名称", "产品名称", "抽样日期", "初检", "复检"],
        DATA,
    ]
    heading = find_heading(lines, layouts)
    check_heading(heading, lines, "a.csv")
    assert heading.last == 1
    assert heading.columns["final_result"] == 4


@pytest.mark.parametrize(
    "second",
    [
        ["产品名称", "企业名称", "抽样日期", "检验结论"],
        ["地区", "抽查企业数", "合格企业数", "抽查批次数"],
    ],
)
def test_second_table_in_a_file_is_refused(layouts, second):
    lines = [["企业名称", "产品名称", "抽样日期", "检验结论"], DATA[1:5], second, ["甲", "2", "3", "4"]]
    with pytest.raises(RefusedFileError, match="second heading in row 3 differs from the one in row 1"):
        check_heading(find_heading(lines, layouts), lines, "a.csv")


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
    assert heading.further == {"production#1": 4}
    assert heading.unmatched == ()
    other = find_heading([["企业名称", "产品名称", "抽样日期", "检验结论", "判定"]], layouts)
    assert other.columns["result"] == 3
    assert other.unmatched == ("判定",)


def test_unit_in_the_heading_counts_where_the_layout_declares_none(layouts):
    line = ["样品编号", "产品名称", "检测项目", "单项判定", "年销售额（万元）"]
    heading = find_heading([line], layouts)
    assert layouts["inspection_items"].units == {}
    assert heading.layout.units == {"sales_value": "万元"}


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
    with pytest.raises(RefusedFileError, match=r"a\.csv: 501 columns"):
        check_width([["x"] * 501], "a.csv")
