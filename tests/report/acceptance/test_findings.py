"""Findings of the chapter. Oracle: counting by hand; R 4.2.2 ``binom.test``; chi-squared of scipy."""

import json

import pytest
from scipy.stats import chi2

from qstats.report import acceptance
from qstats.report.acceptance import Assessment


def test_findings_tell_counts_from_what_they_demonstrate(case: Assessment) -> None:
    findings = acceptance.list_findings(case)
    keys = [one.key for one in findings]
    assert len(keys) == len(set(keys))
    for one in findings:
        if one.basis == "census":
            assert one.lower is one.upper is None, one.key
        elif one.status == "stated":
            assert one.lower is not None and one.confidence, one.key
        assert one.status == "stated" or one.reason
    assert (
        "Infinity" not in (text := json.dumps([one.as_dict() for one in findings], default=str))
        and "NaN" not in text
    )


def test_findings_of_the_usual_year(usual: Assessment) -> None:
    found = {one.key: one for one in acceptance.list_findings(usual)}
    rate, process = (found[f"acceptance.first_time_{name}.large_medium"] for name in ("rate", "process"))
    assert (rate.basis, rate.estimate, rate.n, rate.method) == ("census", 1.0, 40, "count")
    assert (process.basis, process.lower, process.upper) == ("sample", pytest.approx(0.9278424755), 1.0)
    complaints, level = (found[f"acceptance.complaint_{name}.city"] for name in ("rate", "process"))
    assert complaints.estimate == level.estimate == pytest.approx(3.6) and complaints.unit == "rate_per_1000"
    assert level.lower == pytest.approx(chi2.ppf(0.025, 144) / 40) and level.changes[
        0
    ].estimate == pytest.approx(-1 / 7)
    assert found["acceptance.rectification_time"].estimate == 34


def test_what_cannot_be_stated_is_a_finding_too(nothing: Assessment, uncounted: Assessment) -> None:
    assert {one.status for one in acceptance.list_findings(nothing)} == {"no_data"}
    found = {one.key: one for one in acceptance.list_findings(uncounted)}
    assert found["acceptance.complaint_rate.city"].status == "refused"


def test_a_rise_from_none_has_no_relative_change(assess, works) -> None:
    rows = [("projects", year, None, 400) for year in (2013, 2014, 2015)]
    complaints = works.make_complaints({2013: [0, 1, 0, 1], 2015: [0, 2, 0, 1]})
    assessed = assess(
        complaints=complaints, denominators=works.make_denominators(*rows), denominator="projects"
    )
    found = {one.key: one for one in acceptance.list_findings(assessed)}["acceptance.complaint_rate.city"]
    assert (found.estimate, found.changes) == (0.75, ())
