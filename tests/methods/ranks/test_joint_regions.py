"""Klein, Wright & Wieczorek (2020): ranks that joint intervals leave possible; cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.ranks import confidence_of_each, joint_rank_regions


def test_ranks_follow_by_overlap():
    # a above all, b and c overlap, d overlaps c only
    sets = joint_rank_regions([0.97, 0.90, 0.88, 0.80], [0.99, 0.95, 0.93, 0.89])
    assert sets.low.tolist() == [1, 2, 2, 3]
    assert sets.high.tolist() == [1, 3, 4, 4]


def test_intervals_that_touch_are_not_apart():
    sets = joint_rank_regions([0.5, 0.9], [0.9, 1.0])
    assert sets.low.tolist() == [1, 1]


@pytest.mark.parametrize(("method", "level"), [("sidak", 0.95 ** (1 / 11)), ("bonferroni", 1 - 0.05 / 11)])
def test_level_of_each_interval(method, level):
    assert confidence_of_each(0.95, 11, method=method) == pytest.approx(level, abs=1e-15)


@pytest.mark.parametrize(("confidence", "n", "method"), [(1.0, 3, "sidak"), (0.9, 0, "sidak"), (0.9, 3, "x")])
def test_no_level_without_intervals(confidence, n, method):
    with pytest.raises(ValueError, match=r"no (joint level|method)"):
        confidence_of_each(confidence, n, method=method)


@pytest.mark.parametrize(("lower", "upper"), [([0.9], [0.8]), ([0.9, 0.8], [1.0]), ([np.nan], [1.0])])
def test_what_is_no_interval_is_refused(lower, upper):
    with pytest.raises(ValueError, match="lower limit"):
        joint_rank_regions(lower, upper)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_the_order_of_the_estimates_is_always_possible(pairs):
    lower, upper = np.sort(np.array(pairs), axis=1).T
    sets = joint_rank_regions(lower, upper)
    ranks = np.empty(len(pairs), dtype=int)
    ranks[np.argsort(-(lower + upper), kind="stable")] = np.arange(1, len(pairs) + 1)
    assert ((sets.low <= ranks) & (ranks <= sets.high)).all()
