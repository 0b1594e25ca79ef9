"""Stage two: a chapter's notebook is executed once, or once for each county, in processes beside this one.

What happened is told by exceptions, never by the notebook file: after a killed kernel every cell of the
saved file reads "completed". The process can be stopped as a whole when the chapter takes too long.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qstats.codebook import Text
from qstats.params import Params
from qstats.paths import project_root
from qstats.pipeline.chapters import (
    Execution,
    chapter_parameters,
    list_executions,
    notebook_path,
    place_of_injected,
)
from qstats.pipeline.processes import Ended, run_tasks

_LONGEST_MESSAGE = 4000
_NOWHERE: Text = {"zh": "内核启动时", "en": "before the first cell"}


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that did not come to its end: its name, where it stopped, and what it said."""

    page: str
    where: Text
    message: str


def execute_chapters(
    params: Params, progress: Callable[[str], None] = lambda message: None
) -> dict[str, Any | Failure]:
    """Executed notebook (nbformat node) by page name, or its :class:`Failure`.

    Chapters have a process each. Those run once for each county share as many processes as there are
    cores, for loading papermill takes longer than such a page; each still has a fresh kernel of its own.
    Pages that wait behind one whose process was killed are left out.
    """
    executions = list_executions(params)
    results: dict[str, Any | Failure] = dict.fromkeys(one.name for one in executions)
    with tempfile.TemporaryDirectory(prefix="qstats-") as scratch:
        tasks = {
            name: (_with_values(dealt, params), params.execution.cell_timeout, scratch)
            for name, dealt in _deal(executions).items()
        }
        for name, ended in run_tasks(tasks, execute_notebooks, timeout=params.execution.total_timeout):
            pages = _take(tasks[name][0][0][0].name, ended, params.execution.total_timeout)
            failed = any(isinstance(result, Failure) for result in pages.values())
            progress(f"{name}: {'failed' if failed else 'done'} after {ended.seconds:.0f} s")
            results |= pages
    return {name: result for name, result in results.items() if result is not None}


def _deal(executions: Sequence[Execution]) -> dict[str, list[Execution]]:
    """Executions by process, under the name by which progress tells of them."""
    dealt = {f"chapter {one.chapter}": [one] for one in executions if one.unit is None}
    for chapter in dict.fromkeys(one.chapter for one in executions if one.unit):
        pages = [one for one in executions if one.chapter == chapter and one.unit]
        hands = min(len(pages), (os.cpu_count() or 1) + 1)  # a kernel that ends is waited for, idly
        for hand in range(hands):
            dealt[f"chapter {chapter}, part {hand + 1} of {hands}"] = pages[hand::hands]
    return dealt


def _with_values(executions: Sequence[Execution], params: Params) -> list[tuple[Execution, dict[str, Any]]]:
    return [(one, chapter_parameters(one.chapter, params, one.unit)) for one in executions]


def _take(first: str, ended: Ended, limit: int) -> dict[str, Any | Failure]:
    """Results of a process that has ended; ``first`` is the page that it began with."""
    if ended.ending == "done":
        return dict(ended.result)
    page, cell = ended.reported or (first, None)
    if ended.ending == "killed":
        return {page: _was_killed(page, cell)}
    message = f"the chapter took longer than {limit} seconds (execution.total_timeout)"
    return {page: Failure(page, _cell(cell), message)}


def execute_notebooks(
    executions: Sequence[tuple[Execution, dict[str, Any]]], cell_timeout: int, scratch: str,
    *, report: Callable[[tuple[str, int | None]], None],
) -> dict[str, Any | Failure]:  # fmt: skip
    """Run notebooks with the values of their parameters one after the other in this process.

    The kernels see nothing of the user's own IPython set-up. Page and number of the cell are reported as
    the cells start.
    """
    os.environ |= {
        "IPYTHONDIR": scratch, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1",
        "JUPYTER_PREFER_ENV_PATH": "1", "QSTATS_HOME": str(project_root().resolve()),
    }  # fmt: skip
    from qstats.pipeline.kernels import ChapterKernelManager
    from qstats.pipeline.warm_kernels import WarmKernelManager, load_beforehand

    many = len(executions) > 1
    if many:
        load_beforehand()
    manager, results = WarmKernelManager if many else ChapterKernelManager, {}
    for execution, values in executions:
        report((execution.name, None))
        results[execution.name] = execute_notebook(execution, values, cell_timeout, manager, report=report)
    return results


def execute_notebook(
    execution: Execution, values: dict[str, Any], cell_timeout: int, manager: type,
    *, report: Callable[[tuple[str, int | None]], None],
) -> Any | Failure:  # fmt: skip
    """Run one notebook in a kernel of its own, which ``manager`` starts and ends."""
    import papermill  # a second to load: only in the process that needs it
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    page, injected = execution.name, place_of_injected(execution.chapter)
    at = 0

    def note_cell(cell_index: int, **_: Any) -> None:
        nonlocal at
        at = _number_in_file(cell_index, injected)
        report((page, at))

    try:
        return papermill.execute_notebook(
            str(notebook_path(execution.chapter)), None, values, kernel_name="python3",
            kernel_manager_class=manager, execution_timeout=cell_timeout,
            progress_bar=False, log_output=False, on_cell_start=note_cell,
            request_save_on_cell_execute=False, cwd=str(project_root()),
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        where = _cell(_number_in_file(error.cell_index, injected))
        return Failure(page, where, f"{error.ename}: {error.evalue}"[-_LONGEST_MESSAGE:])
    except DeadKernelError:
        return _was_killed(page, at)
    except CellTimeoutError:
        message = f"the cell took longer than {cell_timeout} seconds (execution.cell_timeout)"
        return Failure(page, _cell(at), message)
    except Exception as error:  # whatever the kernel's machinery raises is the failure of this page only
        return Failure(page, _cell(at), f"{type(error).__name__}: {error}"[-_LONGEST_MESSAGE:])


def _number_in_file(cell_index: int, injected: int) -> int:
    """Number of a cell as the file has it; papermill has put one of its own behind the parameters."""
    return cell_index + 1 if cell_index < injected else cell_index


def _was_killed(page: str, at: int | None) -> Failure:
    message = "the process was killed, often for lack of memory; what it had shown is not used"
    return Failure(page, _cell(at), message)


def _cell(number: int | None) -> Text:
    return {"zh": f"第{number}个单元", "en": f"cell {number}"} if number else _NOWHERE
