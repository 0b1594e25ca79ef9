"""Repeated failures and follow-up, on enterprises whose history is written out."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from qstats.estimation import RepeatedFailures, Scope
from qstats.estimation.enterprises import estimate_follow_up, find_repeated_failures, list_next_batches
from qstats.methods.repeated_failures import RepeatsByChance
from qstats.periods import Period
from qstats.schemas import INSPECTIONS

WINDOW = [Period.parse("2015Q1"), Period.parse("2015Q2")]
SCOPE = Scope(level="municipal", minimum_batches=2)
DAYS = {"1": date(2015, 1, 10), "2": date(2015, 2, 10), "4": date(2015, 4, 10), "8": date(2015, 8, 10)}


def histories(**enterprises: str) -> pl.DataFrame:
    """Histories such as ``a="1f 4p"``: failed in January, passed in April; ``4pF`` was a follow-up check."""
    rows = [
        {
            "batch_id": f"{name}{number}", "sampled_on": DAYS[batch[0]], "level": "municipal",
            "programme": "follow_up" if batch.endswith("F") else "routine", "enterprise_id": name,
            "enterprise_name": f"firm {name}", "product_name": f"thing {batch[0]}", "county_code": "371502",
            "outcome": "fail" if batch[1] == "f" else "pass",
        }
        for name, history in enterprises.items()
        for number, batch in enumerate(history.split())
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INSPECTIONS)


def _chance(found: RepeatedFailures) -> RepeatsByChance:
    assert found.chance is not None
    return found.chance


def test_repeaters_and_their_history() -> None:
    found = find_repeated_failures(
        histories(a="1f 2f 4p", b="1f 4p", c="1p", d="1f 2f 4f", e="1f 8f"), WINDOW, SCOPE
    )
    listed = found.enterprises
    assert listed[["enterprise_id", "batches", "failures"]].to_numpy().tolist() == [["d", 3, 3], ["a", 3, 2]]
    assert listed["last_failure"].dt.date.tolist() == [date(2015, 4, 10), date(2015, 2, 10)]
    assert listed["products"].tolist() == ["thing 1;thing 2;thing 4", "thing 1;thing 2"]
    assert (found.sampled, found.failed, found.batches, found.failures) == (5, 4, 10, 7)


def test_chance_is_that_of_the_rate_of_all() -> None:
    found = find_repeated_failures(histories(a="1f 2f", b="1p 2p", c="1p 2p", d="1f 2p"), WINDOW, SCOPE)
    assert _chance(found).expected == pytest.approx(4 * (3 / 8) ** 2)
    assert _chance(found).p_value == pytest.approx(binom.sf(0, 4, (3 / 8) ** 2))


def test_nobody_failed() -> None:
    found = find_repeated_failures(histories(a="1p", b="1p"), WINDOW, SCOPE)
    assert found.enterprises.empty
    assert (_chance(found).expected, found.failed) == (0, 0)
    again = estimate_follow_up(histories(a="1p"), WINDOW, SCOPE)
    assert again["reason"].tolist() == ["no_failure", "no_failure"]


def test_unknown_enterprises_are_nobodys_repeaters() -> None:
    unknown = histories(a="1f 2f").with_columns(enterprise_id=pl.lit(None, pl.String))
    assert find_repeated_failures(unknown, WINDOW, SCOPE).sampled == 0


def test_follow_up_counts_each_enterprise_once() -> None:
    """Of a, b, c, d that failed: b and c were checked, of which c passed; a, c and d were sampled again."""
    again = estimate_follow_up(
        histories(a="1f 4p", b="1f 2fF 4pF", c="1f 2pF 4f", d="2f 4f 1p", e="1p 4p", f="4f 8p"), WINDOW, SCOPE
    ).set_index("seen_by")
    assert again["failed"].tolist() == [5, 5]
    assert again[["seen", "passed", "not_seen"]].loc["follow_up"].tolist() == [2, 1, 3]
    assert again[["seen", "passed", "not_seen"]].loc["next_batch"].tolist() == [3, 1, 2]
    assert again["estimate"].tolist() == pytest.approx([1 / 2, 1 / 3])


def test_the_batches_behind_the_next_ones_are_first_failures_and_what_came_next() -> None:
    table = histories(a="1p 2f 2f 4p 4f", b="1f", c="1p 4p", d="1f 2p 4f 4pF", e="4f 8p")
    found = list_next_batches(table, WINDOW, SCOPE)
    assert sorted(found["batch_id"]) == ["a1", "a2", "a3", "a4", "d0", "d1"]
    seen = estimate_follow_up(table, WINDOW, SCOPE).set_index("seen_by").loc["next_batch", "seen"]
    assert found["enterprise_id"].n_unique() == seen == 2


def test_a_rate_of_few_is_not_stated() -> None:
    again = estimate_follow_up(histories(a="1f 4p", b="1f"), WINDOW, Scope(level="municipal"))
    assert again["status"].tolist() == ["no_data", "cannot_be_stated"]
    assert again["reason"].tolist() == ["not_seen", "too_few_seen"]
    assert np.isnan(again["estimate"]).all()
    assert again["seen"].tolist() == [0, 1]


def test_two_batches_of_the_next_day_must_both_pass() -> None:
    again = estimate_follow_up(histories(a="1f 4p 4f", b="1f 4p 4p"), WINDOW, SCOPE).set_index("seen_by")
    assert again.loc["next_batch", ["seen", "passed"]].tolist() == [2, 1]


def test_lists_of_failures_give_neither_chance_nor_rate() -> None:
    listed = histories(a="1f 2f 4p", b="1f 4p", c="1f 4f").with_columns(refused_source=pl.lit("x"))
    found = find_repeated_failures(listed, WINDOW, SCOPE)
    assert found.chance is None
    assert len(found.enterprises) == 2
    again = estimate_follow_up(listed, WINDOW, SCOPE).set_index("seen_by")
    assert (again.loc["next_batch", "status"], again.loc["next_batch", "reason"]) == (
        "refused",
        "source_barred",
    )
    assert np.isnan(again.loc["next_batch", "estimate"])
