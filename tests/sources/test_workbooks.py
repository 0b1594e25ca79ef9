import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from qstats.errors import SourceError
from qstats.sources import open_source
from qstats.sources.workbooks import cell_text

HEADINGS = ["企业名称", "统一社会信用代码", "产品名称", "抽样日期", "检验结论"]


def _write(path: Path, rows: list[list], sheet: str = "数据") -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    _add(book, rows, sheet)
    return book


def _add(book: xlsxwriter.Workbook, rows: list[list], name: str) -> None:
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  甲 ", "  甲 "), ("", ""), (None, ""), (5, "5"), (12.0, "12"), (0.3, "0.3"), (-1.5, "-1.5"),
        (True, "TRUE"), (9.13715019800101e17, "9.13715019800101E+17"), (9.13715e17, "9.13715E+17"),
        (371502198001011000, "3.71502198001011E+17"),
        (datetime.date(2015, 3, 2), "2015-03-02"), (datetime.datetime(2015, 3, 2), "2015-03-02"),
        (datetime.datetime(2015, 3, 2, 13, 5), "2015-03-02 13:05:00"), (datetime.time(8, 30), "08:30:00"),
    ],
)  # fmt: skip
def test_cells_are_texts(value, text):
    assert cell_text(value) == text


def test_workbook_with_title_dates_and_numbers(tmp_path, layouts, read_all):
    path = tmp_path / "来件 表.xls"
    rows = [
        ["抽查结果汇总"],
        [],
        HEADINGS,
        ["甲厂", 913715019800101123, 42.0, datetime.date(2015, 3, 2), "合格"],
    ]
    _write(path, rows).close()
    source = open_source(path, layouts)
    assert (source.encoding, source.layout.id) == ("xlsx", "template_inspection")
    row = read_all(source).row(0, named=True)
    assert row["source_row"] == 4
    assert row["enterprise_code"] == "9.13715019800101E+17"
    assert (row["product_name"], row["sampled_on"]) == ("42", "2015-03-02")


def test_legacy_workbook(tmp_path, layouts, read_all):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    for at, heading in enumerate(HEADINGS):
        sheet.write(0, at, heading)
    sheet.write_merge(1, 2, 0, 0, "甲厂")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, product in ((1, "砖"), (2, "瓦")):
        sheet.write(row, 2, product)
        sheet.write(row, 3, datetime.date(2015, 3, row), day)
        sheet.write(row, 4, "合格")
    path = tmp_path / "a.xls"
    book.save(str(path))
    source = open_source(path, layouts)
    frame = read_all(source)
    assert source.encoding == "xls"
    assert frame.select("source_row", "enterprise_name", "product_name", "sampled_on").rows() == [
        (2, "甲厂", "砖", "2015-03-01"),
        (3, "甲厂", "瓦", "2015-03-02"),
    ]
    assert [issue["rule"] for issue in source.reading_issues] == ["cell.merged"]


@pytest.mark.parametrize("chunk_rows", [1, 2, 1000])
def test_merged_cells_are_filled_downwards_and_counted(tmp_path, layouts, read_all, chunk_rows):
    path = tmp_path / "a.xlsx"
    book = _write(path, [HEADINGS, *[["", "", f"产品{at}", "2015-03-02", "合格"] for at in range(6)]])
    sheet = book.get_worksheet_by_name("数据")
    sheet.merge_range("A2:A5", "甲厂")
    sheet.merge_range("A6:B7", "乙厂")
    book.close()
    source = open_source(path, layouts, chunk_rows=chunk_rows)
    frame = read_all(source)
    assert frame["enterprise_name"].to_list() == ["甲厂"] * 4 + ["乙厂"] * 2
    counted = {
        (issue["field"], issue["new_value"]): (issue["source_row"], issue["cases"])
        for issue in source.reading_issues
    }
    assert counted == {("enterprise_name", "甲厂"): (3, 3), ("enterprise_name", "乙厂"): (7, 1)}


def test_formulas_keep_their_cached_value_and_errors_stay_visible(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    book = _write(path, [HEADINGS, ["甲厂", "", "", "2015-03-02", "合格"]])
    sheet = book.get_worksheet_by_name("数据")
    sheet.write_formula("C2", "=1+1", None, "缓存")
    sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
    book.close()
    row = read_all(open_source(path, layouts)).row(0, named=True)
    assert row["product_name"] == "缓存"
    assert row["enterprise_code"] == "#DIV/0!"


def test_formulas_without_a_value_and_errors_are_laid_over_the_grid_below_and_beside_empty_cells(
    tmp_path, layouts, read_all
):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for column, heading in enumerate(HEADINGS, start=3):
        sheet.cell(4, column, heading)
    for column, value in enumerate(["甲厂", "#N/A", "=B1&C1", "2015-03-02", "合格"], start=3):
        sheet.cell(5, column, value)
    sheet.cell(8, 3, "=C5")
    sheet.cell(9, 7, "#REF!")
    book.save(path)
    frame = read_all(open_source(path, layouts, chunk_rows=2))
    assert frame.select(
        "source_row", "enterprise_name", "enterprise_code", "product_name", "result"
    ).rows() == [
        (5, "甲厂", "#N/A", "=B1&C1", "合格"),
        (6, None, None, None, None),
        (7, None, None, None, None),
        (8, "=C5", None, None, None),
        (9, None, None, None, "#REF!"),
    ]


def test_merged_formula_beside_an_empty_column_is_filled_downwards(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADINGS, ["=C9", "", "砖", "2015-03-02", "合格"], ["", "", "瓦", "2015-03-02", "合格"]):
        sheet.append([None, *row])
    sheet.merge_cells("B2:B3")
    book.save(path)
    source = open_source(path, layouts)
    assert read_all(source)["enterprise_name"].to_list() == ["=C9"] * 2
    assert [(issue["rule"], issue["cases"]) for issue in source.reading_issues] == [("cell.merged", 1)]


def test_blank_rows_are_kept(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    _write(path, [HEADINGS, [], ["甲厂", "", "砖", "2015-03-02", "合格"], [], ["乙厂"]]).close()
    frame = read_all(open_source(path, layouts))
    assert frame.select("source_row", "enterprise_name").rows() == [
        (2, None),
        (3, "甲厂"),
        (4, None),
        (5, "乙厂"),
    ]


def test_sheets_of_the_layout_are_read_and_others_named(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    book = _write(path, [["聊城市质监局"], ["2015年第一季度"]], "封面")
    _add(book, [HEADINGS, ["甲厂", "", "砖", "2015-03-02", "合格"]], "一月")
    _add(book, [], "空")
    _add(book, [["二月"], HEADINGS, ["乙厂", "", "瓦", "2015-03-03", "合格"]], "二月")
    book.close()
    source = open_source(path, layouts)
    frame = read_all(source)
    assert frame.select("source_row", "enterprise_name").rows() == [(2, "甲厂"), (10_000_003, "乙厂")]
    assert [(issue["rule"], issue["old_value"]) for issue in source.reading_issues] == [
        ("file.sheet_ignored", "封面")
    ]


def test_hidden_sheet_is_not_counted_beside_the_one_shown(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    book = _write(path, [HEADINGS, ["甲厂", "", "砖", "2015-03-02", "合格"]], "终稿")
    _add(book, [HEADINGS, ["乙厂", "", "砖", "2015-03-02", "合格"]], "旧稿")
    book.get_worksheet_by_name("旧稿").hide()
    book.close()
    source = open_source(path, layouts)
    assert read_all(source)["enterprise_name"].to_list() == ["甲厂"]
    assert [issue["old_value"] for issue in source.reading_issues] == ["旧稿"]


def test_sheets_with_columns_in_other_places(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    book = _write(path, [HEADINGS, ["甲厂", "", "砖", "2015-03-02", "合格"]], "一月")
    _add(book, [[*HEADINGS[::-1], "备注"], ["合格", "2015-03-03", "瓦", "", "乙厂", "注"]], "二月")
    book.close()
    frame = read_all(open_source(path, layouts))
    assert frame.select("enterprise_name", "product_name", "remark").rows() == [
        ("甲厂", "砖", None),
        ("乙厂", "瓦", "注"),
    ]


def test_each_sheet_keeps_its_money_unit(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    sheets = {"一": "销售额（万元）", "二": "销售额（元）", "三": "销售额", "四": "销售额（千元）"}
    book = xlsxwriter.Workbook(str(path))
    for name, heading in sheets.items():
        row = ["甲厂", "", "砖", "2015-03-02", "合格"]
        _add(book, [[*HEADINGS, heading], [*row, 35.5], [*row, "12 元"], [*row, ""]], name)
    book.close()
    source = open_source(path, layouts)
    assert source.layout.units == {"sales_value": "万元"}
    assert read_all(source)["sales_value"].to_list() == [
        "35.5", "12 元", None, "35.5元", "12 元", None, "35.5", "12 元", None, "35.5千元", "12 元", None,
    ]  # fmt: skip


def test_heading_without_rows(tmp_path, layouts, read_all):
    path = tmp_path / "a.xlsx"
    _write(path, [HEADINGS]).close()
    assert read_all(open_source(path, layouts)).height == 0


def test_truncated_workbook_is_refused(tmp_path, layouts):
    path = tmp_path / "a.xlsx"
    _write(path, [HEADINGS, *[["甲厂"] * 5] * 200]).close()
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceError, match="cut off or damaged"):
        open_source(path, layouts)


def test_damaged_sheet_is_refused(tmp_path, layouts):
    import zipfile

    whole, path = tmp_path / "whole.xlsx", tmp_path / "a.xlsx"
    _write(whole, [HEADINGS, *[["甲厂"] * 5] * 200]).close()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    with pytest.raises(SourceError, match="cut off or damaged"):
        list(open_source(path, layouts).rows())


def test_empty_and_unknown_workbooks_are_refused(tmp_path, layouts):
    path = tmp_path / "a.xlsx"
    _write(path, []).close()
    with pytest.raises(SourceError, match="every sheet of the workbook is empty"):
        open_source(path, layouts)
    _write(path, [["颜色", "产品名称"], ["红", "砖"]]).close()
    with pytest.raises(SourceError, match=r"sheet 数据: fits no layout\. Headings found: 颜色、产品名称"):
        open_source(path, layouts)


def test_wide_sheet_is_refused(tmp_path, layouts):
    path = tmp_path / "a.xlsx"
    _write(path, [[f"列{at}" for at in range(2000)], [1]]).close()
    with pytest.raises(SourceError, match="2,000 columns"):
        open_source(path, layouts)
