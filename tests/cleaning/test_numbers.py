"""Amounts in yuan."""

import pytest

from qstats.cleaning.numbers import amount_rule


@pytest.mark.parametrize(
    ("text", "unit", "value", "rule"),
    [
        ("35.5", "万元", 355_000.0, None),
        ("35.5", None, 35.5, None),
        ("35.5万元", "万元", 355_000.0, "number.unit"),
        ("1.2亿元", "万元", 120_000_000.0, "number.unit"),
        ("800元", "万元", 800.0, "number.unit"),
        ("1.5百万元", "万元", 1_500_000.0, "number.unit"),
        ("1.5", "百万元", 1_500_000.0, None),
        ("3千元", None, 3_000.0, "number.unit"),
        ("1,234,567.89", "元", 1_234_567.89, None),
        ("1，234", "元", 1_234.0, None),
        ("0", "万元", 0.0, None),
        ("1.5E+03", "元", 1_500.0, None),
        ("约三十万", "万元", None, "number.unreadable"),
        ("-5", "万元", None, "number.unreadable"),
        ("12-15", "万元", None, "number.unreadable"),
        ("12,5", "万元", None, "number.unreadable"),
        ("1,234,5", "元", None, "number.unreadable"),
        ("1e400", "元", None, "number.unreadable"),
        ("5万台", None, None, "number.unreadable"),
    ],
)
def test_amount(text: str, unit: str | None, value: float | None, rule: str | None) -> None:
    cleaned = amount_rule(unit)(text)
    assert (float(cleaned.value) if cleaned.value else None) == value
    assert [hit.rule for hit in cleaned.hits] == ([rule] if rule else [])
