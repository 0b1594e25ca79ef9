"""A chapter that does not come to its end is a failure that says where and why, and never a result."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from qstats.errors import ParameterError
from qstats.params import Params, read_params
from qstats.pipeline.chapters import chapter_parameters, read_defaults
from qstats.pipeline.execute import Failure, execute_chapters

pytestmark = pytest.mark.slow

PARAMETERS = 'run = "demo-2015Q4"\nconfidence: float = 0.9'
CHAPTERS = {
    "ends_well": ["print(run, confidence)"],
    "raises": ["before = 1", "1 / 0", "after = 1"],
    "cannot_be_labelled": ["from qstats.codebook import label", 'label("columns", "no_such_column", "zh")'],
    "kills_itself": ["import os", "os._exit(1)", "after = 1"],
    "is_killed": ["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"],
    "loses_its_process": ["import os, signal", "os.kill(os.getppid(), signal.SIGKILL)"],
    "hangs": ["import time", "time.sleep(600)"],
}
CELL_TIMEOUT = 6
NOTE = "import os, pathlib\npathlib.Path(f'kernel-{os.getpid()}').touch()"


def write_notebook(folder: Path, name: str, cells: list[str], parameters: str | None = PARAMETERS) -> None:
    """A notebook with titles, a ``parameters`` cell and code."""
    titles = [_markdown(f"# 章 {name}", "zh"), _markdown(f"# Chapter {name}", "en")]
    first = [_code(parameters, ["parameters"])] if parameters is not None else []
    content = {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [*titles, *first, *map(_code, cells)],
    }  # fmt: skip
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"cell-{number}"
    (folder / f"{name}.ipynb").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _markdown(source: str, language: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {"tags": [language]}, "source": source}


def _code(source: str, tags: list[str] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code", "metadata": {"tags": tags or []}, "source": source, "outputs": [],
        "execution_count": None,
    }  # fmt: skip


def params_for(home: Path, chapters: list[str], **execution: int) -> Params:
    """Parameters of the demonstration with other chapters and limits."""
    params = read_params(home / "params" / "demo-2015Q4.yaml")
    limits = params.execution.model_copy(update=execution)
    return params.model_copy(update={"chapters": chapters, "unit_chapters": [], "execution": limits})


@pytest.fixture(scope="module")
def home(make_home: Callable[[], Path]) -> Path:
    folder = make_home()
    for name, cells in CHAPTERS.items():
        write_notebook(folder / "notebooks", name, [NOTE, *cells])
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(home))


Executed = dict[str, Any]


@pytest.fixture(scope="module")
def executed(home: Path) -> tuple[Executed, list[str]]:
    """All chapters of this file, executed together."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QSTATS_HOME", str(home))
        params = params_for(home, list(CHAPTERS), cell_timeout=CELL_TIMEOUT)
        return execute_chapters(params, said.append), said


def test_results_come_in_the_order_asked_for(executed: tuple[Executed, list[str]]) -> None:
    assert list(executed[0]) == list(CHAPTERS)


def test_chapter_that_ends_well_is_its_notebook(executed: tuple[Executed, list[str]]) -> None:
    notebook = executed[0]["ends_well"]
    printed = [output["text"] for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert printed == ["demo-2015Q4 0.95\n"]


@pytest.mark.parametrize(
    ("chapter", "cell", "message"),
    [
        ("raises", 6, "ZeroDivisionError: division by zero"),
        ("cannot_be_labelled", 6, "no_such_column"),
        ("kills_itself", 6, "killed, often for lack of memory"),
        ("is_killed", 6, "killed, often for lack of memory"),
        ("loses_its_process", 6, "killed, often for lack of memory"),
        ("hangs", 6, f"longer than {CELL_TIMEOUT} seconds (execution.cell_timeout)"),
    ],
)
def test_failure_says_where_and_why(
    executed: tuple[Executed, list[str]], chapter: str, cell: int, message: str
) -> None:
    failure = executed[0][chapter]
    assert isinstance(failure, Failure)
    assert failure.where == {"zh": f"第{cell}个单元", "en": f"cell {cell}"}
    assert message in failure.message
    assert "Traceback" not in failure.message


def test_no_kernel_is_left(executed: tuple[Executed, list[str]], home: Path) -> None:
    kernels = [int(path.name.split("-")[1]) for path in home.glob("kernel-*")]
    assert len(kernels) == len(CHAPTERS)
    alive = [psutil.Process(pid) for pid in kernels if psutil.pid_exists(pid)]
    assert psutil.wait_procs(alive, timeout=10)[1] == []


def test_progress_tells_how_each_chapter_ended(executed: tuple[Executed, list[str]]) -> None:
    endings = {message.split()[1].rstrip(":"): message.split()[2] for message in executed[1]}
    assert endings == {name: "done" if name == "ends_well" else "failed" for name in CHAPTERS}


def test_chapter_that_takes_too_long_as_a_whole_is_stopped(home: Path) -> None:
    failure = execute_chapters(params_for(home, ["hangs"], total_timeout=1))["hangs"]
    assert isinstance(failure, Failure)
    assert "longer than 1 seconds (execution.total_timeout)" in failure.message


def test_unknown_chapter_names_those_that_are_there(home: Path) -> None:
    with pytest.raises(ParameterError, match="no notebook '30_trend'; there are: 10_cleaning, 20_inspection"):
        chapter_parameters("30_trend", params_for(home, ["30_trend"]))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ('run = "x"\nperiode = 1', "asks for 'periode'; a run offers run, period, cutoff, place"),
        (None, "no cell tagged 'parameters'"),
        ("run = make_name()", "literals only"),
        ("run = ", "literals only"),
    ],
)
def test_unusable_parameters_cell_stops_before_anything_runs(
    home: Path, parameters: str | None, message: str
) -> None:
    write_notebook(home / "notebooks", "odd", ["x = 1"], parameters)
    with pytest.raises(ParameterError, match=message):
        execute_chapters(params_for(home, ["ends_well", "odd"]))


def test_file_that_is_no_notebook_is_named(home: Path) -> None:
    (home / "notebooks" / "torn.ipynb").write_text('{"cells": [')
    with pytest.raises(ParameterError, match=r"torn\.ipynb is no readable notebook"):
        chapter_parameters("torn", params_for(home, ["torn"]))


@pytest.mark.parametrize("chapter", ["10_cleaning", "20_inspection"])
def test_defaults_of_the_notebooks_are_those_of_the_demonstration(home: Path, chapter: str) -> None:
    params = read_params(home / "params" / "demo-2015Q4.yaml")
    assert read_defaults(chapter) == chapter_parameters(chapter, params)
    assert read_defaults(chapter)["run"] == params.run


def test_codes_and_words_of_yaml_reach_the_notebook_as_written(home: Path) -> None:
    text = (home / "params" / "demo-2015Q4.yaml").read_text(encoding="utf-8")
    text += "place: {code: 010101, name: {zh: 否, en: NO}}\n"
    path = home / "params" / "demo-codes.yaml"
    path.write_text(text.replace("run: demo-2015Q4", "run: demo-codes"), encoding="utf-8")
    params = read_params(path)
    assert params.place.code == "010101"
    assert chapter_parameters("20_inspection", params)["place"] == {"zh": "否", "en": "NO"}
