"""Laboratories by funnel: mix, overlap, exact limits; expectations worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.monitoring import compare_by_funnel, draw_funnel, expect_failures


def cells(rows: list[tuple]) -> pd.DataFrame:
    """Rows of laboratory, size, n, failures."""
    frame = pd.DataFrame(rows, columns=["laboratory", "enterprise_size", "n", "failures"])
    return frame.assign(stage="retail", product_class="food", barred=0, effective_n=frame["n"].astype(float))


def compared(rows: list[tuple], **options) -> pd.DataFrame:
    table = cells(rows)
    groups = table.groupby("laboratory", as_index=False, dropna=False)[
        ["n", "failures", "barred", "effective_n"]
    ].sum()
    return compare_by_funnel(groups, table, group="laboratory", **options).set_index("laboratory")


def test_expected_failures_come_from_the_others() -> None:
    table = expect_failures(
        cells(
            [("a", "small", 100, 9), ("b", "small", 200, 10), ("a", "large", 50, 0), ("b", "large", 400, 4)]
        ),
        group="laboratory",
        mix=["enterprise_size"],
    ).set_index("laboratory")
    assert table.loc["a", "expected"] == pytest.approx(100 * 10 / 200 + 50 * 4 / 400)
    assert table.loc["b", "expected"] == pytest.approx(200 * 9 / 100 + 0)
    p, q = 19 / 300, 4 / 450
    variance = 100 * p * (1 - p) * 1.5 + 50 * q * (1 - q) * 1.125
    assert table.loc["a", "variance"] == pytest.approx(variance)


def test_a_laboratory_of_risky_products_is_not_flagged() -> None:
    """Its crude rate is far below the other's, its mix explains it."""
    table = compared(
        [("a", "small", 600, 60), ("a", "large", 60, 1), ("b", "small", 60, 6), ("b", "large", 600, 6)]
    )
    crude = 1 - table["failures"] / table["n"]
    assert crude["a"] < 0.92 < 0.98 < crude["b"]
    assert (table["flag"] == "").all() and (table["notice"] == "").all()
    assert table["adjusted"].to_numpy() == pytest.approx(table["target"].to_numpy(), abs=0.02)


def test_a_laboratory_that_finds_little_is_flagged() -> None:
    table = compared([("a", "small", 800, 64), ("b", "small", 800, 60), ("c", "small", 800, 15)])
    assert table["flag"].to_dict() == {"a": "", "b": "", "c": "high"}
    assert table.loc["c", "ratio"] == pytest.approx(15 / 62)
    assert table.loc["c", "effective_n"] == pytest.approx(
        1 / (1 / 800 + 1 / 1600) * (62 / 800) ** 2 / (139 / 2400) ** 2, rel=1e-6
    )


def test_where_a_laboratory_tests_alone_nothing_is_said() -> None:
    table = compared([("a", "small", 300, 30), ("b", "large", 300, 3), ("c", "large", 300, 3)])
    assert table.loc["a", ["status", "reason", "compared"]].tolist() == ["cannot_be_stated", "tests_alone", 0]
    assert np.isnan(table.loc["a", "adjusted"]) and table.loc["a", "flag"] == ""


def test_small_laboratories_are_listed_and_not_judged() -> None:
    table = compared([("a", "small", 20, 8), ("b", "small", 500, 20), (None, "small", 300, 12)])
    assert table.loc["a", "reason"] == "too_few_batches" and table.loc["a", "flag"] == ""
    assert table.loc["", "status"] == "stated"  # batches that name no laboratory are a group as well


def test_sources_that_carry_no_rate_are_left_out() -> None:
    rows = [("a", "small", 500, 20), ("b", "small", 500, 20), ("failures only", "small", 80, 80)]
    table = cells(rows)
    table.loc[table["laboratory"] == "failures only", "barred"] = 80
    result = compare_by_funnel(table, table, group="laboratory")
    assert set(result["laboratory"]) == {"a", "b"} and result["target"].iloc[0] == pytest.approx(0.96)


def test_alike_batches_are_worth_less() -> None:
    table = cells([("a", "small", 800, 64), ("b", "small", 800, 24)])
    clustered = table.assign(effective_n=table["n"] / 8)
    flags = [
        compare_by_funnel(groups, table, group="laboratory")["flag"].tolist() for groups in (table, clustered)
    ]
    assert flags == [["low", "high"], ["", ""]]


def test_many_groups_that_differ_widen_the_limits() -> None:
    rng = np.random.default_rng(5)
    rows = [(f"{code:02d}", "small", 1000, int(rng.binomial(1000, rng.beta(5, 95)))) for code in range(20)]
    table = compared(rows)
    assert table["rho"].iloc[0] > 0.002
    assert (table["flag"] != "").sum() <= 2
    steady = compared([(f"{code:02d}", "small", 1000, 50 + code % 3) for code in range(20)])
    assert (steady["rho"] == 0).all()


def test_an_empty_table_has_its_columns() -> None:
    empty = compare_by_funnel(cells([]), cells([]), group="laboratory")
    assert empty.empty and {"flag", "lower_998", "expected"} <= set(empty.columns)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.integers(30, 400), st.floats(0, 0.2)), min_size=2, max_size=6),
    st.integers(0, 10_000),
)
def test_row_order_does_not_matter(groups: list, seed: int) -> None:
    rows = [
        (f"{code}", size, n, int(n * p)) for code, (n, p) in enumerate(groups) for size in ("large", "small")
    ]
    table = cells(rows)
    shuffled = table.sample(frac=1, random_state=seed)
    both = [
        compare_by_funnel(one, one, group="laboratory").sort_values("laboratory", ignore_index=True)
        for one in (table, shuffled)
    ]
    pd.testing.assert_frame_equal(*both)


def test_the_drawn_funnel_passes_through_the_limits() -> None:
    table = compared([("a", "small", 500, 25), ("b", "small", 700, 30)])
    lines = draw_funnel(table.reset_index(), table["effective_n"].tolist())
    for name in ("lower_95", "upper_95", "lower_998", "upper_998"):
        assert lines[name].to_numpy() == pytest.approx(table[name].to_numpy())
