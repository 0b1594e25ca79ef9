"""One notebook, a page for each county: fresh kernels, no collisions, links that lead somewhere."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import polars as pl
import psutil
import pytest

from qstats.errors import ParameterError, ReportError
from qstats.params import Params, read_params
from qstats.pipeline import publish
from qstats.pipeline.chapters import chapter_parameters, check_executions, list_executions, read_defaults
from qstats.pipeline.execute import Failure, execute_chapters
from qstats.pipeline.warm_kernels import LOADED_BEFOREHAND
from qstats.report.display import mime
from qstats.schemas import SOURCES

COUNTIES = ["371502", "371521", "371522", "371523", "371524", "371525", "371526", "371581",
            "3715E1", "3715H1", "3715T1"]  # fmt: skip
ASKS = 'run = "demo-2015Q4"\nunit = "371502"'
CELLS = [
    "import os, pathlib, sys",
    "pathlib.Path(f'kernel-{os.getpid()}').touch()",
    "left_over = [name for name in ('seen', 'qstats_seen') if name in globals() or name in sys.modules]",
    "seen = unit\nsys.modules['qstats_seen'] = os",
    "print(unit, os.getpid(), left_over, os.environ['QSTATS_HOME'] == os.getcwd(), os.environ['MPLBACKEND'])",
    "1 / (unit != '371525')",
    "os._exit(1) if unit == '3715T1' else None",
]


def write_notebook(home: Path, name: str, parameters: str, cells: list[str]) -> None:
    new = nbformat.v4
    markdown = [
        new.new_markdown_cell(f"# {name}", metadata={"tags": [language]}) for language in ("zh", "en")
    ]
    code = [new.new_code_cell(parameters, metadata={"tags": ["parameters"]}), *map(new.new_code_cell, cells)]
    notebook = new.new_notebook(cells=[*markdown, *code])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, home / "notebooks" / f"{name}.ipynb")


def params_for(home: Path, chapters: list[str], units: list[str]) -> Params:
    params = read_params(home / "params" / "demo-2015Q4.yaml")
    return params.model_copy(update={"chapters": chapters, "unit_chapters": units})


@pytest.fixture(scope="module")
def home(make_home: Callable[[], Path]) -> Path:
    folder = make_home()
    write_notebook(folder, "30_county", ASKS, CELLS)
    write_notebook(folder, "31_same_for_all", 'run = "x"', ["1"])
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSTATS_HOME", str(home))


def test_each_county_of_the_list_s_year_has_its_page(home: Path) -> None:
    executions = list_executions(params_for(home, ["10_cleaning"], ["30_county"]))
    assert [one.name for one in executions] == [
        "10_cleaning",
        *(f"units/{code}/30_county" for code in COUNTIES),
    ]


@pytest.mark.parametrize(
    ("chapters", "units", "place", "message"),
    [
        (
            ["10_cleaning"],
            ["31_same_for_all"],
            "371500",
            "31_same_for_all has no 'unit' in its parameters cell",
        ),
        (["30_county"], [], "371500", "30_county asks for 'unit'"),
        (["10_cleaning"], ["30_county"], "100000", "lists no county of 100000 in 2013"),
        (["10_cleaning"], ["40_none"], "371500", "there is no notebook '40_none'"),
    ],
)
def test_mistake_is_said_before_anything_runs(
    home: Path, chapters: list[str], units: list[str], place: str, message: str
) -> None:
    params = params_for(home, chapters, units)
    params = params.model_copy(update={"place": params.place.model_copy(update={"code": place})})
    with pytest.raises(ParameterError, match=message):
        check_executions(params)


def test_defaults_of_the_notebook_are_those_of_the_demonstration(home: Path) -> None:
    params = read_params(home / "params" / "demo-2015Q4.yaml")
    assert read_defaults("26_county") == chapter_parameters("26_county", params, "371502")


def test_what_is_loaded_beforehand_starts_no_thread() -> None:
    """A thread does not survive a fork: neither polars nor pandas may be among it, nor come with it."""
    script = (
        "import importlib, os, sys\n"
        f"for name in {LOADED_BEFOREHAND!r}: importlib.import_module(name)\n"
        "print(len(os.listdir('/proc/self/task')), {'polars', 'pandas', 'pyarrow'} & set(sys.modules))"
    )
    alone = os.environ | {"OMP_NUM_THREADS": "1"}  # as in the processes that run chapters
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=alone
    )
    assert done.stdout == "1 set()\n"


@pytest.fixture(scope="module")
def executed(home: Path) -> tuple[dict[str, Any], list[str]]:
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QSTATS_HOME", str(home))
        return execute_chapters(params_for(home, ["31_same_for_all"], ["30_county"]), said.append), said


@pytest.mark.slow
def test_every_county_has_a_fresh_kernel(executed: tuple[dict[str, Any], list[str]]) -> None:
    printed = {
        page: [
            output["text"]
            for cell in notebook["cells"]
            for output in cell.get("outputs", ())
            if "text" in output
        ]
        for page, notebook in executed[0].items()
        if not isinstance(notebook, Failure) and page != "31_same_for_all"
    }
    assert len(printed) == len(COUNTIES) - 2
    told = {page: re.fullmatch(r"(\w+) (\d+) \[\] True agg\n", texts[0]) for page, texts in printed.items()}
    assert all(match and page == f"units/{match[1]}/30_county" for page, match in told.items())
    assert len({match[2] for match in told.values() if match}) == len(printed)


@pytest.mark.slow
def test_county_that_fails_is_named_and_stops_no_other(executed: tuple[dict[str, Any], list[str]]) -> None:
    failures = [one for one in executed[0].values() if isinstance(one, Failure)]
    assert [one.page for one in failures] == ["units/371525/30_county", "units/3715T1/30_county"]
    assert "division by zero" in failures[0].message and failures[0].where["en"] == "cell 9"
    assert "was killed" in failures[1].message and failures[1].where["en"] == "cell 10"


@pytest.mark.slow
def test_progress_and_processes_end(executed: tuple[dict[str, Any], list[str]], home: Path) -> None:
    assert any(message.startswith("chapter 30_county, part 1 of ") for message in executed[1])
    kernels = [int(path.name.split("-")[1]) for path in home.glob("kernel-*")]
    assert len(kernels) == len(COUNTIES)
    alive = [psutil.Process(pid) for pid in kernels if psutil.pid_exists(pid)]
    assert psutil.wait_procs(alive, timeout=10)[1] == []


def test_failed_page_of_a_county_says_which(home: Path) -> None:
    params = params_for(home, ["10_cleaning"], ["30_county"])
    failure = Failure("units/371525/30_county", {"zh": "第9个单元", "en": "cell 9"}, "ZeroDivisionError: <b>")
    folder = publish.publish_failures([failure], params)
    page = (folder / "zh" / "units" / "371525" / "30_county.html").read_text(encoding="utf-8")
    assert "冠县" in page and "本页生成失败" in page and "<b>" not in page


@pytest.fixture(scope="module")
def notebook(small: ModuleType) -> Any:
    """A small executed chapter without findings."""
    node = small.small_notebook()
    node.cells[-1].outputs[0]["data"][mime("findings")]["findings"] = []
    return node


def with_finding(notebook: Any, key: str, periods: int) -> Any:
    """The chapter with one finding, and one of its tables cut to so many rows."""
    node = nbformat.from_dict(json.loads(json.dumps(notebook)))
    finding = {"key": key, "release": "final"}
    node.cells[-1].outputs[0]["data"][mime("findings")]["findings"] = [finding]
    for cell in node.cells:
        for output in cell.get("outputs", ()):
            table = output.get("data", {}).get(mime("table"))
            if table:
                table["frame"]["rows"] = table["frame"]["rows"][:periods]
    return node


@pytest.fixture
def ready(home: Path, monkeypatch: pytest.MonkeyPatch) -> Params:
    """Parameters of a run whose sources are known; PDFs take long and are looked at elsewhere."""
    monkeypatch.setattr(publish, "run_tasks", lambda tasks, task, timeout: iter(()))
    processed = home / "data" / "processed" / "demo-2015Q4"
    processed.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(schema=SOURCES).write_parquet(processed / "sources.parquet")
    params = params_for(home, ["10_cleaning", "20_inspection"], ["30_county"])
    return params.model_copy(update={"front_figure": "pass_rate_by_quarter"})


def publish_counties(notebook: Any, params: Params, keys: tuple[str, str]) -> Path:
    pages = {
        "10_cleaning": notebook,
        "20_inspection": notebook,
        "units/371502/30_county": with_finding(notebook, keys[0], 1),
        "units/371521/30_county": with_finding(notebook, keys[1], 2),
    }
    return publish.publish_report(pages, params, {}, lambda message: None)


def test_every_link_leads_to_a_file(notebook: Any, ready: Params) -> None:
    folder = publish_counties(notebook, ready, ("a", "b"))
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) == 2 + 2 * 2 * 4  # front pages; public and reviewer's pages
    for page in pages:
        html = page.read_text(encoding="utf-8")
        for address in re.findall(r'<a [^>]*href="([^"#]+)"', html):
            target = (page.parent / unescape(address)).resolve()
            assert target.suffix == ".pdf" or target.is_file(), f"{page}: {address}"
            assert not address.startswith("/")


def test_counties_hang_under_the_chapter_before_them(notebook: Any, ready: Params) -> None:
    folder = publish_counties(notebook, ready, ("a", "b"))
    listed = {
        page.stem: page.read_text(encoding="utf-8").count('href="units/')
        for page in (folder / "zh").glob("*.html")
    }
    assert listed == {"index": 2, "20_inspection": 2, "10_cleaning": 0}


def test_tables_of_counties_do_not_collide(notebook: Any, ready: Params) -> None:
    folder = publish_counties(notebook, ready, ("a", "b"))
    rows = [
        len((folder / "tables" / place / "failed_items.csv").read_bytes().splitlines()) - 1
        for place in (".", "units/371502", "units/371521")
    ]
    assert rows == [75, 1, 2]
    assert (folder / "tables" / "units" / "371521" / "failed_items.xlsx").is_file()


def test_findings_and_manifest_list_the_counties(notebook: Any, ready: Params) -> None:
    folder = publish_counties(notebook, ready, ("a", "b"))
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert [one["key"] for one in findings] == ["a", "b"]
    hashed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["hashed"]
    assert hashed["reports"]["units/371521/30_county"] == {"status": "done"}
    assert "zh/units/371521/30_county.html" in hashed["outputs"]
    assert "30_county" in hashed["ingredients"]["notebooks"]


def test_two_findings_of_one_key_are_no_report(notebook: Any, ready: Params) -> None:
    with pytest.raises(ReportError, match="findings share a key: same;"):
        publish_counties(notebook, ready, ("same", "same"))
