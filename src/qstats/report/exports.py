"""Which data files stand beside the report? Each table whole and unrounded, as CSV and as XLSX.

Text is never evaluated: in CSV a cell that a spreadsheet would take for a formula gets an apostrophe in
front, in XLSX every text is written as a string. Equal tables give equal bytes.
"""

import csv
import datetime
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from qstats.codebook import LANGUAGES
from qstats.errors import ReportError
from qstats.report.display import Output
from qstats.report.formats import is_missing

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"＝＋－＠")  # full width counts in Chinese Excel
CREATED = datetime.datetime(2000, 1, 1)  # a fixed date: the file must not differ between two runs
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
WORKBOOK = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def write_tables(outputs: Iterable[Output], folder: Path) -> list[Path]:
    """Write ``<name>.csv`` and ``<name>.xlsx`` of every table shown; returns the files in order.

    Raises
    ------
    ReportError
        If two different tables carry the same name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, payload in _tables_by_name(outputs).items():
        for suffix, encode in (("csv", encode_csv), ("xlsx", encode_xlsx)):
            path = folder / f"{name}.{suffix}"
            path.write_bytes(encode(payload))
            written.append(path)
    return written


def encode_csv(payload: dict[str, Any]) -> bytes:
    """CSV of a table: UTF-8 with byte order mark (for spreadsheets), codes as header."""
    frame = payload["frame"]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(frame["columns"])
    writer.writerows([disarm(value) for value in row] for row in frame["rows"])
    return buffer.getvalue().encode("utf-8-sig")


def encode_xlsx(payload: dict[str, Any]) -> bytes:
    """XLSX of a table: a sheet of data under labels in both languages, a sheet that explains the columns."""
    frame, labels = payload["frame"], _labels(payload)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK) as book:
        book.set_properties({"created": CREATED, "title": payload["caption"]["zh"]})
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        data = book.add_worksheet("data")
        for place, column in enumerate(frame["columns"]):
            data.write_string(
                0, place, "\n".join(dict.fromkeys(labels.get(column, {}).values())) or column, bold
            )
        for number, row in enumerate(frame["rows"][:MOST_ROWS], start=1):
            for place, value in enumerate(row):
                _write_cell(data, number, place, value)
        data.freeze_panes(1, 0)
        data.set_column(0, max(len(frame["columns"]) - 1, 0), 16)
        _write_notes(book.add_worksheet("columns"), payload, labels, bold)
    return buffer.getvalue()


def disarm(value: Any) -> Any:
    """A cell for CSV: text that a spreadsheet would evaluate gets an apostrophe in front."""
    if is_missing(value):
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _tables_by_name(outputs: Iterable[Output]) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for output in outputs:
        if output.kind == "table" and tables.setdefault(output.name, output.payload) != output.payload:
            raise ReportError(f"two tables are called {output.name!r}: give one of them another name")
    return tables


def _labels(payload: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Labels of the columns that the page shows under a heading of their own, and of those given for files."""
    single = (column for column in payload["columns"] if len(column["cells"]) == 1)
    return payload.get("file_labels", {}) | {column["cells"][0]: column["label"] for column in single}


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if is_missing(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST_CELL])


def _write_notes(sheet: Any, payload: dict[str, Any], labels: dict[str, dict[str, str]], bold: Any) -> None:
    """Caption and notes, then each column: code, Chinese and English label, kind of value."""
    frame = payload["frame"]
    texts = [payload["caption"][language] for language in LANGUAGES]
    texts += [note[language] for note in payload["notes"] for language in LANGUAGES]
    for row, text in enumerate(texts):
        sheet.write_string(row, 0, text)
    top = len(texts) + 1
    for place, heading in enumerate(("code", "zh", "en", "kind")):
        sheet.write_string(top, place, heading, bold)
    for row, (column, kind) in enumerate(zip(frame["columns"], frame["kinds"], strict=True), start=top + 1):
        known = labels.get(column, {})
        for place, text in enumerate((column, known.get("zh", ""), known.get("en", ""), kind)):
            sheet.write_string(row, place, text)
    sheet.set_column(0, 3, 24)
