import numpy as np

from qstats.methods.ranks import RankSets, true_ranks


def test_tied_units_share_the_whole_range():
    low, high = true_ranks([0.95, 0.99, 0.95, 0.90])
    assert low.tolist() == [2, 1, 2, 4] and high.tolist() == [3, 1, 3, 4]


def test_sets_count_those_better_and_those_worse():
    better = np.array([[0, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=bool)
    sets = RankSets.from_claims(better, better.T)
    assert sets.low.tolist() == [3, 2, 1] and sets.high.tolist() == [3, 2, 1]
