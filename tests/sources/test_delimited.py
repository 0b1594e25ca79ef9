import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qstats.errors import SourceError
from qstats.sources import delimited, encodings, open_source

HEADINGS = ["企业名称", "产品名称", "抽样日期", "检验结论", "备注"]
FIELDS = ["enterprise_name", "product_name", "sampled_on", "result", "remark"]
HEAD = ",".join(HEADINGS) + "\n"
ROW = "甲厂,水泥,2015-01-02,合格,\n"

texts = st.text(
    st.one_of(
        st.sampled_from("甲乙,\"\n\t;|／ '=𠀀é0"), st.characters(codec="utf-8", exclude_characters="\0\r")
    ),
    max_size=8,
)
tables = st.lists(st.lists(texts, min_size=5, max_size=5), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    tables,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back_cell_by_cell(
    tmp_path, layouts, read_all, table, encoding, mark, line_end, quoting
):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=mark, lineterminator=line_end, quoting=quoting).writerows([HEADINGS, *table])
    path = tmp_path / "a.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    frame = read_all(open_source(path, layouts))
    assert frame["source_row"].to_list() == list(range(2, len(table) + 2))
    assert frame.select(FIELDS).rows() == [tuple(cell or None for cell in row) for row in table]


@pytest.mark.parametrize("block", [40, 100, 1000])
def test_blocks_do_not_matter(opened, read_all, monkeypatch, block):
    rows = [
        '甲厂,"水\n泥",2015-01-02,合格,',
        '乙厂,5"管,2015-01-03,合格,"a""b"',
        "",
        "丙厂,砖,2015-01-04,,,",
        "丁厂",
    ]
    content = HEAD + "\r\n".join(rows * 7)
    whole = read_all(opened(content))
    monkeypatch.setattr(encodings, "BLOCK_BYTES", block)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", block)
    assert read_all(opened(content)).equals(whole)
    assert whole.height == 35


def test_row_numbers_are_those_of_a_spreadsheet(opened, read_all):
    source = opened("监督抽查结果\n\n" + HEAD + '甲,"水\n泥",,,\n\n乙,砖,,,\n')
    frame = read_all(source)
    assert frame.select("source_row", "enterprise_name").rows() == [(4, "甲"), (5, None), (6, "乙")]


def test_both_paths_give_the_same_cells(opened, read_all):
    plain = HEAD + '甲,"a,b",,"",\n乙,"x""y",2015,,\n\n丙\n'
    fast = read_all(opened(plain))
    exact = read_all(opened(plain + '丁,5"管,,,\n'))
    assert exact.head(4).equals(fast)
    assert exact["product_name"].to_list()[-1] == '5"管'


def test_rows_with_too_many_fields_are_dropped_and_reported(opened, read_all):
    source = opened(HEAD + ROW + "乙厂,砖,红,2015-01-03,合格,多,余\n" + ROW + "丙厂,砖,2015-01-04,合格,,,\n")
    frame = read_all(source)
    assert frame["source_row"].to_list() == [2, 4, 5]
    [issue] = source.reading_issues
    assert (issue["source_row"], issue["rule"], issue["action"], issue["cases"]) == (
        3, "row.too_many_fields", "dropped", 1,
    )  # fmt: skip
    assert issue["old_value"] == "乙厂,砖,红,2015-01-03,合格,多,余"


def test_long_rows_are_found_in_pieces_of_a_block(opened, read_all, monkeypatch):
    monkeypatch.setattr(delimited, "PIECE_BYTES", 100)
    long_row = '乙厂,"砖\n瓦",2015-01-03,合格,,多\n'
    lines = [long_row if at in (0, 57, 199) else f'甲{at},"水""泥\n",2015-01-02,合格,\n' for at in range(200)]
    source = opened(HEAD + "".join(lines))
    frame = read_all(source)
    assert [issue["source_row"] for issue in source.reading_issues] == [2, 59, 201]
    assert frame["source_row"].to_list() == [at + 2 for at in range(200) if at not in (0, 57, 199)]
    assert frame["enterprise_name"].to_list() == [f"甲{at}" for at in range(200) if at not in (0, 57, 199)]


def test_reading_twice_reports_once(opened, read_all):
    source = opened(HEAD + "乙厂,砖,红,2015-01-03,合格,多,余\n")
    assert read_all(source).equals(read_all(source))
    assert len(source.reading_issues) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ROW + '乙厂,"砖,2015-01-03,合格,\n' + ROW * 3,
        ROW + '乙厂,"砖,2015-01-03,合格,\n' + ROW + '丙厂,"瓦",2015-01-03,合格,\n',
    ],
)
def test_quote_that_never_closes_names_the_row_where_it_opened(opened, rows):
    with pytest.raises(SourceError, match=r"row 3: a quotation mark .* never closes"):
        opened(HEAD + rows)


def test_unclosed_quote_deep_in_a_large_file(opened, read_all, monkeypatch):
    monkeypatch.setattr(encodings, "BLOCK_BYTES", 500)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 500)
    with pytest.raises(SourceError, match="row 102: "):
        opened(HEAD + ROW * 100 + '乙厂,"砖,2015-01-03,合格,\n' + ROW * 200)


def test_zero_byte_is_refused_with_its_row(opened):
    with pytest.raises(SourceError, match="zero byte about row 4"):
        opened(HEAD + ROW * 2 + "乙厂,砖\0,2015-01-03,合格,\n" + ROW)


def test_undecodable_byte_is_refused_with_offset_and_line(opened):
    content = (HEAD + ROW * 30).encode()
    with pytest.raises(SourceError, match=rf"not valid UTF-8 throughout\. Byte {len(content):,} \(line 32\)"):
        opened(content + b"\xff,x,,,\n")


def test_heading_without_rows_is_a_source_without_rows(opened, read_all):
    assert read_all(opened(HEAD)).height == 0
    assert read_all(opened(HEAD.strip())).height == 0


@pytest.mark.parametrize("columns", [2_000, 100_000])
def test_too_many_columns_are_refused(opened, columns):
    line = ",".join(f"列{at}" for at in range(columns)) + "\n"
    with pytest.raises(SourceError, match=f"{columns:,} columns"):
        opened(line + "1,2,3\n")


@pytest.mark.parametrize("unit", ["甲", "甲,", "甲\n"])
def test_cell_of_ten_megabytes_is_read(opened, read_all, unit):
    cell = unit * (10_000_000 // len(unit.encode()))
    frame = read_all(opened(HEAD + f'甲厂,"{cell}",2015-01-02,合格,\n' + ROW))
    assert frame["product_name"].to_list() == [cell, "水泥"]
    assert frame["source_row"].to_list() == [2, 3]


def test_formulas_and_markup_stay_text(opened, read_all):
    frame = read_all(opened(HEAD + "=cmd|' /C calc'!A0,<script>alert(1)</script>,2015-01-02,合格,\n"))
    assert frame.row(0, named=True)["enterprise_name"] == "=cmd|' /C calc'!A0"
    assert frame.row(0, named=True)["product_name"] == "<script>alert(1)</script>"


def test_lines_that_end_in_carriage_returns(opened, read_all):
    assert read_all(opened((HEAD + ROW * 3).replace("\n", "\r"))).height == 3


def test_table_drawn_with_lines(opened, read_all):
    drawn = """┌──┬───┬───┬────┬───┐
│地区│抽查企│合格企│不合格企│抽查产│
│    │业数  │业数  │业数    │品数  │
│    │（家）│（家）│（家）  │（种）│
├──┼───┼───┼────┼───┤
│北京│ 10   │ 9    │ 1      │ 12   │
├──┼───┼───┼────┼───┤
│天津│ 8    │ 8    │        │ 9    │
└──┴───┴───┴────┴───┘
"""
    source = opened(drawn)
    frame = read_all(source)
    assert source.layout.id == "national_annual_by_region"
    assert frame.select("source_row", "area", "enterprises", "enterprises_failed", "kinds").rows() == [
        (6, "北京", "10", "1", "12"),
        (8, "天津", "8", None, "9"),
    ]


def test_file_that_fits_no_layout_names_headings_and_what_is_missing(opened):
    with pytest.raises(SourceError) as caught:
        opened("企业名称,产品名称,颜色\n甲,乙,红\n")
    message = str(caught.value)
    assert all(
        word in message for word in ("来件 一.csv", "企业名称、产品名称、颜色", "Nearest layout", "missing")
    )


def test_columns_without_a_field_are_named(opened):
    assert opened("企业名称,产品名称,抽样日期,检验结论,颜色,\n").unmatched_headers == ("颜色",)
