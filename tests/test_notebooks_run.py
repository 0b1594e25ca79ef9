"""Notebooks run as in JupyterLab: a plain kernel in their folder, their own defaults, no pipeline around."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from qstats.report.display import read_outputs
from qstats.synthetic import write_everything

pytestmark = pytest.mark.slow

CHAPTERS = (
    "10_cleaning",
    "20_inspection",
    "25_counties",
    "26_county",
    "30_satisfaction",
    "35_acceptance",
    "40_trend",
    "45_targets",
    "50_competitiveness",
    "60_county_assessment",
    "61_county_feedback",
    "65_credit",
)


@pytest.fixture(scope="module")
def home(make_home: Callable[[], Path]) -> Path:
    """The demonstration's supplier files, tiny; nothing has been cleaned."""
    folder = make_home()
    raw = folder / "data" / "raw" / "demo-2015Q4"
    raw.mkdir(parents=True)
    write_everything(raw, folder / "truth", size="tiny")
    return folder


@pytest.fixture(scope="module", params=CHAPTERS)
def executed(home: Path, request: pytest.FixtureRequest) -> Any:
    notebook = nbformat.read(home / "notebooks" / f"{request.param}.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(home / "notebooks")}})
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("QSTATS_HOME", raising=False)  # found upward from the notebook's folder
        return client.execute()


def test_every_result_is_shown(executed: Any) -> None:
    kinds = {output.kind for output in read_outputs(executed)}
    assert kinds == {"text", "table", "figure", "findings"}


def test_results_are_readable_in_the_notebook_itself(executed: Any) -> None:
    shown = [
        output["data"]["text/html"]
        for cell in executed["cells"]
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(shown) == len(read_outputs(executed))
    assert all(html.strip() for html in shown)


def test_nothing_else_is_printed(executed: Any) -> None:
    """Neither warnings nor stray output reach the reader."""
    streams = [
        output["text"] for cell in executed["cells"] for output in cell.get("outputs", []) if "text" in output
    ]
    assert streams == []
