"""Invariants of the register: codes never mixed, order irrelevant, rows linked once, clerks obeyed."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from qstats.errors import QstatsError
from qstats.linkage import Register, build_register
from qstats.linkage.mentions import gather_rows, number_mentions
from qstats.schemas import (
    ENTERPRISE_LINKS,
    ENTERPRISE_RECORDS,
    ENTERPRISES,
    INSPECTIONS,
    LINK_DECISIONS,
    LINK_REVIEW,
)

A, B = "700000016", "700000374"
ADDRESS = "聊城市东阿县铜城街道光明路12号"
Row = dict[str, object]


def records(*rows: Row) -> pl.DataFrame:
    plain = {"source_id": "a", "department": "commerce", "kind": "registration", "county_code": "371524"}
    made = [
        dict.fromkeys(ENTERPRISE_RECORDS) | plain | {"record_id": f"a-{at}"} | row
        for at, row in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=ENTERPRISE_RECORDS)


def named(name: str, **cells: object) -> Row:
    return {"enterprise_name": name} | cells


def decide(rows: pl.DataFrame, *pairs: tuple[int, int, str]) -> pl.DataFrame:
    """Decisions on what two rows state."""
    numbered = number_mentions(gather_rows({"enterprise_records": rows}))
    keys = dict(numbered.select("record_key", "key").iter_rows())
    made = [
        (keys.get(f"a-{left}", "gone"), keys.get(f"a-{right}", "gone"), decision, "王某", date(2016, 1, 5))
        for left, right, decision in pairs
    ]
    return pl.DataFrame(made, schema=LINK_DECISIONS, orient="row")


def ids(register: Register) -> list[str]:
    links = register.enterprise_links
    key = links["record_key"].str.extract(r"(\d+)$").cast(pl.Int64).alias("at")
    return links.with_columns(key).sort("at")["enterprise_id"].to_list()


def test_old_and_new_code_traditional_and_simplified_are_one() -> None:
    register = build_register({"enterprise_records": records(
        named("东阿华丰食品有限公司", enterprise_code=A, address=ADDRESS, legal_person="王强"),
        named("東阿縣華豐食品有限責任公司", address="東阿縣銅城街道光明路12號"),
        named("华丰食品公司", legal_person="王强"),
        named("茌平信和建材厂", county_code="371523"),
    )})  # fmt: skip
    assert ids(register)[:3] == [f"org:{A}"] * 3 and ids(register)[3].startswith("rec:")
    assert register.enterprise_links.sort("record_key")["link"].to_list() == [
        "code", "probabilistic", "probabilistic", "alone",
    ]  # fmt: skip
    first = register.enterprises.row(0, named=True)
    assert (first["organisation_code"], first["records"], first["legal_person"]) == (A, 3, "王强")


def test_a_person_and_a_house_in_common_do_not_make_two_names_one() -> None:
    register = build_register({"enterprise_records": records(
        named("东阿华丰食品有限公司", enterprise_code=A, address=ADDRESS, legal_person="王强"),
        named("东阿光明轴承有限公司", address=ADDRESS, legal_person="王强"),
    )})  # fmt: skip
    assert len(set(ids(register))) == 2
    assert register.link_review["reason"].to_list() == ["grey_zone"]


def test_a_code_under_a_strange_name_is_not_merged_silently() -> None:
    register = build_register({"enterprise_records": records(
        named("东阿华丰食品有限公司", enterprise_code=A), named("东阿华丰食品公司", enterprise_code=A),
        named("茌平信和建材厂", enterprise_code=A, county_code="371523"),
    )})  # fmt: skip
    assert ids(register)[:2] == [f"org:{A}"] * 2 and ids(register)[2].startswith("rec:")
    assert register.link_review["reason"].to_list() == ["code_conflict"]
    assert register.enterprises["organisation_code"].to_list() == [A, None]


def test_a_name_that_fits_two_codes_is_joined_to_neither() -> None:
    register = build_register({"enterprise_records": records(
        named("东阿华丰食品有限公司", enterprise_code=A, legal_person="王强"),
        named("东阿华丰食品厂", enterprise_code=B, legal_person="王强"),
        named("华丰食品", legal_person="王强"),
    )})  # fmt: skip
    assert ids(register)[:2] == [f"org:{A}", f"org:{B}"] and ids(register)[2].startswith("rec:")
    assert set(register.link_review["reason"]) == {"ambiguous"}


def test_clerks_are_obeyed() -> None:
    rows = records(
        named("东阿华丰食品有限公司", enterprise_code=A), named("阳谷光明轴承有限公司", county_code="371521"),
        named("东阿华丰食品有限公司", enterprise_code=A, legal_person="李明"),
    )  # fmt: skip
    register = build_register({"enterprise_records": rows}, decide(rows, (0, 1, "same"), (0, 2, "different")))
    first, second, third = ids(register)
    assert first == second != third
    assert sorted(register.link_review["decision"]) == ["different", "same"]


def test_a_decision_holds_for_all_rows_that_state_the_same() -> None:
    one, other = named("东阿华丰食品有限公司", enterprise_code=A), named("华丰食品公司", legal_person="王强")
    rows = records(one, other, other, other)
    assert set(ids(build_register({"enterprise_records": rows}))) == {f"org:{A}"}
    for pair in ((0, 1, "different"), (1, 0, "different")):
        found = ids(build_register({"enterprise_records": rows}, decide(rows, pair)))
        assert found[0] == f"org:{A}" and len(set(found[1:])) == 1 and found[1] != found[0]


def test_a_decision_outlives_the_file_that_it_was_made_on() -> None:
    first = [named("东阿华丰食品有限公司"), named("阳谷光明轴承有限公司", county_code="371521")]
    decisions = decide(records(*first), (0, 1, "same"))
    later = records(named("冠县信和建材厂"), *first)
    register = build_register({"enterprise_records": later}, decisions)
    assert ids(register)[1] == ids(register)[2] != ids(register)[0]
    assert register.link_review["reason"].to_list() == ["decided"]


def test_codes_that_a_clerk_found_to_be_one_draw_rows_as_one() -> None:
    rows = records(
        named("东阿华丰食品有限公司", enterprise_code=A, legal_person="王强"),
        named("东阿华丰食品有限公司", enterprise_code=B, legal_person="王强"),
        named("华丰食品公司", legal_person="王强"),
    )  # fmt: skip
    assert ids(build_register({"enterprise_records": rows}))[2].startswith("rec:")
    register = build_register({"enterprise_records": rows}, decide(rows, (0, 1, "same")))
    assert len(set(ids(register))) == 1


def test_a_code_without_a_name_takes_the_side_of_the_code() -> None:
    conflict = [
        named("东阿华丰食品有限公司", enterprise_code=A), named("东阿华丰食品公司", enterprise_code=A),
        named("茌平宏达轴承厂", enterprise_code=A, county_code="371523", legal_person="李明"),
    ]  # fmt: skip
    nameless: Row = {"enterprise_name": None, "enterprise_code": A}
    found = ids(build_register({"enterprise_records": records(*conflict, nameless)}))
    assert found[0] == found[1] == found[3] == f"org:{A}" != found[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("东阿华丰食品有限公司", "莘县宏达食品有限公司"),
        ("东阿第一水泥厂", "东阿第二水泥厂"),
        ("华联超市有限公司一店", "华联超市有限公司"),
    ],
)
def test_the_trade_in_common_does_not_share_a_code(one: str, other: str) -> None:
    rows = records(named(one, enterprise_code=A), named(one, enterprise_code=A, address=ADDRESS),
                   named(other, enterprise_code=A))  # fmt: skip
    register = build_register({"enterprise_records": rows})
    assert ids(register)[0] == ids(register)[1] != ids(register)[2]
    assert register.link_review["reason"].to_list() == ["code_conflict"]


def test_a_renamed_enterprise_keeps_its_code() -> None:
    told: Row = {"enterprise_code": A, "address": ADDRESS, "legal_person": "王强"}
    rows = records(named("东阿华丰食品有限公司", **told), named("东阿宝玉粮油有限公司", **told))
    assert set(ids(build_register({"enterprise_records": rows}))) == {f"org:{A}"}


@pytest.mark.parametrize(
    "names",
    [
        ("东阿第一水泥厂", "东阿第二水泥厂"), ("华联超市有限公司一店", "华联超市有限公司二店"),
        ("华联超市有限公司一店", "华联超市有限公司"), ("华丰食品有限公司", "华丰包装有限公司"),
    ],
)  # fmt: skip
def test_one_person_and_house_do_not_join_plants_shops_and_sisters(names: tuple[str, str]) -> None:
    told: Row = {"address": ADDRESS, "legal_person": "王强"}
    assert (
        len(set(ids(build_register({"enterprise_records": records(*(named(n, **told) for n in names))}))))
        == 2
    )


@pytest.mark.parametrize(
    "rows",
    [
        (named("张记面馆", legal_person="张伟"), named("张记面馆", legal_person="张强")),
        (named("兴旺养殖专业合作社", address="前王村"), named("兴隆养殖专业合作社", address="前王村")),
        (named("奥奇食品有限公司", legal_person="王强"), named("奥奇食品厂")),
    ],
)
def test_a_likeness_of_names_alone_joins_nothing(rows: tuple[Row, Row]) -> None:
    assert len(set(ids(build_register({"enterprise_records": records(*rows)})))) == 2


def test_a_short_name_does_not_join_two_long_ones() -> None:
    told: Row = {"legal_person": "王强"}
    rows = records(*(named(name, **told) for name in ("华丰食品有限公司", "华丰公司", "华丰包装有限公司")))
    found = ids(build_register({"enterprise_records": rows}))
    assert found[0] != found[2]


def test_many_rows_of_one_code_teach_nothing() -> None:
    rows = [named("东阿华丰食品有限公司", enterprise_code=A, address=f"光明路{n}号") for n in range(60)]
    register = build_register({"enterprise_records": records(*rows, named("东阿华丰食品有限公司"))})
    assert set(ids(register)) == {f"org:{A}"}


def test_a_long_code_of_another_enterprise_is_not_told() -> None:
    rows = records(named("东阿华丰食品有限公司", enterprise_code=A),
                   named("茌平宏达轴承厂", enterprise_code=A, credit_code=f"91371524{A}X"))  # fmt: skip
    told = build_register({"enterprise_records": rows}).enterprises.sort("enterprise_id")
    assert told.select("organisation_code", "credit_code").rows() == [(A, None), (None, None)]


def test_a_clerk_sees_what_both_sides_state() -> None:
    rows = records(
        named("奥奇食品有限公司", legal_person="王强", enterprise_code=A),
        named("奥奇食品厂", address=ADDRESS),
    )
    listed = build_register({"enterprise_records": rows}).link_review.row(0, named=True)
    sides = [
        {name: listed[f"{side}_{name}"] for name in ("name", "code", "address")} for side in ("left", "right")
    ]
    assert {"name": "奥奇食品厂", "code": None, "address": ADDRESS} in sides
    assert {"name": "奥奇食品有限公司", "code": A, "address": None} in sides


def test_decisions_that_contradict_each_other_are_refused() -> None:
    rows = records(*(named(name) for name in ("甲食品厂", "乙食品厂", "丙食品厂")))
    decisions = decide(rows, (0, 1, "same"), (1, 2, "same"), (0, 2, "different"))
    with pytest.raises(QstatsError, match="decided to be different"):
        build_register({"enterprise_records": rows}, decisions)


def test_a_decision_on_rows_that_are_not_there_is_listed() -> None:
    rows = records(named("甲食品厂"))
    register = build_register({"enterprise_records": rows}, decide(rows, (0, 9, "same")))
    assert register.link_review.select("reason", "decision").rows() == [("unknown_key", "same")]


def test_without_records_there_is_no_register() -> None:
    inspections = pl.DataFrame([dict.fromkeys(INSPECTIONS) | {"batch_id": "1", "enterprise_id": f"org:{A}"}],
                               schema=INSPECTIONS)  # fmt: skip
    register = build_register({"enterprise_records": records(), "inspections": inspections})
    for table, schema in (
        (register.enterprises, ENTERPRISES), (register.enterprise_links, ENTERPRISE_LINKS),
        (register.link_review, LINK_REVIEW),
    ):  # fmt: skip
        assert table.is_empty()
        assert dict(table.schema) == schema


def test_inspections_meet_records() -> None:
    row = {
        "batch_id": "LC1", "enterprise_id": f"org:{A}", "enterprise_name": "华丰食品",
        "county_code": "371524", "enterprise_size": "small",
    }  # fmt: skip
    inspections = pl.DataFrame(
        [dict.fromkeys(INSPECTIONS) | row, dict.fromkeys(INSPECTIONS) | {"batch_id": "LC2"}],
        schema=INSPECTIONS,
    )
    known = records(named("东阿华丰食品有限公司", enterprise_code=A))
    register = build_register({"enterprise_records": known, "inspections": inspections})
    assert register.enterprise_links.select("table", "record_key", "enterprise_id").rows() == [
        ("enterprise_records", "a-0", f"org:{A}"), ("inspections", "LC1", f"org:{A}"),
    ]  # fmt: skip
    assert register.enterprises["enterprise_size"].to_list() == ["small"]


NAMES = st.sampled_from(
    [
        "东阿华丰食品有限公司",
        "東阿華豐食品廠",
        "华丰食品",
        "华峰食品有限公司",
        "东阿信和建材厂",
        "()",
        "有限公司",
        "'; --",
        "💥",
    ]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "enterprise_name": st.one_of(NAMES, st.none()), "enterprise_code": st.sampled_from([A, B, None]),
            "legal_person": st.sampled_from(["王强", "李明", None]),
            "address": st.sampled_from([ADDRESS, "铜城街道", None]),
            "county_code": st.sampled_from(["371524", "371523", None]),
        }
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=25)
@given(ROWS, st.randoms(use_true_random=False))
def test_whatever_rows_state(rows: list[Row], random: object) -> None:
    table = records(*rows)
    register = build_register({"enterprise_records": table})
    nameable = table.filter(pl.any_horizontal(pl.col("enterprise_name", "enterprise_code").is_not_null()))
    assert sorted(register.enterprise_links["record_key"]) == sorted(nameable["record_id"])
    placed = register.enterprise_links.join(table, left_on="record_key", right_on="record_id")
    codes = placed.group_by("enterprise_id").agg(pl.col("enterprise_code").drop_nulls().n_unique())
    assert codes.filter(pl.col("enterprise_code") > 1).is_empty()
    assert register.enterprises["enterprise_id"].is_unique().all()
    order = list(range(table.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = build_register({"enterprise_records": table[order]})
    for name in ("enterprises", "enterprise_links", "link_review"):
        assert_frame_equal(getattr(again, name), getattr(register, name))
