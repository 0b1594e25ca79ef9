"""The one list of rules."""

from qstats.cleaning.rules import COSMETIC, RULES
from qstats.codebook import labels


def test_every_rule_has_a_label_and_every_label_a_rule() -> None:
    assert set(RULES) == set(labels("rule"))


def test_actions_are_those_of_the_contract() -> None:
    assert {rule.action for rule in RULES.values()} == set(labels("action"))


def test_cosmetic_rules_never_drop_a_value_that_means_something() -> None:
    assert {RULES[rule].action for rule in COSMETIC} <= {"changed", "blanked", "dropped", "flagged"}
    assert not any(
        rule.startswith(("code.", "date.impossible", "outcome.unknown", "batch.")) for rule in COSMETIC
    )
