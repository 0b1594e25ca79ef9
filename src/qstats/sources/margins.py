"""How many are there in the population? The declared margins (总体边际) that a survey is weighted to.

``margins.csv`` in the raw folder, kept by the bureau: ``wave`` (empty: every wave), ``variable`` (a coded or
profile column of the questionnaire), ``category`` (its code) and ``population``. A margin of one wave takes
the place of the one for every wave. Margins whose totals differ are refused: no set of weights can meet them.
"""

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from qstats.errors import SourceError
from qstats.questionnaires import CODED, Questionnaire
from qstats.reference import read_divisions
from qstats.schemas import MARGINS
from qstats.sources.small_tables import read_small_text

FILE_NAME = "margins.csv"
MOST_NAMED = 12
SAME_TOTAL = 1e-6
"""Totals of two margins may differ by this share of them, as rounded ones do."""


def read_margins(folder: Path, questionnaire: Questionnaire | None) -> pl.DataFrame:
    """Declared margins; no rows where the folder has no such file or the run no questionnaire.

    Raises
    ------
    SourceError
        Not readable, a missing column, an unknown variable or category, a population that is none, an entry
        twice, or margins of one wave with different totals.
    """
    path = folder / FILE_NAME
    if questionnaire is None or not path.exists():
        return pl.DataFrame(schema=MARGINS)
    reader = csv.DictReader(io.StringIO(read_small_text(path), newline=""))
    if missing := [name for name in MARGINS if name not in (reader.fieldnames or ())]:
        raise SourceError(f"{path}: column {missing[0]!r} is missing; it needs {', '.join(MARGINS)}")
    known = _known_codes(questionnaire)
    rows = [_read_row(row, known, f"{path}, row {number}") for number, row in enumerate(reader, start=2)]
    table = pl.DataFrame([row for row in rows if row], schema=MARGINS)
    twice = table.filter(table.select("wave", "variable", "category").is_duplicated())
    if not twice.is_empty():
        raise SourceError(f"{path}: {' / '.join(map(str, twice.row(0)[:3]))} stands twice")
    _check_totals(table, path)
    return table


def _known_codes(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Codes of each variable that margins may have."""
    variables = [*CODED, *questionnaire.profile]
    known = {name: list(questionnaire.categories_of(name)) for name in variables if name != "wave"}
    known["county_code"] = known["county_code"] or [one.code for one in read_divisions()]
    return {name: codes for name, codes in known.items() if codes}


def _read_row(row: Mapping[str, str], known: dict[str, list[str]], where: str) -> dict[str, object] | None:
    """Cells of one line; None for a line without any."""
    cells = {name: str(row.get(name) or "").strip() for name in MARGINS}
    if not any(cells.values()):
        return None
    if cells["variable"] not in known:
        raise SourceError(f"{where}: variable {cells['variable']!r} is none of {', '.join(known)}")
    if cells["category"] not in (codes := known[cells["variable"]]):
        raise SourceError(
            f"{where}: category {cells['category']!r} of {cells['variable']} is none of {_some(codes)}. "
            "These may be the margins of another city or questionnaire"
        )
    try:
        population = float(cells["population"].replace(",", ""))
    except ValueError:
        population = math.nan
    if not (math.isfinite(population) and population > 0):
        raise SourceError(f"{where}: population {cells['population']!r} is no positive number")
    return cells | {"wave": cells["wave"] or None, "population": population}


def _some(codes: list[str]) -> str:
    """Codes that could stand there; of many, the first ones."""
    return ", ".join(codes[:MOST_NAMED]) + (", …" if len(codes) > MOST_NAMED else "")


def _check_totals(table: pl.DataFrame, path: Path) -> None:
    """Margins that will be used together describe one population."""
    sums = table.group_by("wave", "variable", maintain_order=True).agg(pl.col("population").sum())
    general = {variable: total for wave, variable, total in sums.iter_rows() if wave is None}
    for wave in sums["wave"].unique(maintain_order=True):
        own = {variable: total for of_wave, variable, total in sums.iter_rows() if of_wave == wave}
        totals = sorted((general | own).items(), key=lambda one: one[1])
        (small, least), (large, most) = totals[0], totals[-1]
        if most - least > SAME_TOTAL * most:
            raise SourceError(
                f"{path}: the margins{f' of wave {wave}' if wave else ''} have different totals: "
                f"{small} {least:,.0f}, {large} {most:,.0f}. They must describe one population"
            )
