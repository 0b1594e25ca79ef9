"""What a bureau really receives: each bad file gets a clear answer and never harms the others."""

import errno
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from qstats.errors import CorrectionError, QstatsError, RefusedFileError
from qstats.params import Params
from qstats.pipeline import clean as stage_one

NOTHING_LOST = pl.col("rows_in") == pl.col("rows_kept") + pl.col("rows_rejected") + pl.col("rows_merged")
OLE_HEAD = bytes.fromhex("d0cf11e0a1b11ae1")


def _problem(tables, name: str) -> str:
    """What the sources table says of a refused file; the good file beside it must have come through."""
    sources = tables["sources"]
    assert sources.filter(NOTHING_LOST).height == sources.height
    assert sources.filter(pl.col("file") == "好.csv")["rows_kept"].to_list() == [3]
    assert tables["inspections"].height == 3
    refused = sources.filter(pl.col("file") == name)
    ids = tables["issues"].filter(pl.col("rule") == "file.refused")["source_id"].to_list()
    assert refused["source_id"].to_list() == ids
    return refused["problem_en"].item()


@pytest.fixture
def beside_good(bureau):
    bureau.receive([bureau.row(number) for number in range(3)], "好.csv")
    return bureau


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "空.csv", "empty"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "网页.csv", "web page"),
        (OLE_HEAD + bytes(3000) + "EncryptedPackage".encode("utf-16-le") + bytes(9), "锁.xlsx", "password"),
        (b"PK\x03\x04" + bytes(100), "截断.xlsx", "truncated|damaged"),
        ("抽样单编号,企业名称,检验结论\r\n".encode() + b"\xff\xfe\x81", "乱码.csv", "neither utf-8"),
        ("甲,乙,丙\r\n1,2,3\r\n".encode(), "别样.csv", "layout"),
    ],
)  # fmt: skip
def test_unreadable_file_is_refused_in_words(beside_good, content: bytes, name: str, said: str) -> None:
    (beside_good.raw / name).write_bytes(content)
    problem = _problem(beside_good.clean(), name)
    assert any(word in problem.lower() for word in said.split("|")), problem
    assert "Traceback" not in problem


def test_truncated_workbook_is_refused(beside_good) -> None:
    whole = beside_good.folder / "whole.xlsx"
    book = openpyxl.Workbook()
    for number in range(200):
        book.active.append([f"值{number}", number])
    book.save(whole)
    content = whole.read_bytes()
    assert zipfile.is_zipfile(whole)
    (beside_good.raw / "半截.xlsx").write_bytes(content[: len(content) // 2])
    assert "damaged" in _problem(beside_good.clean(), "半截.xlsx")


def test_header_only_gives_no_rows(beside_good) -> None:
    beside_good.receive([], "只有表头.csv")
    tables = beside_good.clean()
    source = tables["sources"].filter(pl.col("file") == "只有表头.csv")
    assert source["rows_kept"].item() == 0
    assert source["rows_in"].item() == 0
    assert "without any row of data" in source["problem_en"].item()
    assert tables["inspections"].height == 3


def test_two_thousand_columns_are_read_or_refused_in_words(beside_good) -> None:
    wide = [*(f"列{number}" for number in range(2000))]
    (beside_good.raw / "宽.csv").write_text(
        ",".join(wide) + "\n" + ",".join("1" * 2000) + "\n", encoding="utf-8"
    )
    problem = _problem(beside_good.clean(), "宽.csv")
    assert len(problem) < 2000


def test_cell_of_ten_megabytes_is_blanked(beside_good) -> None:
    beside_good.receive([beside_good.row(5, remark="长" * 3_500_000), beside_good.row(6)], "大.csv")
    tables = beside_good.clean()
    assert tables["inspections"].height == 5
    issue = tables["issues"].filter(pl.col("rule") == "cell.too_long")
    assert issue["source_row"].to_list() == [2]
    assert len(issue["old_value"].item()) < 300


def test_formulas_and_markup_stay_text_and_are_flagged(bureau) -> None:
    texts = ["=cmd|'/C calc'!A0", "@SUM(A1)", "+cmd|x", "阿胶<script>alert(1)</script>"]
    bureau.receive([bureau.row(number, product_name=text) for number, text in enumerate(texts)])
    tables = bureau.clean()
    assert tables["inspections"]["product_name"].to_list() == texts
    flags = tables["issues"].select("source_row", "rule").rows()
    assert flags == [(2, "text.formula"), (3, "text.formula"), (4, "text.formula"), (5, "text.markup")]
    assert set(tables["issues"]["action"]) == {"flagged"}


def test_path_with_spaces_and_chinese(bureau) -> None:
    bureau.receive([bureau.row(1)], "第 一季度/聊城 市局（终稿）.csv", encoding="gb18030")
    tables = bureau.clean()
    assert tables["sources"]["file"].to_list() == ["第 一季度/聊城 市局（终稿）.csv"]
    assert tables["inspections"].height == 1


def test_column_that_no_field_takes_is_named(bureau) -> None:
    path = bureau.receive([bureau.row(1)])
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("不合格项目", "不合格的指标情况"), encoding="utf-8"
    )
    issue = bureau.clean()["issues"].filter(pl.col("rule") == "file.column_ignored")
    assert issue.select("source_row", "old_value", "action").rows() == [(0, "不合格的指标情况", "flagged")]


def test_same_content_twice_counts_once(bureau) -> None:
    for name in ("一.csv", "二.csv"):
        bureau.receive([bureau.row(number) for number in range(4)], name)
    tables = bureau.clean()
    first, second = tables["sources"]["source_id"].to_list()
    assert second == f"{first}.2"
    assert tables["sources"]["rows_merged"].to_list() == [0, 4]
    assert tables["inspections"].height == 4
    duplicate = tables["issues"].filter(pl.col("rule") == "file.duplicate")
    assert duplicate.select("source_id", "old_value", "new_value").rows() == [(second, "二.csv", "一.csv")]


def test_file_that_breaks_off_half_way_leaves_no_rows(beside_good, monkeypatch: pytest.MonkeyPatch) -> None:
    beside_good.receive([beside_good.row(number) for number in range(10, 20)], "坏.csv")
    really = stage_one.open_source

    def breaking(path: Path, layouts, **options):
        source = really(path, layouts, **options)
        if path.name == "坏.csv":
            whole = source.rows

            def rows():
                yield from whole()
                raise RefusedFileError("坏.csv", {"zh": "第9000字节不是文本", "en": "byte 9000 is no text"})

            object.__setattr__(source, "rows", rows)
        return source

    monkeypatch.setattr(stage_one, "open_source", breaking)
    tables = beside_good.clean()
    assert "byte 9000" in _problem(tables, "坏.csv")
    assert set(tables["batch_rows"]["source_id"]) == set(tables["inspections"]["source_id"])
    assert tables["batch_rows"].height == 3


def test_full_disk_leaves_the_last_tables(
    bureau, params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "processed" / "demo-2015Q4"
    target.mkdir(parents=True)
    (target / "inspections.parquet").write_bytes(b"the last good one")
    bureau.receive([bureau.row(1)])

    def full(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stage_one, "find_raw_folder", lambda params: bureau.raw)
    monkeypatch.setattr(stage_one, "processed_folder", lambda run: target)
    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(QstatsError, match="disk is full"):
        stage_one.clean_run(params)
    assert (target / "inspections.parquet").read_bytes() == b"the last good one"
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_no_supplier_files_says_what_to_do(
    params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_one, "raw_folder", lambda run: tmp_path / run)
    with pytest.raises(QstatsError, match="qstats demo"):
        stage_one.find_raw_folder(params)


CORRECTION = """
- file: 一.csv
  where: {{sheet_no: LC0002}}
  action: {action}
  {field}
  expect: {expect}
  reason: 省院来函更正
  author: 王工
  decided_on: 2015-08-01
  status: {status}
"""


@pytest.fixture
def corrected(bureau, monkeypatch: pytest.MonkeyPatch):
    """Cleans four rows with one declared correction."""
    bureau.receive([bureau.row(number) for number in range(1, 5)])
    monkeypatch.setattr(stage_one, "corrections_folder", lambda: bureau.folder)

    def run(
        action: str = "set",
        field: str = "field: result\n  value: 不合格",
        expect: int = 1,
        status: str = "active",
    ):
        text = CORRECTION.format(action=action, field=field, expect=expect, status=status)
        (bureau.folder / f"{bureau.params.run}.yaml").write_text(text, encoding="utf-8")
        return bureau.clean()

    return run


def test_correction_sets_a_cell(corrected) -> None:
    tables = corrected()
    outcomes = dict(tables["inspections"].select("batch_id", "outcome").iter_rows())
    assert outcomes == {"LC0001": "pass", "LC0002": "fail", "LC0003": "pass", "LC0004": "pass"}
    applied = tables["issues"].filter(pl.col("rule") == "correction.applied")
    assert applied.select("source_row", "field", "old_value", "new_value").rows() == [
        (3, "result", "合格", "不合格")
    ]


def test_correction_drops_a_row(corrected) -> None:
    tables = corrected("drop", "")
    assert tables["inspections"]["batch_id"].to_list() == ["LC0001", "LC0003", "LC0004"]
    assert tables["sources"].select("rows_in", "rows_kept", "rows_rejected").row(0) == (4, 3, 1)


def test_correction_that_finds_another_number_of_rows_stops_the_run(corrected) -> None:
    with pytest.raises(CorrectionError, match="expected 2 rows, found 1"):
        corrected(expect=2)


def test_corrections_in_another_encoding_are_an_error_in_words(bureau, monkeypatch) -> None:
    bureau.receive([bureau.row(1)])
    monkeypatch.setattr(stage_one, "corrections_folder", lambda: bureau.folder)
    (bureau.folder / f"{bureau.params.run}.yaml").write_text("- file: 东阿县局.csv", encoding="gb18030")
    with pytest.raises(CorrectionError, match="not readable as YAML in UTF-8"):
        bureau.clean()


def test_sheet_numbers_that_excel_cut_do_not_make_batches_one(bureau) -> None:
    rows = [bureau.row(7, sheet_no="3.71500E+17", sampled_on=f"2015-05-0{day}") for day in (1, 2)]
    bureau.receive(rows)
    tables = bureau.clean()
    assert tables["inspections"].height == 2
    issue = tables["issues"].select("rule", "field", "old_value").unique().row(0)
    assert issue == ("code.form", "sheet_no", "3.71500E+17")


def test_retired_correction_is_ignored(corrected) -> None:
    assert corrected(status="retired")["inspections"]["outcome"].to_list() == ["pass"] * 4
