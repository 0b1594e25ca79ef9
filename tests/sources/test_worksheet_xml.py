import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from qstats.sources import worksheet_xml
from qstats.sources.worksheet_xml import read_passed_over


def _workbook(path: Path, cells: str, sheet: str = "数据") -> Path:
    """A workbook whose sheet has exactly these cells."""
    whole = path.with_name("whole.xlsx")
    book = xlsxwriter.Workbook(str(whole))
    book.add_worksheet("封面").write("A1", "封面")
    book.add_worksheet(sheet)
    book.close()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name.endswith("sheet2.xml"):
                content = content.replace("<sheetData/>", f"<sheetData>{cells}</sheetData>")
            target.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B5" t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c s='1' t='e' r='B5'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<c r="B5" t="e"><f>1/0</f></c>', "=1/0"),
        ('<c r="B5"><f>A1&amp;"&lt;甲&gt;"</f></c>', '=A1&"<甲>"'),
        ('<c r="B5"><f>A1</f><v></v></c>', "=A1"),
        ('<c r="B5"><f>A1</f><v/></c>', "=A1"),
        ('<c r="B5">\n <f>A1</f>\n</c>', "=A1"),
        ('<c r="B5"><f t="dataTable" ref="B5:B6"/></c>', "=?"),
        ('<x:c r="B5"><x:f>A1</x:f></x:c>', "=A1"),
        ('<x:c r="B5" t="e"><x:v>#REF!</x:v></x:c>', "#REF!"),
    ],
)
def test_error_or_formula_without_a_value_is_text(tmp_path, cell, text):
    path = _workbook(tmp_path / "a.xlsx", f'<row r="5"><c r="A5"/>{cell}<c r="C5"><v>1</v></c></row>')
    assert read_passed_over(path, "数据") == {4: {1: text}}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B5"><f>1+1</f><v>2</v></c>',
        '<c r="B5" t="str"><f>A1</f><v>甲</v></c>',
        '<c r="B5" t="str"><f>A1</f><v></v></c>',
        '<c r="B5" t="s"><v>0</v></c>',
        '<c r="B5" t="e"/>',
        '<c r="B5" t="inlineStr"><is><t>t=&quot;e&quot;</t></is></c>',
        "<c><f>A1</f></c>",
    ],
)
def test_cells_with_a_value_or_without_a_place_are_left_alone(tmp_path, cell):
    path = _workbook(tmp_path / "a.xlsx", f'<row r="5">{cell}<c r="AA6"><f>A1</f></c></row>')
    assert read_passed_over(path, "数据") == {5: {26: "=A1"}}


def test_shared_formula_is_that_of_its_first_cell(tmp_path):
    cells = (
        '<c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c>'
        '<c r="A2"><f t="shared" si="0"/></c><c r="A3"><f t="shared" si="7"/></c>'
    )
    path = _workbook(tmp_path / "a.xlsx", f'<row r="1">{cells}</row>')
    assert read_passed_over(path, "数据") == {1: {0: "=B1*2"}, 2: {0: "=?"}}


@pytest.mark.parametrize("block", [97, 200, 1 << 20])
def test_cells_cut_by_the_end_of_a_block_are_found(tmp_path, monkeypatch, block):
    monkeypatch.setattr(worksheet_xml, "BLOCK_BYTES", block)
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="e"><v>#N/A</v></c><c r="B{row}"><v>1</v></c>'
        f'<c r="C{row}"><f>A{row}</f></c></row>'
        for row in range(1, 60)
    )
    path = _workbook(tmp_path / "a.xlsx", cells)
    assert read_passed_over(path, "数据") == {row - 1: {0: "#N/A", 2: f"=A{row}"} for row in range(1, 60)}


def test_big_sheet_without_such_cells_is_not_searched(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("数据")
    for row in range(20_000):
        sheet.write_row(row, 0, [row, "甲厂 <f>", 0.5])
    book.close()
    monkeypatch.setattr(worksheet_xml, "_CELL", None)
    assert read_passed_over(path, "数据") == {}


def test_other_sheet_and_other_formats_have_none(tmp_path):
    path = _workbook(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>', 'A&"B')
    assert read_passed_over(path, 'A&"B') == {0: {0: "#N/A"}}
    assert read_passed_over(path, "封面") == read_passed_over(path, "没有") == {}
    legacy = xlwt.Workbook()
    legacy.add_sheet("数据").write(0, 0, "甲")
    legacy.save(str(tmp_path / "a.xls"))
    assert read_passed_over(tmp_path / "a.xls", "数据") == {}
    with zipfile.ZipFile(tmp_path / "b.xlsb", "w") as binary:
        binary.writestr("xl/workbook.bin", b"")
    assert read_passed_over(tmp_path / "b.xlsb", "数据") == {}
