"""Cells as suppliers type them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.text import ATTENTION, LONGEST_CELL, normalize_cells, normalize_text


def _rules(cell: str) -> list[str]:
    return [hit.rule for hit in normalize_text(cell).hits]


@pytest.mark.parametrize(
    ("cell", "value", "rules"),
    [
        ("阿胶", "阿胶", []),
        (" 阿胶\t", "阿胶", ["text.whitespace"]),
        ("东阿\u3000阿胶", "东阿 阿胶", ["text.whitespace"]),
        ("第一行\r\n第二行", "第一行 第二行", ["text.whitespace"]),
        ("LC\u200b00\u00ad12\u200e", "LC0012", ["text.whitespace"]),
        ("阿\u200b胶\u2002块", "阿胶 块", ["text.whitespace"]),
        ("\ufeff合格", "合格", ["text.whitespace"]),
        ("５００ｇ／袋", "500g/袋", ["text.width"]),
        ("Ｐ．Ｏ４２．５", "P.O42.5", ["text.width"]),
        ("　ＨＲＢ４００ ", "HRB400", ["text.width", "text.whitespace"]),
        ("（食品）：一、二；三", "（食品）：一、二；三", []),
        ("500g×10袋*2 Φ8", "500g×10袋*2 Φ8", []),
        ("/", None, ["text.placeholder"]),
        ("－", None, ["text.width", "text.placeholder"]),
        ("——", None, ["text.placeholder"]),
        ("不详", None, ["text.placeholder"]),
        ("N/A", None, ["text.placeholder"]),
        ("无", None, ["text.placeholder"]),
        ("无锡市", "无锡市", []),
        ("0", "0", []),
        ("", None, []),
        ("  ", None, ["text.whitespace"]),
        ("#N/A", None, ["cell.error"]),
        ("#REF!", None, ["cell.error"]),
        ("#8001", "#8001", []),
        ("=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0", ["text.formula"]),
        ("@SUM(A1:A9)", "@SUM(A1:A9)", ["text.formula"]),
        ("+cmd|x", "+cmd|x", ["text.formula"]),
        ("-5", "-5", []),
        ("阿胶<script>alert(1)</script>", "阿胶<script>alert(1)</script>", ["text.markup"]),
        ("<0.05", "<0.05", []),
        ("水分<5且灰分>3", "水分<5且灰分>3", []),
    ],
)
def test_cell(cell: str, value: str | None, rules: list[str]) -> None:
    assert normalize_text(cell).value == value
    assert _rules(cell) == rules


@pytest.mark.parametrize("filling", ["长", "a", "<b>", "／"])
def test_cell_longer_than_a_spreadsheet_allows_is_blanked(filling: str) -> None:
    raw = pl.DataFrame({"source_row": [7, 8], "brand": [filling * (LONGEST_CELL + 1), filling]})
    log = IssueLog("s")
    assert normalize_cells(raw, log)["brand"][0] is None
    issue = log.table_of_issues().filter(pl.col("rule") == "cell.too_long")
    assert issue.select("source_row", "field", "action").rows() == [(7, "brand", "blanked")]


def test_longest_allowed_cell_stays() -> None:
    text = "长" * LONGEST_CELL
    raw = pl.DataFrame({"source_row": [2], "brand": [text]})
    log = IssueLog("s")
    assert normalize_cells(raw, log)["brand"].to_list() == [text]
    assert log.table_of_issues().height == 0


def test_cosmetic_changes_are_counted_once_per_change() -> None:
    raw = pl.DataFrame(
        {"source_row": [2, 3, 4, 5], "brand": ["鲁西 ", "鲁西", "鲁西 ", "/"], "model": [None] * 4}
    )
    log = IssueLog("s")
    assert normalize_cells(raw, log)["brand"].to_list() == ["鲁西", "鲁西", "鲁西", None]
    rows = log.table_of_issues().select("source_row", "rule", "old_value", "new_value", "cases").rows()
    assert rows == [(2, "text.whitespace", "鲁西 ", "鲁西", 2), (5, "text.placeholder", "/", None, 1)]


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
    | st.text(alphabet="／－　 #N/A!无=<b>１Ａ.", max_size=8)
)
def test_normalising_twice_changes_nothing_and_the_filter_misses_nothing(cell: str) -> None:
    once = normalize_text(cell).value
    if once is not None:
        twice = normalize_text(once)
        assert twice.value == once
        assert {hit.rule for hit in twice.hits} <= {"text.formula", "text.markup"}
    if cell:
        raw = pl.DataFrame({"source_row": [1], "brand": [cell]})
        assert normalize_cells(raw, IssueLog("s"))["brand"].to_list() == [once]


def test_nothing_that_would_change_goes_unseen_in_a_tall_column() -> None:
    characters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    cells = [f"甲{character}乙" for character in characters]
    changed = [cell for cell in cells if normalize_text(cell) != (cell, ())]
    seen = pl.Series(cells).filter(pl.Series(cells).str.contains(ATTENTION)).to_list()
    assert set(changed) <= set(seen)
