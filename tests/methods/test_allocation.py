"""Sharing out a sample: against all allocations of small cases, and what always holds."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.allocation import allocate_budget, allocate_total, allocation_variance


@st.composite
def strata(draw: st.DrawFn, largest: int = 7) -> tuple[list[int], list[float]]:
    count = draw(st.integers(1, 4))
    sizes = draw(st.lists(st.integers(1, largest), min_size=count, max_size=count))
    spread = draw(st.lists(st.floats(0.01, 0.5), min_size=count, max_size=count))
    return sizes, spread


def best_by_enumeration(sizes, spread, admissible) -> float:
    every = product(*(range(1, size + 1) for size in sizes))
    return min(allocation_variance(n, sizes, spread) for n in every if admissible(np.array(n)))


@given(strata(), st.integers(0, 40))
def test_no_other_allocation_is_better(given_strata, extra: int) -> None:
    sizes, spread = given_strata
    total = min(len(sizes) + extra, sum(sizes))
    found = allocate_total(total, sizes, spread)
    assert found.sum() == total and np.all((found >= 1) & (found <= sizes))
    best = best_by_enumeration(sizes, spread, lambda n: n.sum() == total)
    assert allocation_variance(found, sizes, spread) == pytest.approx(best, rel=1e-9, abs=1e-15)


@settings(max_examples=40)
@given(strata(5), st.lists(st.integers(1, 9), min_size=4, max_size=4), st.floats(0, 1))
def test_no_other_allocation_within_the_budget_is_better(given_strata, prices, share: float) -> None:
    sizes, spread = given_strata
    cost = np.array(prices[: len(sizes)], dtype=float)
    budget = cost.sum() + share * (cost @ sizes - cost.sum())
    found = allocate_budget(budget, sizes, spread, cost)
    assert cost @ found <= budget + 1e-9 and np.all((found >= 1) & (found <= sizes))
    best = best_by_enumeration(sizes, spread, lambda n: cost @ n <= budget + 1e-9)
    assert allocation_variance(found, sizes, spread) == pytest.approx(best, rel=1e-7, abs=1e-12)


def best_by_recursion(sizes, spread, cost, budget: int) -> float:
    """Smallest Σ N² S² / n that whole money buys, stratum after stratum over every amount of money."""
    best = np.zeros(budget + 1)
    for size, deviation, price in zip(sizes, spread, cost, strict=True):
        extended = np.full(budget + 1, np.inf)
        for n in range(1, min(size, budget // price) + 1):
            spent = n * price
            extended[spent:] = np.minimum(
                extended[spent:], best[: budget + 1 - spent] + (size * deviation) ** 2 / n
            )
        best = extended
    return float(best[budget])


@pytest.mark.parametrize("seed", range(6))
def test_a_larger_budget_is_spent_no_worse_than_by_recursion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes, spread, cost = rng.integers(5, 60, 8), rng.uniform(0, 0.4, 8), rng.integers(3, 14, 8)
    found = allocate_budget(700, sizes, spread, cost)
    reached = float(np.sum((sizes * spread) ** 2 / found))
    assert cost @ found <= 700
    assert reached == pytest.approx(best_by_recursion(sizes, spread, cost, 700), rel=1e-9)


def test_neyman_without_rounding_need() -> None:
    """N·S = 100·0.1, 100·0.3, 200·0.1: 60 batches go 10, 30, 20."""
    assert list(allocate_total(60, [100, 100, 200], [0.1, 0.3, 0.1])) == [10, 30, 20]


def test_equal_deviations_are_proportional() -> None:
    assert list(allocate_total(40, [100, 300, 400], 1.0)) == [5, 15, 20]


def test_a_stratum_gives_no_more_than_it_has() -> None:
    assert list(allocate_total(50, [4, 1000], [0.5, 0.01])) == [4, 46]
    assert list(allocate_total(7, [0, 3, 10], 0.1, floor=2)) == [0, 2, 5]


def test_floors_and_caps_hold() -> None:
    found = allocate_total(30, [500, 500, 500], [0.5, 0.1, 0.0], floor=[1, 5, 3], cap=[20, 500, 500])
    assert list(found) == [20, 7, 3]


def test_equal_costs_are_a_fixed_total() -> None:
    sizes, spread = [40, 90, 300, 12], [0.2, 0.05, 0.15, 0.4]
    by_money = allocate_budget(100 * 800, sizes, spread, 800)
    assert allocation_variance(by_money, sizes, spread) == pytest.approx(
        allocation_variance(allocate_total(100, sizes, spread), sizes, spread), rel=1e-9
    )


def test_a_realistic_budget_is_quick_and_spent() -> None:
    rng = np.random.default_rng(3)
    sizes, spread = rng.integers(20, 400, 24), rng.uniform(0.05, 0.4, 24)
    cost = rng.integers(4, 20, 24) * 100.0
    found = allocate_budget(600_000, sizes, spread, cost, floor=3)
    rest = 600_000 - cost @ found
    assert 0 <= rest < cost.min()


def test_dear_strata_get_fewer() -> None:
    cheap, dear = allocate_budget(60_000, [500, 500], [0.2, 0.2], [100, 900])
    assert cheap == pytest.approx(3 * dear, rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"total": 5, "population": [10, 10], "floor": 3}, "floors need 6"),
        ({"total": 30, "population": [10, 10]}, "caps allow 20"),
        ({"total": 5, "population": [-1, 10]}, "population must be whole"),
        ({"total": 5, "population": [10.5, 10]}, "population must be whole"),
        ({"total": 5, "population": [10, 10], "deviation": -0.1}, "deviation"),
        ({"total": 5, "population": [10, 10], "deviation": float("nan")}, "deviation"),
        ({"total": 5, "population": [10, 10], "floor": 3, "cap": 2}, "floor lies above its cap"),
    ],
)
def test_impossible_demands_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate_total(**arguments)


def test_impossible_budgets_are_refused() -> None:
    with pytest.raises(ValueError, match="floors alone cost 200"):
        allocate_budget(150, [10, 10], 0.1, 100)
    with pytest.raises(ValueError, match="costs"):
        allocate_budget(150, [10, 10], 0.1, [100, 0])
