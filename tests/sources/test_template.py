import openpyxl
import pytest

from qstats.codebook import label
from qstats.errors import SourceError
from qstats.sources import open_source, write_inspection_template
from qstats.sources.workbooks import NOTES_SHEET


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / "模板.xlsx"
    write_inspection_template(path)
    return path


def test_the_form_is_always_the_same_file(form, tmp_path):
    write_inspection_template(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == form.read_bytes()


def test_empty_form_is_a_source_without_rows(form, layouts, read_all):
    source = open_source(form, layouts)
    assert source.layout.id == "template_inspection"
    assert read_all(source).height == 0
    assert source.unmatched_headers == ()
    assert source.reading_issues == []


def test_filled_form_comes_back(form, tmp_path, layouts, read_all):
    book = openpyxl.load_workbook(form)
    notes = book[NOTES_SHEET]
    examples = {row[0].value: row[4].value for row in notes.iter_rows(min_row=2)}
    sheet = book.worksheets[0]
    for column, heading in enumerate([cell.value for cell in sheet[1]], start=1):
        sheet.cell(2, column, examples[heading])
    book.save(tmp_path / "filled.xlsx")
    source = open_source(tmp_path / "filled.xlsx", layouts)
    row = read_all(source).row(0, named=True)
    assert source.layout.id == "template_inspection"
    assert row["enterprise_code"] == "91371500MA3C000000"
    assert all(
        (row[field] or "") == (examples[names[0]] or "") for field, names in source.layout.columns.items()
    )


def test_coded_columns_offer_the_labels_of_the_codebook(form):
    sheet = openpyxl.load_workbook(form).worksheets[0]
    offered = {str(rule.sqref)[0:1]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(sheet.data_validations.dataValidation) == 7
    assert any(label("programme", "risk_monitoring", "zh") in choices for choices in offered.values())
    assert all(cell.number_format == "@" for cell in sheet[1])


def test_every_column_is_explained_in_both_languages(form, layouts):
    notes = openpyxl.load_workbook(form)[NOTES_SHEET]
    rows = [[cell.value for cell in row] for row in notes.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [names[0] for names in layouts["template_inspection"].columns.values()]
    assert all("\n" in row[2] and row[1].isascii() for row in rows)


def test_unwritable_place_is_named(tmp_path):
    with pytest.raises(SourceError, match="cannot be written"):
        write_inspection_template(tmp_path / "absent" / "form.xlsx")
