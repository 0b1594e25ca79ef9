"""Stocks and flows of registers, against a count day by day in plain Python."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.errors import QstatsError
from qstats.schemas import REGISTERS
from qstats.targets.registers import (
    count_flow,
    count_stock,
    lists_valid_only,
    sum_quantity,
    tabulate_history,
)

END_2015 = date(2015, 12, 31)
YEAR_2015 = (date(2015, 1, 1), END_2015)
FIRST, LAST = date(2013, 1, 1), date(2016, 1, 31)


def table(*entries):
    plain = {
        "register": "benchmark", "thing_id": "a", "holder_id": "name:甲", "award_stated": "day",
        "grade": None, "valid_until": None, "withdrawn_on": None, "awarded_on": date(2014, 3, 1),
        "quantity": None,
    }  # fmt: skip
    rows = []
    for number, entry in enumerate(entries):
        row = plain | {"entry_id": f"s-{number}"} | entry
        known = row["valid_until"] or row["withdrawn_on"]
        rows.append({"ending": "dated" if known else "none_stated"} | row)
    return pd.DataFrame(rows, columns=list(REGISTERS))


def stock(registers, on=END_2015, **how):
    found = count_stock(registers, "benchmark", on, **how)
    return found.value, found.upper


@pytest.mark.parametrize(
    ("entry", "on", "expected"),
    [
        ({}, date(2014, 2, 28), 0),
        ({}, date(2014, 3, 1), 1),
        ({"valid_until": date(2015, 12, 31)}, END_2015, 1),
        ({"valid_until": date(2015, 12, 30)}, END_2015, 0),
        ({"withdrawn_on": END_2015}, END_2015, 0),
        ({"withdrawn_on": END_2015}, date(2015, 12, 30), 1),
        ({"withdrawn_on": date(2015, 5, 1), "valid_until": date(2017, 3, 1)}, END_2015, 0),
        ({"withdrawn_on": date(2014, 3, 1)}, date(2014, 3, 1), 0),
    ],
)
def test_an_entry_is_valid_from_its_award_until_it_ends(entry, on, expected) -> None:
    assert stock(table(entry), on) == (expected, expected)


def test_a_thing_renewed_early_counts_once_and_one_renewed_late_has_a_gap() -> None:
    early = table({"valid_until": date(2016, 2, 28)}, {"awarded_on": date(2015, 12, 1)})
    assert stock(early) == (1, 1)
    late = table({"valid_until": date(2015, 2, 28)}, {"awarded_on": date(2015, 6, 1)})
    assert [stock(late, day)[0] for day in (date(2015, 2, 28), date(2015, 3, 1), date(2015, 6, 1))] == [
        1,
        0,
        1,
    ]


def test_what_cannot_be_placed_in_time_makes_bounds() -> None:
    registers = table(
        {},
        {"thing_id": "b", "awarded_on": None, "award_stated": None},
        {"thing_id": "c", "ending": "undated"},
        {"thing_id": "d", "ending": "undated", "valid_until": date(2015, 6, 30)},
        {"thing_id": "e", "awarded_on": None, "award_stated": None, "valid_until": date(2014, 1, 1)},
        {"thing_id": "a", "awarded_on": None, "award_stated": None},
    )
    found = count_stock(registers, "benchmark", END_2015)
    assert (found.value, found.upper, found.undated, found.entries) == (1, 3, 2, 6)


@pytest.mark.parametrize(
    ("stated", "day", "on", "expected"),
    [
        ("year", date(2015, 12, 31), date(2014, 12, 31), (0, 0)),
        ("year", date(2015, 12, 31), date(2015, 6, 30), (0, 1)),
        ("year", date(2015, 12, 31), END_2015, (1, 1)),
        ("month", date(2015, 6, 30), date(2015, 5, 31), (0, 0)),
        ("month", date(2015, 6, 30), date(2015, 6, 1), (0, 1)),
        ("month", date(2015, 6, 30), date(2015, 6, 30), (1, 1)),
    ],
)
def test_an_award_stated_by_year_or_month(stated, day, on, expected) -> None:
    assert stock(table({"award_stated": stated, "awarded_on": day}), on) == expected


def test_grades_and_holders() -> None:
    registers = table(
        {"grade": "AAA"}, {"thing_id": "b", "grade": "AAAA"},
        {"thing_id": "c", "grade": "AA", "holder_id": "x"}, {"thing_id": "d", "holder_id": "y"},
        {"thing_id": "e", "grade": "AAA", "holder_id": None},
    )  # fmt: skip
    found = count_stock(registers, "benchmark", END_2015, grades=("AAA", "AAAA"))
    assert (found.value, found.upper, found.ungraded) == (3, 4, 1)
    found = count_stock(registers, "benchmark", END_2015, grades=("AAA", "AAAA"), counted="holders")
    assert (found.value, found.upper, found.ungraded, found.unnamed) == (1, 3, 1, 1)


def test_registers_that_are_counted_together() -> None:
    registers = table(
        {"register": "national_trademark"}, {"register": "provincial_trademark", "thing_id": "b"}
    )
    both = ("national_trademark", "provincial_trademark")
    assert count_stock(registers, both, END_2015).value == 2
    assert not count_stock(registers, "milestone", END_2015).received


def test_flows_of_a_period() -> None:
    registers = table(
        {"awarded_on": date(2015, 1, 1)}, {"awarded_on": END_2015}, {"awarded_on": date(2016, 1, 1)},
        {"thing_id": "b", "awarded_on": date(2014, 12, 31)},
        {"thing_id": "b", "awarded_on": date(2015, 5, 1), "withdrawn_on": date(2015, 6, 1), "holder_id": "x"},
        {"thing_id": "c", "awarded_on": END_2015, "award_stated": "year", "holder_id": "x"},
        {"thing_id": "d", "awarded_on": None, "award_stated": None},
    )  # fmt: skip
    found = {
        counted: count_flow(registers, "benchmark", YEAR_2015, counted=counted)
        for counted in ("awards", "new", "holders")
    }
    assert {name: (one.value, one.upper) for name, one in found.items()} == {
        "awards": (4, 5), "new": (2, 3), "holders": (2, 2),
    }  # fmt: skip
    assert found["awards"].undated == 1
    half = count_flow(registers, "benchmark", (date(2015, 7, 1), END_2015))
    assert (half.value, half.upper, half.undated) == (1, 3, 2)


def test_each_counted_thing_names_the_entry_by_which_it_counts() -> None:
    registers = table(
        {}, {"awarded_on": date(2015, 5, 1)}, {"thing_id": "b", "awarded_on": date(2015, 2, 1)},
        {"thing_id": "b", "awarded_on": date(2015, 9, 1)}, {"thing_id": "c", "ending": "undated"},
        {"thing_id": "d", "valid_until": date(2015, 6, 1)}, {"thing_id": "e", "register": "milestone"},
    )  # fmt: skip
    stock_of = count_stock(registers, "benchmark", END_2015)
    assert (stock_of.value, stock_of.upper) == (2, 3) and stock_of.entry_ids == ("s-0", "s-2")
    awards, new, holders = (
        count_flow(registers, "benchmark", YEAR_2015, counted=counted).entry_ids
        for counted in ("awards", "new", "holders")
    )
    assert (awards, new, holders) == (("s-1", "s-2", "s-3"), ("s-2",), ("s-1",))


def test_an_upgrade_is_new_among_its_grade() -> None:
    registers = table({"grade": "AA"}, {"grade": "AAA", "awarded_on": date(2015, 5, 1)})
    assert count_flow(registers, "benchmark", YEAR_2015, counted="new").value == 0
    assert count_flow(registers, "benchmark", YEAR_2015, counted="new", grades=["AAA"]).value == 1


def test_areas_of_bases_are_summed_once_each() -> None:
    registers = table(
        {"quantity": 10.0}, {"quantity": 12.5, "awarded_on": date(2015, 1, 1)},
        {"thing_id": "b", "quantity": 3.0, "valid_until": date(2015, 1, 1)},
        {"thing_id": "c", "quantity": 4.0, "awarded_on": None, "award_stated": None},
    )  # fmt: skip
    found = sum_quantity(registers, "benchmark", END_2015)
    assert (found.value, found.upper, found.things, found.unstated, found.undated) == (12.5, 16.5, 1, 0, 1)
    unknown = sum_quantity(table({"thing_id": "b"}, {"quantity": 2.0}), "benchmark", END_2015)
    assert (unknown.value, unknown.unstated) == (2.0, 1)
    assert unknown.upper == float("inf")
    assert not sum_quantity(registers, "milestone", END_2015).received


def test_history_of_years() -> None:
    registers = table(
        {"awarded_on": date(2012, 5, 1), "valid_until": date(2015, 4, 30)},
        {"awarded_on": date(2015, 5, 1), "valid_until": date(2018, 4, 30)},
        {"thing_id": "b", "awarded_on": date(2013, 5, 1), "valid_until": date(2014, 12, 31)},
        {"thing_id": "c", "awarded_on": date(2014, 5, 1), "withdrawn_on": date(2014, 9, 1)},
        {"thing_id": "d", "awarded_on": date(2015, 12, 31), "award_stated": "year"},
    )
    history = tabulate_history(registers, "benchmark", date(2016, 6, 30))
    told = history.set_index("period").drop(columns="period_end").T.to_dict("list")
    assert told == {
        "2012": [1, 1, 0, 1, 0, 1, 0, 0],
        "2013": [2, 2, 0, 1, 0, 1, 0, 0],
        "2014": [2, 2, 0, 1, 0, 1, 0, 1],
        "2015": [2, 2, 0, 2, 1, 1, 1, 0],
        "2016": [2, 2, 0, 0, 0, 0, 0, 0],
    }
    assert history["period_end"].iloc[-1] == pd.Timestamp(2016, 6, 30)
    months = tabulate_history(registers, "benchmark", END_2015, "month")
    assert months["period"].iloc[[0, -1]].to_list() == ["2012-05", "2015-12"]
    assert months["upper"].iloc[-2:].to_list() == [2, 2]
    assert months.set_index("period").loc["2015-11", ["stock", "upper", "undated"]].to_list() == [1, 2, 1]


def test_no_history_without_a_day() -> None:
    undated = table({"awarded_on": None, "award_stated": None})
    assert tabulate_history(undated, "benchmark", END_2015).empty
    assert tabulate_history(table(), "benchmark", END_2015).empty


def test_a_list_of_valid_entries_only_is_seen() -> None:
    valid = table(
        {"awarded_on": date(2013, 2, 1), "valid_until": date(2016, 1, 31)},
        {"awarded_on": date(2013, 1, 31), "valid_until": date(2017, 1, 31)},
        {"awarded_on": date(2012, 1, 1)},
    )
    assert lists_valid_only(valid, "benchmark", LAST)
    ended = pd.concat([valid, table({"valid_until": date(2015, 1, 1)})])
    assert not lists_valid_only(ended, "benchmark", LAST)
    assert not lists_valid_only(table({}), "benchmark", LAST)


def test_unknown_codes_are_errors() -> None:
    with pytest.raises(QstatsError, match=r"register 'brand' is none of national_trademark"):
        count_stock(table({}), "brand", END_2015)
    with pytest.raises(QstatsError, match=r"register_grade 'B' is none of"):
        count_stock(table({}), "benchmark", END_2015, grades=["B"])
    with pytest.raises(QstatsError, match=r"no frequency 'week': give year or month"):
        tabulate_history(table({}), "benchmark", END_2015, "week")


@st.composite
def registers(draw):
    days = st.dates(FIRST, LAST)
    entries = []
    for _ in range(draw(st.integers(1, 6))):
        awarded = draw(days | st.none())
        ends = {name: draw(days | st.none()) for name in ("valid_until", "withdrawn_on")}
        stated = draw(st.sampled_from(["day", "month", "year"]))
        if awarded:
            year, month = awarded.year, awarded.month
            ends = {name: day and max(day, awarded) for name, day in ends.items()}
            ends = {
                n: d if stated == "day" or d is None else max(d, date(year, 12, 31)) for n, d in ends.items()
            }
            if stated == "month":
                awarded = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
            awarded = date(year, 12, 31) if stated == "year" else awarded
        ending = draw(st.sampled_from(["dated", "undated"])) if any(ends.values()) else "none_stated"
        entries.append(
            {
                "thing_id": draw(st.sampled_from("abc")), "awarded_on": awarded, "ending": ending,
                "award_stated": stated if awarded else None,
                "holder_id": draw(st.sampled_from(["x", "y", None])),
                "grade": draw(st.sampled_from(["AAA", "AA", None])), **ends,
            }
        )  # fmt: skip
    return entries


def span_of(entry):
    """First and last possible day of award; last day of validity at most, and for certain."""
    day = entry["awarded_on"]
    first = {"month": day and day.replace(day=1), "year": day and day.replace(month=1, day=1)}
    ends = [entry["valid_until"], entry["withdrawn_on"] and entry["withdrawn_on"] - timedelta(1)]
    last = min((end for end in ends if end), default=date.max)
    start = first.get(entry["award_stated"], day) or date.min
    return start, day or date.max, last, date.min if entry["ending"] == "undated" else last


@settings(max_examples=80)
@given(
    registers(),
    st.dates(FIRST, LAST),
    st.sampled_from([None, ("AAA",)]),
    st.sampled_from(["things", "holders"]),
)
def test_stock_is_what_counting_by_hand_finds(entries, on, grades, counted) -> None:
    key = {"things": "thing_id", "holders": "holder_id"}[counted]
    fits = [grades is None or entry["grade"] in grades for entry in entries]
    may_fit = [fit or entry["grade"] is None for fit, entry in zip(fits, entries, strict=True)]
    sure, may = set(), set()
    for entry, fit, perhaps in zip(entries, fits, may_fit, strict=True):
        first, last, most, least = span_of(entry)
        if fit and last <= on <= least and entry[key]:
            sure.add(entry[key])
        if perhaps and first <= on <= most:
            may.add(entry[key] or ("unnamed", entry["thing_id"]))
    found = count_stock(table(*entries), "benchmark", on, grades=grades, counted=counted)
    assert (found.value, found.upper) == (len(sure), len(may | sure))
    assert found.value <= found.upper <= found.value + found.undated + found.ungraded + found.unnamed


@settings(max_examples=60)
@given(registers(), st.sampled_from(["year", "month"]))
def test_the_stock_is_what_came_less_what_left(entries, freq) -> None:
    history = tabulate_history(table(*entries), "benchmark", LAST, freq)
    moved = history["entered"] - history["expired"] - history["withdrawn"]
    assert history["stock"].to_list() == moved.cumsum().to_list()
    assert (history["upper"] >= history["stock"]).all()
