"""Scorecards of counties. Oracle: the shipped 30 + 50 + 20 scheme by hand; changed rows move their points."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.county_assessment import points_of, score_counties, settle_evidence, total_counties
from qstats.schemas import ASSESSMENT_EVIDENCE, INCIDENTS
from qstats.scheme_registry import Item, Scheme, Veto, read_scheme

SCHEME = read_scheme("county_30_50_20")
WINDOW = (date(2014, 7, 1), date(2015, 6, 30))
YEAR = "2014-07-01/2015-06-30"
VALUES = {
    "chief_quality_officers": 6.0, "pass_rate": 0.954, "first_time_rate": 0.95, "dwelling_rate": 0.98,
    "producer_score": 76.0, "consumer_score": 70.0, "new_brands": 3.0, "rectified_rate": 0.9,
    "quality_awards": 1.0,
}  # fmt: skip
SAMPLED = ("pass_rate", "producer_score", "consumer_score", "rectified_rate")
EVIDENCE = {"leadership": 7.0, "funding": 5.5, "publicity": 6.5, "emergency": 8.0}


def measured(county: str, values: dict[str, float], reach: float = 0.02) -> pd.DataFrame:
    rows = []
    for measure, value in values.items():
        far = 0.0 if measure not in SAMPLED else reach * (100 if value > 1 else 1)
        basis = "sample" if measure in SAMPLED else "census"
        rows.append((county, measure, value, value - far, value + far, 100, basis, "table"))
    names = ["county_code", "measure", "value", "lower", "upper", "n", "basis", "source_table"]
    return pd.DataFrame(rows, columns=names)


def traces(county: str, values: dict[str, float]) -> pd.DataFrame:
    rows = [(county, measure, "table", f"source-{measure}", row) for measure in values for row in (2, 3)]
    return pd.DataFrame(rows, columns=["county_code", "measure", "source_table", "source_id", "source_row"])


def entries(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"scheme": SCHEME.id, "year": YEAR, "county_code": "A", "kind": "evidence", "status": "accepted",
             "stated_on": date(2015, 7, 10), "author": "考核组", "reason": "材料"}  # fmt: skip
    table = [
        dict.fromkeys(ASSESSMENT_EVIDENCE) | usual | {"evidence_id": f"e{at}", "source_row": at + 2} | row
        for at, row in enumerate(rows)
    ]
    return pd.DataFrame(table, columns=list(ASSESSMENT_EVIDENCE))


def incidents(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"county_code": "A", "occurred_on": date(2015, 1, 5), "extent": "single", "grade": "considerable",
             "status": "confirmed"}  # fmt: skip
    table = [
        dict.fromkeys(INCIDENTS) | usual | {"incident_id": f"i{at}", "source_row": at + 2} | row
        for at, row in enumerate(rows)
    ]
    return pd.DataFrame(table, columns=list(INCIDENTS))


USUAL = [{"item": item, "points": points} for item, points in EVIDENCE.items()]


def assess(
    values: dict[str, float] = VALUES, *, evidence: list[dict[str, Any]] = USUAL, **events: Any
) -> Any:
    """Scorecards of county A, and their totals."""
    entered = settle_evidence(entries(*evidence), SCHEME.id, YEAR)
    cards = score_counties(
        SCHEME, ["A"], measured("A", values), traces("A", values), entered,
        events.get("incidents", incidents()), WINDOW,
    )  # fmt: skip
    return cards, total_counties(cards).iloc[0]


def test_the_worked_scheme_by_hand() -> None:
    cards, total = assess(incidents=incidents({}, {"grade": "general"}))
    by_hand = {
        "leadership": 7.0, "funding": 5.5, "officers": 8 * 6 / 10, "publicity": 6.5,
        "pass_rate": 20 * (0.954 - 0.85) / (0.98 - 0.85),  # 16.0
        "first_time": 8 * (0.95 - 0.8) / 0.2,  # 6.0
        "dwellings": 6.0, "producer": 5 * 16 / 20, "consumer": 5 * 15 / 20, "brands": 3.0, "emergency": 8.0,
        "rectified": 12 * 0.4 / 0.5,  # 9.6
        "awards": 2.5, "considerable": -3.0, "major": 0.0,
    }  # fmt: skip
    points = cards.scores.set_index("item")["points"]
    assert set(points.index) == set(by_hand)
    for item, expected in by_hand.items():
        assert points[item] == pytest.approx(expected), item
    # 30 + 50 + 20: 23.8 + 38.75 + 17.6 with a bonus of 2.5 and a deduction of 3.
    sections = cards.scores.groupby("section")["points"].sum()
    assert sections[["mechanism", "results", "safety"]].tolist() == pytest.approx([23.8, 38.75, 17.6])
    assert total["points"] == pytest.approx(79.65) and total["grade"] == "C"
    assert total["to_next"] == pytest.approx(0.35) and total["grade_if_milder"] == "B"
    assert total["grade_if_stricter"] == "C" and total["above_limit"] == pytest.approx(19.65)


def test_limits_of_a_total_by_hand() -> None:
    _, total = assess()
    one = {
        "pass_rate": 20 * 0.02 / 0.13,
        "producer": 5 * 2 / 20,
        "consumer": 5 * 2 / 20,
        "rectified": 12 * 0.02 / 0.5,
    }
    assert total["points"] - total["lower"] == pytest.approx(np.sqrt(sum(each**2 for each in one.values())))
    assert (total["best_grade"], total["worst_grade"]) == ("B", "C")


@pytest.mark.parametrize("measure", list(VALUES))
def test_a_changed_row_changes_the_points_that_rest_on_it_and_no_others(measure: str) -> None:
    before, after = assess()[0].scores, assess(VALUES | {measure: VALUES[measure] * 0.93})[0].scores
    moved = before["points"].ne(after["points"])
    assert set(before.loc[moved, "measure"]) <= {measure}
    assert set(before.loc[before["measure"] == measure, "item"]) >= set(before.loc[moved, "item"])
    if measure not in ("new_brands", "quality_awards"):
        assert moved.sum() == 1


@pytest.mark.parametrize("item", list(EVIDENCE))
def test_a_changed_entry_changes_its_item_only(item: str) -> None:
    changed = [row | ({"points": 1.0} if row["item"] == item else {}) for row in USUAL]
    before, after = assess()[0].scores, assess(evidence=changed)[0].scores
    assert before.loc[before["points"].ne(after["points"]), "item"].tolist() == [item]


def test_every_point_leads_to_rows() -> None:
    cards, _ = assess(incidents=incidents({}))
    behind = cards.traces.groupby("item").size()
    for row in cards.scores.to_dict("records"):
        if (
            row["status"] in ("scored", "evidence", "appealed")
            or row["points"] < 0
            or row["item"] == "awards"
        ):
            assert behind.get(row["item"], 0) > 0, row["item"]
    own = cards.traces[cards.traces["item"] == "pass_rate"]
    assert own[["source_id", "source_row"]].values.tolist() == [
        ["source-pass_rate", 2],
        ["source-pass_rate", 3],
    ]
    assert cards.traces.loc[cards.traces["item"] == "considerable", "source_id"].tolist() == ["incidents.csv"]


def test_base_scores_stand_in_where_the_scheme_has_them() -> None:
    some = {name: value for name, value in VALUES.items() if name != "first_time_rate"}
    cards, total = assess(some)
    row = cards.scores.set_index("item").loc["first_time"]
    assert (row["status"], row["points"]) == ("base_score", 5) and total["status"] == "stated"
    without = {name: value for name, value in VALUES.items() if name != "pass_rate"}
    cards, total = assess(without)
    assert cards.scores.set_index("item").loc["pass_rate", "status"] == "no_data"
    assert total["status"] == "refused" and total["missing"] == "pass_rate" and np.isnan(total["points"])


def test_an_appeal_changes_points_only_by_an_accepted_decision() -> None:
    appeal = {"item": "funding", "kind": "appeal", "points": 6.0, "status": "pending", "evidence_id": "a1"}
    decision = {
        "item": "funding",
        "kind": "decision",
        "points": 6.0,
        "refers_to": "a1",
        "stated_on": date(2015, 9, 1),
    }
    for added, points in (
        ([appeal], 5.5), ([appeal, decision | {"status": "rejected"}], 5.5),
        ([appeal, decision | {"status": "pending"}], 5.5), ([appeal, decision], 6.0),
    ):  # fmt: skip
        cards, total = assess(evidence=[*USUAL, *added])
        row = cards.scores.set_index("item").loc["funding"]
        assert row["points"] == points and row["points_before_appeals"] == 5.5
        assert total["points"] - total["points_before_appeals"] == pytest.approx(points - 5.5)
    followed = settle_evidence(entries(*USUAL, appeal, decision), SCHEME.id, YEAR).appeals.iloc[0]
    assert (followed["decision"], followed["decided_points"]) == ("accepted", 6.0)


def test_the_latest_decision_on_an_appeal_holds_and_the_table_of_appeals_says_the_same() -> None:
    appeal = {"item": "funding", "kind": "appeal", "points": 6.0, "status": "pending", "evidence_id": "a1"}
    on = {"item": "funding", "kind": "decision", "points": 6.0, "refers_to": "a1"}
    accepted, rejected = on, on | {"status": "rejected"}
    for first, second, points in ((accepted, rejected, 5.5), (rejected, accepted, 6.0)):
        days = ({"stated_on": date(2015, 8, 10)}, {"stated_on": date(2015, 8, 20)})
        # The file need not be in the order of the days.
        rows = [*USUAL, appeal, second | days[1], first | days[0]]
        card = assess(evidence=rows)[0].scores.set_index("item").loc["funding"]
        assert card["points"] == points
        assert (card["status"] == "appealed") == (points == 6.0)
        told = settle_evidence(entries(*rows), SCHEME.id, YEAR).appeals.iloc[0]
        assert told["decision"] == second.get("status", "accepted")


@pytest.mark.parametrize(("status", "line"), [("accepted", 7), ("rejected", 3), ("pending", 3)])
def test_points_lead_to_the_entry_that_counts_and_not_to_one_that_a_decision_replaced(
    status: str, line: int
) -> None:
    appeal = {"item": "funding", "kind": "appeal", "points": 6.0, "status": "pending", "evidence_id": "a1"}
    decision = {"item": "funding", "kind": "decision", "points": 6.0, "refers_to": "a1", "status": status}
    cards, _ = assess(evidence=[*USUAL, appeal, decision])
    assert cards.traces.loc[cards.traces["item"] == "funding", "source_row"].tolist() == [line]


def test_a_decision_replaces_measured_points_and_their_limits_too() -> None:
    appeal = {"item": "pass_rate", "kind": "appeal", "points": 20.0, "status": "pending", "evidence_id": "a1"}
    decision = {"item": "pass_rate", "kind": "decision", "points": 18.0, "refers_to": "a1"}
    cards, _ = assess(evidence=[*USUAL, appeal, decision])
    row = cards.scores.set_index("item").loc["pass_rate"]
    behind = cards.traces.loc[cards.traces["item"] == "pass_rate", ["source_id", "source_row"]]
    assert behind.values.tolist() == [["assessment_evidence.csv", len(USUAL) + 3]] and np.isnan(row["n"])
    assert (row["points"], row["points_lower"], row["points_upper"], row["status"]) == (
        18,
        18,
        18,
        "appealed",
    )


@pytest.mark.parametrize(
    ("change", "vetoed"),
    [
        ({"extent": "regional"}, True), ({"extent": "systemic"}, True), ({"extent": "single"}, False),
        ({"extent": "regional", "status": "under_investigation"}, False),
        ({"extent": "regional", "status": "withdrawn"}, False),
        ({"extent": "regional", "occurred_on": date(2014, 6, 30)}, False),
        ({"extent": "regional", "occurred_on": date(2015, 6, 30)}, True),
        ({"extent": "regional", "county_code": "B"}, False),
    ],
)  # fmt: skip
def test_a_confirmed_regional_or_systemic_incident_is_a_d(change: dict[str, Any], vetoed: bool) -> None:
    _, total = assess(incidents=incidents({"grade": "general"} | change))
    assert (total["grade"] == "D") == vetoed == bool(total["vetoed"])
    assert np.isnan(total["to_next"]) == vetoed
    if vetoed:
        assert total["best_grade"] == total["worst_grade"] == "D" and total["grade_by_points"] == "B"


@pytest.mark.parametrize("grade", ["general", "considerable"])
def test_a_veto_leads_to_the_row_of_its_incident_whether_or_not_it_takes_points(grade: str) -> None:
    happened = incidents({"grade": "general"}, {"extent": "regional", "grade": grade})
    cards, _ = assess(incidents=happened)
    behind = cards.traces[cards.traces["item"] == "regional_or_systemic"]
    columns = ["county_code", "source_table", "source_id", "source_row"]
    assert behind[columns].values.tolist() == [["A", "incidents", "incidents.csv", 3]]
    assert behind["source_row"].astype(str).tolist() == cards.vetoes["rows"].tolist()
    taken = cards.traces.loc[cards.traces["item"] == "considerable", "source_row"].tolist()
    assert taken == ([] if grade == "general" else [3])


def test_a_veto_holds_without_a_total() -> None:
    without = {name: value for name, value in VALUES.items() if name != "pass_rate"}
    _, total = assess(without, incidents=incidents({"extent": "regional"}))
    assert (total["status"], total["vetoed"], total["grade_by_points"]) == ("refused", True, None)
    assert np.isnan(total["points"]) and {total[name] for name in ("grade", "best_grade", "worst_grade")} == {
        "D"
    }
    assert assess(without)[1]["grade"] is None


def with_vetoes(**grades: str) -> Scheme:
    """The scheme with a veto for each extent of incidents."""
    label = {"zh": "事件", "en": "Incident"}
    vetoes = [
        Veto.model_validate({"code": extent, "label": label, "extents": [extent], "grade": grade})
        for extent, grade in grades.items()
    ]
    return SCHEME.model_copy(update={"veto": tuple(vetoes)})


@pytest.mark.parametrize(
    ("scheme", "values", "grade", "best"),
    [
        (with_vetoes(single="C", regional="D"), VALUES, "D", "D"),  # the worst of two, in either order
        (with_vetoes(regional="D", single="C"), VALUES, "D", "D"),
        (with_vetoes(single="C"), VALUES, "C", "C"),  # by points a B
        (
            with_vetoes(single="C"),
            VALUES | {"pass_rate": 0.85, "rectified_rate": 0.5},
            "D",
            "C",
        ),  # lifts none
    ],
)
def test_of_several_vetoes_the_worst_holds_and_none_lifts_a_grade(
    scheme: Scheme, values: dict[str, float], grade: str, best: str
) -> None:
    happened = incidents({"extent": "single", "grade": "general"}, {"extent": "regional", "grade": "general"})
    entered = settle_evidence(entries(*USUAL), SCHEME.id, YEAR)
    table = measured("A", values)
    cards = score_counties(scheme, ["A"], table, traces("A", values), entered, happened, WINDOW)
    total = total_counties(cards).iloc[0]
    assert (total["grade"], total["best_grade"]) == (grade, best) and total["vetoed"]
    # A grade is in reach of points only where it is below the one that the veto leaves.
    within = (grade, best) == ("D", "C")
    assert total["to_next"] == pytest.approx(60 - total["points"]) if within else np.isnan(total["to_next"])


def test_points_that_add_up_to_a_limit_reach_it() -> None:
    cards, _ = assess()
    points = dict.fromkeys(cards.scores["item"], 0.0) | {
        "leadership": 24.4,
        "funding": 39.8,
        "officers": 15.8,
    }
    own = cards.scores["item"].map(points)
    columns = ("points", "points_lower", "points_upper", "points_before_appeals")
    total = total_counties(replace(cards, scores=cards.scores.assign(**dict.fromkeys(columns, own))))
    assert 24.4 + 39.8 + 15.8 < 80
    assert total.loc[0, ["points", "grade", "worst_grade"]].tolist() == [80, "B", "B"]


def test_deductions_and_bonus_are_capped() -> None:
    cards, _ = assess(VALUES | {"quality_awards": 7.0}, incidents=incidents(*[{"grade": "major"}] * 4))
    points = cards.scores.set_index("item")["points"]
    assert points["awards"] == 5 and points["major"] == -10


RISING = Item(
    code="x",
    label={"zh": "甲", "en": "A"},
    points=10,
    formula="linear",
    measure="pass_rate",
    zero=0.8,
    full=1,
)
FALLING = RISING.model_copy(update={"zero": 20.0, "full": 5.0})
STEPS = Item(code="x", label={"zh": "甲", "en": "A"}, points=6, formula="steps", measure="new_brands",
             steps=((1, 2), (3, 6)))  # fmt: skip


@pytest.mark.parametrize(
    ("item", "value", "points"),
    [
        (RISING, 0.9, 5), (RISING, 0.7, 0), (RISING, 1.0, 10), (FALLING, 5, 10), (FALLING, 12.5, 5),
        (FALLING, 30, 0), (STEPS, 0, 0), (STEPS, 1, 2), (STEPS, 2.9, 2), (STEPS, 3, 6), (STEPS, 99, 6),
    ],
)  # fmt: skip
def test_formulas_by_hand(item: Item, value: float, points: float) -> None:
    assert points_of(item, value) == pytest.approx(points)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_points_never_fall_where_a_value_rises(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for item in (RISING, STEPS):
        assert 0 <= points_of(item, low) <= points_of(item, high) <= item.points


def test_an_unknown_value_has_no_points() -> None:
    assert np.isnan(points_of(RISING, np.nan))
