"""Which notebooks does a run execute, and with which values in their parameters cells?

A chapter runs once; a unit chapter runs once for each county and zone of the place, which it is told by
the parameter ``unit``.
"""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qstats.errors import ParameterError
from qstats.params import Params
from qstats.paths import notebooks_folder
from qstats.pipeline.references import check_references
from qstats.reference import divisions_of
from qstats.report.addresses import unit_page


@dataclass(frozen=True, slots=True)
class Execution:
    """A notebook to be executed, as a chapter of its own or for one county (``unit``, its code)."""

    chapter: str
    unit: str | None = None

    @property
    def name(self) -> str:
        """Name of the page that it becomes: ``20_inspection`` or ``units/371502/26_county``."""
        return unit_page(self.unit, self.chapter) if self.unit else self.chapter


def list_executions(params: Params) -> list[Execution]:
    """Everything that a run executes, in order: chapters, then each unit chapter county by county.

    Raises
    ------
    ParameterError
        There are unit chapters and the place has no counties.
    """
    units = [one.code for one in divisions_of(params.place.code, params.place.vintage)]
    if params.unit_chapters and not units:
        raise ParameterError(
            f"unit_chapters: divisions.csv lists no county of {params.place.code} in {params.place.vintage}; "
            "write 'unit_chapters: []' in the parameter file, or add the counties"
        )
    of_units = [Execution(chapter, unit) for chapter in params.unit_chapters for unit in units]
    return [*map(Execution, params.chapters), *of_units]


def check_executions(params: Params) -> int:
    """Number of notebooks that a run executes, after a look at each one's parameters and at what they read.

    What is wrong is said before the cleaning, not after it; whether a chapter shows the figure of the front
    page is only known once it has been executed.

    Raises
    ------
    ParameterError
        As `list_executions` and `chapter_parameters` do.
    QstatsError
        As `check_references` does.
    """
    check_references(params)
    executions = list_executions(params)
    for one in executions:
        chapter_parameters(one.chapter, params, one.unit)
    return len(executions)


def notebook_path(chapter: str) -> Path:
    """Where a chapter's notebook lies."""
    return notebooks_folder() / f"{chapter}.ipynb"


def chapter_parameters(chapter: str, params: Params, unit: str | None = None) -> dict[str, Any]:
    """Values for the ``parameters`` cell of a notebook, for one county where a unit is given.

    Raises
    ------
    ParameterError
        No such notebook, it asks for a parameter that a run does not have, or it is to be run for each
        county and does not ask which.
    """
    counties = divisions_of(params.place.code, params.place.vintage)
    offered = {
        "run": params.run,
        "period": params.period,
        "cutoff": params.cutoff.isoformat(),
        "place": params.place.name.model_dump(),
        "place_code": params.place.code,
        "vintage": params.place.vintage,
        "confidence": params.confidence,
        **params.inspection.model_dump(),
        **params.disclosure.model_dump(),
        **params.satisfaction.model_dump(),
        **params.acceptance.model_dump(),
        **params.trend.model_dump(mode="json"),
        **params.competitiveness.model_dump(),
        **params.county_assessment.model_dump(),
        **params.credit.model_dump(mode="json"),
        **({"unit": unit, "counties": len(counties)} if unit else {}),
    }
    asked = read_defaults(chapter)
    if unknown := [name for name in asked if name not in offered]:
        raise ParameterError(f"notebook {chapter} asks for {unknown[0]!r}; a run offers {', '.join(offered)}")
    if unit and "unit" not in asked:
        raise ParameterError(
            f"unit_chapters: notebook {chapter} has no 'unit' in its parameters cell, so all its pages would "
            "be the same; add it there, or list the notebook under chapters"
        )
    return {name: offered[name] for name in asked}


def read_defaults(chapter: str) -> dict[str, Any]:
    """Names and values of the cell tagged ``parameters`` of a chapter's notebook, in order.

    Raises
    ------
    ParameterError
        No such notebook, no such cell, or a value that is not a literal.
    """
    cells = _read_cells(chapter)
    source = "".join(cells[_place_of_parameters(cells, chapter)]["source"])
    try:
        return {
            ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target):
                ast.literal_eval(statement.value)
            for statement in ast.parse(source).body
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        }  # fmt: skip
    except (ValueError, SyntaxError) as error:
        raise ParameterError(
            f"notebook {chapter}: its parameters cell may hold literals only: {error}"
        ) from None


def place_of_injected(chapter: str) -> int:
    """Index of the cell that papermill puts behind the parameters of a chapter."""
    return _place_of_parameters(_read_cells(chapter), chapter) + 1


def _read_cells(chapter: str) -> list[dict[str, Any]]:
    path = notebook_path(chapter)
    if not path.exists():
        known = ", ".join(sorted(notebook.stem for notebook in notebooks_folder().glob("*.ipynb")))
        raise ParameterError(f"chapters: there is no notebook {chapter!r}; there are: {known}")
    try:
        # Plain JSON: loading nbformat takes a second, which checking parameters need not wait for.
        return list(json.loads(path.read_text(encoding="utf-8"))["cells"])
    except (ValueError, KeyError, TypeError) as error:
        raise ParameterError(f"{path.name} is no readable notebook: {error}; restore it") from None


def _place_of_parameters(cells: list[dict[str, Any]], chapter: str) -> int:
    for place, cell in enumerate(cells):
        if "parameters" in cell.get("metadata", {}).get("tags", ()):
            return place
    raise ParameterError(f"notebook {chapter} has no cell tagged 'parameters': tag the one that sets the run")
