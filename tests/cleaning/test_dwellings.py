"""Sheets of acceptance by dwelling: counts in columns and in sentences, and when they fit together."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.dwelling_sentences import SEPARATOR, read_sentence
from qstats.cleaning.dwellings import COUNTS, DWELLING_STREAM
from qstats.errors import RefusedFileError


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, DWELLING_STREAM, "dwelling_acceptance")


def sheet(*counts, **cells):
    plain = {
        "project_no": "GC01", "project_name": "阳光花园", "building": "1#楼", "county": "东阿县",
        "accepted_on": "2015-03-01",
    }  # fmt: skip
    return plain | dict(zip(COUNTS, map(str, counts), strict=False)) | cells


def counts(one):
    return tuple(one[name] for name in COUNTS)


def said(text):
    value = read_sentence(text).value
    return tuple(int(part) if part else None for part in value.split(SEPARATOR)) if value else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共 120 户，验收 120 户，一次检验合格 113 户", (120, 120, 113, None)),
        ("共120户，验收118户，一次检验合格113户，整改后合格5户。", (120, 118, 113, 5)),
        ("本楼共计120户，已检验118户，其中一次检验合格113户，经整改后合格5户", (120, 118, 113, 5)),
        ("总户数：120；验收户数：118；一次合格户数：113；返修后合格户数：5", (120, 118, 113, 5)),
        ("120户住宅中验收118户，113户一次检验合格，5户整改后合格", (120, 118, 113, 5)),
        ("共120户验收118户一次检验合格113户整改后合格5户", (120, 118, 113, 5)),
        ("共120套，验收118套，一次性验收合格113套（一次验收合格率95.8%），返修后合格5套", (120, 118, 113, 5)),
        ("共1,200户,验收1，200户,一次检验合格1,113户", (1200, 1200, 1113, None)),
        ("共计120户（地上），验收120户，一次检验合格117户，其中3户整改后合格", (120, 120, 117, 3)),
        ("共120户，验收120户，全部一次验收合格", (120, 120, 120, 0)),
        ("共120户，验收120户，一次检验合格113户，其余整改后全部合格", (120, 120, 113, 7)),
        ("共120户，验收120户，一次检验合格0户", (120, 120, 0, None)),
        ("共3栋120户，验收120户", (120, 120, None, None)),
    ],
)
def test_sentences_that_are_understood(text, expected) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一次验收合格率100%", None),
        ("共120户，验收120户，一次验收合格率100%", (120, 120, None, None)),
        ("共120户，验收120户，全部合格", (120, 120, None, None)),
        ("共120户，验收120户，整改后全部一次通过，未留问题", (120, 120, None, None)),
        ("共120户，验收120户，一次检验不合格7户", (120, 120, None, None)),
        ("共120户，未验收2户，验收118户", (120, 118, None, None)),
        ("共120户，验收-5户", (120, None, None, None)),
        ("约120户，验收110-113户", None),
        ("合格120户", None),
        ("验收合格120户", None),
        ("共120户，验收118户，验收119户", (120, None, None, None)),
        ("共120户，其中地下2户，验收118户", (120, 118, None, None)),
        ("共 99999999999999999999 户", None),
        ("三室两厅户型100套", None),
        ("共١٢٠户", None),
        ("", None),
    ],
)
def test_shares_negations_and_riddles_are_no_counts(text, expected) -> None:
    assert said(text) == expected


HOW_SAID = (
    "共{}户，验收{}户，一次检验合格{}户，整改后合格{}户。",
    "总户数{}户；检验户数{}户；一次合格户数为{}户；返修后合格户数为{}户",
    "本工程共计 {} 套，检查了 {} 套，其中一次性验收合格 {} 套，返工后合格 {} 套",
    "{}户住宅中验收{}户，{}户一次检验合格，其中{}户整改后合格",
)


@given(st.lists(st.integers(0, 9_999), min_size=4, max_size=4), st.sampled_from(HOW_SAID), st.booleans())
def test_four_counts_written_into_a_sentence_are_read_back(four, how, thousands) -> None:
    text = how.format(*(f"{one:,}" if thousands else one for one in four))
    assert said(text) == tuple(four)


def test_counts_in_columns(clean) -> None:
    done = clean([sheet(120, 118, "1１3", "5户")])
    assert counts(done.only) == (120, 118, 113, 5)
    assert (done.only["project_id"], done.only["building"], done.met()) == ("GC01", "1#楼", [])


def test_counts_in_a_sentence_beside_the_total(clean) -> None:
    done = clean([sheet(120, conclusion="共120户，验收118户，一次检验合格113户，整改后合格5户")])
    assert counts(done.only) == (120, 118, 113, 5)
    assert done.met() == ["dwelling.sentence_read"]


@pytest.mark.parametrize(
    "row",
    [
        sheet(120, 121, 113, 5), sheet(120, 118, 119, 0), sheet(120, 118, 113, 6), sheet(118, None, 119),
        sheet(132, conclusion="共120户，验收118户，一次检验合格113户"),
        sheet(100, conclusion="验收118户，一次检验合格113户"),
    ],
)  # fmt: skip
def test_counts_that_contradict_each_other_leave_none(clean, row) -> None:
    done = clean([{name: None if cell == "None" else cell for name, cell in row.items()}])
    assert counts(done.only) == (None, None, None, None)
    assert "dwelling.counts_contradict" in done.met()


def test_counts_that_are_not_all_stated_are_listed(clean) -> None:
    done = clean([sheet(120, conclusion="共120户，验收120户，全部合格")])
    assert counts(done.only) == (120, 120, None, None)
    assert done.met() == ["dwelling.counts_missing", "dwelling.sentence_read"]
    done = clean([sheet(120, conclusion="详见第3页")])
    assert done.met() == ["dwelling.counts_missing", "dwelling.sentence_unreadable"]


def test_a_sheet_sent_again_is_one_and_buildings_are_several(clean) -> None:
    rows = [sheet(60, 60, 58, 2), sheet(60, 60, 58, 2, building="2号楼")]
    done = clean(rows, [sheet(60, 60, 58, 2, building="1号楼", county=None), sheet(60, 60, 58, 2)])
    assert [one["building"] for one in done.rows] == ["1#楼", "2号楼"]
    assert done.met() == ["dwelling.duplicate"] * 2


def test_a_later_sheet_of_a_building_replaces_the_earlier_one(clean) -> None:
    draft = sheet(60, 60, 55, 0)
    done = clean([draft, sheet(60, 60, 55, 5, accepted_on="2015-04-01")])
    assert (counts(done.only), done.met()) == ((60, 60, 55, 5), ["dwelling.superseded"])
    broken = sheet(60, 61, 55, 5, accepted_on="2015-04-01")
    assert counts(clean([draft, broken]).rows[0]) == (60, 60, 55, 0)
    vague = sheet(60, conclusion="共60户，验收60户，全部合格", accepted_on="2015-04-01")
    assert counts(clean([draft, vague]).only) == (60, 60, 55, 0)


def test_sheets_that_share_a_building_out_stay(clean) -> None:
    done = clean([sheet(60, 30, 28, 2), sheet(60, 30, 29, 1, accepted_on="2015-04-01")])
    assert done.table["dwellings_accepted"].sum() == 60
    assert done.met() == []


def test_a_register_of_projects_is_refused(clean) -> None:
    with pytest.raises(RefusedFileError, match="looks like a register of projects"):
        clean([sheet(120, conclusion="合格"), sheet(60, conclusion="不 合格"), sheet(60)])
    assert clean([sheet(120, conclusion="合格"), sheet(60, 60, 58, building="2#楼")]).table.height == 2


def test_lines_that_are_no_sheets(clean) -> None:
    lines = [
        {"sequence": "合计", "dwellings_total": "900"}, {"project_name": "小计", "dwellings_total": "900"},
        {"dwellings_total": "60", "conclusion": "共60户"}, {"project_name": "审核：演示员"}, {},
        {"project_name": "工程名称", "dwellings_total": "总户数"},
    ]  # fmt: skip
    done = clean([sheet(60, 60, 60, 0), *lines])
    assert done.table.height == 1
    assert done.met() == [
        "row.blank", "row.header_repeated", "row.no_identity", "row.note", "row.total", "row.total",
    ]  # fmt: skip


@settings(max_examples=30)
@given(st.lists(st.integers(0, 200), min_size=4, max_size=4))
def test_counts_survive_if_and_only_if_they_fit_together(clean_stream, four) -> None:
    total, inspected, first, after = four
    done = clean_stream(DWELLING_STREAM, "dwelling_acceptance", [sheet(*four)])
    fits = first + after <= inspected <= total
    assert counts(done.only) == (tuple(four) if fits else (None,) * 4)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_cleaning_a_clean_table_changes_nothing(clean_stream, sheets) -> None:
    rows = [sheet(60, inspected, first, building=f"{at}#楼") for at, inspected, first in sheets]
    once = clean_stream(DWELLING_STREAM, "dwelling_acceptance", rows)
    texts = {"accepted_on": str, "county_code": lambda code: "东阿县"} | dict.fromkeys(COUNTS, str)
    back = {"county_code": "county", "project_id": "project_no"}
    again = clean_stream(DWELLING_STREAM, "dwelling_acceptance", [
        {
            back.get(name, name): None if cell is None else texts.get(name, str)(cell)
            for name, cell in one.items() if not name.startswith("source")
        }
        for one in once.rows
    ])  # fmt: skip
    told = [name for name in once.table.columns if not name.startswith("source")]
    assert again.table.select(told).rows() == once.table.select(told).rows()
