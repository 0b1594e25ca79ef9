"""Where does the table begin, and which layout does it have? Its heading.

Method: every window of one to three lines among the first lines of a file is compared with every layout.
Lines of a broken heading are joined, a cell merged over several columns counts for each of them. The layout
with all required fields and most fields found wins; a tie goes to the layout with fewest columns left over.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qstats.sources.layouts import SourceLayout, normalize_heading, without_brackets
from qstats.sources.refusals import refusal

LINES_SEARCHED = 20
LINES_OF_HEADING = 3
MOST_COLUMNS = 500
HEADINGS_SHOWN = 20
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")

Grid = Sequence[Sequence[str]]
Index = dict[str, tuple[str, int]]
Joins = tuple[list[str], list[str]]
Indexed = tuple[SourceLayout, Index, Index]


@dataclass(frozen=True)
class Heading:
    """A layout found in a file: lines ``first`` to ``last`` (counted from 0) and the column of each field."""

    layout: SourceLayout
    first: int
    last: int
    columns: dict[str, int]
    headings: tuple[str, ...]
    exact: int

    @property
    def width(self) -> int:
        """Number of columns of the heading."""
        return len(self.headings)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Headings of the file that belong to no field."""
        used = set(self.columns.values())
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
    """Return the best heading among the first lines, complete or not, or None where nothing is known."""
    indexes = [(layout, *_heading_index(layout)) for layout in layouts.values()]
    found = [heading for window in _windows(lines) for heading in _fit_layouts(lines, *window, indexes)]
    if not found:
        return None
    best = max(found, key=lambda heading: heading.rank)
    return _with_units_of_file(_with_unit_line(best, lines))


def check_width(lines: Grid, file: str) -> None:
    """Refuse a table with more columns than any layout could have.

    Raises
    ------
    RefusedFileError
        If one of the lines has more than 500 filled columns.
    """
    widest = max((_filled_width(line) for line in lines), default=0)
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
            if first + height <= len(lines) and _filled_width(lines[first]):
                yield first, first + height - 1


def _fit_layouts(lines: Grid, first: int, last: int, indexes: Sequence[Indexed]) -> Iterable[Heading]:
    parts = _parts_by_column(lines[first : last + 1])
    candidates = [_joins(column) for column in parts]
    headings = tuple("".join(part.strip() for part in column) for column in parts)
    for layout, exact_index, loose_index in indexes:
        matched = _match_columns(candidates, exact_index, loose_index)
        if matched:
            columns = {field: at for field, (_, _, at) in matched.items()}
            exact = sum(1 for stripped, _, _ in matched.values() if not stripped)
            yield Heading(layout, first, last, columns, headings, exact)


def _parts_by_column(window: Grid) -> list[list[str]]:
    """Texts of each column from top to bottom, merged cells repeated where a lower line has text."""
    width = max(_filled_width(line) for line in window)
    rows = [[*line[:width], *[""] * (width - len(line))] for line in window]
    for above, row in enumerate(rows[:-1]):
        for at in range(1, width):
            if not row[at].strip() and any(lower[at].strip() for lower in rows[above + 1 :]):
                row[at] = row[at - 1]
    return [list(dict.fromkeys(row[at] for row in rows if row[at].strip())) for at in range(width)]


def _joins(parts: list[str]) -> Joins:
    """All runs of the parts joined, longest first: as they are compared, and without bracketed notes."""
    runs = [(start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    runs.sort(key=lambda run: (run[0] - run[1], -run[0]))
    exact = [normalize_heading("".join(parts[start:end])) for start, end in runs]
    return exact, [without_brackets(text) for text in exact]


def _heading_index(layout: SourceLayout) -> tuple[Index, Index]:
    return _index(tuple((field, tuple(headings)) for field, headings in layout.columns.items()))


@lru_cache(maxsize=256)
def _index(
    columns: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[Index, Index]:
    """Field and preference by heading, exact and without brackets (left out where two fields would fit)."""
    exact: dict[str, tuple[str, int]] = {}
    loose: dict[str, tuple[str, int]] = {}
    ambiguous = set()
    for field, headings in columns:
        for preference, heading in enumerate(headings):
            exact[normalize_heading(heading)] = (field, preference)
            short = without_brackets(normalize_heading(heading))
            if loose.setdefault(short, (field, preference))[0] != field:
                ambiguous.add(short)
    return exact, {short: entry for short, entry in loose.items() if short and short not in ambiguous}


def _match_columns(
    candidates: list[Joins], exact: Index, loose: Index
) -> dict[str, tuple[bool, int, int]]:
    """Best column of each field: ``(matched without brackets only, preference, column)``."""
    matched: dict[str, tuple[bool, int, int]] = {}
    for at, (joins, shortened) in enumerate(candidates):
        hit = next(((False, *exact[join]) for join in joins if join in exact), None)
        hit = hit or next(((True, *loose[short]) for short in shortened if short in loose), None)
        if hit:
            stripped, field, preference = hit
            matched[field] = min(matched.get(field, (True, 10_000, at)), (stripped, preference, at))
    return matched


def _with_unit_line(heading: Heading, lines: Grid) -> Heading:
    """Count a line that holds nothing but bracketed units, ``(家)``, as part of the heading."""
    after = heading.last + 1
    if after >= len(lines):
        return heading
    texts = [normalize_heading(cell) for cell in lines[after] if cell.strip()]
    only_units = bool(texts) and all(re.fullmatch(r"\([^()]*\)", text) for text in texts)
    return replace(heading, last=after) if only_units else heading


def _with_units_of_file(heading: Heading) -> Heading:
    """Let a unit that stands in the file's own heading prevail over the one declared in the layout."""
    found = {
        field: unit
        for field in heading.layout.units
        if field in heading.columns and (unit := _money_unit(heading.headings[heading.columns[field]]))
    }
    if not found:
        return heading
    units = {**heading.layout.units, **found}
    return replace(heading, layout=heading.layout.model_copy(update={"units": units}))


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


def _filled_width(line: Sequence[str]) -> int:
    """Number of columns up to the last filled one."""
    width = len(line)
    while width and not line[width - 1].strip():
        width -= 1
    return width
