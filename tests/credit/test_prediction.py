"""Do grades foretell failures? Oracle: batches counted by hand, the synthetic city's own quality."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.credit.small_register import register

from qstats.credit import grade_enterprises, pool_grades, predict_failures
from qstats.credit_registry import read_credit_scheme

GB = read_credit_scheme("gb_t_23791_2009")
BEFORE = date(2014, 12, 31)


def city() -> tuple[Any, ...]:
    """Ten clean enterprises, one of 20 batches failed; five penalised ones, two of five failed."""
    records: list[dict[str, Any]] = []
    batches: list[dict[str, Any]] = []
    for at in range(15):
        firm = f"f{at:02d}"
        records.append({"firm": firm, "kind": "registration", "recorded_on": date(2010, 1, 1)})
        if at >= 10:
            records.append({"firm": firm, "kind": "penalty", "severity": "serious", "recorded_on": BEFORE})
        for copy in range(2 if at < 10 else 1):
            outcome = "fail" if (at, copy) == (0, 0) or at in (10, 11) else "pass"
            batches.append({"firm": firm, "sampled_on": date(2015, 5, 1), "outcome": outcome})
    return register(records, batches)


def test_rates_are_those_counted_by_hand() -> None:
    tables = city()
    found = predict_failures(grade_enterprises(GB, *tables, BEFORE), tables[1], tables[3], confidence=0.95)
    rows = found.rates.set_index("grades")
    assert rows.loc["A", ["graded", "enterprises", "n", "failures"]].tolist() == [10, 10, 20, 1]
    assert rows.loc["B+C+D", ["graded", "enterprises", "n", "failures"]].tolist() == [5, 5, 5, 2]
    assert rows.loc["B+C+D", "estimate"] == pytest.approx(0.4) and found.ordered
    assert (rows["n"] > 0).sum() == 2 and found.n == 25
    assert (rows["lower"].dropna() <= rows["estimate"].dropna()).all()
    # 19 passes at 100, three at 80; one failure at 100 (ties with 19), two at 80 (beaten by 19, tied with 3)
    assert found.area.estimate == pytest.approx((19 / 2 + 2 * (19 + 3 / 2)) / (3 * 22))
    assert found.score_area == found.area  # two grades, two scores


def test_a_veto_moves_the_area_of_the_grade_and_not_that_of_the_score() -> None:
    tables = list(city())
    accident = {"kind": "revocation", "recorded_on": BEFORE, "record_id": "v", "source_row": 0}
    row = tables[2].filter(pl.col("record_id") == "r-0").with_columns(
        **{name: pl.lit(value).cast(tables[2].schema[name]) for name, value in accident.items()}
    )  # fmt: skip
    link = tables[1].filter(pl.col("record_key") == "r-0").with_columns(record_key=pl.lit("v"))
    tables[2], tables[1] = pl.concat([tables[2], row]), pl.concat([tables[1], link])
    found = predict_failures(grade_enterprises(GB, *tables, BEFORE), tables[1], tables[3], confidence=0.95)
    # the first enterprise, one of whose two batches failed, is now worse than the penalised ones, which are B
    assert found.score_area.estimate == pytest.approx((19 / 2 + 2 * (19 + 3 / 2)) / (3 * 22))
    assert found.area.estimate == pytest.approx((18 + 3 + 1 / 2 + 2 * (18 + 3 / 2)) / (3 * 22))


def test_equal_rates_do_not_rise() -> None:
    tables = city()
    failed = tables[3].with_columns(outcome=pl.lit("fail"))
    found = predict_failures(grade_enterprises(GB, *tables, BEFORE), tables[1], failed, confidence=0.95)
    assert found.ordered is False


def test_grades_are_pooled_from_the_worst_up() -> None:
    alone = [("A",), ("B",), ("C",), ("D",)]
    assert pool_grades(alone, {"A": 9, "B": 1, "C": 3, "D": 1}, 3) == [("A", "B"), ("C", "D")]
    assert pool_grades(alone, {"A": 9, "B": 4, "C": 3, "D": 5}, 3) == alone
    assert pool_grades(alone, {"A": 1}, 3) == [("A", "B", "C", "D")]
    assert pool_grades(alone, {"A": 1, "B": 5}, 3) == [("A", "B", "C", "D")]


def test_without_batches_nothing_is_said() -> None:
    tables = city()
    none = tables[3].clear()
    found = predict_failures(grade_enterprises(GB, *tables, BEFORE), tables[1], none, confidence=0.95)
    assert found.ordered is None and found.n == 0 and found.rates["estimate"].isna().all()
