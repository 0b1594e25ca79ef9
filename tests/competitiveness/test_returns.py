"""Indicators of returns. Oracles: hand calculation, and the true values of the synthetic economy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from qstats.competitiveness.returns import FEWEST, RATIOS, measure_returns
from qstats.schemas import ENTERPRISE_RETURNS


def make(count: int, **columns: object) -> pd.DataFrame:
    """Returns of 2014 of county A and industry 14, all alike unless told."""
    base = dict.fromkeys(ENTERPRISE_RETURNS, 1.0) | {
        "year": 2014, "source_id": "s1", "county_code": "A", "industry": "14", "management_certified": "yes",
        "output_value": 100.0, "sales_revenue": 80.0, "equipment_value": 40.0, "export_batches": 4,
        "export_batches_passed": 4,
    } | columns  # fmt: skip
    return pd.DataFrame({name: value if np.ndim(value) else [value] * count for name, value in base.items()})


def row(table: pd.DataFrame, indicator: str, unit: str = "") -> pd.Series:
    return table.set_index(["unit", "indicator"]).loc[(unit, indicator)]


def test_values_by_hand() -> None:
    returns = make(
        12, superior_output=20.0, first_grade_output=30.0, qualified_output=40.0, quality_loss=2.0, patents=3,
        microelectronic_equipment_value=10.0, rd_expenditure=4.0, renovation_expenditure=2.0,
        new_product_sales=16.0, export_sales=8.0, management_certified=["yes"] * 9 + ["no"] * 3,
    )  # fmt: skip
    found = measure_returns(returns, [2014], {}, {})
    expected = {
        "graded_output": (1.5 * 20 + 30 + 0.5 * 40) / 100, "microelectronics": 0.25, "certification": 0.75,
        "quality_loss": 0.02, "export_inspection": 1.0, "research": 0.05, "renovation": 0.025,
        "patents": 3.0, "new_products": 0.2, "mean_sales": 0.008, "exports": 0.1,
    }  # fmt: skip
    assert set(RATIOS) == set(expected)
    for indicator, value in expected.items():
        assert row(found, indicator)["estimate"] == pytest.approx(value)


def test_large_enterprises_count_for_what_they_make() -> None:
    returns = make(12, output_value=[1100.0] + [100.0] * 11, quality_loss=[11.0] + [3.0] * 11)
    assert row(measure_returns(returns, [2014], {}, {}), "quality_loss")["estimate"] == pytest.approx(
        44 / 2200
    )


def test_what_had_to_return_and_did_leaves_no_error() -> None:
    returns = make(20, quality_loss=np.arange(20.0))
    free, part, whole = (
        row(measure_returns(returns, [2014], {}, {} if n is None else {(2014, ""): n}), "quality_loss")
        for n in (None, 40, 20)
    )
    assert part["std_error"] == pytest.approx(free["std_error"] * np.sqrt(0.5))
    assert whole["std_error"] == 0 and whole["law"] == "mean"


def test_without_failures_limits_are_those_of_a_proportion() -> None:
    found = row(measure_returns(make(15), [2014], {}, {}), "export_inspection")
    assert (found["law"], found["size"], found["estimate"]) == ("proportion", 15, 1)


def test_too_few_or_missing_returns_state_nothing() -> None:
    few = measure_returns(make(FEWEST - 1), [2014], {}, {})
    assert set(few["status"]) == {"cannot_be_stated"} and few["estimate"].isna().all()
    none = measure_returns(make(12), [2013], {"county_code": ["B"]}, {})
    assert set(none["status"]) == {"no_data"}
    idle = measure_returns(make(12, export_batches=0, export_batches_passed=0), [2014], {}, {})
    assert row(idle, "export_inspection")["status"] == "cannot_be_stated"


def test_missing_cells_leave_their_enterprise_out_of_that_indicator() -> None:
    returns = make(12, quality_loss=[np.nan, *[2.0] * 11])
    found = measure_returns(returns, [2014], {}, {})
    assert row(found, "quality_loss")["n"] == 11 and row(found, "research")["n"] == 12


def test_limits_cover_the_population_by_simulation() -> None:
    """Samples of 60 of 150 enterprises with skewed output: the finite population's ratio lies within."""
    generator = np.random.default_rng(2014)
    hits, runs = 0, 600
    for _ in range(runs):
        output = generator.lognormal(4, 0.7, 150)
        population = make(150, output_value=output, quality_loss=output * generator.beta(2, 60, 150))
        drawn = population.iloc[generator.permutation(150)[:60]]
        found = row(measure_returns(drawn, [2014], {}, {(2014, ""): 150}), "quality_loss")
        true = population["quality_loss"].sum() / population["output_value"].sum()
        reach = t.ppf(0.975, found["size"]) * found["std_error"]
        hits += abs(found["estimate"] - true) <= reach
    assert 0.93 - 2 * np.sqrt(0.95 * 0.05 / runs) <= hits / runs <= 0.98


def test_more_returns_than_had_to_be_sent_are_taken_as_a_sample() -> None:
    returns = make(12, quality_loss=[1.0] * 6 + [3.0] * 6)
    declared = row(measure_returns(returns, [2014], {}, {(2014, ""): 11}), "quality_loss")
    unknown = row(measure_returns(returns, [2014], {}, {}), "quality_loss")
    assert declared["std_error"] == unknown["std_error"] > 0
