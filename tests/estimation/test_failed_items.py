"""Failed items, their severity and their pairs, on batches that are counted by hand."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from qstats.estimation import Scope
from qstats.estimation.failed_items import (
    count_failed_items,
    estimate_failed_items,
    estimate_severities,
)
from qstats.estimation.item_pairs import estimate_item_pairs
from qstats.methods.binomial_intervals import clopper_pearson_interval, korn_graubard_interval
from qstats.periods import Period
from qstats.schemas import INSPECTIONS

Q1, Q2 = Period.parse("2015Q1"), Period.parse("2015Q2")
SCOPE = Scope(level="municipal")
SEVERITY = {"lead": "A", "moisture": "B", "label": "C"}


def batches(outcomes: str, *, classes: str = "", makers: str = "") -> pl.DataFrame:
    """Batches b0, b1 … of the first quarter: ``f`` failed, ``p`` passed, each of an enterprise of its own."""
    rows = [
        {
            "batch_id": f"b{number}", "sampled_on": date(2015, 1, 5), "programme": "routine",
            "level": "municipal", "outcome": "fail" if letter == "f" else "pass",
            "product_class": classes[number] if classes else "food",
            "enterprise_id": makers[number] if makers else f"e{number}",
        }
        for number, letter in enumerate(outcomes)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INSPECTIONS)


def items(*failed: str) -> pl.DataFrame:
    """Items in which batches failed, written ``b0:lead``; ``b0:lead:C`` where the supplier states a class."""
    rows = [(part + ":").split(":")[:3] for part in failed]
    return pl.DataFrame(
        [(batch, item, "fail", stated or None) for batch, item, stated in rows],
        schema={"batch_id": pl.String, "item": pl.String, "verdict": pl.String, "severity": pl.String},
        orient="row",
    )


def test_shares_of_failed_and_of_all_batches() -> None:
    listed = items("b0:lead", "b1:lead", "b1:moisture", "b1:moisture", "b9:lead")
    found = estimate_failed_items(batches("ffffpppppp"), listed, Q1, SCOPE, SEVERITY).set_index("item")
    assert found["batches"].to_dict() == {"lead": 2, "moisture": 1}
    assert found["share"].to_dict() == {"lead": 0.5, "moisture": 0.25}
    assert found["share_of_all"].to_dict() == {"lead": 0.2, "moisture": 0.1}
    assert found["severity"].to_dict() == {"lead": "A", "moisture": "B"}
    lower, upper = clopper_pearson_interval(2, 4)
    assert found.loc["lead", ["lower", "upper"]].tolist() == pytest.approx([float(lower), float(upper)])
    lower, upper = clopper_pearson_interval(2, 10)
    assert found.loc["lead", ["lower_of_all", "upper_of_all"]].tolist() == pytest.approx(
        [float(lower), float(upper)]
    )
    assert (found["failed_batches"].iloc[0], found["n"].iloc[0]) == (4, 10)


def test_failed_batches_of_one_enterprise_count_as_alike() -> None:
    """Four failed batches, three of one maker: 16 / (9 + 1) = 1.6 effective ones."""
    found = estimate_failed_items(batches("ffff", makers="aaab"), items("b0:lead"), Q1, SCOPE, SEVERITY)
    assert found["effective_n"].tolist() == pytest.approx([1.6])
    lower, upper = korn_graubard_interval(0.25, 1.6)
    assert found[["lower", "upper"]].to_numpy().ravel() == pytest.approx([float(lower), float(upper)])


def test_each_failed_batch_has_its_gravest_class() -> None:
    listed = items("b0:lead", "b0:label", "b1:label", "b2:taste", "b3:taste", "b3:moisture", "b4:taste:A")
    found = estimate_severities(batches("ffffffp"), listed, Q1, SCOPE, SEVERITY).set_index("severity")
    assert found["batches"].to_dict() == {"A": 2, "B": 1, "C": 1, "unknown": 1, "no_item": 1}
    assert found["share"].sum() == pytest.approx(1)
    assert (found["lower"] <= found["share"]).all()
    assert (found["share"] <= found["upper"]).all()


def test_a_period_without_failures_has_empty_tables() -> None:
    assert estimate_failed_items(batches("ppp"), items(), Q1, SCOPE, SEVERITY).empty
    assert estimate_failed_items(batches("fff"), items("b0:lead"), Q2, SCOPE, SEVERITY).empty
    nothing = estimate_severities(batches("ppp"), items(), Q1, SCOPE, SEVERITY)
    assert nothing["batches"].sum() == 0
    assert (nothing["upper"] == 1).all()


def test_counts_agree_with_estimates() -> None:
    listed = items("b0:lead", "b1:lead", "b1:moisture")
    counted = count_failed_items(batches("fffp"), listed, Q1, SCOPE)
    estimated = estimate_failed_items(batches("fffp"), listed, Q1, SCOPE, SEVERITY)
    assert counted["item"].tolist() == estimated["item"].tolist()
    assert counted["share"].tolist() == estimated["share"].tolist()


def _pairs(together: int, apart: int, classes: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    """So many batches that fail in lead and moisture, then as many in lead, in moisture, in taste alone."""
    both = [f"b{n}:{item}" for n in range(together) for item in ("lead", "moisture")]
    alone = [
        f"b{together + n}:{item}"
        for n, item in enumerate(["lead"] * apart + ["moisture"] * apart + ["taste"] * apart)
    ]
    return batches("f" * (together + 3 * apart), classes=classes), items(*both, *alone)


def test_items_that_fail_together_are_found() -> None:
    """Eight of 17 batches fail in both, expected 11 · 11 / 17."""
    found = estimate_item_pairs(*_pairs(8, 3), [Q1], SCOPE)
    assert found[["item", "other_item", "batches"]].to_numpy().tolist() == [["lead", "moisture", 8]]
    assert found["expected"].iloc[0] == pytest.approx(11 * 11 / 17)
    assert found["pairs_tested"].iloc[0] == 3
    assert found["p_adjusted"].iloc[0] >= found["p_value"].iloc[0]


def test_a_pair_must_be_frequent_enough() -> None:
    assert estimate_item_pairs(*_pairs(2, 3), [Q1], SCOPE).empty
    assert len(estimate_item_pairs(*_pairs(2, 3), [Q1], SCOPE, fewest=2)) == 1


def test_items_of_one_class_are_no_pair_for_that_alone() -> None:
    """In a class where each batch fails in both, nothing else was possible."""
    found = estimate_item_pairs(*_pairs(6, 4, classes="x" * 6 + "y" * 12), [Q1], SCOPE)
    assert found["p_value"].iloc[0] > 0.9
    assert found["ratio"].iloc[0] < 1.0


def test_example_of_the_methods(project: Path) -> None:
    """One enterprise with two of 23 failed batches: 529 / 25 effective ones."""
    lower, upper = korn_graubard_interval(5 / 23, 23**2 / 25)
    text = (project / "docs" / "methods.md").read_text(encoding="utf-8")
    assert (
        f"effective number is {23**2 / 25:.1f}; the interval is {100 * lower:.1f}% to {100 * upper:.1f}%"
        in text
    )


def test_a_share_of_all_batches_needs_sources_that_carry_a_rate() -> None:
    listed = batches("ffpp").with_columns(refused_source=pl.Series([None, None, None, "x"], dtype=pl.String))
    found = estimate_failed_items(listed, items("b0:lead"), Q1, SCOPE, SEVERITY).iloc[0]
    assert found["share"] == 0.5
    assert found[["share_of_all", "lower_of_all", "upper_of_all"]].isna().all()
