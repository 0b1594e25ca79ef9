"""Which indices of quality competitiveness (质量竞争力指数) are computed, from which indicators?

An index is a table in ``data/reference/indices``: one row for each indicator and node with its labels,
parent, direction, weight among its siblings and, of indicators, the bounds between which it counts. The row
without a parent is the index; its bounds are the ends of the scale. ``bands.csv`` names ranges of scores; two
incompatible schemes are in use, so that a band never stands without the name of its scheme.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from qstats.codebook import LANGUAGES, Text
from qstats.errors import QstatsError
from qstats.paths import reference_folder
from qstats.reference_files import find_file, read_rows

UNITS = (
    "proportion", "points", "ratio", "per_100", "per_1000", "per_million", "hundred_million_yuan",
)  # fmt: skip
_LARGEST = {
    "proportion": (1.0, "shares are written 0 to 1: 0.85, not 85"),
    "points": (100.0, "write 0 to 100"),
}
"""Largest value of an indicator by its unit, and what to write; no unit has values below 0."""
INDICES = ("city_quality", "manufacturing_quality")
"""The indices that are computed: what measures their indicators is code."""
_NO_INDEX = ("bands", "published_mqci")
_DIRECTIONS = {"+": 1.0, "-": -1.0}
_COLUMNS = (
    "code", "parent", "label_zh", "label_en", "direction", "weight", "lower", "upper", "unit", "note_zh",
    "note_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An indicator, a node, or the index itself.

    Attributes
    ----------
    code : str
    parent : str or None
        None: the index itself.
    label, note : dict
        In both languages; a note may be empty.
    direction : float
        1: more is better; −1: less is better.
    weight : float
        Among its siblings; only proportions matter.
    lower, upper : float or None
        Values of an indicator that count as worst and best (in its unit, ``lower < upper`` whatever the
        direction; proportions are 0–1); of the index, the ends of its scale; None of nodes.
    unit : str
    """

    code: str
    parent: str | None
    label: Text
    note: Text
    direction: float
    weight: float
    lower: float | None
    upper: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """An index as its table declares it, rows in the table's order.

    Attributes
    ----------
    id : str
    rows : tuple of IndexRow
    """

    id: str
    rows: tuple[IndexRow, ...]

    @property
    def top(self) -> IndexRow:
        """The index itself."""
        return next(row for row in self.rows if row.parent is None)

    @property
    def indicators(self) -> tuple[IndexRow, ...]:
        """Rows without rows below them."""
        parents = {row.parent for row in self.rows}
        return tuple(row for row in self.rows if row.code not in parents)

    @property
    def scale(self) -> tuple[float, float]:
        """Bottom and top."""
        return float(self.top.lower or 0), float(self.top.upper or 0)

    @property
    def pillars(self) -> tuple[IndexRow, ...]:
        """Rows directly below the index."""
        return tuple(row for row in self.rows if row.parent == self.top.code)

    def row(self, code: str) -> IndexRow:
        """Row of a code; an unknown one is an error."""
        for one in self.rows:
            if one.code == code:
                return one
        raise QstatsError(f"index {self.id!r} has no {code!r}; it has {', '.join(r.code for r in self.rows)}")

    def label(self, code: str) -> Text:
        """Label of a code in both languages."""
        return self.row(code).label


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores with its name, lower end included."""

    scheme: str
    scheme_label: Text
    lower: float
    upper: float
    label: Text
    issuer: str


@cache
def read_index(index: str) -> IndexDefinition:
    """An index by its name.

    Raises
    ------
    QstatsError
        No such index, or a table that is none: each message names file, row and what to write.
    """
    path = find_file("indices", index, "index", "csv", never=_NO_INDEX)
    return parse_index(index, read_rows(path, _COLUMNS), path.name)


def parse_index(index: str, cells: list[dict[str, str]], file: str) -> IndexDefinition:
    """An index from the cells of its table, checked.

    Raises
    ------
    QstatsError
        As `read_index`.
    """
    rows = tuple(_read_row(one, f"{file}, row {number}") for number, one in enumerate(cells, start=2))
    definition = IndexDefinition(index, rows)
    _check_tree(definition, file)
    leaves = {row.code for row in definition.indicators} | {definition.top.code}
    for row in rows:
        bounded = row.lower is not None and row.upper is not None
        if bounded != (row.code in leaves):
            wanted = "needs lower and upper" if row.code in leaves else "is a node and has no bounds"
            raise QstatsError(f"{file}: {row.code!r} {wanted}")
    return definition


@cache
def read_bands(scheme: str) -> tuple[Band, ...]:
    """Bands of a scheme, lowest first; an unknown scheme lists the known ones."""
    path = reference_folder() / "indices" / "bands.csv"
    rows = read_rows(
        path, ("scheme", "scheme_zh", "scheme_en", "lower", "upper", "label_zh", "label_en", "issuer")
    )
    bands = tuple(
        Band(
            row["scheme"], {"zh": row["scheme_zh"], "en": row["scheme_en"]}, _number(row["lower"], path.name),
            _number(row["upper"], path.name), {"zh": row["label_zh"], "en": row["label_en"]}, row["issuer"],
        )
        for row in rows
        if row["scheme"] == scheme
    )  # fmt: skip
    if not bands:
        known = sorted({row["scheme"] for row in rows})
        raise QstatsError(f"there is no band scheme {scheme!r}; bands.csv has {', '.join(known)}")
    if any(low.upper != high.lower for low, high in pairwise(bands)):
        raise QstatsError(
            f"bands.csv: bands of {scheme!r} leave a gap or overlap; each begins where one ends"
        )
    return bands


def band_of(score: float, scheme: str) -> Band:
    """Band that a score lies in; the top of the highest one belongs to it.

    Raises
    ------
    QstatsError
        A score outside all bands.
    """
    bands = read_bands(scheme)
    for band in bands:
        if band.lower <= score < band.upper or (band is bands[-1] and score == band.upper):
            return band
    raise QstatsError(
        f"{score} lies outside {bands[0].lower:g} to {bands[-1].upper:g}, the bands of {scheme!r}"
    )


def _read_row(cells: dict[str, str], where: str) -> IndexRow:
    for name in ("code", "label_zh", "label_en"):
        if not cells[name]:
            raise QstatsError(f"{where}: {name} is empty")
    if cells["direction"] not in _DIRECTIONS:
        raise QstatsError(f"{where}: direction {cells['direction']!r} is none; write + or -")
    if cells["unit"] not in UNITS:
        raise QstatsError(f"{where}: unit {cells['unit']!r} is none of {', '.join(UNITS)}")
    weight = _number(cells["weight"], where)
    if weight < 0:
        raise QstatsError(f"{where}: weight {weight:g} is negative; turn the direction instead")
    lower, upper = (_number(cells[end], where) if cells[end] else None for end in ("lower", "upper"))
    if lower is not None and upper is not None and lower >= upper:
        raise QstatsError(f"{where}: lower {lower:g} is not below upper {upper:g}, whatever the direction")
    if cells["parent"]:
        _check_unit((lower, upper), cells["unit"], where)
    return IndexRow(
        cells["code"], cells["parent"] or None, _text(cells, "label"), _text(cells, "note"),
        _DIRECTIONS[cells["direction"]], weight, lower, upper, cells["unit"],
    )  # fmt: skip


def _check_unit(bounds: Sequence[float | None], unit: str, where: str) -> None:
    """Bounds in per cent would give every county the bottom of the scale, or the top."""
    most, hint = _LARGEST.get(unit, (math.inf, "write 0 or more"))
    if beyond := [bound for bound in bounds if bound is not None and not 0 <= bound <= most]:
        raise QstatsError(f"{where}: {beyond[0]:g} is no value in the unit {unit}; {hint}")


def _text(cells: dict[str, str], name: str) -> Text:
    return {language: cells[f"{name}_{language}"] for language in LANGUAGES}


def _number(cell: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise QstatsError(f"{where}: {cell!r} is no number") from None
    if not math.isfinite(value):
        raise QstatsError(f"{where}: {cell!r} is no finite number")
    return value


def _check_tree(definition: IndexDefinition, file: str) -> None:
    codes = [row.code for row in definition.rows]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise QstatsError(f"{file}: code {twice[0]!r} stands twice")
    tops = [row.code for row in definition.rows if row.parent is None]
    if len(tops) != 1:
        raise QstatsError(f"{file}: one row has no parent, the index itself; here {len(tops)} have none")
    if lost := [row.parent for row in definition.rows if row.parent and row.parent not in codes]:
        raise QstatsError(f"{file}: parent {lost[0]!r} is no code of the table")
    if codes == tops:
        raise QstatsError(f"{file}: there is no indicator below {tops[0]!r}")
    _check_weights(definition, file)
    above = {row.code: row.parent for row in definition.rows}
    for code in codes:
        at, steps = above[code], 0
        while at is not None and steps <= len(codes):
            at, steps = above[at], steps + 1
        if steps > len(codes):
            raise QstatsError(f"{file}: {code!r} stands below itself")


def _check_weights(definition: IndexDefinition, file: str) -> None:
    total: dict[str, float] = {}
    for row in definition.rows:
        if row.parent:
            total[row.parent] = total.get(row.parent, 0.0) + row.weight
    if idle := [code for code, weight in total.items() if weight == 0]:
        raise QstatsError(f"{file}: all weights below {idle[0]!r} are 0; give one of them a weight")
