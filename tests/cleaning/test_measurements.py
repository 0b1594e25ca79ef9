"""Measured rooms: metres, centimetres, millimetres, and values that no room can have."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.cleaning.measurements import HEIGHTS, MEASUREMENT_STREAM, PLANS, read_length


@pytest.fixture
def clean(clean_stream):
    return partial(clean_stream, MEASUREMENT_STREAM, "dwelling_measurements")


def room(*heights, **cells):
    plain = {
        "project_no": "GC01", "project_name": "阳光花园", "county": "东阿县", "measured_on": "2015-03-01",
        "dwelling": "1-201", "room": "客厅", "height_derived": "2800",
    }  # fmt: skip
    values = heights or ("2801", "2795", "2803", "2799", "2800")
    return plain | dict(zip(HEIGHTS, values, strict=True)) | cells


def measured(done, quantity="height"):
    return [one["measured"] for one in done.rows if one["quantity"] == quantity]


@pytest.mark.parametrize(
    ("text", "millimetres"),
    [
        ("2850", 2850), ("2850mm", 2850), ("2.85", 2850), ("2.85 m", 2850), ("2.85米", 2850),
        ("285cm", 2850), ("285.5 厘米", 2855), ("2850.5", 2850.5), ("4.2000000000000002", 4200),
        ("-2850", None), ("285", None), ("28.5", None), ("99999", None), ("0", None), ("+3", None),
        ("二米八", None), ("2,85", None), ("2850-2860", None), ("1e3", None), ("２８５０", None),
        ("9" * 40, None),
    ],
)  # fmt: skip
def test_lengths(text, millimetres) -> None:
    value = read_length(text).value
    assert (None if value is None else float(value)) == millimetres


def test_one_row_per_value_with_its_design(clean) -> None:
    cells = {"plan_derived_1": "3300", "plan_derived_2": "4200"} | dict(
        zip(PLANS, ("3302", "3298", "4205", "4199"), strict=True)
    )
    done = clean([room(**cells, spread="8")])
    assert measured(done) == [2801, 2795, 2803, 2799, 2800]
    plans = [
        (one["point"], one["nominal"], one["measured"]) for one in done.rows if one["quantity"] == "plan"
    ]
    assert plans == [(1, 3300, 3302), (2, 3300, 3298), (3, 4200, 4205), (4, 4200, 4199)]
    assert done.met() == []


def test_metres_and_full_width_digits(clean) -> None:
    done = clean([room("2.801", "２．７９５", "2.803m", "2.799", "2.8", height_derived="2.8")])
    assert measured(done) == [2801, 2795, 2803, 2799, 2800]
    assert {one["nominal"] for one in done.rows} == {2800}
    assert done.met() == ["number.unit"] * 6


def test_bare_centimetres_only_where_the_design_is_in_centimetres(clean) -> None:
    done = clean([room("280.1", "279.5", "280", "281", "279", height_derived="280")])
    assert measured(done) == [2801, 2795, 2800, 2810, 2790]
    done = clean([room("2801", "279", "2803", "2799", "2800")])
    assert measured(done) == [2801, 2803, 2799, 2800]
    assert done.met() == ["measurement.impossible"]


def test_impossible_values_are_unknown_and_the_others_stay(clean) -> None:
    done = clean([room("-5", "2795", "99999", "2799", "2800", spread="4")])
    assert measured(done) == [2795, 2799, 2800]
    assert done.met() == ["measurement.impossible"] * 2


def test_a_spread_that_its_values_do_not_have(clean) -> None:
    assert clean([room(spread="9")]).met() == []
    assert clean([room(spread="20mm")]).met() == ["measurement.spread_contradicts"]
    assert clean([room(spread="0.008")]).met() == []
    assert clean([room(spread="合格")]).met() == []


def test_a_room_without_any_value_is_dropped(clean) -> None:
    done = clean([room(), room(*[None] * 5, room="主卧"), room(*["无"] * 5), {"room": "次卧"}])
    assert done.met() == ["measurement.nothing_measured"] * 3


def test_a_room_sent_again_is_merged_and_another_one_is_not(clean) -> None:
    again = room()
    done = clean([room(), again], [again, room(building="2#楼"), room(dwelling="1-301")])
    assert len(measured(done)) == 15
    assert done.met() == ["measurement.duplicate"] * 2


def test_the_same_room_with_other_values_is_kept_and_flagged(clean) -> None:
    done = clean([room(), room("2801", "2795", "2803", "2799", "2780")])
    assert len(measured(done)) == 10
    assert done.met() == ["measurement.conflict"]


def test_rooms_without_a_name_count_once_in_a_file_sent_twice(clean) -> None:
    rows = [room(room=None), room(room=None)]
    done = clean(rows, rows, ids=("abc", "abc.2"))
    assert len(measured(done)) == 10


def test_no_rooms_are_no_error(clean) -> None:
    assert clean([]).rows == []
    assert clean([{}, {"room": "合计"}]).rows == []


@settings(max_examples=25)
@given(st.lists(st.integers(2_000, 4_000), min_size=5, max_size=5), st.sampled_from([1, 10, 1_000]))
def test_values_survive_in_every_unit(clean_stream, heights, unit) -> None:
    texts = [str(one) if unit == 1 else f"{one / unit:g}{ {10: 'cm', 1_000: 'm'}[unit] }" for one in heights]
    done = clean_stream(MEASUREMENT_STREAM, "dwelling_measurements", [room(*texts)])
    assert measured(done) == heights


@settings(max_examples=15)
@given(st.lists(st.sampled_from(["2801", "2.8", "285", "-1", "二米", None]), min_size=5, max_size=5))
def test_cleaning_a_clean_table_changes_nothing(clean_stream, heights) -> None:
    once = clean_stream(MEASUREMENT_STREAM, "dwelling_measurements", [room(*heights)])
    points = {one["point"]: f"{one['measured']:g}" for one in once.rows}
    again = clean_stream(
        MEASUREMENT_STREAM, "dwelling_measurements", [room(*(points.get(at) for at in range(1, 6)))]
    )
    told = [name for name in once.table.columns if not name.startswith("source")]
    assert again.table.select(told).rows() == once.table.select(told).rows()
