"""Which field of a layout does each column of a heading belong to?

Method: the texts of a column, from top to bottom, are joined in all runs; the longest run that is a heading
of the layout decides, compared first as it stands and then without bracketed notes. A cell merged over
several columns counts for each of them.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from qstats.sources.layouts import SourceLayout, normalize_heading, without_brackets

Grid = Sequence[Sequence[str]]
Index = dict[str, tuple[str, int]]
Headings = tuple[Index, Index]


class Part(NamedTuple):
    """Text of one line in a column; not its own where it reaches in from a merged cell to the left."""

    line: int
    text: str
    own: bool


class Join(NamedTuple):
    """A run of parts joined: as it is compared, without bracketed notes, and what it is made of."""

    text: str
    short: str
    parts: tuple[Part, ...]


class Hit(NamedTuple):
    """A column that is a heading of a field; the lesser of two hits of a field is the better."""

    stripped: bool
    preference: int
    column: int
    field: str
    parts: tuple[Part, ...]


def parts_by_column(window: Grid) -> list[list[Part]]:
    """Texts of each column from top to bottom, merged cells repeated where a lower line has text."""
    width = max(filled_width(line) for line in window)
    rows = [[*line[:width], *[""] * (width - len(line))] for line in window]
    own = [[bool(cell.strip()) for cell in row] for row in rows]
    for above, row in enumerate(rows[:-1]):
        for at in range(1, width):
            if not row[at].strip() and any(lower[at].strip() for lower in rows[above + 1 :]):
                row[at] = row[at - 1]
    columns = [[Part(line, row[at], own[line][at]) for line, row in enumerate(rows)] for at in range(width)]
    return [_different_parts(column) for column in columns]


def joins_of_column(parts: Sequence[Part]) -> list[Join]:
    """All runs of the parts joined, longest first, lower ones before higher ones."""
    runs = [(start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)]
    runs.sort(key=lambda run: (run[0] - run[1], -run[0]))
    return [_join(tuple(parts[start:end])) for start, end in runs]


def match_columns(columns: Sequence[Sequence[Join]], known: Headings) -> list[Hit]:
    """The columns that are headings of a field of the layout, from left to right."""
    hits = (_match_column(at, joins, *known) for at, joins in enumerate(columns) if joins)
    return [hit for hit in hits if hit]


def headings_of_layout(layout: SourceLayout) -> Headings:
    """Field and preference of each heading of a layout, exact and without brackets."""
    return _index(tuple((field, tuple(headings)) for field, headings in layout.columns.items()))


def known_joins(columns: Sequence[Sequence[Part]], known: Collection[str]) -> list[list[Join]]:
    """Joins of each column that are a heading of any layout at all: most rows of data have none."""
    return [
        [join for join in joins_of_column(parts) if join.text in known or join.short in known]
        for parts in columns
    ]


def is_one_heading(window_parts: Sequence[Sequence[Part]], hits: Sequence[Hit], height: int) -> bool:
    """Whether every line of a window is needed: the first for some column, a lower one for most of its cells.

    A lower line whose cells stand under columns that are headings without them is a row of data; bracketed
    notes, ``（全称）``, are for neither.
    """
    parts_used = {hit.column: hit.parts for hit in hits}
    balance = [0] * height
    for at, parts in enumerate(window_parts):
        used = parts_used.get(at, ())
        of_column = any(part.own for part in used)
        for part in parts:
            if part in used:
                balance[part.line] += part.own
            elif part.own and of_column and part.line and without_brackets(normalize_heading(part.text)):
                balance[part.line] -= 1
    return all(needed > 0 for needed in balance)


def filled_width(line: Sequence[str]) -> int:
    """Number of columns up to the last filled one."""
    width = len(line)
    while width and not line[width - 1].strip():
        width -= 1
    return width


def _different_parts(parts: list[Part]) -> list[Part]:
    """Parts that have a text, each text once."""
    first: dict[str, Part] = {}
    for part in parts:
        if part.text.strip():
            first.setdefault(part.text, part)
    return list(first.values())


def _join(parts: tuple[Part, ...]) -> Join:
    text = normalize_heading("".join(part.text for part in parts))
    return Join(text, without_brackets(text), parts)


@lru_cache(maxsize=256)
def _index(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> Headings:
    """Field and preference by heading, exact and without brackets (left out where two fields would fit)."""
    exact: Index = {}
    loose: Index = {}
    ambiguous = set()
    for field, headings in columns:
        for preference, heading in enumerate(headings):
            exact[normalize_heading(heading)] = (field, preference)
            short = without_brackets(normalize_heading(heading))
            if loose.setdefault(short, (field, preference))[0] != field:
                ambiguous.add(short)
    return exact, {short: entry for short, entry in loose.items() if short and short not in ambiguous}


def _match_column(at: int, joins: Sequence[Join], exact: Index, loose: Index) -> Hit | None:
    for stripped, index in ((False, exact), (True, loose)):
        for join in joins:
            if entry := index.get(join.short if stripped else join.text):
                field, preference = entry
                return Hit(stripped, preference, at, field, join.parts)
    return None
