"""Tables of acceptance sampling: every cell of MIL-STD-105E (oracle 10), arrows, and what is refused."""

import re
from pathlib import Path

import pandas as pd
import pytest

from qstats.acceptance_tables import TabledPlan, mil_std_105e, read_acceptance_table
from qstats.errors import SourceError

LOTS = "lot_from,lot_to,II\n2,50,A\n51,,B\n"
SINGLE = """inspection,code_letter,sample_size,1,4,10
normal,A,5,down,up,0
normal,B,8,0,down,1
normal,C,13,up,0,2
tightened,A,5,down,↓,down
tightened,B,8,down,down,0
tightened,C,13,0,0,1
"""


def read(folder: Path, *, lots: str = LOTS, single: str = SINGLE):
    (folder / "letters.csv").write_text(lots, encoding="utf-8")
    (folder / "single.csv").write_text(single, encoding="utf-8")
    return read_acceptance_table(folder / "letters.csv", folder / "single.csv", name="Ours 2012")


@pytest.mark.oracle
def test_every_cell_of_the_standard(shared_data: Path) -> None:
    cells = pd.read_csv(shared_data / "oracles" / "10_acceptance_sampling" / "expected_mil105e_table2.csv")
    assert len(cells) == 832
    table, wrong = mil_std_105e(), []
    for cell in cells.itertuples():
        found = table.plan(cell.inspection, cell.code_letter, cell.AQL)
        arrow = cell.cell.removeprefix("arrow_").removeprefix("plan")
        if found != TabledPlan(cell.use_letter, cell.use_n, cell.use_Ac, arrow):
            wrong.append((cell, found))
    assert wrong == []
    assert (cells["use_Re"] == cells["use_Ac"] + 1).all()


@pytest.mark.oracle
def test_every_code_letter_of_the_standard(shared_data: Path) -> None:
    file = shared_data / "oracles" / "10_acceptance_sampling" / "expected_mil105e_table1_code_letters.csv"
    lots, table = pd.read_csv(file), mil_std_105e()
    for _, row in lots.iterrows():
        for level in table.levels:
            assert table.code_letter(row["lot_from"], level) == row[level]
            assert table.code_letter(row["lot_to"], level) == row[level]
    assert len(lots) == len(table.lots) and list(lots.columns[2:]) == list(table.levels)
    assert table.code_letter(10**12, "II") == "Q"


def test_a_table_of_the_users_own(tmp_path: Path) -> None:
    table = read(tmp_path, single="\ufeff" + SINGLE.replace("normal,A,5,down,up,0", "normal,A,5,down,down,0"))
    assert table.name == "Ours 2012" and table.aqls == (1, 4, 10)
    assert table.plan("normal", "B", 4) == TabledPlan("C", 13, 0, "down")
    assert table.plan("normal", "C", 1) == TabledPlan("B", 8, 0, "up")
    assert table.plan("tightened", "A", 4) == TabledPlan("C", 13, 0, "down")


GOOD = SINGLE.replace("normal,A,5,down,up,0", "normal,A,5,down,down,0")


@pytest.mark.parametrize(
    ("single", "message"),
    [
        (SINGLE, "single.csv, row 2, AQL 4: the arrow 'up' leads to no plan"),
        (
            GOOD.replace("normal,B,8,0", "normal,B,8,O"),
            "row 3: a cell is 'O'; wanted is an acceptance number",
        ),
        (GOOD.replace("normal,B,8,0", "normal,B,8,-1"), "row 3: a cell is '-1'"),
        (GOOD.replace("normal,C,13,up,0,2", "normal,C,13,3,0,2"), "row 4: acceptance numbers fall"),
        (GOOD.replace("normal,C,13", "normal,C,7"), "row 4: sample_size 7 does not exceed"),
        (GOOD.replace("normal,C,13", "normal,B,13"), "code letter stands twice"),
        (GOOD.replace("normal,C,13,up,0,2", "normal,C,13,up,0"), "row 4: 5 cells under 6 headings"),
        (GOOD.replace("normal,C", "reduced,C"), "row 4: inspection must be normal or tightened"),
        (GOOD.split("tightened")[0], "no rows of tightened inspection"),
        (GOOD.replace(",1,4,10", ",1,4,4"), "AQLs must rise"),
        (GOOD.replace(",1,4,10", ",1,4,ten"), "'ten' is no AQL"),
        (GOOD.replace("code_letter", "letter"), "heading must begin with inspection, code_letter"),
        ("", "is empty"),
    ],
)
def test_plans_that_cannot_be_right_are_refused(tmp_path: Path, single: str, message: str) -> None:
    with pytest.raises(SourceError, match=re.escape(message)):
        read(tmp_path, single=single)


@pytest.mark.parametrize(
    ("lots", "message"),
    [
        (LOTS.replace("51", "52"), "row 3: the range must begin at 51"),
        (LOTS.replace("2,50", "2,1"), "row 2: the range must begin at 2"),
        (LOTS.replace("51,,B", "51,,Z"), "row 3: code letter 'Z' has no row"),
        (LOTS.replace("2,50", "2,many"), "row 2: lot_to is 'many'"),
        ("lot_from,lot_to\n", "needs a column for each level"),
    ],
)
def test_lots_that_cannot_be_right_are_refused(tmp_path: Path, lots: str, message: str) -> None:
    with pytest.raises(SourceError, match=re.escape(message)):
        read(tmp_path, lots=lots, single=GOOD)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_acceptance_table(tmp_path / "a.csv", tmp_path / "b.csv", name="x")
    (tmp_path / "gb.csv").write_bytes("检验".encode("gb18030"))
    with pytest.raises(SourceError, match="not UTF-8"):
        read_acceptance_table(tmp_path / "gb.csv", tmp_path / "gb.csv", name="x")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda table: table.plan("normal", "J", 3.0), "no AQL 3; it has 0.01, 0.015"),
        (lambda table: table.plan("normal", "Z", 1.0), "no code letter 'Z'"),
        (lambda table: table.plan("reduced", "J", 1.0), "reduced is not supported"),
        (lambda table: table.code_letter(100, "IV"), "no inspection level 'IV'; it has S-1"),
        (lambda table: table.code_letter(1, "II"), "no lots of 1 items"),
    ],
)
def test_what_the_table_does_not_hold_is_said(ask, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        ask(mil_std_105e())
