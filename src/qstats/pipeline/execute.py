"""Stage two: a chapter's notebook is executed once, in a process of its own.

What happened is told by exceptions, never by the notebook file: after a killed kernel every cell of the
saved file reads "completed". The process can be stopped as a whole when the chapter takes too long.
"""

import ast
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qstats.codebook import Text
from qstats.errors import ParameterError
from qstats.params import Params
from qstats.paths import notebooks_folder, project_root
from qstats.pipeline.processes import Ended, run_tasks

_LONGEST_MESSAGE = 4000
_NOWHERE: Text = {"zh": "内核启动时", "en": "before the first cell"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A chapter that did not come to its end: where, and what it said."""

    chapter: str
    where: Text
    message: str


def notebook_path(chapter: str) -> Path:
    """Where a chapter's notebook lies."""
    return notebooks_folder() / f"{chapter}.ipynb"


def chapter_parameters(chapter: str, params: Params) -> dict[str, Any]:
    """Values for the ``parameters`` cell of a chapter's notebook.

    Raises
    ------
    ParameterError
        No such notebook, or it asks for a parameter that a run does not have.
    """
    offered = {
        "run": params.run,
        "period": params.period,
        "place": params.place.name.model_dump(),
        "confidence": params.confidence,
        **params.inspection.model_dump(),
    }
    asked = read_defaults(chapter)
    if unknown := [name for name in asked if name not in offered]:
        raise ParameterError(f"notebook {chapter} asks for {unknown[0]!r}; a run offers {', '.join(offered)}")
    return {name: offered[name] for name in asked}


def read_defaults(chapter: str) -> dict[str, Any]:
    """Names and values of the cell tagged ``parameters`` of a chapter's notebook, in order.

    Raises
    ------
    ParameterError
        No such notebook, no such cell, or a value that is not a literal.
    """
    source = _code_of_parameters(chapter)
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


def _code_of_parameters(chapter: str) -> str:
    cells = _read_cells(chapter)
    return "".join(cells[_place_of_parameters(cells, chapter)]["source"])


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


def execute_chapters(
    params: Params, progress: Callable[[str], None] = lambda message: None
) -> dict[str, Any | Failure]:
    """Executed notebook (nbformat node) of each chapter, or its :class:`Failure`."""
    limit = params.execution.total_timeout
    results: dict[str, Any | Failure] = dict.fromkeys(params.chapters)
    with tempfile.TemporaryDirectory(prefix="qstats-") as scratch:
        tasks = {
            chapter: (chapter, chapter_parameters(chapter, params), params.execution.cell_timeout, scratch)
            for chapter in params.chapters
        }
        for chapter, ended in run_tasks(tasks, execute_chapter, timeout=limit):
            results[chapter] = ended.result if ended.ending == "done" else _explain(chapter, ended, limit)
            outcome = "failed" if isinstance(results[chapter], Failure) else "done"
            progress(f"chapter {chapter}: {outcome} after {ended.seconds:.0f} s")
    return results


def execute_chapter(
    chapter: str, values: dict[str, Any], cell_timeout: int, scratch: str, *, report: Callable[[int], None]
) -> Any | Failure:
    """Run a notebook in this process; the kernel sees nothing of the user's own IPython set-up.

    Numbers of the cells are reported as they start.
    """
    os.environ |= {
        "IPYTHONDIR": scratch, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1",
        "JUPYTER_PREFER_ENV_PATH": "1", "QSTATS_HOME": str(project_root().resolve()),
    }  # fmt: skip
    import papermill  # a second to load: only in the process that needs it
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from qstats.pipeline.kernels import ENCRYPTED, ChapterKernelManager

    injected = _place_of_parameters(_read_cells(chapter), chapter) + 1
    at = 0

    def note_cell(cell_index: int, **_: Any) -> None:
        nonlocal at
        at = _number_in_file(cell_index, injected)
        report(at)

    try:
        return papermill.execute_notebook(
            str(notebook_path(chapter)), None, values, kernel_name="python3", config=ENCRYPTED,
            kernel_manager_class=ChapterKernelManager, execution_timeout=cell_timeout,
            progress_bar=False, log_output=False, on_cell_start=note_cell,
            request_save_on_cell_execute=False, cwd=str(project_root()),
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        where = _cell(_number_in_file(error.cell_index, injected))
        return Failure(chapter, where, f"{error.ename}: {error.evalue}"[-_LONGEST_MESSAGE:])
    except DeadKernelError:
        return _was_killed(chapter, at)
    except CellTimeoutError:
        message = f"the cell took longer than {cell_timeout} seconds (execution.cell_timeout)"
        return Failure(chapter, _cell(at), message)
    except Exception as error:  # whatever the kernel's machinery raises is the failure of this chapter only
        return Failure(chapter, _cell(at), f"{type(error).__name__}: {error}"[-_LONGEST_MESSAGE:])


def _number_in_file(cell_index: int, injected: int) -> int:
    """Number of a cell as the file has it; papermill has put one of its own behind the parameters."""
    return cell_index + 1 if cell_index < injected else cell_index


def _explain(chapter: str, ended: Ended, limit: int) -> Failure:
    if ended.ending == "killed":
        return _was_killed(chapter, ended.reported)
    message = f"the chapter took longer than {limit} seconds (execution.total_timeout)"
    return Failure(chapter, _cell(ended.reported), message)


def _was_killed(chapter: str, at: int | None) -> Failure:
    message = "the process was killed, often for lack of memory; what it had shown is not used"
    return Failure(chapter, _cell(at), message)


def _cell(number: int | None) -> Text:
    return {"zh": f"第{number}个单元", "en": f"cell {number}"} if number else _NOWHERE
