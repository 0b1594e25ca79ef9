"""A rule on distinct values gives what the rule gives cell by cell, however tall the column is."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from qstats.cleaning import distinct
from qstats.cleaning.distinct import clean_column
from qstats.cleaning.issues import IssueLog
from qstats.cleaning.text import ATTENTION, normalize_text

CELLS = st.lists(
    st.none()
    | st.sampled_from(["合格", " 合格", "ＡＢ１", "/", "=1+1", "a  b", "", "<b>", "　", "甲厂（东）", "x"]),
    min_size=1,
    max_size=40,
)


def _cleaned(cells: list[str | None], attention: str | None) -> tuple[list[str | None], pl.DataFrame]:
    frame = pl.DataFrame(
        {"source_row": range(2, len(cells) + 2), "brand": cells},
        schema={"source_row": pl.Int64, "brand": pl.String},
    )
    log = IssueLog("s")
    return clean_column(
        frame, "brand", normalize_text, log, attention=attention
    ).to_list(), log.table_of_issues()


@pytest.mark.parametrize("attention", [None, ATTENTION])
@given(cells=CELLS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tall_and_short_columns_are_cleaned_alike(
    cells: list[str | None], attention: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, short_issues = _cleaned(cells, attention)
    with monkeypatch.context() as patch:
        patch.setattr(distinct, "FEW_ROWS", 0)
        tall, tall_issues = _cleaned(cells, attention)
    assert short == tall == [None if cell is None else normalize_text(cell).value for cell in cells]
    assert_frame_equal(short_issues, tall_issues)


@pytest.mark.parametrize("sample", [1, 1_000])
def test_looking_first_or_sorting_out_first_is_the_same(sample: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [f"{number}号{' ' * (number % 3)}" for number in range(60)]
    monkeypatch.setattr(distinct, "FEW_ROWS", 0)
    monkeypatch.setattr(distinct, "_SAMPLE", sample)
    cleaned, issues = _cleaned(cells, ATTENTION)
    assert cleaned == [cell.strip() for cell in cells]
    assert issues["cases"].sum() == 40


def test_the_given_frame_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "FEW_ROWS", 0)
    frame = pl.DataFrame({"source_row": [2, 3], "brand": [" 鲁西", "水城"]})
    clean_column(frame, "brand", normalize_text, IssueLog("s"), attention=ATTENTION)
    assert frame["brand"].to_list() == [" 鲁西", "水城"]
