"""Scores, standing and changes of a small index. Oracle: hand calculation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, t

from qstats.competitiveness import (
    IndexRules,
    Inputs,
    compare_scores,
    contribute,
    examine_choices,
    examine_consistency,
    explain_change,
    limits_at,
    rank_units,
    score_units,
)
from qstats.errors import QstatsError
from qstats.methods.binomial_intervals import korn_graubard_interval

RULES = IndexRules(available=0.6, node_available=0.5)
UNITS = ("A", "B", "C", "D")


def test_scores_by_hand(inputs: Inputs) -> None:
    table = score_units(inputs, ["2015"], ["", "D"], RULES, bands="five_bands_2011").set_index(
        ["unit", "code"]
    )
    # Rate 0.96 of 0.8-1: 80 % of the scale, 92; complaints 2 of 10-0: 80 %, 92; score 80 of 60-100: 80.
    assert table.loc[("", "product"), "estimate"] == pytest.approx(92)
    assert table.loc[("", "service"), "estimate"] == pytest.approx(80)
    assert table.loc[("", "index"), "estimate"] == pytest.approx(86)
    assert table.loc[("", "index"), "band"] == {"zh": "中等竞争力", "en": "moderately competitive"}
    # D has no part "service": no index, yet a score of its products from what is there.
    assert table.loc[("D", "index"), "status"] == "refused" and np.isnan(
        table.loc[("D", "index"), "estimate"]
    )
    assert table.loc[("D", "index"), "missing"] == "complaints,score"
    assert table.loc[("D", "service"), "status"] == "no_data"
    assert table.loc[("D", "product"), "estimate"] == pytest.approx(90)


def test_limits_of_a_score_by_hand(inputs: Inputs) -> None:
    row = score_units(inputs, ["2015"], [""], RULES).set_index("code").loc["index"]
    low, high = korn_graubard_interval(0.96, 100)
    events = chi2.ppf(0.025, 20) / 2 / 5, chi2.ppf(0.975, 22) / 2 / 5
    half = t.ppf(0.975, 40) * 1.5
    down = [(0.96 - low) * 200 / 3, (events[1] - 2) * 4 / 6, half / 2]
    up = [(high - 0.96) * 200 / 3, (2 - events[0]) * 4 / 6, half / 2]
    assert row["lower"] == pytest.approx(86 - np.sqrt(np.square(down).sum()), rel=1e-9)
    assert row["upper"] == pytest.approx(86 + np.sqrt(np.square(up).sum()), rel=1e-9)


def test_units_far_apart_are_told_apart_and_others_not(
    inputs: Inputs, measure: Callable[..., Inputs]
) -> None:
    standing = rank_units(inputs, "2015", UNITS, RULES)
    table = standing.table.set_index("unit")
    assert list(table.index) == ["A", "B", "C"] and standing.left_out == ("D",)
    assert table.loc["A", "rank_high"] < 3 and table.loc["C", "rank_low"] > 1
    assert standing.are_told_apart
    near = measure({("2015", "A"): (0.96, 2.0, 80.0), ("2015", "B"): (0.95, 2.2, 79.0)})
    alike = rank_units(near, "2015", ["A", "B"], RULES)
    assert not alike.are_told_apart and set(alike.table["group"]) == {"a"}


def test_changes_use_what_both_years_have(inputs: Inputs) -> None:
    table = compare_scores(inputs, "2015", "2014", ["", *UNITS], RULES).set_index("unit")
    assert table.loc["", "change"] == pytest.approx(86 - (2 * 88 + 88) / 3 / 2 - 78 / 2)
    assert table.loc["", "verdict"] == "no_clear_change"
    assert table.loc["A", "verdict"] == "rise" and table.loc["C", "change"] == 0
    assert table.loc["B", "verdict"] == table.loc["D", "verdict"] == "cannot_be_stated"
    assert table.loc["B", "n"] == 2


def test_contributions_add_up_to_score_and_change(inputs: Inputs) -> None:
    parts = contribute(inputs, "2015", ["", "A"], RULES)
    scores = score_units(inputs, ["2015"], ["", "A"], RULES).query("code == 'index'")
    np.testing.assert_allclose(parts.groupby("unit")["points"].sum(), scores["estimate"])
    np.testing.assert_allclose(parts.groupby("unit")[["points", "lost"]].sum().sum(axis=1), 100)
    moved = explain_change(inputs, "2015", "2014", [""], RULES)
    change = compare_scores(inputs, "2015", "2014", [""], RULES)["change"].iloc[0]
    assert moved["points"].sum() == pytest.approx(change)


def test_laws_at_any_level(inputs: Inputs) -> None:
    rows = inputs.rows("2015", ["A", "D"])
    for level in (0.8, 0.95, 0.999):
        low, high = limits_at(rows, level)
        known = rows["estimate"].notna()
        assert np.all(low[known] <= rows["estimate"][known]) and np.all(
            rows["estimate"][known] <= high[known]
        )
        assert np.isnan(low[~known]).all()
    register = rows.assign(law="count")
    np.testing.assert_array_equal(*limits_at(register, 0.95))
    with pytest.raises(QstatsError, match="'guess'; known are proportion"):
        limits_at(rows.assign(law="guess"), 0.95)


def test_an_indicator_that_stands_twice_is_refused(inputs: Inputs) -> None:
    twice = Inputs(inputs.definition, pd.concat([inputs.table, inputs.table.head(1)]))
    with pytest.raises(QstatsError, match="'rate' of the city stands twice in 2015"):
        twice.estimates("2015", [""])


def test_choices_need_some_units(inputs: Inputs, measure: Callable[..., Inputs]) -> None:
    assert examine_choices(inputs, "2015", UNITS, RULES) is None
    assert examine_consistency(inputs, "2015", UNITS, RULES) == []
    generator = np.random.default_rng(5)
    codes = list("EFGHIJ")
    many = measure(
        {("2015", code): (generator.uniform(0.85, 1), generator.uniform(1, 8), generator.uniform(65, 95))
         for code in codes}
    )  # fmt: skip
    found = examine_choices(many, "2015", codes, RULES, draws=300, base=64, seed=1)
    assert found is not None and set(found.units) == set(codes)
    scores = score_units(many, ["2015"], list(found.units), RULES).query("code == 'index'")["estimate"]
    assert scores.is_monotonic_decreasing
    np.testing.assert_array_equal(found.ranges.chosen, range(1, 7))
    assert set(found.without["code"]) == {"rate", "complaints", "product", "service"}
    assert np.all(found.compensated >= 0)
    assert [node.node for node in examine_consistency(many, "2015", codes, RULES)] == ["product", "index"]
