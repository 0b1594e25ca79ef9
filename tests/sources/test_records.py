import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.sources.records import (
    find_quotes,
    heading_lines,
    is_well_formed,
    last_record_end,
    read_records,
)

cells = st.text(st.sampled_from('ab甲,"\n\r \t'), max_size=6)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=6)


def _written(table: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(table)
    return stream.getvalue()


@given(tables)
def test_records_are_those_of_the_csv_module_and_their_texts_make_the_file(table):
    text = _written(table)
    records = list(read_records(text, ","))
    assert [record.cells for record in records] == table
    assert "".join(record.text for record in records) == text
    assert not any(record.unfinished for record in records)


@given(tables)
def test_written_tables_end_with_a_complete_record(table):
    data = _written(table).encode()
    assert last_record_end(data, find_quotes(data)) == len(data)
    assert is_well_formed(data, ",", find_quotes(data)) or data.count(b"\r") != data.count(b"\r\n")


@given(tables, st.integers(0, 60))
def test_a_cut_file_is_split_at_the_end_of_a_record(table, cut):
    data = _written(table).encode()
    head = data[: min(cut, len(data))]
    end = last_record_end(head, find_quotes(head))
    ends = [0]
    for record in read_records(data.decode(), ","):
        ends.append(ends[-1] + len(record.text.encode()))
    assert end in ends


def test_blank_lines_are_records():
    assert [record.cells for record in read_records("a,b\n\n,\n", ",")] == [["a", "b"], [], ["", ""]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,"b",c\n', True),
        ('"a""b",""\n', True),
        ('a,5"管\n', False),
        ('a,"b" c\n', False),
        ('a, "b"\n', False),
        ('a,"b\n', False),
        ("a,b\rc,d\n", False),
        ('"甲",乙\r\n', True),
    ],
)
def test_quotes_out_of_place_are_noticed(text, expected):
    assert is_well_formed(text.encode(), ",", find_quotes(text.encode())) is expected


def test_record_that_runs_to_the_end_is_unfinished():
    records = list(read_records('a,b\nc,"d\ne,f\n', ","))
    assert [record.unfinished for record in records] == [False, True]


def test_drawn_lines_hold_no_heading():
    records = list(read_records("┌──┬──┐\n│地区│企业│\n", "│"))
    assert heading_lines(records)[0] == []
    assert heading_lines(records)[1] == ["", "地区", "企业", ""]
