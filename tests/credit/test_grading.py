"""Grades of single enterprises. Oracle: points and days worked out by hand beside each test."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.credit.small_register import register

from qstats.credit import Graded, count_grades, cross_years, grade_enterprises
from qstats.credit_registry import CreditScheme, read_credit_scheme

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


BATCH = {
    "firm": "a",
    "batch_id": "S-9",
    "sampled_on": date(2015, 12, 1),
    "announced_on": ON,
    "outcome": "fail",
}
REPORT = {"kind": "sampling_failure", "recorded_on": ON, "document_no": "S-9", "severity": "minor"}


def test_a_failed_batch_that_was_also_reported_counts_once_with_the_severity_of_the_report() -> None:
    fades = 0.5 ** (30 / 365.25 / 1.5)
    found = grade(REPORT, batches=[BATCH])
    assert only(found)["score"] == pytest.approx(100 - 8 * fades)
    assert found.lineage["source_table"].to_list() == ["inspections"]
    late = REPORT | {"recorded_on": date(2016, 1, 9)}  # not known on the day: no severity is
    assert only(grade(late, batches=[BATCH]))["score"] == pytest.approx(100 - 15 * fades)
    worse = REPORT | {"severity": "grave"}
    assert only(grade(REPORT, worse, batches=[BATCH]))["score"] == pytest.approx(100 - 30 * fades)


def test_a_report_of_another_enterprise_is_no_report_of_this_batch() -> None:
    tables = register([HERE, REPORT | {"firm": "a"}, HERE | {"firm": "b"}], [BATCH | {"firm": "b"}])
    scores = dict(grade_enterprises(GB, *tables, ON).grades.select("enterprise_id", "score").iter_rows())
    assert scores == pytest.approx({"a": 92, "b": 100 - 15 * 0.5 ** (30 / 365.25 / 1.5)})


def test_a_repair_and_an_objection_may_name_the_sheet_of_a_batch() -> None:
    repair = {"kind": "repair", "recorded_on": ON, "document_no": "S-9"}
    fades = 0.5 ** (30 / 365.25 / 1.5)
    assert only(grade(repair, batches=[BATCH]))["score"] == pytest.approx(100 - 15 / 4 * fades)
    objection = {"kind": "publicity_objection", "recorded_on": ON, "document_no": "S-9"}
    assert only(grade(objection, batches=[BATCH]))["status"] == "objected"


def test_one_number_with_two_severities_is_two_decisions() -> None:
    minor = PENALTY | {"severity": "minor", "department": "tax"}
    assert only(grade(PENALTY, minor))["score"] == 100 - 20 - 8
    unstated = PENALTY | {
        "severity": None,
        "recorded_on": date(2015, 1, 1),
    }  # the same decision, told earlier
    fades = 0.5 ** (364 / 365.25 / 1.5)
    assert only(grade(PENALTY, unstated))["score"] == pytest.approx(100 - 20 * fades)
    before = only(grade(PENALTY, unstated, on=date(2015, 12, 30)))["score"]
    assert before == pytest.approx(100 - 10 * 0.5 ** (363 / 365.25 / 1.5))


def test_a_batch_that_was_reported_before_its_announcement_counts_from_the_report() -> None:
    late = BATCH | {"announced_on": date(2016, 1, 10)}
    assert only(grade(batches=[late]))["score"] == 100
    report = REPORT | {"recorded_on": date(2015, 12, 20), "severity": "grave"}
    fades = 0.5 ** (30 / 365.25 / 1.5)
    assert only(grade(report, batches=[late]))["score"] == pytest.approx(100 - 30 * fades)
    assert only(grade(report, batches=[late], on=date(2015, 12, 19)))["score"] == 100


def test_the_first_record_of_a_decision_counts() -> None:
    first = PENALTY | {"recorded_on": date(2014, 7, 1), "department": "tax"}
    assert only(grade(PENALTY, first))["score"] == pytest.approx(100 - 20 * 0.5 ** (548 / 365.25 / 1.5))


DAYS = [  # what is on record, the last day on which it counts: calendar years, a leap day among them
    ({"kind": "penalty", "severity": "serious", "recorded_on": date(2013, 3, 1)}, date(2016, 2, 29)),
    ({"kind": "complaint_upheld", "recorded_on": date(2014, 3, 1)}, date(2016, 2, 29)),
    ({"kind": "accident", "severity": "grave", "recorded_on": date(2014, 6, 1)}, date(2019, 5, 31)),
    (
        {"kind": "tax_arrears", "recorded_on": date(2010, 6, 1), "ended_on": date(2012, 6, 1)},
        date(2014, 5, 31),
    ),
]


@pytest.mark.parametrize(("record", "last"), DAYS)
def test_a_record_counts_until_its_anniversary(record: dict[str, Any], last: date) -> None:
    assert only(grade(record, on=last))["records"] == 1
    assert only(grade(record, on=last + timedelta(days=1)))["records"] == 0
    first = record["recorded_on"]
    assert [only(grade(record, on=day))["records"] for day in (first - timedelta(days=1), first)] == [0, 1]


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017])
def test_a_veto_ends_on_its_anniversary_in_any_year(year: int) -> None:
    accident = {"kind": "accident", "severity": "grave", "recorded_on": date(year - 2, 6, 1)}
    assert only(grade(accident, on=date(year, 5, 31)))["grade"] == "D"
    assert only(grade(accident, on=date(year, 6, 1)))["grade"] == "B"


def test_a_revocation_holds_until_it_is_repaired() -> None:
    revoked = {"kind": "revocation", "recorded_on": date(2011, 1, 1), "document_no": "R"}
    assert only(grade(revoked))["grade"] == "D" and only(grade(revoked))["grade_by_score"] == "A"
    repair = {"kind": "repair", "recorded_on": ON, "document_no": "R"}
    assert only(grade(revoked, repair))["grade"] == "A"
    assert only(grade(revoked, repair, on=date(2015, 12, 30)))["grade"] == "D"


def test_the_worst_of_two_vetoes_holds() -> None:
    settings = GB.model_dump()
    settings["veto"][0]["grade"] = "C"
    scheme = CreditScheme.model_validate(settings)
    crime = {"kind": "criminal_case", "severity": "grave", "recorded_on": ON}
    assert only(grade(crime, scheme=scheme))["grade"] == "C"
    assert only(grade(crime, {"kind": "revocation", "recorded_on": ON}, scheme=scheme))["grade"] == "D"


def test_the_first_repair_counts() -> None:
    repairs = [{"kind": "repair", "recorded_on": day, "document_no": "X-1"} for day in (ON, date(2016, 2, 1))]
    assert only(grade(PENALTY, *repairs))["score"] == 95


def test_arrears_fade_from_the_day_they_are_settled() -> None:
    arrears = {"kind": "tax_arrears", "recorded_on": date(2012, 1, 1)}
    assert only(grade(arrears))["score"] == 94
    half = only(grade(arrears | {"ended_on": date(2014, 12, 31)}))["score"]
    assert half == pytest.approx(100 - 6 * 0.5 ** (365 / 365.25))
    assert only(grade(arrears | {"ended_on": ON}))["score"] == 94


def test_credits_do_not_lift_above_the_start_and_are_capped() -> None:
    award = {"kind": "award", "recorded_on": date(2015, 6, 1)}
    assert only(grade(award))["score"] == 100
    assert (
        only(grade(PENALTY, *[award] * 4))["score"] == 85
    )  # four awards of two points, at most five together
    ended = {"kind": "certification", "recorded_on": date(2015, 1, 1), "ended_on": date(2015, 6, 1)}
    assert only(grade(PENALTY, ended))["score"] == 80
    assert only(grade(PENALTY, ended | {"ended_on": ON}))["score"] == 81
    certified = {
        "kind": "certification",
        "recorded_on": ON,
    }  # the newest count first: 1 + 2 + 2, no third award
    found = grade(PENALTY, certified, *[award] * 3)
    assert found.lineage.filter(pl.col("effect") == "credit")["points"].to_list() == [2, 2, 1]


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


def test_no_grade_is_final_before_its_publicity_is_over() -> None:
    begun = {"publicity_from": date(2016, 1, 10)}  # fifteen days: 11 to 25 January
    assert only(grade())["status"] == only(grade(known_until=date(2016, 3, 1)))["status"] == "unpublished"
    days = (date(2016, 1, 9), date(2016, 1, 10), date(2016, 1, 25), date(2016, 1, 26))
    found = [only(grade(known_until=day, **begun))["status"] for day in days]
    assert found == ["unpublished", "in_publicity", "in_publicity", "final"]


def test_an_objection_to_a_decision_that_counts_is_open_until_settled_or_for_thirty_days() -> None:
    final = {"publicity_from": date(2016, 1, 1)}
    objection = {"kind": "publicity_objection", "recorded_on": date(2016, 1, 3), "document_no": "X-1"}

    def status(*rows: dict[str, Any], day: date = date(2016, 1, 31)) -> str:
        return str(only(grade(*rows, known_until=day, **final))["status"])

    assert status(PENALTY, objection) == "objected"
    assert status(PENALTY, objection, day=date(2016, 2, 2)) == "objected"
    assert status(PENALTY, objection, day=date(2016, 2, 3)) == "final"
    assert status(PENALTY, objection | {"ended_on": date(2016, 1, 20)}) == "final"
    assert status(PENALTY, objection | {"ended_on": date(2016, 2, 20)}) == "objected"
    settled = objection | {"recorded_on": date(2015, 12, 31), "ended_on": date(2016, 1, 2)}
    assert status(PENALTY, settled) == "final" and status(PENALTY, settled, objection) == "objected"
    forgotten = PENALTY | {"recorded_on": date(2011, 1, 1)}
    assert status(forgotten, objection) == "final"
    assert status(PENALTY | {"recorded_on": date(2016, 1, 2)}, objection) == "final"


def test_who_was_only_sampled_has_no_grade() -> None:
    tables = register([HERE], [{"firm": "b", "sampled_on": ON, "outcome": "fail"}])
    found = grade_enterprises(GB, *tables, ON)
    assert found.grades["enterprise_id"].to_list() == ["a"] and found.unrecorded == 1


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
