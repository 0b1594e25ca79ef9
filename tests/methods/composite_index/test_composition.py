"""The index step by step beside COINr 1.1.14, and what holds of any index."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from qstats.methods.composite_index import (
    IndexTree,
    Outliers,
    Settings,
    aggregate,
    aggregate_tree,
    build_tree,
    compose,
    normalise,
    screen_units,
    treat_outliers,
)
from qstats.methods.composite_index.treatment import kurtosis, skewness

TIGHT = {"rtol": 1e-8, "atol": 1e-12}
Stage = Callable[[str], np.ndarray]
Reader = Callable[[str], pd.DataFrame]


@pytest.mark.oracle
def test_values_are_divided_filled_and_screened_as_by_the_peer(
    stage: Stage, denominated: np.ndarray, imputed: np.ndarray
) -> None:
    np.testing.assert_allclose(denominated, stage("Denominated"), **TIGHT)
    np.testing.assert_allclose(imputed, stage("Imputed"), **TIGHT)
    assert screen_units(imputed, 0.9).all()
    np.testing.assert_array_equal(stage("Imputed"), stage("Screened"))


@pytest.mark.oracle
def test_outliers_are_treated_as_by_the_peer(
    stage: Stage, coinr: Reader, imputed: np.ndarray, asem_tree: IndexTree
) -> None:
    found = treat_outliers(imputed * asem_tree.directions)
    np.testing.assert_allclose(found.values * asem_tree.directions, stage("Treated"), **TIGHT)
    record = coinr("expected_treatment_table").set_index("iCode").loc[list(asem_tree.indicators)]
    np.testing.assert_array_equal(found.winsorised, record["winsorise.nwin"].fillna(0))
    assert set(found.logarithm) == {"none"}
    after = record["check_SkewKurt1.Skew"].fillna(record["check_SkewKurt0.Skew"])
    heavy = record["check_SkewKurt1.Kurt"].fillna(record["check_SkewKurt0.Kurt"])
    np.testing.assert_allclose(found.skewness, after * asem_tree.directions, **TIGHT)
    np.testing.assert_allclose(found.kurtosis, heavy, **TIGHT)


@pytest.mark.oracle
def test_skewness_and_kurtosis_equal_the_peers(
    coinr: Reader, denominated: np.ndarray, imputed: np.ndarray, asem_tree: IndexTree
) -> None:
    expected = coinr("expected_skew_kurt").set_index("iCode").loc[list(asem_tree.indicators)]
    np.testing.assert_allclose(
        [skewness(column) for column in imputed.T], expected["skew"], rtol=1e-8, atol=1e-9
    )
    np.testing.assert_allclose(
        [kurtosis(column) for column in imputed.T], expected["kurt"], rtol=1e-8, atol=1e-9
    )


NORMALISED = {
    "minmax_0_100": ("minmax", {}),
    "minmax_1_100": ("minmax", {"lower": 1.0}),
    "zscore": ("z_scores", {}),
    "zscore_100_15": ("z_scores", {"mean": 100.0, "deviation": 15.0}),
    "rank": ("ranks", {}),
    "borda": ("borda", {}),
    "prank": ("percentile_ranks", {}),
    "fracmax": ("fraction_of_best", {}),
    "dist2max": ("distance_to_best", {}),
    "scaled": ("unchanged", {}),
}


@pytest.mark.oracle
@pytest.mark.parametrize("variant", [*NORMALISED, "dist2ref"])
def test_normalisations_equal_the_peers(
    variant: str, treated: np.ndarray, coinr: Reader, asem_tree: IndexTree
) -> None:
    expected = coinr("expected_normalise_variants").query("variant == @variant").sort_values("uCode")
    chosen = [name for name in expected.columns if name in asem_tree.indicators]
    directed = treated * asem_tree.directions
    reference = int(np.flatnonzero(expected["uCode"] == "BEL")[0])
    method, options = NORMALISED.get(variant, ("distance_to_reference", {"reference": reference}))
    found = pd.DataFrame(normalise(directed, method, **options), columns=asem_tree.indicators)
    # Where the best unit has 0 the peer divides by it; infinity is no score, and ours is missing.
    np.testing.assert_allclose(found[chosen], expected[chosen].replace(np.inf, np.nan), rtol=1e-8, atol=1e-9)


@pytest.mark.oracle
def test_goalposts_and_targets_equal_the_peers(coinr: Reader, countries: pd.DataFrame) -> None:
    expected = coinr("expected_goalposts_CO2").sort_values("uCode")
    up, down = countries[["CO2"]].to_numpy(), -countries[["CO2"]].to_numpy()
    for values, low, high, name in ((up, 2, 12, "gp_pos_2_12"), (down, -12, -2, "gp_neg_2_12")):
        found = normalise(values, "goalposts", low=[low], high=[high])[:, 0]
        np.testing.assert_allclose(found, expected[name], rtol=1e-8, atol=1e-8)
    found = normalise(down, "distance_to_target", target=[-3.0], cap=True)[:, 0]
    np.testing.assert_allclose(found, expected["dist2targ_neg_3"], rtol=1e-8, atol=1e-10)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("variant", "method", "options"),
    [
        ("a_amean", "arithmetic", {}),
        ("a_gmean", "geometric", {}),
        ("a_hmean", "harmonic", {}),
        ("a_genmean", "generalised", {"exponent": -0.5}),
    ],
)
def test_aggregations_equal_the_peers(
    variant: str,
    method: str,
    options: dict[str, float],
    treated: np.ndarray,
    coinr: Reader,
    asem_tree: IndexTree,
) -> None:
    expected = coinr("expected_aggregate_variants").query("variant == @variant").sort_values("uCode")
    made = compose(
        treated, asem_tree,
        Settings(
            normalisation_options={"lower": 1.0}, aggregation=method, aggregation_options=options
        ),
    )  # fmt: skip
    for code in asem_tree.codes[asem_tree.size :]:
        np.testing.assert_allclose(made.score(code), expected[code], rtol=1e-8)
    np.testing.assert_array_equal(rankdata(-made.index, method="min"), expected["rank_Index"])


@pytest.mark.oracle
def test_the_whole_example_equals_the_peers_from_raw_to_ranks(
    stage: Stage, coinr: Reader, countries: pd.DataFrame, denominated: np.ndarray, asem_tree: IndexTree
) -> None:
    groups = tuple(countries["EurAsia_group"])
    chosen = Settings(available=0.75, imputation="group_mean", groups=groups, outliers=Outliers())
    made = compose(denominated, asem_tree, chosen)
    np.testing.assert_allclose(made.normalised, stage("Normalised"), rtol=1e-8, atol=1e-8)
    expected = coinr("expected_example_coin_Aggregated").sort_values("uCode")
    for code in asem_tree.codes:
        np.testing.assert_allclose(made.score(code), expected[code], rtol=1e-8, atol=1e-8)
    results = coinr("expected_results_table").sort_values("uCode")
    np.testing.assert_allclose(made.index, results["Index"], atol=0.005 + 1e-9)
    np.testing.assert_array_equal(rankdata(-made.index, method="min"), results["Rank"])


@pytest.mark.oracle
def test_ranks_without_one_part_move_as_the_peers_do(
    treated: np.ndarray, coinr: Reader, asem_tree: IndexTree
) -> None:
    made = compose(treated, asem_tree)
    before = rankdata(-made.index, method="min")
    expected = coinr("expected_remove_elements").set_index("removed")["mean_abs_rank_diff"]
    for removed, moved in expected.drop("Nominal").items():
        after = rankdata(-made.with_tree(asem_tree.without(str(removed))).index, method="min")
        assert np.abs(after - before).mean() == pytest.approx(moved, rel=1e-8)


# What holds of any index.

TREE = build_tree(
    ["a", "b", "c", "d", "first", "second", "index"],
    ["first", "first", "second", "second", "index", "index", None],
    [1, 2, 3, 1, 2, 1, 1],
    [1, -1, 1, 1],
)
VALUES = arrays(float, (6, 4), elements=st.floats(1, 99).map(lambda value: round(value, 3)))
BOUNDS = Settings(
    normalisation="goalposts",
    normalisation_options={"low": [0, -100, 0, 0], "high": [100, 0, 100, 100], "scale": (1.0, 100.0)},
)
MEANS = st.sampled_from(["arithmetic", "geometric", "harmonic", "generalised"])


@given(VALUES, MEANS)
def test_a_mean_lies_between_its_parts(values: np.ndarray, method: str) -> None:
    made = compose(values, TREE, replace(BOUNDS, aggregation=method))
    low, high = made.normalised.min(axis=1), made.normalised.max(axis=1)
    assert np.all((low - 1e-9 <= made.index) & (made.index <= high + 1e-9))


@given(VALUES, MEANS)
def test_turning_an_indicator_round_and_its_direction_changes_nothing(
    values: np.ndarray, method: str
) -> None:
    turned = values.copy()
    turned[:, 0] = 100 - values[:, 0]
    directions = TREE.directions * [-1, 1, 1, 1]
    mirrored = replace(
        BOUNDS, aggregation=method,
        normalisation_options={**BOUNDS.normalisation_options, "low": [-100, -100, 0, 0],
                               "high": [0, 0, 100, 100]},
    )  # fmt: skip
    made = compose(values, TREE, replace(BOUNDS, aggregation=method))
    other = compose(turned, replace(TREE, directions=directions), mirrored)
    np.testing.assert_allclose(made.index, other.index, rtol=1e-9)


@given(VALUES)
def test_all_directions_turned_mirror_the_index(values: np.ndarray) -> None:
    made = compose(values, TREE)
    turned = compose(values, replace(TREE, directions=-TREE.directions))
    alike = np.isnan(made.normalised).any(axis=0)
    if not alike.any():
        np.testing.assert_allclose(made.index + turned.index, 100.0, rtol=1e-9)


@given(VALUES, MEANS, st.floats(0.01, 1000))
def test_only_proportions_of_weights_matter(values: np.ndarray, method: str, factor: float) -> None:
    chosen = replace(BOUNDS, aggregation=method)
    scaled = replace(TREE, weights=TREE.weights * factor)
    np.testing.assert_allclose(compose(values, TREE, chosen).scores, compose(values, scaled, chosen).scores)


@given(VALUES, MEANS)
def test_weights_of_what_is_missing_go_to_the_siblings(values: np.ndarray, method: str) -> None:
    values[0, 1] = np.nan
    chosen = replace(BOUNDS, aggregation=method)
    made, without = compose(values, TREE, chosen), compose(values, TREE, chosen).with_tree(TREE.without("b"))
    assert made.index[0] == pytest.approx(without.index[0], rel=1e-9)


@settings(max_examples=20)
@given(VALUES, MEANS)
def test_the_whole_equals_its_steps(values: np.ndarray, method: str) -> None:
    chosen = replace(BOUNDS, aggregation=method)
    made = compose(values, TREE, chosen)
    by_hand = normalise(values * TREE.directions, "goalposts", **BOUNDS.normalisation_options)
    first = aggregate(by_hand[:, :2], [1, 2], method)
    second = aggregate(by_hand[:, 2:], [3, 1], method)
    index = aggregate(np.column_stack([first, second]), [2, 1], method)
    np.testing.assert_allclose(made.index, index, rtol=1e-12)
    np.testing.assert_allclose(
        aggregate_tree(np.stack([by_hand] * 3), TREE, chosen)[2], made.scores, rtol=1e-12
    )


def test_units_and_nodes_without_enough_are_not_scored() -> None:
    values = np.array([[50.0, 50, 50, 50], [50, np.nan, np.nan, np.nan], [50, 50, np.nan, 50]])
    made = compose(values, TREE, replace(BOUNDS, available=0.5, node_available=0.5))
    assert np.isfinite(made.index[0]) and np.isnan(made.index[1])
    assert np.isnan(made.score("second")[2]) and np.isfinite(made.score("index")[2])


def test_a_unit_that_is_screened_out_is_not_filled() -> None:
    values = np.array([[50.0, 50, 50, 50], [50, np.nan, np.nan, np.nan], [40, 50, 60, 50]])
    made = compose(values, TREE, replace(BOUNDS, available=0.5, imputation="mean"))
    assert np.isnan(made.scores[1]).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [(np.ones((3, 5)), "4 indicators"), (np.full((3, 4), np.inf), "finite")],
)
def test_values_that_do_not_fit_are_refused(values: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compose(values, TREE)


def test_alternatives_start_from_the_raw_values() -> None:
    values = np.random.default_rng(1).uniform(1, 99, (6, 4))
    made = compose(values, TREE, BOUNDS)
    other = made.with_settings(aggregation="geometric")
    np.testing.assert_array_equal(other.raw, values)
    assert np.all(other.index <= made.index + 1e-12)
    np.testing.assert_array_equal(other.with_settings(aggregation="arithmetic").scores, made.scores)
