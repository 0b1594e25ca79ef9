"""Groups borrow from each other, add up to the city, and leave the direct table as it is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qstats.errors import QstatsError
from qstats.estimation.small_areas import shrink_groups


def rates(**columns: object) -> pd.DataFrame:
    """One period's rates of five counties and of batches whose county is not known."""
    table = {
        "period": "2015Q4",
        "county_code": ["371502", "371521", "371522", "371523", "371524", None],
        "n": [60, 42, 5, 0, 120, 3],
        "passes": [60, 38, 5, 0, 114, 1],
        "effective_n": [41.5, 30.0, 4.2, 0.0, 80.1, 3.0],
        "status": ["stated", "stated", "cannot_be_stated", "no_data", "stated", "cannot_be_stated"],
    }
    return pd.DataFrame({**table, **columns})


def test_counties_add_up_to_the_city() -> None:
    table, shrunk = rates(), shrink_groups(rates(), "county_code")
    named = table["county_code"].notna()
    city = table.loc[named, "passes"].sum() / table.loc[named, "n"].sum()
    assert np.average(shrunk.loc[named, "shrunk"], weights=table.loc[named, "n"]) == pytest.approx(city)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 12), min_size=5, max_size=5), st.floats(0.3, 1))
def test_they_add_up_whatever_the_failures(failures: list[int], worth: float) -> None:
    n = np.array([60, 42, 12, 25, 120])
    table = rates().iloc[:5].assign(n=n, passes=n - failures, effective_n=n * worth, status="stated")
    shrunk = shrink_groups(table, "county_code")
    city = table["passes"].sum() / n.sum()
    assert np.average(shrunk["shrunk"], weights=n) == pytest.approx(city, abs=1e-9)
    assert (shrunk["shrunk_lower"] <= shrunk["shrunk"]).all()
    assert (shrunk["shrunk"] <= shrunk["shrunk_upper"]).all()
    assert shrunk["prob_top"].sum() == pytest.approx(2) == shrunk["prob_bottom"].sum()


def test_a_perfect_county_with_five_batches_is_drawn_to_the_others() -> None:
    shrunk = shrink_groups(rates(), "county_code").set_index("county_code")
    assert shrunk.loc["371522", "shrunk"] < shrunk.loc["371502", "shrunk"] < 1
    assert shrunk.loc["371522", "own_weight"] < shrunk.loc["371502", "own_weight"]
    assert shrunk.loc["371502", "prob_top"] > shrunk.loc["371522", "prob_top"]


def test_a_county_without_batches_is_foretold_by_the_others() -> None:
    shrunk = shrink_groups(rates(), "county_code").set_index("county_code")
    assert shrunk.loc["371523", "own_weight"] == 0
    assert 0.8 < shrunk.loc["371523", "shrunk"] < 1


def test_barred_and_unnamed_groups_stay_out_and_visible() -> None:
    table = rates(status=["refused", "stated", "stated", "no_data", "stated", "stated"])
    shrunk = shrink_groups(table, "county_code")
    figures = shrunk.drop(columns="county_code")
    assert figures.iloc[[0, 5]].isna().all(axis=None) and figures.iloc[1:5].notna().all(axis=None)
    assert shrunk.index.equals(table.index)
    without = shrink_groups(table.iloc[1:5], "county_code")
    pd.testing.assert_frame_equal(shrunk.iloc[1:5], without)


def test_direct_table_is_left_as_it_is() -> None:
    table = rates()
    shrink_groups(table, "county_code")
    pd.testing.assert_frame_equal(table, rates())


def test_without_effective_sizes_batches_count_as_they_are() -> None:
    plain = shrink_groups(rates().drop(columns=["effective_n", "status"]), "county_code")
    counted = shrink_groups(rates(effective_n=rates()["n"]), "county_code")
    pd.testing.assert_frame_equal(plain, counted)


def test_nothing_to_shrink_is_an_answer() -> None:
    for table in (rates(n=0, passes=0, effective_n=0.0), rates(status="refused"), rates().iloc[:0]):
        shrunk = shrink_groups(table, "county_code")
        assert len(shrunk) == len(table) and shrunk["shrunk"].isna().all()


def test_several_periods_or_rows_of_one_county_are_refused() -> None:
    with pytest.raises(QstatsError, match="one period"):
        shrink_groups(pd.concat([rates(), rates(period="2015Q3")]), "county_code")
    with pytest.raises(QstatsError, match="several for 371502"):
        shrink_groups(pd.concat([rates(), rates()]), "county_code")
