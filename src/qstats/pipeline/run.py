"""One command from raw files to the published report: clean, execute, publish; or fail loudly.

Exit codes: 0 done, 1 a chapter or a stage failed (the last good report stands), 2 bad parameters.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from qstats.errors import ReportError
from qstats.params import Params
from qstats.pipeline.chapters import check_executions
from qstats.pipeline.clean import clean_run
from qstats.pipeline.execute import Failure, execute_chapters
from qstats.pipeline.manifest import timed
from qstats.pipeline.publish import failure_folder, publish_failures, publish_report
from qstats.pipeline.restricted import write_restricted

Progress = Callable[[str], None]


def run_report(params: Params, progress: Progress) -> Path:
    """Clean the raw files of a run, execute its chapters and publish; returns the report's folder.

    Raises
    ------
    ReportError
        A chapter failed: its page says so, and the previous report stays in place.
    """
    check_executions(params)  # a mistyped name is said before the cleaning, not after it
    durations: dict[str, float] = {}
    with timed("clean", durations):
        clean_run(params, progress)
        write_restricted(params, progress)
    progress(_announce(params))
    with timed("execute", durations):
        results = execute_chapters(params, progress)
    failures = [result for result in results.values() if isinstance(result, Failure)]
    if failures:
        _fail(failures, params)
    try:
        folder = publish_report(results, params, durations, progress)
    except ReportError as error:
        where = {"zh": "生成页面时", "en": "while the pages were made"}
        _fail([Failure(params.chapters[-1], where, str(error))], params)
    shutil.rmtree(failure_folder(params), ignore_errors=True)
    return folder


def _announce(params: Params) -> str:
    of_units = f"; for each county: {', '.join(params.unit_chapters)}" if params.unit_chapters else ""
    return f"running {len(params.chapters)} chapters: {', '.join(params.chapters)}{of_units}"


def _fail(failures: list[Failure], params: Params) -> NoReturn:
    pages = publish_failures(failures, params)
    lines = [f"  {failure.page}, {failure.where['en']}: {failure.message}" for failure in failures]
    raise ReportError(
        "chapters failed; the previous report was left as it is:\n"
        + "\n".join(lines)
        + f"\nSee {pages}; open the notebook in JupyterLab (make lab) to find out more"
    )
