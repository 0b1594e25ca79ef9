"""The audit against a published example, against enumeration of whole-number tables, and on linked tables."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qstats.methods.disclosure import (
    AdditiveTable,
    add_relation,
    audit_suppression,
    cross_table,
    feasible_intervals,
    join_tables,
)

# Introductory example of Fischetti & Salazar-González (2001): investments by activity and region.
INVESTMENTS = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]


def hide(table: AdditiveTable, *names: object) -> NDArray[np.bool_]:
    hidden = np.zeros(len(table.names), dtype=bool)
    hidden[table.positions(names)] = True
    return hidden


def test_published_example() -> None:
    """With four cells suppressed, the sensitive 22 lies between 5 and 30."""
    table = cross_table(INVESTMENTS, [["I", "II", "III"], ["A", "B", "C"]])
    lower, upper = feasible_intervals(
        table, hide(table, ("II", "A"), ("II", "C"), ("III", "A"), ("III", "C"))
    )
    found = {
        table.names[at]: (lower[at], upper[at])
        for at in table.positions([("II", "A"), ("II", "C"), ("III", "A"), ("III", "C")])
    }
    assert found == {
        ("II", "A"): (0, 25), ("II", "C"): (5, 30), ("III", "A"): (0, 25), ("III", "C"): (4, 29),
    }  # fmt: skip
    assert lower[0] == upper[0] == 20


def test_a_single_suppressed_cell_is_recovered_by_name() -> None:
    table = cross_table(INVESTMENTS)
    audit = audit_suppression(table, hide(table, (1, 2)))
    assert (audit.recovered, audit.too_narrow, audit.holds) == (((1, 2),), ((1, 2),), False)
    assert audit.lower[table.positions([(1, 2)])] == 22


def test_a_narrow_interval_is_reported_though_nothing_is_exact() -> None:
    table = cross_table([[1, 9], [1, 9]])
    hidden = hide(table, (0, 0), (0, 1), (1, 0), (1, 1))
    assert audit_suppression(table, hidden, 2.0).holds
    audit = audit_suppression(table, hidden, 3.0)
    assert audit.recovered == ()
    assert len(audit.too_narrow) == 4


def test_a_row_of_zeros_cannot_hide_anything() -> None:
    """What cannot be negative and adds up to 0 is 0."""
    table = cross_table([[0, 0], [3, 4]])
    audit = audit_suppression(table, hide(table, (0, 0), (0, 1), (1, 0), (1, 1)))
    assert len(audit.recovered) == 4


def _all_tables(values: NDArray[np.int64], hidden: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Every whole-number table with the same margins and the same published inner cells."""
    ranges = [
        range(int(max(values.sum(0).max(), values.sum(1).max())) + 1) if free else [int(value)]
        for value, free in zip(values.ravel(), hidden.ravel(), strict=True)
    ]
    every = np.array(list(product(*ranges))).reshape(-1, *values.shape)
    fits = (every.sum(1) == values.sum(0)).all(1) & (every.sum(2) == values.sum(1)).all(1)
    return every[fits]


@pytest.mark.parametrize("seed", range(12))
def test_intervals_against_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, hidden = rng.integers(0, 4, (2, 3)), rng.random((2, 3)) < 0.8
    table = cross_table(values)
    mask = hide(table, *[(int(row), int(column)) for row, column in np.argwhere(hidden)])
    lower, upper = feasible_intervals(table, mask)
    every = _all_tables(values, hidden)
    inner = table.positions([(row, column) for row in range(2) for column in range(3)])
    assert lower[inner].reshape(2, 3).tolist() == every.min(0).tolist()
    assert upper[inner].reshape(2, 3).tolist() == every.max(0).tolist()


def test_whole_numbers_say_more_than_the_linear_program() -> None:
    """Twice one count plus another is 3: measured values leave 0 to 1.5, counts 0 or 1."""
    names = ("a", "b")
    for whole, expected in ((False, 1.5), (True, 1.0)):
        table = add_relation(_free(names, [1, 1], whole=whole), {"a": 2, "b": 1}, 3)
        assert feasible_intervals(table, [True, True])[1][0] == pytest.approx(expected)


def _free(names: tuple[str, ...], values: list[float], *, whole: bool) -> AdditiveTable:
    """Cells of a one-dimensional table whose total is not published."""
    table = cross_table(values, [names], whole=whole)
    keep = table.relations[:0, : len(names)]
    part = slice(0, len(names))
    return AdditiveTable(
        names, table.values[part], keep, table.constants[:0], table.lower[part], table.upper[part], whole
    )


def test_what_nothing_published_bounds_is_unbounded() -> None:
    lower, upper = feasible_intervals(_free(("a", "b"), [3, 4], whole=True), [True, True])
    assert lower.tolist() == [0, 0]
    assert np.isinf(upper).all()


def test_linked_tables_give_away_what_each_hides() -> None:
    """A second table that shows one suppressed cell opens the others."""
    by_class = cross_table([[1, 4], [5, 6]], [["x", "y"], ["food", "toys"]])
    hidden = hide(by_class, ("x", "food"), ("x", "toys"), ("y", "food"), ("y", "toys"))
    assert audit_suppression(by_class, hidden, 2.0).holds
    counties = cross_table([1, 4], [["food", "toys"]])
    named = AdditiveTable(
        (("x", "food"), ("x", "toys"), ("x", "total")), counties.values, counties.relations,
        counties.constants, counties.lower, counties.upper, whole=True,
    )  # fmt: skip
    linked = join_tables(by_class, named)
    published_there = hide(linked, ("x", "toys"), ("y", "food"), ("y", "toys"))
    assert len(audit_suppression(linked, published_there).recovered) == 3


def test_a_published_difference_between_periods_gives_a_cell_away() -> None:
    before = cross_table([[2, 5], [5, 6]], [["x", "y"], [("Q1", "a"), ("Q1", "b")]])
    now = cross_table([[1, 4], [5, 6]], [["x", "y"], [("Q2", "a"), ("Q2", "b")]])
    now = AdditiveTable(
        tuple((row, ("Q2", column) if column == "total" else column) for row, column in now.names),
        now.values, now.relations, now.constants, now.lower, now.upper, whole=True,
    )  # fmt: skip
    both = join_tables(before, now)
    cells = [(row, ("Q2", column)) for row in "xy" for column in "ab"]
    assert audit_suppression(both, hide(both, *cells), 2.0).holds
    told = add_relation(both, {("x", ("Q2", "a")): 1, ("x", ("Q1", "a")): -1}, -1)
    assert ("x", ("Q2", "a")) in audit_suppression(told, hide(told, *cells), 2.0).recovered


def test_contradicting_publication_is_refused() -> None:
    table = cross_table([[1, 4], [5, 6]])
    table.values[table.positions([(0, "total")])] = 20
    table.values[table.positions([("total", "total")])] = 10
    with pytest.raises(ValueError, match="contradict"):
        feasible_intervals(table, hide(table, (0, 0), (0, 1)))


@given(st.integers(0, 10_000))
def test_interval_contains_the_value_and_grows_with_suppression(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = cross_table(rng.uniform(0, 9, (3, 3)), whole=False)
    hidden = rng.random(len(table.names)) < 0.5
    more = hidden | (rng.random(len(table.names)) < 0.3)
    (lower, upper), (least, most) = feasible_intervals(table, hidden), feasible_intervals(table, more)
    assert np.all(lower <= table.values + 1e-6)
    assert np.all(upper >= table.values - 1e-6)
    assert np.all(least <= lower + 1e-6)
    assert np.all(most >= upper - 1e-6)
