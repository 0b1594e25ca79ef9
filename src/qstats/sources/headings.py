"""Where does the table begin, and which layout does it have? Its heading.

Method: every window of one to three lines among the first lines of a file is compared with every layout.
The table begins at the first heading that has all required fields of a layout; of the windows that share
it, the one with most fields wins, and a tie goes to the layout with fewest columns left over. Rows of data
above the heading, or a second heading that contradicts it, make the file refused: no row is lost in silence.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qstats.sources.layouts import SourceLayout, normalize_heading
from qstats.sources.matching import (
    Grid,
    Headings,
    Hit,
    filled_width,
    headings_of_layout,
    is_one_heading,
    known_joins,
    match_columns,
    parts_by_column,
)
from qstats.sources.refusals import refusal

LINES_SEARCHED = 20
LINES_OF_HEADING = 3
MOST_COLUMNS = 500
HEADINGS_SHOWN = 20
FEWEST_CELLS_OF_DATA = 3
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")
FURTHER = "#"
"""Stands between a field and the number of its further column."""


@dataclass(frozen=True)
class Heading:
    """A layout found in a file: lines ``first`` to ``last`` (counted from 0) and the column of each field.

    ``further`` are other columns of the fields that the layout joins (``production#1``). ``cells`` are the
    places (line, column) of the texts that make up the heading. ``second`` is the line of a later heading
    that contradicts this one.
    """

    layout: SourceLayout
    first: int
    last: int
    columns: dict[str, int]
    further: dict[str, int]
    headings: tuple[str, ...]
    exact: int
    cells: frozenset[tuple[int, int]]
    second: int | None = None

    @property
    def all_columns(self) -> dict[str, int]:
        """Column of each field, and of each further column of a joined field."""
        return self.columns | self.further

    @property
    def width(self) -> int:
        """Number of columns of the heading."""
        return len(self.headings)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Headings of the file that belong to no field."""
        used = set(self.all_columns.values())
        return tuple(text for at, text in enumerate(self.headings) if text and at not in used)

    @property
    def missing(self) -> list[list[str]]:
        """Required fields that were not found, each with its alternatives."""
        return [entry for entry in self.layout.required_alternatives if not self.columns.keys() & set(entry)]

    @property
    def rank(self) -> tuple[int, int, int, int, int, int]:
        """The better of two headings is the greater."""
        left_over = len(self.layout.columns) - len(self.columns)
        height = self.last - self.first
        return (-len(self.missing), len(self.columns), -left_over, self.exact, -height, -self.first)


def find_heading(lines: Grid, layouts: Mapping[str, SourceLayout]) -> Heading | None:
    """Return the first complete heading, else the nearest to one, or None where nothing is known."""
    headings = [(layout, headings_of_layout(layout)) for layout in layouts.values()]
    known = {text for _, indexes in headings for index in indexes for text in index}
    found = [fit for window in _windows(lines) for fit in _fit_layouts(lines, *window, headings, known)]
    if not found:
        return None
    complete = [heading for heading in found if not heading.missing]
    if not complete:
        return max(found, key=lambda heading: heading.rank)
    ends = min(heading.last for heading in complete)
    best = max((one for one in complete if one.first <= ends), key=lambda heading: heading.rank)
    best = replace(best, second=_second_heading(best, complete))
    return _with_units_of_file(_with_unit_line(best, lines), _unit_above(lines[: best.first]))


def check_heading(heading: Heading, lines: Grid, file: str) -> None:
    """Refuse a table that is too wide, or whose rows would be lost or misread under its heading.

    Raises
    ------
    RefusedFileError
        If the heading has more than 500 columns, a row above it looks like data, or a second heading below
        contradicts it.
    """
    check_width([heading.headings], file)
    for at in range(heading.first + 1):
        if _looks_like_data(lines[at], at, heading):
            raise refusal(file, "rows_above_heading", row=heading.last + 1, above=at + 1)
    if heading.second is not None:
        raise refusal(file, "second_heading", first=heading.first + 1, row=heading.second + 1)


def check_width(lines: Grid, file: str) -> None:
    """Refuse a table with more columns than any layout could have.

    Raises
    ------
    RefusedFileError
        If one of the lines has more than 500 filled columns.
    """
    widest = max((filled_width(line) for line in lines), default=0)
    if widest > MOST_COLUMNS:
        raise refusal(file, "too_wide", columns=widest, most=MOST_COLUMNS)


def describe_misfit(lines: Grid, nearest: Heading | None) -> tuple[str, dict[str, object]]:
    """Return why no layout fits: the code of the refusal and what its sentence is filled with."""
    shown = "、".join(_likely_headings(lines)) or "—"
    if nearest is None:
        return "unknown_headings", {"headings": shown}
    layout = nearest.layout
    lacking = {
        language: "、".join(either.join(layout.columns[field][0] for field in one) for one in nearest.missing)
        for language, either in (("zh", "或"), ("en", " or "))
    }
    label = {"zh": layout.label.zh, "en": f"{layout.label.zh} ({layout.label.en})"}
    return "missing_headings", {"headings": shown, "layout": label, "missing": lacking, "id": layout.id}


def _windows(lines: Grid) -> Iterable[tuple[int, int]]:
    for first in range(min(LINES_SEARCHED, len(lines))):
        for height in range(1, LINES_OF_HEADING + 1):
            if first + height <= len(lines) and filled_width(lines[first]):
                yield first, first + height - 1


def _fit_layouts(
    lines: Grid,
    first: int,
    last: int,
    layouts: Sequence[tuple[SourceLayout, Headings]],
    known: Collection[str],
) -> Iterable[Heading]:
    parts = parts_by_column(lines[first : last + 1])
    joins = known_joins(parts, known)
    if not any(joins):
        return
    headings = tuple("".join(part.text.strip() for part in column) for column in parts)
    for layout, of_layout in layouts:
        hits = match_columns(joins, of_layout)
        if hits and is_one_heading(parts, hits, last - first + 1):
            yield _heading_of_hits(hits, layout, first, last, headings)


def _heading_of_hits(
    hits: Sequence[Hit], layout: SourceLayout, first: int, last: int, headings: tuple[str, ...]
) -> Heading:
    by_field: dict[str, list[Hit]] = {}
    for hit in sorted(hits):
        by_field.setdefault(hit.field, []).append(hit)
    further = {
        f"{field}{FURTHER}{number}": hit.column
        for field in layout.joined
        for number, hit in enumerate(by_field.get(field, [])[1:], start=1)
    }
    return Heading(
        layout=layout,
        first=first,
        last=last,
        columns={field: of_field[0].column for field, of_field in by_field.items()},
        further=further,
        headings=headings,
        exact=sum(not of_field[0].stripped for of_field in by_field.values()),
        cells=frozenset((first + part.line, hit.column) for hit in hits for part in hit.parts),
    )


def _second_heading(best: Heading, complete: Sequence[Heading]) -> int | None:
    """Line of a later heading that puts a field elsewhere, or is one of another kind of table."""
    later = [heading for heading in complete if heading.first > best.last]
    if not later:
        return None
    top = max(later, key=lambda heading: heading.rank)
    contradicting = [
        heading.first
        for heading in later
        if (heading is top and heading.layout.table != best.layout.table) or _is_moved(heading, best)
    ]
    return min(contradicting, default=None)


def _is_moved(later: Heading, best: Heading) -> bool:
    """Whether a heading of the same layout has a field in another column."""
    moved = (best.columns.get(field, at) != at for field, at in later.columns.items())
    return later.layout.id == best.layout.id and any(moved)


def _looks_like_data(line: Sequence[str], at: int, heading: Heading) -> bool:
    """Whether a line holds more than titles: over half the cells of the heading, or all that are required.

    The first line of a broken heading is judged by its cells over columns that are headings without them.
    """
    filled = {column for column, cell in enumerate(line) if cell.strip()}
    if at == heading.first:
        matched = set(heading.all_columns.values())
        filled = {column for column in filled & matched if (at, column) not in heading.cells}
    if len(filled) < FEWEST_CELLS_OF_DATA:
        return False
    required = [
        {heading.columns[field] for field in entry if field in heading.columns}
        for entry in heading.layout.required_alternatives
    ]
    of_heading = sum(1 for text in heading.headings if text)
    return len(filled) > of_heading / 2 or all(filled & columns for columns in required)


def _with_unit_line(heading: Heading, lines: Grid) -> Heading:
    """Count a line that holds nothing but bracketed units, ``(家)``, as part of the heading."""
    after = heading.last + 1
    if after >= len(lines):
        return heading
    texts = [normalize_heading(cell) for cell in lines[after] if cell.strip()]
    only_units = bool(texts) and all(re.fullmatch(r"\([^()]*\)", text) for text in texts)
    return replace(heading, last=after) if only_units else heading


def _with_units_of_file(heading: Heading, above: str | None) -> Heading:
    """Let a unit of the file's own prevail over the layout's: that of a heading, else one above all."""
    found = dict.fromkeys(heading.layout.units, above) if above else {}
    found |= {
        field: unit for field, at in heading.columns.items() if (unit := _money_unit(heading.headings[at]))
    }
    if not found:
        return heading
    units = {**heading.layout.units, **found}
    return replace(heading, layout=heading.layout.model_copy(update={"units": units}))


def _unit_above(lines: Grid) -> str | None:
    """Unit of money that a line above the heading states: 单位：千元 or 金额单位：万元."""
    for cell in (normalize_heading(cell) for line in lines for cell in line if cell.strip()):
        stated = re.search(r"单位:?(元|千元|万元|百万元|亿元)\)?$", cell)
        if stated:
            return stated[1]
    return None


def _money_unit(heading: str) -> str | None:
    notes = re.findall(r"\(([^()]*)\)", normalize_heading(heading))
    return next(
        (note.removeprefix("单位:") for note in notes if note.removeprefix("单位:") in MONEY_UNITS), None
    )


def _likely_headings(lines: Grid) -> list[str]:
    """Texts of the line that looks most like a heading: most filled cells, earliest first."""
    candidates = lines[:LINES_SEARCHED]
    if not candidates:
        return []
    line = max(candidates, key=lambda cells: sum(1 for cell in cells if cell.strip()))
    filled = [" ".join(cell.split())[:40] for cell in line if cell.strip()]
    return [*filled[:HEADINGS_SHOWN], "…"] if len(filled) > HEADINGS_SHOWN else filled
