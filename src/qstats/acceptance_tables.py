"""Which single sampling plan does a standard's table hold? Reads and checks tables of acceptance sampling.

Shipped are the tables of MIL-STD-105E (1989), in the public domain and the ancestor of GB/T 2828.1, not the
table of GB/T 2828.1 itself. An office that has licensed that standard can write its tables into the same two
files and load them by name. A file that cannot be right is refused with the row and what to do.
"""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from qstats.errors import SourceError
from qstats.paths import reference_folder

INSPECTIONS = ("normal", "tightened")
_ARROWS = {"down": 1, "up": -1, "↓": 1, "↑": -1}
_PLAN_COLUMNS = ["inspection", "code_letter", "sample_size"]
_LOT_COLUMNS = ["lot_from", "lot_to"]


@dataclass(frozen=True, slots=True)
class TabledPlan:
    """A single plan of the table: inspect ``sample_size``, accept with at most ``acceptance`` failures.

    ``arrow`` is ``down`` or ``up`` where the cell asked for pointed to another row, else empty.
    """

    code_letter: str
    sample_size: int
    acceptance: int
    arrow: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    code_letter: str
    sample_size: int
    cells: tuple[int | str, ...]  # acceptance number, or the way to the row that has one
    place: str  # for messages


@dataclass(frozen=True, slots=True)
class AcceptanceTable:
    """Code letters by lot size and level, and single plans by letter and AQL.

    Attributes
    ----------
    name : str
        Standard that the figures are from; results carry it.
    levels : tuple of str
        Inspection levels.
    aqls : tuple of float
        As the standard names them: per cent nonconforming, or nonconformities per 100 items.
    lots : tuple of (int, int or None, letters)
        First and last lot size of each range (the last one is open) with the letter of each level.
    rows : dict
        Inspection → rows in order of sample size.
    """

    name: str
    levels: tuple[str, ...]
    aqls: tuple[float, ...]
    lots: tuple[tuple[int, int | None, dict[str, str]], ...]
    rows: dict[str, tuple[_Row, ...]]

    def code_letter(self, lot_size: int, level: str) -> str:
        """Letter of a lot size at an inspection level."""
        if level not in self.levels:
            raise SourceError(
                f"{self.name} has no inspection level {level!r}; it has {', '.join(self.levels)}"
            )
        for first, last, letters in self.lots:
            if first <= lot_size and (last is None or lot_size <= last):
                return letters[level]
        raise SourceError(f"{self.name} has no lots of {lot_size} items; they begin at {self.lots[0][0]}")

    def plan(self, inspection: str, code_letter: str, aql: float) -> TabledPlan:
        """Plan of a cell; an arrow is followed to the first plan that it points to."""
        if inspection not in INSPECTIONS:
            raise SourceError(
                f"inspection is {' or '.join(INSPECTIONS)}, not {inspection!r} (reduced is not supported)"
            )
        if aql not in self.aqls:
            known = ", ".join(f"{known:g}" for known in self.aqls)
            raise SourceError(f"{self.name} has no AQL {aql:g}; it has {known}")
        rows = self.rows[inspection]
        place = next((i for i, row in enumerate(rows) if row.code_letter == code_letter), None)
        if place is None:
            raise SourceError(f"{self.name} has no code letter {code_letter!r} for {inspection} inspection")
        return self._follow(rows, place, self.aqls.index(aql))

    def _follow(self, rows: tuple[_Row, ...], place: int, column: int) -> TabledPlan:
        cell = rows[place].cells[column]
        arrow = "" if isinstance(cell, int) else cell
        step = _ARROWS.get(arrow, 0)
        end = place
        while isinstance(rows[end].cells[column], str):
            end += step
            if not 0 <= end < len(rows):
                raise SourceError(
                    f"{rows[place].place}, AQL {self.aqls[column]:g}: the arrow {arrow!r} leads to no plan; "
                    "compare the column with the standard"
                )
        acceptance = rows[end].cells[column]
        assert isinstance(acceptance, int)
        return TabledPlan(rows[end].code_letter, rows[end].sample_size, acceptance, arrow)


@cache
def mil_std_105e() -> AcceptanceTable:
    """Tables of MIL-STD-105E (1989), normal and tightened single sampling."""
    stem = reference_folder() / "mil_std_105e"
    return read_acceptance_table(
        stem.with_name(f"{stem.name}_code_letters.csv"),
        stem.with_name(f"{stem.name}_single.csv"),
        name="MIL-STD-105E",
    )


def read_acceptance_table(code_letters: Path, single: Path, *, name: str) -> AcceptanceTable:
    """Checked tables from two CSV files in the layout of ``data/reference/mil_std_105e_*.csv``.

    Parameters
    ----------
    code_letters : Path
        ``lot_from, lot_to`` and a column for each inspection level; the last ``lot_to`` is empty.
    single : Path
        ``inspection, code_letter, sample_size`` and a column for each AQL, holding the acceptance number or
        ``down`` or ``up`` for an arrow. The rejection number is one more than the acceptance number.
    name : str
        Standard with its year; every plan taken from the table carries it.

    Raises
    ------
    SourceError
        A file, row or cell that cannot be right.
    """
    heading, lines = _read(single, _PLAN_COLUMNS)
    aqls = tuple(_number(aql, f"{single.name}, heading") for aql in heading[3:])
    if list(aqls) != sorted(set(aqls)) or not aqls:
        raise SourceError(f"{single.name}, heading: the AQLs must rise from left to right, each once")
    rows = {inspection: _rows_of(inspection, lines, single.name) for inspection in INSPECTIONS}
    if strange := [place for place, line in lines if line[0] not in INSPECTIONS]:
        raise SourceError(f"{strange[0]}: inspection must be normal or tightened (reduced is not supported)")
    levels, lots = _lots(code_letters, {row.code_letter for row in rows["normal"]})
    table = AcceptanceTable(name, levels, aqls, lots, rows)
    for inspection in INSPECTIONS:  # every arrow leads to a plan
        for row in rows[inspection]:
            for aql in aqls:
                table.plan(inspection, row.code_letter, aql)
    return table


def _read(path: Path, first: list[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Heading and rows with their place, for messages."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            heading, *rows = [[cell.strip() for cell in row] for row in csv.reader(text) if any(row)]
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path.name} is not UTF-8: save it as 'CSV UTF-8'") from None
    except ValueError:
        raise SourceError(f"{path.name} is empty") from None
    if heading[: len(first)] != first:
        raise SourceError(f"{path.name}: the heading must begin with {', '.join(first)}; it is {heading[:4]}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            raise SourceError(f"{path.name}, row {number}: {len(row)} cells under {len(heading)} headings")
    return heading, [(f"{path.name}, row {number}", row) for number, row in enumerate(rows, start=2)]


def _rows_of(inspection: str, lines: list[tuple[str, list[str]]], file: str) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    for place, (kind, letter, size, *cells) in lines:
        if kind == inspection:
            rows.append(_Row(letter, _whole(size, place, "sample_size"), _cells(cells, place), place))
    if not rows:
        raise SourceError(f"{file} has no rows of {inspection} inspection")
    for above, row in pairwise(rows):
        if row.sample_size <= above.sample_size:
            raise SourceError(
                f"{row.place}: sample_size {row.sample_size} does not exceed that of the row above"
            )
    if len({row.code_letter for row in rows}) < len(rows):
        raise SourceError(f"{file}: a code letter stands twice under {inspection} inspection")
    return tuple(rows)


def _cells(cells: list[str], place: str) -> tuple[int | str, ...]:
    read: list[int | str] = []
    for cell in cells:
        if cell in _ARROWS:
            read.append("down" if _ARROWS[cell] > 0 else "up")
        else:
            read.append(_whole(cell, place, "a cell", "an acceptance number, down or up"))
    numbers = [cell for cell in read if isinstance(cell, int)]
    if numbers != sorted(numbers):
        raise SourceError(
            f"{place}: acceptance numbers fall from left to right; compare them with the standard"
        )
    return tuple(read)


def _lots(
    path: Path, known: set[str]
) -> tuple[tuple[str, ...], tuple[tuple[int, int | None, dict[str, str]], ...]]:
    heading, lines = _read(path, _LOT_COLUMNS)
    levels, lots = tuple(heading[2:]), []
    wanted: int | None = None
    for number, (place, (first, last, *letters)) in enumerate(lines, start=1):
        begin = _whole(first, place, "lot_from")
        end = None if number == len(lines) and not last else _whole(last, place, "lot_to")
        if (wanted is not None and begin != wanted) or (end is not None and end < begin):
            raise SourceError(
                f"{place}: the range must begin at {wanted or begin} and not end before it begins"
            )
        if unknown := [letter for letter in letters if letter not in known]:
            raise SourceError(f"{place}: code letter {unknown[0]!r} has no row of normal inspection")
        lots.append((begin, end, dict(zip(levels, letters, strict=True))))
        wanted = None if end is None else end + 1
    if not lots or not levels:
        raise SourceError(f"{path.name} needs a column for each level and a row for each range of lot sizes")
    return levels, tuple(lots)


def _whole(text: str, place: str, what: str, wanted: str = "a whole number, 0 or more") -> int:
    if not (text.isascii() and text.isdecimal()):
        raise SourceError(f"{place}: {what} is {text!r}; wanted is {wanted}")
    return int(text)


def _number(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SourceError(f"{place}: {text!r} is no AQL; wanted is a number such as 0.65") from None
