import numpy as np
import pandas as pd
import pytest

from qstats.ranking import describe_mix, share_of


@pytest.fixture
def cells() -> pd.DataFrame:
    rows = [
        ("c1", "large", "production", 80, 80), ("c1", "small", "retail", 20, 18),
        ("c2", "large", "production", 20, 19), ("c2", "small", "retail", 80, 72),
        ("c2", None, "retail", 10, 9), ("c2", "medium", "retail", 0, 0), (None, "small", "retail", 4, 4),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["county_code", "enterprise_size", "stage", "n", "passes"])


def test_expected_rate_is_that_of_the_whole_at_the_county_s_mix(cells):
    mix = describe_mix(cells, ["enterprise_size", "stage"]).set_index("county_code")
    large, small = 1 / 100, 10 / 104
    assert mix.loc["c1", "expected_failures"] == pytest.approx(80 * large + 20 * small)
    assert mix.loc["c1", "expected"] == pytest.approx(1 - (80 * large + 20 * small) / 100)
    assert mix.loc["c2", "failure_ratio"] == pytest.approx(10 / (20 * large + 80 * small + 10 * 0.1))


def test_observed_and_expected_failures_add_up(cells):
    mix = describe_mix(cells, ["enterprise_size", "stage"])
    assert mix["expected_failures"].sum() == pytest.approx((cells["n"] - cells["passes"]).sum())
    assert "" in set(mix["county_code"])


def test_without_any_failure_there_is_no_ratio(cells):
    clean = describe_mix(cells.assign(passes=cells["n"]), ["stage"])
    assert clean["failure_ratio"].isna().all() and (clean["expected"] == 1).all()


def test_shares_are_of_the_batches_that_state_one(cells):
    shares = share_of(cells, "enterprise_size", ["small", "micro"])
    assert shares["c1"] == pytest.approx(0.2)
    assert shares["c2"] == pytest.approx(0.8)
    assert np.isclose(shares[""], 1)
