"""Compact letters; cases worked by hand after Piepho (2004)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.ranks import letters, tie_groups


def apart(units: int, *pairs: tuple[int, int]) -> np.ndarray:
    matrix = np.zeros((units, units), dtype=bool)
    for j, k in pairs:
        matrix[j, k] = True
    return matrix


def test_nothing_told_apart_is_one_group():
    assert tie_groups(apart(3)) == [(0, 1, 2)]
    assert letters([(0, 1, 2)], 3) == ["a", "a", "a"]


def test_ends_told_apart_leave_the_middle_in_both_groups():
    groups = tie_groups(apart(3, (0, 2)))
    assert groups == [(0, 1), (1, 2)]
    assert letters(groups, 3) == ["a", "ab", "b"]


def test_a_small_sample_is_in_the_group_of_those_that_others_are_told_apart_from():
    # the last unit has few batches: told apart from nobody, though the third is from the first
    assert tie_groups(apart(4, (0, 2))) == [(0, 1, 3), (1, 2, 3)]


def test_all_told_apart_are_groups_of_one():
    assert tie_groups(apart(3, (0, 1), (0, 2), (1, 2))) == [(0,), (1,), (2,)]


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])))
def test_two_units_share_a_letter_exactly_where_they_are_not_told_apart(pairs):
    names = [set(each) for each in letters(tie_groups(apart(7, *pairs)), 7)]
    assert all(names)
    for j in range(7):
        for k in range(j + 1, 7):
            assert bool(names[j] & names[k]) == ((j, k) not in pairs)


def test_more_groups_than_letters_are_refused():
    with pytest.raises(ValueError, match="more than there are letters"):
        letters([(unit,) for unit in range(53)], 53)


def test_pairs_form_a_square():
    with pytest.raises(ValueError, match="square"):
        tie_groups(np.zeros((2, 3)))
