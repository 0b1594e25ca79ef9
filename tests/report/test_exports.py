import io
from typing import Any

import openpyxl
import pandas as pd
import pytest

from qstats.errors import ReportError
from qstats.report.columns import Column
from qstats.report.display import read_outputs, show_table
from qstats.report.exports import disarm, encode_csv, encode_xlsx, write_tables


def test_every_table_is_written_whole_in_both_forms(small, tmp_path) -> None:
    written = write_tables(read_outputs(small.small_notebook()), tmp_path / "表 格")
    names = ["pass_rate_by_county.csv", "pass_rate_by_county.xlsx", "failed_items.csv", "failed_items.xlsx"]
    assert [path.name for path in written] == names
    assert written[2].read_bytes().count(b"\r\n") == 76


def test_csv_opens_in_spreadsheets_and_is_unrounded(small) -> None:
    content = encode_csv(small.county_table().payload)
    assert content.startswith(
        b"\xef\xbb\xbfcounty_code,n,estimate,lower,upper,status,reason_zh,reason_en\r\n"
    )
    assert "371502,1212,0.978123456789012,0.95,0.992,stated,," in content.decode("utf-8-sig")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", "＠SUM(A1)"])
def test_text_that_a_spreadsheet_would_evaluate_is_disarmed(text) -> None:
    assert disarm(text) == "'" + text


def test_numbers_and_harmless_text_stay_as_they_are() -> None:
    assert [disarm(value) for value in (-1.5, "酸价", None, 0)] == [-1.5, "酸价", "", 0]


def test_xlsx_holds_no_formula_and_explains_its_columns(small) -> None:
    book = openpyxl.load_workbook(io.BytesIO(encode_xlsx(small.item_table().payload)))
    cells = [cell for row in book["data"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert book["data"]["A4"].value == "=cmd|' /C calc'!A0"
    notes = [tuple(cell.value for cell in row) for row in book["columns"].iter_rows()]
    assert ("item", "检验项目", "Item tested", "text") in notes


def test_xlsx_labels_the_columns_that_the_page_leaves_out() -> None:
    frame = pd.DataFrame({"shown": [1.0], "kept": [2.0], "bare": [3.0]})
    label = {"zh": "见页面", "en": "Shown"}
    settings: dict[str, Any] = {
        "name": "t",
        "caption": label,
        "columns": {"shown": Column(format="number", label=label)},
    }
    kept = {"zh": "只在文件", "en": "In the file only"}
    table = show_table(frame, **settings, file_labels={"kept": kept})
    book = openpyxl.load_workbook(io.BytesIO(encode_xlsx(table.payload)))
    assert [cell.value for cell in book["data"][1]] == ["见页面\nShown", "只在文件\nIn the file only", "bare"]
    assert "kept" not in [column["key"] for column in table.payload["columns"]]
    with pytest.raises(ReportError, match="no column 'absent' to label"):
        show_table(frame, **settings, file_labels={"absent": kept})


def test_equal_tables_give_equal_bytes(small) -> None:
    assert encode_xlsx(small.county_table().payload) == encode_xlsx(small.county_table().payload)


def test_two_tables_of_one_name_are_refused(small, tmp_path) -> None:
    outputs = read_outputs(small.small_notebook())
    other = small.item_table(3)
    outputs.append(type(outputs[0])("table", other.payload, 99))
    with pytest.raises(ReportError, match="two tables are called 'failed_items'"):
        write_tables(outputs, tmp_path)
