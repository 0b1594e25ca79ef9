"""Oracle: the contract of findings."""

import pytest

from qstats.report.findings import Change, Finding

LABEL = {"zh": "合格率", "en": "pass rate"}
BASE = {"key": "k", "label": LABEL, "basis": "sample", "unit": "proportion"}


def test_a_stated_finding_needs_an_estimate():
    with pytest.raises(ValueError, match="without an estimate"):
        Finding(**BASE, status="stated")


def test_what_is_not_stated_needs_a_reason_and_no_estimate():
    with pytest.raises(ValueError, match="needs a reason"):
        Finding(**BASE, status="refused")
    with pytest.raises(ValueError, match="no estimate"):
        Finding(**BASE, status="refused", reason=LABEL, estimate=0.9)


def test_the_plain_form_has_the_fields_of_the_contract():
    change = Change(against="2014Q4", basis="last_year", status="stated", estimate=0.1, lower=0.05, upper=0.2)
    plain = Finding(**BASE, status="stated", estimate=0.9, changes=(change,)).as_dict()
    assert set(plain) >= {
        "key", "label", "status", "basis", "reason", "estimate", "lower", "upper", "confidence", "n", "unit",
        "change", "method", "table", "sources", "release",
    }  # fmt: skip
    assert plain["change"]["against"] == "2014Q4"
    assert plain["sources"] == []


@pytest.mark.parametrize(
    ("lower", "upper", "clear"), [(0.1, 0.2, True), (-0.2, -0.1, True), (-0.1, 0.1, False), (0, 0.1, False)]
)
def test_a_change_is_clear_when_its_interval_excludes_zero(lower, upper, clear):
    change = Change(
        against="x", basis="previous", status="stated", estimate=(lower + upper) / 2, lower=lower, upper=upper
    )
    assert change.clear is clear
