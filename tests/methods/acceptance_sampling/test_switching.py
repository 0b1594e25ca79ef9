"""Switching between normal and tightened inspection, lot by lot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.acceptance_sampling import ISO_2859_1, MIL_STD_105E, follow_switching


def results(text: str) -> list[bool]:
    """``+`` accepted, ``-`` rejected."""
    return [mark == "+" for mark in text]


def switches(text: str, rules=MIL_STD_105E, **kwargs) -> list[tuple[int, str]]:
    return [(lot.lot, lot.switch) for lot in follow_switching(results(text), rules, **kwargs) if lot.switch]


@pytest.mark.parametrize(
    ("lots", "expected"),
    [
        ("++++++", []),
        ("-+++-", [(5, "tightened")]),
        ("-++++-", []),  # the two rejections are six lots apart
        ("--", [(2, "tightened")]),
        ("--+++++", [(2, "tightened"), (7, "normal")]),
        ("--++++-+++++", [(2, "tightened"), (12, "normal")]),
        ("--+++++-", [(2, "tightened"), (7, "normal")]),  # rejections before the switch no longer count
        ("--+++++-+-", [(2, "tightened"), (7, "normal"), (10, "tightened")]),
    ],
)
def test_switches(lots: str, expected: list[tuple[int, str]]) -> None:
    assert switches(lots) == expected


def test_ten_lots_on_tightened_inspection_stop_acceptance() -> None:
    judged = follow_switching(results("--" + "+-" * 5 + "+"))
    assert [(lot.lot, lot.switch, lot.why) for lot in judged if lot.switch][-1] == (
        12,
        "discontinued",
        "lots_to_stop",
    )
    assert judged[12].inspection == "discontinued" and not judged[12].switch


def test_five_rejections_on_tightened_inspection_stop_acceptance() -> None:
    assert switches("--" + "+-" * 5, ISO_2859_1) == [(2, "tightened"), (12, "discontinued")]
    assert switches("--" + "-----", ISO_2859_1) == [(2, "tightened"), (7, "discontinued")]


def test_the_tenth_lot_may_still_bring_normal_inspection_back() -> None:
    assert switches("--" + "----+" + "+++++")[-1] == (11, "normal")
    assert switches("--" + "-----" + "+++++")[-1] == (12, "normal")


def test_acceptance_resumes_tightened() -> None:
    assert follow_switching(results("+"), start="tightened")[0].inspection == "tightened"
    with pytest.raises(ValueError, match="not 'reduced'"):
        follow_switching(results("+"), start="reduced")


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([MIL_STD_105E, ISO_2859_1]))
def test_the_record_explains_every_state(lots: list[bool], rules) -> None:
    judged = follow_switching(lots, rules)
    state = "normal"
    for lot, accepted in zip(judged, lots, strict=True):
        assert (lot.inspection, lot.accepted, bool(lot.switch)) == (state, accepted, bool(lot.why))
        state = lot.switch or state
    assert [lot.lot for lot in judged] == list(range(1, len(lots) + 1))
