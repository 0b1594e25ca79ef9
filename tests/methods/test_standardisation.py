"""Standardisation and decomposition against a published series and against their own algebra."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qstats.methods.standardisation import (
    kitagawa,
    mix_left_in_pools,
    pool_sparse_cells,
    standard_weights,
)

# National supervision sampling by enterprise size (large, medium, small): failure rate in %, share of firms.
YEAR_2015 = (np.array([5.1, 5.3, 12.5]), np.array([15.9, 23.7, 60.4]) / 100)
YEAR_2023 = (np.array([0.8, 2.2, 13.2]), np.array([1.9, 5.2, 92.9]) / 100)


def test_published_national_series_is_mix_not_quality() -> None:
    """Published failure rates 9.6 % and 12.3 %: a rate effect of -0.3 points, a mix effect of +3.1 points."""
    parts = kitagawa(*YEAR_2015, *YEAR_2023)
    assert parts.change == pytest.approx(2.78, abs=0.03)
    assert parts.rate_effect.sum() == pytest.approx(-0.29, abs=0.01)
    assert parts.mix_effect.sum() == pytest.approx(3.08, abs=0.02)


def test_direction_of_the_national_series_depends_on_the_mix() -> None:
    """At the mix of 2015 failures fall from 9.6 to 8.6 %, at that of 2023 they rise from 12.0 to 12.4 %."""
    (before, old), (now, new) = YEAR_2015, YEAR_2023
    assert (before @ old, now @ old) == pytest.approx((9.62, 8.62), abs=0.01)
    assert (before @ new, now @ new) == pytest.approx((11.98, 12.39), abs=0.03)


cells = st.lists(st.tuples(*(st.floats(0.01, 1) for _ in range(4))), min_size=1, max_size=12).map(np.array)


@given(cells)
def test_parts_add_up_exactly(table: np.ndarray) -> None:
    r0, s0, r1, s1 = table.T
    s0, s1 = s0 / s0.sum(), s1 / s1.sum()
    parts = kitagawa(r0, s0, r1, s1)
    assert parts.rate_effect.sum() + parts.mix_effect.sum() == pytest.approx(parts.change, abs=1e-12)
    back = kitagawa(r1, s1, r0, s0)
    assert back.change == pytest.approx(-parts.change, abs=1e-12)


def test_what_cannot_be_decomposed_is_refused() -> None:
    with pytest.raises(ValueError, match="pool the empty ones"):
        kitagawa([0.9, np.nan], [0.5, 0.5], [0.9, 0.9], [0.5, 0.5])
    with pytest.raises(ValueError, match=r"add up to 0\.9"):
        kitagawa([0.9, 0.8], [0.5, 0.4], [0.9, 0.9], [0.5, 0.5])


def test_weights_give_the_standard_mix() -> None:
    cell = np.array([0, 0, 0, 1, 2, 2])
    weight = standard_weights(cell, [0.2, 0.5, 0.3])
    assert np.bincount(cell, weights=weight) == pytest.approx([0.2, 0.5, 0.3])
    with pytest.raises(ValueError, match="holds no units"):
        standard_weights(cell, [0.2, 0.4, 0.3, 0.1])


def test_sparse_cells_join_their_relatives() -> None:
    keys = [("small", "retail", "food"), ("small", "retail", "toys"), ("small", "retail", "shoes"),
            ("small", "production", "food"), ("large", "retail", "food")]  # fmt: skip
    counts = [[40, 40], [3, 9], [2, 9], [30, 30], [1, 1]]
    code = pool_sparse_cells(counts, keys, 5)
    assert code.tolist() == [0, 1, 1, 2, 1]  # toys with shoes; the lone large firm with the smallest group


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=24), st.integers(1, 10)
)
def test_every_group_has_enough_or_all_are_one(counts: list[tuple[int, int]], least: int) -> None:
    keys = [(place % 2, place % 4, place) for place in range(len(counts))]
    code = pool_sparse_cells(counts, keys, least)
    sums = pd.DataFrame(counts).groupby(code).sum()
    assert list(sums.index) == list(range(len(sums)))
    assert len(sums) == 1 or (sums >= least).all().all()


def test_what_pooling_leaves_apart() -> None:
    assert mix_left_in_pools([50, 50, 0], [10, 10, 80], [0, 0, 0]) == pytest.approx(0.8)
    assert mix_left_in_pools([60, 0], [0, 60], [0, 0]) == 1
    assert mix_left_in_pools([60, 20], [10, 90], [0, 1]) == 0
