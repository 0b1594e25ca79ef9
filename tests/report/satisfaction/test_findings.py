"""Findings of the chapter. Oracle: the rows of the assessment, one finding per figure with unit and n."""

from collections.abc import Callable

import pytest

from qstats import satisfaction as assess
from qstats.codebook import Text
from qstats.report.satisfaction import Assessment, list_findings

KINDS = (("index", "points", "model"), ("score", "points", "sample"), ("share", "proportion", "sample"))
MEASURED = tuple(f"satisfaction.{measure}." for measure, *_ in KINDS)


def test_a_finding_for_each_measure_and_group(usual: Assessment) -> None:
    findings = {one.key: one for one in list_findings(usual)}
    assert len(findings) == len(list_findings(usual))
    assert sum(one.startswith(MEASURED) for one in findings) == (2 + 4 + 2) * 3
    for measure, unit, basis in KINDS:
        row = usual.measure("sector", measure).set_index("sector").loc["consumer"]
        one = findings[f"satisfaction.{measure}.consumer"]
        assert (one.unit, one.basis, one.status, one.n) == (unit, basis, "stated", row["n"])
        assert [one.estimate, one.lower, one.upper] == row[["estimate", "lower", "upper"]].tolist()
        (change,) = one.changes
        assert change.against == "2014"
        expected = row[["change", "change_lower", "change_upper"]].tolist()
        assert [change.estimate, change.lower, change.upper] == expected
    assert "satisfaction.score.industry.bank" in findings and "satisfaction.index.county.371502" in findings


def test_shares_lie_on_0_to_1_and_points_on_0_to_100(case: Assessment) -> None:
    for one in list_findings(case):
        if one.status == "stated":
            assert one.estimate is not None and one.lower is not None and one.upper is not None
            assert one.lower <= one.estimate <= one.upper
            if one.key.startswith(MEASURED):  # not a difference or an effect
                assert one.lower >= 0 and one.upper <= (1 if one.unit == "proportion" else 100)
            assert one.method and one.n and one.n >= 30


def test_drivers_and_ways_of_asking_are_findings_too(usual: Assessment) -> None:
    keys = [one.key for one in list_findings(usual)]
    drivers = assess.map_importance(usual.index, usual.survey)["latent"]
    modes = assess.estimate_mode_effects(usual.now, usual.survey).dropna(subset="adjusted")["mode"]
    assert set(keys) > {f"satisfaction.importance.{one}" for one in drivers}
    assert set(keys) > {f"satisfaction.mode_effect.{one}" for one in modes} != set()


def test_what_is_not_stated_has_its_reason(case: Assessment, read_well: Callable[[Text], None]) -> None:
    for one in list_findings(case):
        read_well(one.label)
        if one.status != "stated":
            assert one.estimate is None and one.reason is not None
            read_well(one.reason)
        for change in one.changes:
            if change.status != "stated":
                assert change.estimate is None and change.reason is not None
                read_well(change.reason)


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [
        ("silent_sector", "satisfaction.score.consumer", "cannot_be_stated"),
        ("silent_sector", "satisfaction.index.consumer", "cannot_be_stated"),
        ("silent_sector", "satisfaction.share.producer", "stated"),
        ("turned", "satisfaction.index.producer", "refused"),
        ("turned", "satisfaction.score.producer", "stated"),
        ("nothing", "satisfaction.score.all", "no_data"),
    ],
)
def test_status(request: pytest.FixtureRequest, name: str, key: str, status: str) -> None:
    findings = {one.key: one.status for one in list_findings(request.getfixturevalue(name))}
    assert findings[key] == status


def test_indices_that_are_not_comparable_have_no_change(not_invariant: Assessment) -> None:
    findings = {one.key: one for one in list_findings(not_invariant)}
    (change,) = findings["satisfaction.index.producer"].changes
    assert change.status != "stated" and change.estimate is None
    (change,) = findings["satisfaction.score.producer"].changes
    assert change.status == "stated"


def test_one_wave_has_no_changes(one_wave: Assessment) -> None:
    assert all(not one.changes for one in list_findings(one_wave))
