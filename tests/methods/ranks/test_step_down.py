"""Holm over pairwise one-sided tests; small cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qstats.methods.ranks import decided_rank_sets, pairwise_rank_sets


def p_matrix(units: int, small: dict[tuple[int, int], float]) -> np.ndarray:
    """All p-values 1 but the given ones: ``[j, k]`` where k is better."""
    p = np.ones((units, units))
    for pair, value in small.items():
        p[pair] = value
    return p


def test_nothing_told_apart_leaves_all_ranks():
    sets = pairwise_rank_sets(np.full((4, 4), 0.5))
    assert sets.low.tolist() == [1] * 4 and sets.high.tolist() == [4] * 4


def test_marginal_families_are_those_of_each_unit():
    # m = 3: 4 hypotheses a unit, level 0.0125; all pairs: 6, level 0.00833
    p = p_matrix(3, {(2, 0): 0.012})
    marginal, simultaneous = (pairwise_rank_sets(p, simultaneous=joint) for joint in (False, True))
    assert marginal.high.tolist() == [2, 3, 3] and marginal.low.tolist() == [1, 1, 2]
    assert simultaneous.low.tolist() == [1, 1, 1]


def test_a_rejected_hypothesis_loosens_the_level_for_the_next():
    # 0.05/6 = 0.00833, then 0.05/5 = 0.01, then 0.05/4 = 0.0125
    p = p_matrix(3, {(2, 0): 0.008, (2, 1): 0.0099, (1, 0): 0.0124})
    sets = pairwise_rank_sets(p)
    assert (sets.low.tolist(), sets.high.tolist()) == ([1, 2, 3], [1, 2, 3])
    single = pairwise_rank_sets(p, step_down=False)
    assert (single.low.tolist(), single.high.tolist()) == ([1, 1, 2], [2, 3, 3])


def test_the_direction_opposite_to_a_claim_stays_in_the_family():
    # one pair only: two hypotheses, so 0.025 and not 0.05 for the first
    assert pairwise_rank_sets(p_matrix(2, {(1, 0): 0.026})).low.tolist() == [1, 1]
    assert pairwise_rank_sets(p_matrix(2, {(1, 0): 0.025})).low.tolist() == [1, 2]


def test_each_level_is_tried_once():
    asked: list[float] = []

    def decide(level):
        asked.append(level)
        return np.zeros((5, 5), dtype=bool)

    decided_rank_sets(decide, 5, simultaneous=False)
    assert asked == [pytest.approx(0.05 / 8)]


P_VALUES = arrays(float, (5, 5), elements=st.floats(0, 0.05))


@given(P_VALUES)
def test_step_down_and_marginal_sets_are_never_wider(p):
    p = np.triu(p, 1) + np.tril(np.ones((5, 5)))  # each pair may be claimed in one direction
    joint, single = (pairwise_rank_sets(p, step_down=step) for step in (True, False))
    marginal = pairwise_rank_sets(p, simultaneous=False, step_down=False)
    assert (joint.low >= single.low).all() and (joint.high <= single.high).all()
    assert (marginal.low >= single.low).all() and (marginal.high <= single.high).all()
    assert (single.low <= single.high).all()


@given(P_VALUES, st.permutations(range(5)))
def test_the_order_of_units_does_not_matter(p, order):
    plain, moved = pairwise_rank_sets(p), pairwise_rank_sets(p[np.ix_(order, order)])
    assert (moved.low == plain.low[order]).all() and (moved.high == plain.high[order]).all()


@pytest.mark.parametrize(
    ("p", "message"), [(np.ones((2, 3)), "square"), (p_matrix(2, {(0, 1): np.nan}), "between 0 and 1")]
)
def test_what_is_no_p_value_is_refused(p, message):
    with pytest.raises(ValueError, match=message):
        pairwise_rank_sets(p)


def test_a_confidence_is_a_share():
    with pytest.raises(ValueError, match="confidence"):
        pairwise_rank_sets(np.ones((2, 2)), confidence=95)
