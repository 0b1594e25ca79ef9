"""The report folder is whole or not there at all, and text of suppliers stays text."""

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pytest

from qstats.errors import QstatsError, ReportError
from qstats.params import Params, read_params
from qstats.pipeline import publish
from qstats.pipeline.execute import Failure
from qstats.pipeline.processes import Ended
from qstats.report.display import mime, show_table
from qstats.schemas import SOURCES

HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1)", "长" * 40_000)


@pytest.fixture
def params(make_home: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Params:
    """Parameters of one chapter, at home in a folder with the table of sources."""
    home = make_home()
    monkeypatch.setenv("QSTATS_HOME", str(home))
    processed = home / "data" / "processed" / "demo-2015Q4"
    processed.mkdir(parents=True)
    pl.DataFrame(schema=SOURCES).write_parquet(processed / "sources.parquet")
    read = read_params(home / "params" / "demo-2015Q4.yaml")
    return read.model_copy(update={"chapters": ["20_inspection"], "front_figure": "pass_rate_by_quarter"})


@pytest.fixture(scope="session")
def notebook(small: ModuleType) -> Any:
    """An executed chapter, with a table that holds what suppliers should not send."""
    node = small.small_notebook()
    table = show_table(
        pd.DataFrame({"product_name": HOSTILE}), name="hostile", caption={"zh": "产品", "en": "Products"},
        columns={"product_name": "text"},
    )  # fmt: skip
    cell = node.cells[-1].copy()
    cell["id"] = "hostile"
    cell["metadata"] = {"tags": []}
    cell["outputs"] = [
        {
            "output_type": "execute_result",
            "metadata": {},
            "execution_count": 1,
            "data": table._repr_mimebundle_(),
        }
    ]
    node.cells[-1].outputs[0]["data"][mime("findings")]["findings"] = []
    node.cells.insert(-1, cell)
    return node


def publish_it(notebook: Any, params: Params) -> Path:
    return publish.publish_report({"20_inspection": notebook}, params, {}, lambda message: None)


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs take long and are looked at elsewhere."""
    monkeypatch.setattr(publish, "run_tasks", lambda tasks, task, timeout: iter(()))


@pytest.mark.usefixtures("without_pdf")
def test_text_of_suppliers_stays_text(notebook: Any, params: Params) -> None:
    folder = publish_it(notebook, params)
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert "<script" not in html, page
    assert "&lt;script&gt;alert(1)" in (folder / "zh" / "20_inspection.html").read_text(encoding="utf-8")
    written = pd.read_csv(folder / "tables" / "hostile.csv", encoding="utf-8-sig")["product_name"].tolist()
    assert written == [HOSTILE[0], "'" + HOSTILE[1], "'" + HOSTILE[2], HOSTILE[3]]
    cells = [
        row[0]
        for row in openpyxl.load_workbook(folder / "tables" / "hostile.xlsx")["data"].iter_rows(min_row=2)
    ]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert [cell.value for cell in cells] == [*HOSTILE[:3], HOSTILE[3][:32_767]]


@pytest.mark.usefixtures("without_pdf")
@pytest.mark.parametrize(
    "step", ["_write_json", "_write_pages", "_write_review", "write_manifest", "write_tables"]
)
def test_disk_that_fills_up_leaves_the_last_report(
    notebook: Any, params: Params, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = publish_it(notebook, params)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def fill_up(*arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(publish, step, fill_up)
    with pytest.raises(
        QstatsError, match=r"the disk is full: .*demo-2015Q4 could not be written and stays as it was"
    ):
        publish_it(notebook, params)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("ending", "message"),
    [
        ("killed", "setting zh/report.pdf was killed, often for lack"),
        ("too_late", "zh/report.pdf took over 1800 s"),
    ],
)
def test_pdf_that_cannot_be_set_leaves_no_report(
    notebook: Any, params: Params, monkeypatch: pytest.MonkeyPatch, ending: Any, message: str
) -> None:
    ended = Ended(ending, None, "zh/report.pdf")
    monkeypatch.setattr(publish, "run_tasks", lambda tasks, task, timeout: iter([("process 0", ended)]))
    with pytest.raises(ReportError, match=message):
        publish_it(notebook, params)
    assert list((publish.report_folder(params.run)).parent.iterdir()) == []


@pytest.mark.usefixtures("without_pdf")
def test_manifest_holds_the_checksum_of_every_file(notebook: Any, params: Params) -> None:
    folder = publish_it(notebook, params)
    outputs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["hashed"]["outputs"]
    assert {"findings.json", "zh/index.html", "en/20_inspection.html", "tables/hostile.csv"} <= set(outputs)
    assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in outputs.values())


def test_page_of_a_failure_shows_nothing_else(params: Params) -> None:
    where = {"zh": "第7个单元", "en": "cell 7"}
    folder = publish.publish_failures([Failure("20_inspection", where, f"ValueError: {HOSTILE[0]}")], params)
    assert folder.name == "demo-2015Q4-failed"
    for language in ("zh", "en"):
        page = (folder / language / "20_inspection.html").read_text(encoding="utf-8")
        assert 'role="alert"' in page
        assert where[language] in page
        assert "<script" not in page
        assert "<table" not in page and "<svg" not in page


def test_chapter_without_a_readable_title_fails_under_its_name(params: Params) -> None:
    (publish.notebook_path("20_inspection")).write_text("{}")
    folder = publish.publish_failures([Failure("20_inspection", {"zh": "处", "en": "there"}, "x")], params)
    assert "20_inspection" in (folder / "en" / "20_inspection.html").read_text(encoding="utf-8")


def _points(chapter: str, count: int) -> list[dict[str, str]]:
    return [{"zh": f"{chapter}{number}", "en": f"{chapter}{number}"} for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((9, 1, 4, 5), "a1 a2 b1 c1 c2 d1"),
        ((1, 1), "a1 b1"),
        ((2, 0, 8), "a1 a2 c1 c2 c3 c4"),
        ((7,), "a1 a2 a3 a4 a5 a6"),
        ((0, 0), ""),
    ],
)
def test_no_chapter_keeps_the_others_off_the_front_page(counts: tuple[int, ...], expected: str) -> None:
    chapters = {name: _points(name, count) for name, count in zip("abcd", counts, strict=False)}
    assert [point["zh"] for point in publish.choose_points(chapters, ())] == expected.split()


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        ("h", "a1 b1 c1 d1 e1 h1"),
        ("cfgh", "a1 b1 c1 f1 g1 h1"),
        ("gx", "a1 b1 c1 d1 e1 g1"),
        ("", "a1 b1 c1 d1 e1 f1"),
    ],
)
def test_preferred_chapters_come_first_where_places_are_short(preferred: str, expected: str) -> None:
    chapters = {name: _points(name, 2) for name in "abcdefgh"}
    assert [point["zh"] for point in publish.choose_points(chapters, preferred)] == expected.split()
