"""Plans for lots, declared levels, evidence and the next sample as tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from qstats.acceptance_tables import mil_std_105e
from qstats.errors import QstatsError
from qstats.sampling_plan import (
    allocate_sample,
    demonstrate,
    draw_curve,
    find_demonstrated,
    judge_declared_level,
    judge_lots,
    plan_for_lot,
    smallest_detectable_change,
)


@pytest.mark.parametrize(
    ("lot", "aql", "inspection", "expected"),
    [
        (1000, 1.0, "normal", ("J", "J", "", 80, 2, 3, False)),
        (1000, 1.0, "tightened", ("J", "J", "", 80, 1, 2, False)),
        (1000, 0.25, "normal", ("J", "H", "up", 50, 0, 1, False)),
        (1000, 0.4, "normal", ("J", "K", "down", 125, 1, 2, False)),
        (100, 0.1, "normal", ("F", "K", "down", 100, 0, 1, True)),  # 125 wanted of 100
        (125, 0.1, "normal", ("F", "K", "down", 125, 0, 1, True)),  # as large as the lot
        (126, 0.1, "normal", ("F", "K", "down", 125, 0, 1, False)),
    ],
)
def test_plan_for_a_lot(lot: int, aql: float, inspection: str, expected: tuple) -> None:
    plan = plan_for_lot(lot, aql, inspection=inspection)
    found = (
        plan.code_letter,
        plan.plan_letter,
        plan.arrow,
        plan.sample_size,
        plan.acceptance,
        plan.rejection,
    )
    assert (*found, plan.inspect_all) == expected
    assert plan.table == "MIL-STD-105E"
    assert plan.frame().loc[0, "sample_size"] == plan.sample_size


table = mil_std_105e()


@given(
    st.integers(2, 10**6), st.sampled_from(table.aqls), st.sampled_from(table.levels),
    st.sampled_from(["normal", "tightened"]),
)  # fmt: skip
def test_every_lot_has_a_plan_within_the_lot(lot: int, aql: float, level: str, inspection: str) -> None:
    plan = plan_for_lot(lot, aql, level, inspection)
    assert 1 <= plan.sample_size <= lot and plan.rejection == plan.acceptance + 1
    assert plan.inspect_all == (plan.sample_size == lot)


@given(st.integers(2, 10**6), st.sampled_from([aql for aql in table.aqls if aql <= 10]))
def test_tightened_inspection_accepts_less(lot: int, aql: float) -> None:
    fractions = [aql / 100, aql / 50]
    normal, tight = (
        draw_curve(plan_for_lot(lot, aql, inspection=kind), fractions) for kind in ("normal", "tightened")
    )
    assert np.all(tight["accepted"] <= normal["accepted"] + 1e-9)


def test_what_no_plan_covers_is_refused() -> None:
    with pytest.raises(QstatsError, match="whole number of items"):
        plan_for_lot(10.5, 1.0)
    with pytest.raises(QstatsError, match=r"no AQL 1\.2"):
        plan_for_lot(100, 1.2)
    with pytest.raises(QstatsError, match="reduced is not supported"):
        plan_for_lot(100, 1.0, inspection="reduced")
    with pytest.raises(QstatsError, match="nonconformities per 100"):
        draw_curve(plan_for_lot(100, 15), [0.1])


def test_switching_as_a_table() -> None:
    lots = judge_lots([False, True, False, True])
    assert lots["inspection"].tolist() == ["normal", "normal", "normal", "tightened"]
    assert lots.loc[2, ["switch", "why"]].tolist() == ["tightened", "rejected_among"]
    assert judge_lots([]).columns.tolist() == lots.columns.tolist()
    with pytest.raises(QstatsError, match=r"known: MIL-STD-105E, ISO 2859-1"):
        judge_lots([True], rules="GB")


def test_declared_level() -> None:
    judged = judge_declared_level([100, 100, 2], [5, 6, 2], [0.02, 0.02, 0.3])
    assert judged["verdict"].tolist() == ["not_contradicted", "contradicted", "cannot_be_contradicted"]
    assert judged["p_value"].tolist()[:2] == pytest.approx(list(binom.sf([4, 5], 100, 0.02)), rel=1e-10)
    assert judged["tolerated"].tolist() == [5, 5, 2]


@given(st.integers(1, 200), st.integers(0, 200), st.floats(0.001, 0.3))
def test_the_verdict_is_that_of_the_tolerated_number(n: int, failures: int, declared: float) -> None:
    failures = min(failures, n)
    row = judge_declared_level(n, failures, declared).iloc[0]
    assert (row["verdict"] == "contradicted") == (failures > row["tolerated"])


def test_demonstration_table() -> None:
    """59 and 93 batches for 95 % at 95 % confidence are the textbook numbers (Hahn and Meeker)."""
    table = demonstrate((0.95, 0.98), failures=(0, 1), design_effect=1.5)
    assert table["independent"].tolist() == [59, 93, 149, 236]
    assert table["needed"].tolist()[::2] == [88, 223]  # 58.4 and 148.3 independent batches, times 1.5
    assert (table["needed"] >= table["independent"]).all()
    plain = demonstrate((0.95,))
    assert (plain["needed"] == plain["independent"]).all()


def test_what_a_sample_demonstrates() -> None:
    found = find_demonstrated(200, 2, effective_n=120).set_index("counted")
    assert found.loc["effective", "n"] == 120 and found.loc["effective", "failures"] == pytest.approx(1.2)
    assert found.loc["effective", "demonstrated"] < found.loc["independent", "demonstrated"] < 0.99
    assert find_demonstrated(200, 2, effective_n=float("nan"))["counted"].tolist() == ["independent"]
    more = find_demonstrated(200, 2, effective_n=300)  # a sample never counts for more than its batches
    assert more["n"].tolist() == [200, 200]


def test_detectable_change_as_a_table() -> None:
    change = smallest_detectable_change(100, 100, 0.99).set_index("direction")
    assert change.loc["fall", "change"] < 0 and np.isnan(change.loc["rise", "rate"])


def strata() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "county_code": list("abc"),
            "population": [400, 100, 30],
            "n": [60, 30, 0],
            "failures": [1, 6, 0],
            "cost": [100.0, 300.0, 300.0],
            "room": [400, 25, 30],
        }
    )


@pytest.mark.parametrize("method", ["neyman", "proportional"])
def test_allocation_sums_up(method: str) -> None:
    shared = allocate_sample(strata(), 90, method=method, floor=5)
    assert shared["allocated"].sum() == 90
    assert (shared["allocated"] >= 5).all() and (shared["allocated"] <= shared["population"]).all()
    assert shared["county_code"].tolist() == list("abc")


def test_a_stratum_without_failures_keeps_a_share() -> None:
    spotless = strata().assign(failures=0)
    assert (allocate_sample(spotless, 90)["deviation"] > 0).all()
    assert (allocate_sample(spotless, 90)["allocated"] > 5).sum() >= 2


def test_neyman_is_no_worse_than_proportional() -> None:
    errors = [
        allocate_sample(strata(), 90, method=m)["std_error"].iloc[0] for m in ("neyman", "proportional")
    ]
    assert errors[0] <= errors[1]


def test_caps_and_budgets_hold() -> None:
    capped = allocate_sample(strata(), 120, cap="room")
    assert capped["allocated"].tolist()[1] == 25
    paid = allocate_sample(strata(), 12_000, method="budget", floor=2)
    assert (paid["allocated"] * paid["cost"]).sum() <= 12_000
    assert paid["allocated"].sum() > 40


def test_faulty_strata_are_refused() -> None:
    with pytest.raises(QstatsError, match="no column 'population'"):
        allocate_sample(strata().drop(columns="population"), 90)
    with pytest.raises(QstatsError, match="known: neyman"):
        allocate_sample(strata(), 90, method="optimal")
    with pytest.raises(ValueError, match="in every stratum"):
        allocate_sample(strata().assign(failures=99), 90)
