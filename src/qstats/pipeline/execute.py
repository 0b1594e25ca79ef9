"""Stage two: a chapter's notebook is executed once, in a process of its own.

What happened is told by exceptions, never by the notebook file: after a killed kernel every cell of the
saved file reads "completed". The process can be stopped as a whole when the chapter takes too long.
"""

import ast
import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from qstats.codebook import Text
from qstats.errors import ParameterError
from qstats.params import Params
from qstats.paths import notebooks_folder, project_root

_LONGEST_MESSAGE = 4000


@dataclass(frozen=True, slots=True)
class Failure:
    """A chapter that did not come to its end: where, and what it said."""

    chapter: str
    where: Text
    message: str


def chapter_parameters(chapter: str, params: Params) -> dict[str, Any]:
    """Values for the ``parameters`` cell of a chapter's notebook.

    Raises
    ------
    ParameterError
        No such notebook, or it asks for a parameter that a run does not have.
    """
    path = notebooks_folder() / f"{chapter}.ipynb"
    if not path.exists():
        known = ", ".join(sorted(notebook.stem for notebook in notebooks_folder().glob("*.ipynb")))
        raise ParameterError(f"chapters: there is no notebook {chapter!r}; there are: {known}")
    offered = {
        "run": params.run,
        "period": params.period,
        "place": params.place.name.model_dump(),
        "confidence": params.confidence,
        **params.inspection.model_dump(),
    }
    asked = parameter_names(nbformat.read(path, as_version=4))
    if unknown := [name for name in asked if name not in offered]:
        raise ParameterError(f"notebook {chapter} asks for {unknown[0]!r}; a run offers {', '.join(offered)}")
    return {name: offered[name] for name in asked}


def parameter_names(notebook: Any) -> list[str]:
    """Names assigned in the cell tagged ``parameters``, in order."""
    source = next(cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    statements = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    return [target.id for node in statements for target in node.targets if isinstance(target, ast.Name)]


def execute_chapters(params: Params) -> dict[str, Any | Failure]:
    """Executed notebooks (nbformat nodes) by chapter, or the :class:`Failure` of each that did not end well."""
    settings = {chapter: chapter_parameters(chapter, params) for chapter in params.chapters}
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(max_workers=min(len(settings), os.cpu_count() or 1), mp_context=context)
    with tempfile.TemporaryDirectory() as ipython_folder:
        futures = {
            chapter: pool.submit(_execute, chapter, values, params.execution.cell_timeout, ipython_folder)
            for chapter, values in settings.items()
        }
        results: dict[str, Any | Failure] = {}
        for chapter, future in futures.items():
            try:
                results[chapter] = future.result(timeout=params.execution.total_timeout)
            except TooLate:
                _stop(pool)
                results[chapter] = _took_too_long(chapter, params.execution.total_timeout)
            except BrokenProcessPool:
                results[chapter] = _was_killed(chapter)
        pool.shutdown(wait=False, cancel_futures=True)
    return {
        chapter: nbformat.from_dict(result) if isinstance(result, dict) else result
        for chapter, result in results.items()
    }


def _execute(
    chapter: str, values: dict[str, Any], cell_timeout: int, ipython_folder: str
) -> dict[str, Any] | Failure:
    """Run in the worker process; the kernel sees nothing of the user's own IPython set-up."""
    os.environ |= {
        "IPYTHONDIR": ipython_folder, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1",
        "JUPYTER_PREFER_ENV_PATH": "1", "QSTATS_HOME": str(project_root()),
    }  # fmt: skip
    import papermill  # a second to load: only in the process that needs it
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        executed = papermill.execute_notebook(
            str(notebooks_folder() / f"{chapter}.ipynb"), None, values, kernel_name="python3",
            execution_timeout=cell_timeout, progress_bar=False, log_output=False,
            request_save_on_cell_execute=False, cwd=str(project_root()),
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        where = {"zh": f"第{error.cell_index + 1}个单元", "en": f"cell {error.cell_index + 1}"}
        return Failure(chapter, where, f"{error.ename}: {error.evalue}"[-_LONGEST_MESSAGE:])
    except DeadKernelError:
        return _was_killed(chapter)
    except CellTimeoutError:
        where = {"zh": "单元运行超时", "en": "a cell ran out of time"}
        return Failure(
            chapter, where, f"a cell took longer than {cell_timeout} seconds (execution.cell_timeout)"
        )
    return dict(executed)


def _was_killed(chapter: str) -> Failure:
    where = {"zh": "内核在运行中被终止", "en": "the kernel was killed while it ran"}
    return Failure(chapter, where, "the kernel died, often for lack of memory; what it had shown is not used")


def _took_too_long(chapter: str, seconds: int) -> Failure:
    where = {"zh": "整章运行超时", "en": "the chapter ran out of time"}
    return Failure(
        chapter, where, f"the chapter took longer than {seconds} seconds (execution.total_timeout)"
    )


def _stop(pool: ProcessPoolExecutor) -> None:
    """Kill the workers; their kernels end when they find their parent gone."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        with suppress(ProcessLookupError):
            process.kill()


def notebook_path(chapter: str) -> Path:
    """Where a chapter's notebook lies."""
    return notebooks_folder() / f"{chapter}.ipynb"
