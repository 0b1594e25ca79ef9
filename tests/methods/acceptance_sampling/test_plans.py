"""Plans by attributes: published values, brute force, and what holds for every plan."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.methods.acceptance_sampling import (
    AttributesPlan,
    Law,
    VariablesPlan,
    accept_by_variables,
    characterise,
    find_single_plan,
    find_variables_plan,
    outgoing_quality,
    outgoing_quality_limit,
    total_inspection,
)

GRID = np.linspace(0, 1, 51)
fractions = st.floats(0, 1)


@st.composite
def plans(draw: st.DrawFn, stages: int = 3) -> AttributesPlan:
    """Any plan of up to three small samples."""
    count = draw(st.integers(1, stages))
    sizes = draw(st.lists(st.integers(1, 12), min_size=count, max_size=count))
    accept = sorted(draw(st.lists(st.integers(-1, 6), min_size=count, max_size=count)))
    accept[-1] = max(accept[-1], 0)
    reject = [max(a, 0) + draw(st.integers(1, 5)) for a in accept[:-1]]
    return AttributesPlan(tuple(sizes), tuple(accept), (*reject, accept[-1] + 1))


def test_double_plan_by_hand() -> None:
    """Binomial by its definition: accepted at once, or after one or two more counts."""
    plan, p = AttributesPlan.double((5, 5), (0, 1), 2), 0.1

    def exactly(k: int) -> float:
        return comb(5, k) * p**k * (1 - p) ** (5 - k)

    found = characterise(plan, p)
    assert found.accepted == pytest.approx(exactly(0) + exactly(1) * exactly(0), abs=1e-15)
    assert found.average_sample == pytest.approx(5 + 5 * exactly(1), abs=1e-14)


def test_average_sample_of_a_double_plan() -> None:
    """Montgomery's plan n1 = 50, c1 = 1, n2 = 100, c2 = 3: without curtailment ASN = n1 + n2·P(2 or 3)."""
    plan = AttributesPlan.double((50, 100), (1, 3), 4)
    second = Law().cdf(3, 50, 0.06) - Law().cdf(1, 50, 0.06)
    assert characterise(plan, 0.06).average_sample == pytest.approx(50 + 100 * float(second), abs=1e-12)


def test_hypergeometric_double_plan_by_enumeration() -> None:
    """All samples of a lot of 10 with 3 bad ones, in order of drawing."""
    from itertools import permutations

    plan, lot = AttributesPlan((2, 2), (0, 1), (2, 2)), [1] * 3 + [0] * 7
    draws = list(permutations(range(10), 4))
    first = [lot[a] + lot[b] for a, b, _, _ in draws]
    both = [sum(lot[i] for i in draw) for draw in draws]
    accepted = np.mean([x == 0 or (x == 1 and y <= 1) for x, y in zip(first, both, strict=True)])
    found = characterise(plan, 0.3, Law("hypergeometric", 10))
    assert found.accepted == pytest.approx(accepted, abs=1e-12)


@given(plans())
def test_acceptance_falls_with_the_fraction(plan: AttributesPlan) -> None:
    curve = characterise(plan, GRID)
    assert curve.accepted[0] == pytest.approx(1, abs=1e-12) and np.all(np.diff(curve.accepted) <= 1e-12)
    assert np.all((curve.accepted >= -1e-15) & (curve.accepted <= 1 + 1e-12))
    assert np.all(
        (curve.average_sample >= plan.sizes[0] - 1e-9) & (curve.average_sample <= plan.largest + 1e-9)
    )


@given(plans(), st.integers(0, 40))
def test_a_lot_fully_drawn_is_judged_by_its_content(plan: AttributesPlan, bad: int) -> None:
    """With one stage that draws the whole lot the verdict is certain."""
    lot = plan.largest
    whole = AttributesPlan.single(lot, plan.acceptance[-1])
    bad = min(bad, lot)
    accepted = characterise(whole, bad / lot, Law("hypergeometric", lot)).accepted
    assert accepted == pytest.approx(float(bad <= plan.acceptance[-1]), abs=1e-12)


@given(st.integers(1, 30), st.integers(0, 5), fractions)
def test_a_split_sample_is_the_same_plan(n: int, c: int, p: float) -> None:
    """Two samples, the first of which decides nothing that the second would not."""
    split = AttributesPlan((n, n), (-1, c), (c + n + 1, c + 1))
    one = AttributesPlan.single(2 * n, c)
    assert characterise(split, p).accepted == pytest.approx(characterise(one, p).accepted, abs=1e-12)


@pytest.mark.parametrize(
    ("sizes", "accept", "reject"),
    [((5,), (2,), (2,)), ((5,), (1,), (3,)), ((5, 5), (1, 0), (2, 1)), ((0,), (0,), (1,)), ((), (), ()),
     ((5, 5), (0,), (1,)), ((5, 5), (-1, 0), (0, 1))],
)  # fmt: skip
def test_contradictory_numbers_are_refused(sizes: tuple, accept: tuple, reject: tuple) -> None:
    with pytest.raises(ValueError, match=r"plan|sample|number"):
        AttributesPlan(sizes, accept, reject)


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_impossible_fractions_are_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        characterise(AttributesPlan.single(5, 0), p)


def test_laws_are_checked() -> None:
    plan = AttributesPlan.single(20, 0)
    with pytest.raises(ValueError, match="no whole number of items in a lot of 30"):
        characterise(plan, 0.05, Law("hypergeometric", 30))
    with pytest.raises(ValueError, match="20 items of a lot of 10"):
        characterise(plan, 0.1, Law("hypergeometric", 10))
    with pytest.raises(ValueError, match="known: binomial, poisson, hypergeometric"):
        Law("normal")
    with pytest.raises(ValueError, match="needs a lot_size"):
        Law("hypergeometric")
    with pytest.raises(ValueError, match="knows no lot_size"):
        Law("binomial", 100)
    assert characterise(plan, 2.5, Law("poisson")).accepted == pytest.approx(np.exp(-50), rel=1e-9)


@settings(max_examples=25)
@given(st.floats(0.001, 0.05), st.floats(0.06, 0.3), st.floats(0.01, 0.2), st.floats(0.01, 0.2))
def test_the_plan_found_is_the_smallest(aql: float, bad: float, alpha: float, beta: float) -> None:
    plan = find_single_plan(aql, bad, producer_risk=alpha, consumer_risk=beta)
    n, c = plan.sizes[0], plan.acceptance[0]

    def keeps(n: int, c: int) -> bool:
        good, poor = characterise(AttributesPlan.single(n, c), [aql, bad]).accepted
        return good >= 1 - alpha and poor <= beta

    assert keeps(n, c)
    assert not any(keeps(size, number) for size in range(max(n - 12, 1), n) for number in range(c + 1))


def test_points_of_a_lot_are_rounded_to_the_safe_side() -> None:
    """0.7 % of 500 is 3.5 items: 3 are to be accepted; 4.9 % is 24.5: 25 are not."""
    law = Law("hypergeometric", 500)
    assert find_single_plan(0.007, 0.049, law=law) == find_single_plan(0.006, 0.05, law=law)


@pytest.mark.parametrize(
    ("aql", "bad", "risk"), [(0.05, 0.05, 0.1), (0.05, 0.01, 0.1), (-0.1, 0.1, 0.1), (0.01, 0.05, 0.99)]
)
def test_points_out_of_order_are_refused(aql: float, bad: float, risk: float) -> None:
    for find in (find_single_plan, find_variables_plan):
        with pytest.raises(ValueError, match=r"wanted|risks"):
            find(aql, bad, consumer_risk=risk)


def test_points_that_sampling_cannot_tell_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="up to 100000 items"):
        find_variables_plan(0.05, 0.050001)


@pytest.mark.parametrize("known", [True, False])
def test_plan_by_variables_keeps_both_risks_with_fewest_items(known: bool) -> None:
    plan = find_variables_plan(0.01, 0.06, producer_risk=0.05, consumer_risk=0.1, sigma_known=known)
    assert accept_by_variables(plan, 0.01) == pytest.approx(0.95, abs=1e-10)
    assert accept_by_variables(plan, 0.06) <= 0.1
    ends = accept_by_variables(plan, [0.0, 1.0])
    assert list(ends) == [1.0, 0.0]
    assert plan.n < find_single_plan(0.01, 0.06).sizes[0]


def test_known_sigma_by_the_normal_law() -> None:
    """n = 4, k = 1: accepted where the mean lies one σ inside; p = 0.5 puts the limit on the mean: Φ(-2)."""
    assert accept_by_variables(VariablesPlan(4, 1.0, True), 0.5) == pytest.approx(0.022750131948, abs=1e-11)


def test_outgoing_quality_of_dodge_and_romig() -> None:
    """n = 89, c = 2, N = 10,000 at p = 0.01 (Montgomery, section 15.2.3): Pa 0.9397, AOQ 0.0093."""
    plan = AttributesPlan.single(89, 2)
    assert characterise(plan, 0.01).accepted == pytest.approx(0.9397, abs=5e-5)
    assert outgoing_quality(plan, 0.01, lot_size=10_000) == pytest.approx(0.0093, abs=5e-5)
    # read off a graph there
    assert outgoing_quality_limit(plan, lot_size=10_000)[0] == pytest.approx(0.0155, abs=5e-4)
    assert total_inspection(plan, 0.01, lot_size=10_000) == pytest.approx(687, abs=1)


@given(plans(), st.integers(0, 100))
def test_outgoing_quality_never_exceeds_its_limit(plan: AttributesPlan, p: int) -> None:
    limit, at = outgoing_quality_limit(plan, lot_size=200)
    assert outgoing_quality(plan, p / 100, lot_size=200) <= limit + 1e-12
    assert outgoing_quality(plan, at, lot_size=200) == pytest.approx(limit, abs=1e-15)


def test_a_plan_that_accepts_everything_lets_everything_out() -> None:
    assert outgoing_quality_limit(AttributesPlan.single(1, 1)) == (1.0, 1.0)


def test_outgoing_quality_of_one_lot_is_worst_at_whole_items() -> None:
    law, plan = Law("hypergeometric", 40), AttributesPlan.single(8, 0)
    limit, at = outgoing_quality_limit(plan, law=law)
    every = outgoing_quality(plan, np.arange(41) / 40, law=law)
    assert limit == every.max() and at == np.argmax(every) / 40
    with pytest.raises(ValueError, match="contradicts"):
        outgoing_quality(plan, 0.1, lot_size=50, law=law)
    with pytest.raises(ValueError, match="8 items of a lot of 5"):
        total_inspection(plan, 0.1, lot_size=5)
