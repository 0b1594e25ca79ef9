"""How does our own form look? An Excel workbook with fixed headings and choices, explained twice.

The headings are the first synonyms of the layout ``template_inspection``, so that a filled form is always
recognised. The first sheet is empty but for them; meaning, form and an example of each column stand on the
second in both languages, so that a returned form holds no example rows. Texts of the second sheet are data
(``data/reference/sources/guides``).
"""

import datetime
from pathlib import Path

import xlsxwriter
from pydantic import BaseModel, ConfigDict
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qstats.codebook import label, labels
from qstats.errors import SourceError
from qstats.paths import layouts_folder
from qstats.reference_files import read_settings
from qstats.sources.layouts import BilingualText, SourceLayout, read_layouts
from qstats.sources.workbooks import NOTES_SHEET

LAYOUT = "template_inspection"
DATA_SHEET = "监督抽查数据"
ROWS_OFFERED = 20_000
CREATED = datetime.datetime(2015, 1, 1)
EXPLANATION_HEADINGS = ("列 Column", "英文 English", "含义 Meaning", "填写方式 How to fill", "示例 Example")
CODED_FIELDS = {
    "enterprise_size": "enterprise_size",
    "stage": "stage",
    "programme": "programme",
    "level": "level",
    "result": "outcome",
    "first_result": "outcome",
    "final_result": "outcome",
}


class ColumnGuide(BaseModel):
    """What a supplier is told about a column; ``width`` in characters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    english: str
    meaning: BilingualText
    form: BilingualText
    example: str
    width: int


def write_inspection_template(path: Path) -> None:
    """Write the empty form for supervision sampling (监督抽查数据模板) to ``path`` (XLSX).

    The same project always writes the same bytes.

    Raises
    ------
    SourceError
        If the layout has a column that its guide does not explain, or the file cannot be written.
    """
    layout = read_layouts()[LAYOUT]
    guides = _read_guides(layout)
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": layout.label.zh, "subject": layout.label.en, "created": CREATED})
    text = workbook.add_format({"num_format": "@"})
    strong = workbook.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, "num_format": "@"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    _fill_data_sheet(workbook.add_worksheet(DATA_SHEET), layout, guides, text, strong)
    _fill_notes_sheet(workbook.add_worksheet(NOTES_SHEET), layout, guides, wrapped, strong)
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise SourceError(f"{path}: the form cannot be written ({error}).") from error


def _read_guides(layout: SourceLayout) -> dict[str, ColumnGuide]:
    path = layouts_folder() / "guides" / f"{layout.id}.yaml"
    content = read_settings(path)
    if unexplained := [name for name in layout.columns if name not in content]:
        raise SourceError(f"{path.name}: no explanation for {', '.join(unexplained)}. Add them to the guide.")
    return {name: ColumnGuide.model_validate(guide) for name, guide in content.items()}


def _fill_data_sheet(
    sheet: Worksheet, layout: SourceLayout, guides: dict[str, ColumnGuide], text: Format, strong: Format
) -> None:
    for at, (name, headings) in enumerate(layout.columns.items()):
        guide = guides[name]
        sheet.set_column(at, at, guide.width, text)
        sheet.write_string(0, at, headings[0], strong)
        sheet.write_comment(
            0, at, f"{guide.english}\n{guide.meaning.zh}\n{guide.meaning.en}", {"author": "qstats"}
        )
        if name in CODED_FIELDS:
            sheet.data_validation(1, at, ROWS_OFFERED, at, _choice(CODED_FIELDS[name]))
    sheet.freeze_panes(1, 0)


def _choice(kind: str) -> dict[str, object]:
    """Drop-down list of a coded column; other words are questioned, not refused."""
    choices = [label(kind, code, "zh") for code in labels(kind)]
    return {"validate": "list", "source": choices, "error_type": "warning", "ignore_blank": True}


def _fill_notes_sheet(
    sheet: Worksheet, layout: SourceLayout, guides: dict[str, ColumnGuide], wrapped: Format, strong: Format
) -> None:
    for at, (heading, width) in enumerate(zip(EXPLANATION_HEADINGS, (18, 22, 44, 30, 26), strict=True)):
        sheet.set_column(at, at, width, wrapped)
        sheet.write_string(0, at, heading, strong)
    for row, (name, headings) in enumerate(layout.columns.items(), start=1):
        guide = guides[name]
        meaning, form = (f"{text.zh}\n{text.en}" for text in (guide.meaning, guide.form))
        texts = (headings[0], guide.english, meaning, form, guide.example)
        for at, value in enumerate(texts):
            sheet.write_string(row, at, value, wrapped)
