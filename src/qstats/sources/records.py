"""How does a text file fall into records?

Method: a record ends at a line end outside quotes. Where every quote opens after a delimiter and closes
before one, counting quotes is enough; otherwise the rules of Python's ``csv`` module decide.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qstats.sources.matching import Grid

LARGEST_CELL = 256 << 20
QUOTE, NEWLINE, RETURN = b'"\n\r'
BORDER = re.compile(r"[\s│┃|┌┬┐├┼┤└┴┘─━┏┳┓┣╋┫┗┻┛+=-]*[─━=-][\s│┃|┌┬┐├┼┤└┴┘─━┏┳┓┣╋┫┗┻┛+=-]*")
HEADING_CHARACTERS = 200

csv.field_size_limit(LARGEST_CELL)

Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Record:
    """Cells of one record, its text, and whether the text ended inside a quoted cell."""

    cells: list[str]
    text: str
    unfinished: bool

    @property
    def border(self) -> bool:
        """Whether the record is only a drawn line of a table made of characters."""
        return bool(BORDER.fullmatch(self.text))

    @property
    def lines(self) -> int:
        """Number of lines of the text."""
        return len(self.text.splitlines())


def read_records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield the records of a text by the rules of the ``csv`` module, blank lines included."""
    lines = _Lines(text)
    for cells in csv.reader(lines, delimiter=delimiter):
        yield Record(cells, lines.take(), lines.ended)


def heading_lines(records: list[Record]) -> Grid:
    """Return the cells of records as headings are sought in them: drawn lines empty, long cells cut."""
    return [
        [] if record.border else [cell[:HEADING_CHARACTERS] for cell in record.cells] for record in records
    ]


def find_quotes(data: bytes) -> Positions:
    """Return the positions of all quotes."""
    if b'"' not in data:
        return np.empty(0, np.intp)
    return np.flatnonzero(np.frombuffer(data, np.uint8) == QUOTE)


def last_record_end(data: bytes, quotes: Positions) -> int:
    """Return the end of the last record that is complete by the count of its quotes, 0 if there is none."""
    end = data.rfind(b"\n") + 1
    while end and (before := int(np.searchsorted(quotes, end))) % 2:
        end = data.rfind(b"\n", 0, int(quotes[before - 1])) + 1
    return end


def is_well_formed(data: bytes, delimiter: str, quotes: Positions) -> bool:
    """Return whether quotes stand only at the ends of cells (doubled inside) and lines end in LF or CRLF."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    if len(quotes) % 2:
        return False
    symbols = np.frombuffer(data, np.uint8)
    edges = np.array([ord(delimiter), NEWLINE, QUOTE], np.uint8)
    before = symbols[quotes[0::2][quotes[0::2] > 0] - 1]
    after = symbols[quotes[1::2][quotes[1::2] < len(symbols) - 1] + 1]
    return bool(np.isin(before, edges).all() and np.isin(after, np.append(edges, np.uint8(RETURN))).all())


def has_doubled_quote(quotes: Positions) -> bool:
    """Return whether two quotes stand side by side, as in an empty quoted cell."""
    return bool((np.diff(quotes) == 1).any())


class _Lines:
    """Lines of a text, remembering those handed out since the last record."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(text, newline="")
        self._taken: list[str] = []
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._source.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self._taken.append(line)
        return line

    def take(self) -> str:
        """Text of the record just read."""
        text = "".join(self._taken)
        self._taken.clear()
        return text
