"""What rows of the smaller streams have in common: numbers, names, counts, lines that are no records."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.cleaning.issues import IssueLog
from qstats.cleaning.records import (
    count_rule,
    days_to_come,
    first_sent,
    number_rule,
    plain_name,
    plain_number,
    reject_lines,
    words_rule,
)
from qstats.cleaning.streams import StreamSetting
from qstats.sources import read_layouts

LAYOUT = read_layouts()["complaint_records"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("120", "120"), ("1,200", "1200"), ("12，000户", "12000"), ("120.0", "120"), ("60 套", "60"),
        ("0", "0"), ("120.5", None), ("-5", None), ("约120", None), ("1,20", None), ("120%", None),
        ("٣", None), ("12 3", None), ("", None), ("9" * 12, None),
    ],
)  # fmt: skip
def test_counts(text: str, count: str | None) -> None:
    cleaned = count_rule(text)
    assert cleaned.value == count
    assert [hit.rule for hit in cleaned.hits] == ([] if count else ["number.unreadable"])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("gc-2015 – 001", "GC-2015-001"), ("GC—2015——001", "GC-2015-001"), ("0012", "12"), ("000", "0"),
        ("A0012", "A0012"), ("鲁建2015（3）", "鲁建2015（3）"),
    ],
)  # fmt: skip
def test_numbers_as_they_are_compared(text: str, plain: str) -> None:
    assert plain_number(text) == plain


@given(st.text(max_size=12))
def test_plain_forms_are_final(text: str) -> None:
    assert plain_number(plain_number(text)) == plain_number(text)
    assert plain_name(plain_name(text)) == plain_name(text)


def test_words_are_no_numbers() -> None:
    assert [number_rule(text).value for text in ("暂无", "待编", "第1号", "GC7")] == [
        None,
        None,
        "第1号",
        "GC7",
    ]


def test_names_of_buildings_are_compared_in_one_form() -> None:
    names = ("阳光花园1#楼（东区）", "阳光花园 1号楼(东区)", "阳光花园1＃楼(东区)")
    assert len({plain_name(name) for name in names}) == 1
    assert plain_name("阳光花园1#楼") != plain_name("阳光花园11#楼")


def test_a_file_sent_twice_has_the_id_of_the_first() -> None:
    assert [first_sent(one) for one in ("abc", "abc.2", "abc.11")] == ["abc"] * 3


def test_days_soon_after_the_cutoff_are_to_come() -> None:
    setting = StreamSetting(LAYOUT, "一.csv", "s1", 2013, date(2016, 1, 31))
    texts = ["2016-01-31", "2016-02-01", "2016年3月1日", "2051-03-01", "见附件", None]
    found = days_to_come(pl.Series("closed_on", texts, dtype=pl.String), setting)
    assert found.to_list() == [False, True, True, False, False, False]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"complaint_no": "合计"}, "row.total"), ({"complaint_no": "全市累计：12件"}, "row.total"),
        ({"complaint_no": "总 计（件）"}, "row.total"), ({"complaint_no": "共12件"}, "row.total"),
        ({"sequence": "小计", "kind": "12"}, "row.total"), ({"complaint_no": "共建路12号"}, None),
        ({"complaint_no": "备注：略"}, "row.note"), ({"complaint_no": "说明1、略"}, "row.note"),
        ({"sequence": "7"}, "row.blank"), ({"complaint_no": "TS1"}, None),
        ({"complaint_no": "投诉编号", "opened_on": "投诉日期"}, "row.header_repeated"),
        ({"complaint_no": "投诉编号"}, None),
    ],
)  # fmt: skip
def test_lines_that_are_no_records(cells: dict[str, str], rule: str | None) -> None:
    columns = {name: [cells.get(name)] for name in LAYOUT.fields}
    raw = pl.DataFrame({"source_row": [2]} | columns, schema_overrides=dict.fromkeys(columns, pl.String))
    log = IssueLog("s1", "complaints")
    kept = reject_lines(
        raw, LAYOUT, log, headed=("complaint_no", "opened_on"), texts=("sequence", "complaint_no")
    )
    assert log.table_of_issues()["rule"].to_list() == ([rule] if rule else [])
    assert kept.height == (0 if rule else 1)


def test_unknown_words_are_blanked_and_named() -> None:
    rule = words_rule({"合格": "pass"})
    assert rule("合 格").value == "pass"
    assert [(hit.rule, hit.old) for hit in rule("见附件").hits] == [("category.unknown", "见附件")]
