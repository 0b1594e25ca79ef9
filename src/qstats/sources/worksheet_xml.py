"""Which cells of an XLSX sheet does calamine pass over? Error cells and formulas without a value.

Method: the sheet's XML is read from the archive block by block and searched for such cells; nothing is
evaluated.
Source: ECMA-376, part 1, 18.3.1.4 (cell), 18.3.1.40 (formula), 18.18.11 (cell types).
"""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from qstats.sources.filetypes import ZIP_MAGIC

BLOCK_BYTES = 1 << 20
UNKNOWN_FORMULA = "?"

_MARKS = (b"<f", b":f", b't="e"', b"t='e'")
"""A block without any of these has no such cell; looking for them costs next to nothing."""
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt=["']e["']|[^>]*>\s*<(?:\w+:)?f\b)(?P<cell>[^>]*)>\s*"""
    rb"""(?:<(?:\w+:)?f\b(?P<formula>[^>]*?)(?:/>|>(?P<text>[^<]*)</(?:\w+:)?f>)\s*)?"""
    rb"""(?P<cached><(?:\w+:)?v\s*(?:/>|>(?P<value>[^<]*)</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"""
)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

CellTexts = dict[int, dict[int, str]]


def read_passed_over(path: Path, sheet: str) -> CellTexts:
    """Return the texts of the cells of a sheet that have no value, by row and column, both counted from 0.

    An error cell has its error, ``#N/A``; a formula whose value was never saved has its text, ``=A1+B1``.
    Cells without a reference are left out, and so is every workbook that is no XLSX.

    Raises
    ------
    zipfile.BadZipFile, zlib.error, EOFError, xml.etree.ElementTree.ParseError
        If the archive is damaged.
    """
    with path.open("rb") as stream:
        if stream.read(len(ZIP_MAGIC)) != ZIP_MAGIC:
            return {}
    with zipfile.ZipFile(path) as archive:
        member = _sheet_member(archive, sheet)
        if member not in archive.namelist():
            return {}
        with archive.open(member) as xml:
            return _collect(_cells(xml))


def _sheet_member(archive: zipfile.ZipFile, sheet: str) -> str:
    """Name of the archive member that holds a sheet; empty where the workbook does not say."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(archive.namelist()):
        return ""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in book.iterfind("{*}sheets/{*}sheet"):
        if entry.get("name") == sheet:
            link = next((value for key, value in entry.items() if key.endswith("}id")), None)
            target = targets.get(link, "").replace("\\", "/")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return ""


def _cells(xml: IO[bytes]) -> Iterator[re.Match[bytes]]:
    """Error cells and formulas of a sheet. A cell cut by the end of a block is put before the next block."""
    rest = b""
    while block := xml.read(BLOCK_BYTES):
        block = rest + block
        end = 1 + block.find(b">", max(block.rfind(b"</c>"), block.rfind(b":c>"), 0))
        # No cell is as long as a block: what follows the last one is not heaped up without end.
        rest = block[max(end, len(block) - BLOCK_BYTES) :]
        if any(mark in block for mark in _MARKS):
            yield from _CELL.finditer(block, 0, end)


def _collect(cells: Iterator[re.Match[bytes]]) -> CellTexts:
    texts: CellTexts = defaultdict(dict)
    shared: dict[str, str] = {}
    for cell in cells:
        attributes = _attributes(cell["cell"])
        # Every formula is looked at: one with a value may be shared with cells that have none.
        formula = _formula(cell, shared)
        text = _passed_over(cell, attributes.get("t", "n"), formula)
        if text and (place := _REFERENCE.fullmatch(attributes.get("r", ""))):
            texts[int(place[2]) - 1][_column(place[1])] = text
    return dict(texts)


def _attributes(text: bytes) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text.decode("utf-8", "replace")))


def _formula(cell: re.Match[bytes], shared: dict[str, str]) -> str | None:
    """Formula of a cell; one shared with other cells is written out in the first of them only."""
    if cell["formula"] is None:
        return None
    text = _decoded(cell["text"])
    if b"si" not in cell["formula"]:
        return text or UNKNOWN_FORMULA
    key = _attributes(cell["formula"]).get("si", "")
    if text:
        shared[key] = text
    return text or shared.get(key, UNKNOWN_FORMULA)


def _passed_over(cell: re.Match[bytes], kind: str, formula: str | None) -> str | None:
    """Text of a cell without a value; None where it has one, were it the empty text of a text formula."""
    value = _decoded(cell["value"])
    if kind == "e" and value:
        return value
    if formula is None or value or (kind == "str" and cell["cached"]):
        return None
    return f"={formula}"


def _decoded(text: bytes | None) -> str:
    return unescape((text or b"").decode("utf-8", "replace")).strip()


def _column(letters: str) -> int:
    """Column counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
