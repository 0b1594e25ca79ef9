import numpy as np
import pandas as pd
import pytest

from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.ranking import RANK_COLUMNS, list_pairs, rank_counties


@pytest.fixture
def ranked(rates, others) -> pd.DataFrame:
    return rank_counties(rates, others, confidence=0.95).set_index("county_code")


def test_counties_are_sorted_and_the_unstated_stay_visible(ranked):
    assert ranked.index.tolist() == ["c4", "c1", "c2", "c3", "c5", "", "barred", "few"]
    assert ranked.loc[["few", "barred", ""], RANK_COLUMNS].isna().all(axis=None)


def test_ranks_come_as_sets(ranked):
    assert ranked.loc["c5", ["rank_low", "rank_high"]].tolist() == [4, 5]
    assert ranked.loc["c1", ["rank_low", "rank_high"]].tolist() == [1, 4]
    # 20 of 20 leads the list and proves nothing
    assert ranked.loc["c4", ["rank_low", "rank_high"]].tolist() == [1, 5]
    assert (ranked.loc["c1":"c5", "own_rank_low"] >= ranked.loc["c1":"c5", "rank_low"]).all()


def test_counties_that_share_a_letter_are_not_told_apart(ranked):
    assert ranked.loc[["c4", "c1", "c5"], "tie_group"].tolist() == ["ab", "a", "b"]


def test_a_county_is_compared_with_the_others_and_not_with_a_whole_that_it_is_part_of(ranked):
    assert ranked.loc["c5", "others_n"] == 120 + 110 + 90 + 20 + 12
    assert ranked.loc["c5", "others_estimate"] == pytest.approx((119 + 108 + 88 + 20 + 12) / 352)
    standing = ranked["standing"].dropna()
    assert standing["c5"] == "below" and (standing.drop("c5") == "not_told_apart").all()


def test_the_difference_is_mover_at_the_level_of_all_at_once(ranked):
    own, rest = (78 / 100, 80.0), (347 / 352, 352 * 0.8)
    limits = [korn_graubard_interval(*pair, confidence=1 - 0.05 / 7) for pair in (own, rest)]
    (low, high), (rest_low, rest_high) = limits
    expected = mover_difference((own[0], rest[0]), (low, rest_low), (high, rest_high))
    found = ranked.loc["c5", ["difference", "difference_lower", "difference_upper"]].to_numpy(dtype=float)
    assert found == pytest.approx(np.array(expected), rel=1e-12)
    assert ranked.loc["c5", "difference_confidence"] == pytest.approx(1 - 0.05 / 7)


def test_who_stands_out_below_lies_under_the_rate_that_would(ranked):
    below = ranked["estimate"] < ranked["clear_below"]
    assert below[below].index.tolist() == ["c5"]


def test_order_of_the_rows_does_not_matter(rates, others):
    moved = rates.sample(frac=1, random_state=5, ignore_index=True)
    one, other = (rank_counties(rows, others, confidence=0.95) for rows in (rates, moved))
    pd.testing.assert_frame_equal(one, other)


def test_shrunken_estimates_are_joined(rates, others):
    shrunk = pd.DataFrame({"county_code": ["c5", "c1"], "shrunk": [0.83, 0.985]})
    joined = rank_counties(rates, others, shrunk, confidence=0.95).set_index("county_code")
    assert joined.loc["c5", "shrunk"] == 0.83 and np.isnan(joined.loc["c2", "shrunk"])
    with pytest.raises(ValueError, match="not unique"):
        rank_counties(rates, others, pd.concat([shrunk, shrunk]), confidence=0.95)


@pytest.mark.parametrize("kept", [[], ["c1"], [""], ["barred"]])
def test_with_nothing_to_compare_there_is_no_rank(rates, others, kept):
    alone = rates[rates["county_code"].isin(kept)]
    ranked = rank_counties(alone, others.assign(status="no_data", estimate=np.nan), confidence=0.95)
    assert len(ranked) == len(kept) and ranked[RANK_COLUMNS].isna().all(axis=None)


def test_a_single_ranked_county_is_still_compared_with_the_others(rates, others):
    ranked = rank_counties(rates[rates["county_code"] == "c5"], others, confidence=0.95)
    assert ranked["rank_low"].isna().all()
    assert ranked.loc[0, "difference"] == pytest.approx(0.78 - 347 / 352)
    assert ranked.loc[0, "difference_confidence"] == 0.95


def test_pairs_told_apart_are_listed_better_first(rates, others):
    ranked = rank_counties(rates, others, confidence=0.95)
    pairs = list_pairs(ranked, confidence=0.95)
    assert pairs["better"].tolist() == ["c1", "c2", "c3"] and set(pairs["worse"]) == {"c5"}
    assert pairs.loc[0, "difference"] == pytest.approx(119 / 120 - 0.78)
    assert list_pairs(ranked.iloc[:1], confidence=0.95).empty


def test_a_difference_that_awaited_results_could_undo_is_no_standing(rates, others):
    """c5 lies below the rest with 78 of 100; six hundred passes to come there would close the gap."""
    waiting = rates.assign(awaited=np.where(rates["county_code"] == "c5", 600, 0))
    ranked = rank_counties(waiting, others, confidence=0.95).set_index("county_code")
    assert ranked.loc["c5", "standing"] == "awaited"
    assert ranked.loc["c5", ["rank_low", "rank_high"]].tolist() == [1, 5]
    assert list_pairs(ranked.reset_index(), confidence=0.95).empty


def test_few_awaited_results_leave_a_clear_difference_clear(rates, others):
    waiting = rates.assign(awaited=np.where(rates["county_code"] == "c5", 3, 0))
    ranked = rank_counties(waiting, others, confidence=0.95).set_index("county_code")
    assert (ranked.loc["c5", "standing"], ranked.loc["c5", "rank_low"]) == ("below", 4)
