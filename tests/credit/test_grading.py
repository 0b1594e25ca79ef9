"""Grades of single enterprises. Oracle: points and days worked out by hand beside each test."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.credit.small_register import register

from qstats.credit import Graded, count_grades, cross_years, grade_enterprises
from qstats.credit_registry import read_credit_scheme

ON = date(2015, 12, 31)
GB, AQSIQ = read_credit_scheme("gb_t_23791_2009"), read_credit_scheme("aqsiq_2012_74")
HERE = {"firm": "a", "kind": "registration", "recorded_on": date(2010, 1, 1)}


def grade(*rows: dict[str, Any], on: date = ON, scheme: Any = GB, batches: Any = (), **more: Any) -> Graded:
    return grade_enterprises(
        scheme, *register([HERE, *({"firm": "a"} | row for row in rows)], list(batches)), on, **more
    )


def only(graded: Graded) -> dict[str, Any]:
    assert graded.grades.height == 1
    return graded.grades.row(0, named=True)


PENALTY = {"kind": "penalty", "severity": "serious", "recorded_on": ON, "document_no": "X-1"}


def test_nothing_on_record_is_the_full_score() -> None:
    found = only(grade())
    assert (found["score"], found["grade"], found["reasons"], found["checks"]) == (100, "A", "", 1)


def test_a_fresh_record_takes_all_its_points_and_half_after_one_half_life() -> None:
    assert only(grade(PENALTY))["score"] == 80
    old = PENALTY | {"recorded_on": date(2014, 7, 1)}  # 548 days are 1.5003 years, the half-life is 1.5
    assert only(grade(old))["score"] == pytest.approx(100 - 20 * 0.5 ** (548 / 365.25 / 1.5))
    assert only(grade(PENALTY | {"recorded_on": date(2012, 12, 30)}))["score"] == 100


def test_what_is_recorded_later_does_not_count() -> None:
    assert only(grade(PENALTY, on=date(2015, 12, 30)))["score"] == 100


def test_a_failure_counts_once_it_is_announced_and_fades_from_its_sampling() -> None:
    batch = {"firm": "a", "sampled_on": date(2014, 7, 1), "announced_on": ON, "outcome": "fail"}
    assert only(grade(batches=[batch], on=date(2015, 12, 30)))["score"] == 100
    assert only(grade(batches=[batch]))["score"] == pytest.approx(100 - 15 * 0.5 ** (548 / 365.25 / 1.5))


def test_a_repair_leaves_a_quarter_from_its_day_on() -> None:
    repair = {"kind": "repair", "recorded_on": date(2015, 12, 31), "document_no": "X-1"}
    assert only(grade(PENALTY, repair))["score"] == 95
    assert only(grade(PENALTY, repair | {"document_no": "X-2"}))["score"] == 80
    assert only(grade(PENALTY, repair | {"recorded_on": date(2016, 1, 5)}))["score"] == 80


def test_one_decision_told_by_two_departments_counts_once() -> None:
    assert only(grade(PENALTY, PENALTY | {"department": "commerce"}))["score"] == 80
    assert only(grade(PENALTY, PENALTY | {"document_no": None}))["score"] == 60


def test_a_failed_batch_that_was_also_reported_counts_once() -> None:
    batch = {"firm": "a", "batch_id": "S-9", "sampled_on": ON, "outcome": "fail"}
    told = {"kind": "sampling_failure", "recorded_on": ON, "document_no": "S-9", "severity": "grave"}
    found = grade(told, batches=[batch])
    assert only(found)["score"] == 85
    assert found.lineage["source_table"].to_list() == ["inspections"]


def test_arrears_fade_from_the_day_they_are_settled() -> None:
    arrears = {"kind": "tax_arrears", "recorded_on": date(2012, 1, 1)}
    assert only(grade(arrears))["score"] == 94
    half = only(grade(arrears | {"ended_on": date(2014, 12, 31)}))["score"]
    assert half == pytest.approx(100 - 6 * 0.5 ** (365 / 365.25))


def test_credits_do_not_lift_above_the_start_and_are_capped() -> None:
    award = {"kind": "award", "recorded_on": date(2015, 6, 1)}
    assert only(grade(award))["score"] == 100
    assert (
        only(grade(PENALTY, *[award] * 4))["score"] == 85
    )  # four awards of two points, at most five together
    ended = {"kind": "certification", "recorded_on": date(2015, 1, 1), "ended_on": date(2015, 6, 1)}
    assert only(grade(PENALTY, ended))["score"] == 80


def test_a_veto_decides_the_grade_until_it_is_repaired() -> None:
    accident = {"kind": "accident", "severity": "grave", "recorded_on": date(2014, 1, 5), "document_no": "V"}
    found = only(grade(accident))
    assert found["vetoed"] and found["grade"] == "D" and found["grade_by_score"] == "B"
    repair = {"kind": "repair", "recorded_on": date(2015, 1, 1), "document_no": "V"}
    assert not only(grade(accident, repair))["vetoed"]
    assert not only(grade(accident | {"recorded_on": date(2013, 12, 1)}))["vetoed"]


def test_lineage_adds_up_to_the_score() -> None:
    found = grade(
        PENALTY, {"kind": "award", "recorded_on": ON}, {"kind": "complaint_upheld", "recorded_on": ON}
    )
    assert 100 + found.lineage["points"].sum() == only(found)["score"] == 78
    assert set(found.lineage["record_key"]) == {"r-1", "r-2", "r-3"}


def test_publicity_and_objections_show_in_the_status() -> None:
    assert only(grade())["status"] == "in_publicity"
    assert only(grade(known_until=date(2016, 1, 14)))["status"] == "in_publicity"
    assert only(grade(known_until=date(2016, 1, 15)))["status"] == "final"
    objection = {"kind": "publicity_objection", "recorded_on": date(2016, 1, 3), "document_no": "X-1"}
    assert only(grade(PENALTY, objection, known_until=date(2016, 1, 31)))["status"] == "objected"
    settled = objection | {"ended_on": date(2016, 1, 20)}
    assert only(grade(PENALTY, settled, known_until=date(2016, 1, 31)))["status"] == "final"


def test_cancelled_and_later_enterprises_have_no_grade() -> None:
    assert grade({"kind": "cancellation", "recorded_on": date(2015, 1, 1)}).grades.is_empty()
    assert grade(on=date(2009, 12, 31)).grades.is_empty()


def test_a_record_without_a_day_is_counted_and_moves_nothing() -> None:
    found = grade(PENALTY | {"recorded_on": None})
    assert only(found)["score"] == 100 and found.undated == 1


def test_the_riskiest_product_decides_how_often_is_sampled() -> None:
    batches = [
        {"firm": "a", "sampled_on": date(2015, 3, 1), "product_class": one, "outcome": "pass"}
        for one in ("textiles", "food")
    ]
    found = only(grade(scheme=AQSIQ, batches=batches))
    assert (found["product_risk"], found["grade"], found["checks"]) == ("I", "AA", 1)
    assert only(grade(scheme=AQSIQ))["product_risk"] == "II"
    assert only(grade(scheme=AQSIQ, batches=batches[:1]))["checks"] == 0


def test_moves_between_years_and_across_schemes() -> None:
    tables = register(
        [HERE, PENALTY | {"firm": "a"}, {"firm": "b", "kind": "licence", "recorded_on": date(2015, 5, 1)}]
    )
    before, now = (grade_enterprises(GB, *tables, day) for day in (date(2014, 12, 31), ON))
    moves = {(row["before"], row["now"]): row["n"] for row in cross_years(before, now).to_dict("records")}
    assert moves == {("A", "B"): 1, ("new", "A"): 1}
    counts = count_grades(now, "county_code")
    assert counts.set_index("grade")["n"].to_dict() == {"A": 1, "B": 1, "C": 0, "D": 0}
    with pytest.raises(ValueError, match="cannot be compared"):
        cross_years(grade_enterprises(AQSIQ, *tables, ON), now)


KINDS = st.sampled_from([rule.kind for rule in GB.deductions])
RECORD = st.fixed_dictionaries({
    "kind": KINDS, "severity": st.sampled_from([None, "minor", "serious", "grave"]),
    "recorded_on": st.dates(date(2011, 1, 1), date(2016, 1, 31)),
})  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(RECORD, max_size=5), RECORD)
def test_one_adverse_record_more_never_helps(rows: list[dict[str, Any]], more: dict[str, Any]) -> None:
    less, worse = only(grade(*rows)), only(grade(*rows, more))
    assert 0 <= worse["score"] <= less["score"] <= 100
    assert GB.names.index(worse["grade"]) >= GB.names.index(less["grade"])


@settings(max_examples=15, deadline=None)
@given(st.lists(RECORD, max_size=4))
def test_another_enterprises_records_change_nothing(rows: list[dict[str, Any]]) -> None:
    alone = only(grade(PENALTY))
    tables = register([HERE, PENALTY | {"firm": "a"}, *({"firm": "b"} | row for row in rows)])
    both = grade_enterprises(GB, *tables, ON).grades.filter(pl.col("enterprise_id") == "a")
    assert both.row(0, named=True) == alone
