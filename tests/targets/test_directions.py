"""Targets without a number. Oracle: verdicts by hand; two slight falls are one case in four."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from qstats.target_registry import find_target
from qstats.targets import (
    in_published_unit,
    judge_fall,
    judge_milestone,
    judge_relative,
    judge_rise,
    without_indicator,
)

END_2015 = date(2015, 12, 31)


def rates(*counts: int, exposure: float = 20_000, status: str = "stated") -> pd.DataFrame:
    first = 2016 - len(counts)
    return pd.DataFrame(
        [
            {"year": first + at, "n": n, "exposure": exposure, "status": status}
            | {"estimate": 1000 * n / exposure}
            for at, n in enumerate(counts)
        ]
    )  # fmt: skip


def test_a_fall_in_every_year_is_met_and_its_certainty_stands_apart() -> None:
    clear = judge_fall(find_target("T24"), rates(200, 120, 60), "fell_each_year_clearly", 1.0)
    slight = judge_fall(find_target("T24"), rates(100, 98, 96), "fell_each_year", 1.0)
    assert clear.status == slight.status == "met" and clear.reading == "reported_value"
    assert clear.probability_true > 0.99 and slight.probability_true == pytest.approx(0.25, abs=0.06)
    assert clear.period == "2015" and clear.recent_pace == pytest.approx(-3.0)
    scattered = judge_fall(find_target("T24"), rates(200, 120, 60), "fell_each_year_clearly", 8.0)
    assert scattered.probability_true < clear.probability_true


@pytest.mark.parametrize(
    ("verdict", "status"), [("did_not_fall_each_year", "missed"), ("cannot_be_stated", "cannot_be_stated")]
)
def test_verdicts_are_those_of_the_steps(verdict: str, status: str) -> None:
    assert judge_fall(find_target("T24"), rates(90, 100), verdict, 1.0).status == status


def test_complaints_without_a_denominator_give_no_rate() -> None:
    found = judge_fall(find_target("T24"), rates(90, 80, status="refused"), "cannot_be_stated", 1.0)
    assert (found.status, found.reason) == ("no_data", "no_denominator")
    assert judge_fall(find_target("T24"), rates().reindex(columns=["year"]), "x", 1.0).status == "no_data"


def test_advanced_is_refused_without_the_same_basis(books) -> None:
    brands = books.make_entries("provincial_brand_product", [date(2014, 1, 1)] * 90).to_pandas()
    declared = books.make_denominators(("above_scale_enterprises", 2014, 2600)).to_pandas()
    nothing = books.make_series().to_pandas()
    ratio = judge_relative(find_target("T02"), brands, declared, nothing, END_2015)
    assert (ratio.status, ratio.reason, ratio.value) == ("refused", "no_same_basis", 90 / 2600)
    for code, reason in (("T01", "no_same_basis"), ("T03", "no_same_basis"), ("T39", "no_indicator")):
        found = judge_relative(find_target(code), brands, declared, nothing, END_2015)
        assert (found.status, found.reason, found.has_value) == ("refused", reason, False)


def test_above_the_mean_is_not_advanced(books) -> None:
    """94.5 % and 84.3 % of another series are not compared; 92.5 % on the same basis give +2.0."""
    day = date(2013, 12, 31)
    ours, other, peer = (
        (name, day, value, None, None)
        for name, value in (
            ("liaocheng_key_products", 0.945), ("shandong_provincial_supervision", 0.843),
            ("shandong_key_products", 0.925),
        )
    )  # fmt: skip
    none = books.make_denominators().to_pandas()
    entries = books.make_entries("benchmark", []).to_pandas()
    apart, beside = (
        judge_relative(find_target("T01"), entries, none, books.make_series(*rows).to_pandas(), END_2015)
        for rows in ((ours, other), (ours, peer))
    )
    assert (apart.status, apart.value, np.isnan(apart.distance)) == ("refused", 0.945, True)
    assert (beside.status, beside.reason) == ("cannot_be_stated", "mean_only")
    assert beside.distance == pytest.approx(-0.02)


def test_a_milestone_is_met_by_its_own_entry_only(books) -> None:
    """Approval to build towards a title is not the title."""
    target = find_target("T31")
    step = books.make_entries(
        "milestone", [date(2015, 11, 30)], name="获批创建全国质量强市示范城市"
    ).to_pandas()
    title = books.make_entries("milestone", [date(2019, 3, 1)], name=target.phrase).to_pandas()
    assert judge_milestone(target, step, END_2015).reason == "not_over"
    assert judge_milestone(target, step, date(2020, 12, 31)).status == "missed"
    assert judge_milestone(target, title, END_2015).status == "cannot_be_stated"
    met = judge_milestone(target, title, date(2019, 6, 30))
    assert (met.status, met.day) == ("met", date(2019, 3, 1))
    assert judge_milestone(find_target("T36"), step, END_2015).reason == "not_recorded"
    assert judge_milestone(target, step.iloc[:0], END_2015).status == "no_data"


def test_a_clear_rise_has_its_interval_above_zero(books) -> None:
    def series(*rows):
        full = [("construction_satisfaction", day, events / n, n, events) for day, n, events in rows]
        return books.make_series(*full).to_pandas()

    first, last = date(2013, 12, 31), date(2015, 12, 1)
    rise, level, fall = (
        judge_rise(
            find_target("T32"), series((first, 400, before), (last, 400, now)), END_2015, confidence=0.95
        )
        for before, now in ((280, 330), (280, 284), (330, 280))
    )
    assert [one.status for one in (rise, level, fall)] == ["on_course", "at_risk", "off_course"]
    assert rise.value == 0.825 and rise.lower < 0.825 < rise.upper and rise.basis == "sample"
    one = judge_rise(find_target("T32"), series((last, 400, 330)), END_2015, confidence=0.95)
    assert (one.status, one.reason) == ("cannot_be_stated", "one_wave")
    unsized = [("construction_satisfaction", day, 0.7, None, None) for day in (first, last)]
    bare = books.make_series(*unsized).to_pandas()
    assert judge_rise(find_target("T32"), bare, END_2015, confidence=0.95).reason == "no_interval"
    assert judge_rise(find_target("T32"), bare.iloc[:0], END_2015, confidence=0.95).status == "no_data"


def test_a_share_satisfied_is_no_score_and_scores_have_no_interval_from_counts(books) -> None:
    """A score of 70 until 2013, shares since: the newest unit alone counts."""
    days = [date(year, 12, 1) for year in (2013, 2014, 2015)]
    table = books.make_series(
        *[("construction_satisfaction", day, 0.7, 400, 280) for day in days]
    ).to_pandas()
    scores = table.assign(unit="points", value=70.0)
    target = find_target("T32")
    assert in_published_unit(target, table, END_2015).unit == "proportion"
    assert in_published_unit(target, scores, END_2015).unit == "points"
    assert in_published_unit(target, table.iloc[:0], END_2015).unit == "points"
    found = judge_rise(target, scores, END_2015, confidence=0.95)
    assert (found.value, found.reason) == (70, "no_interval") and np.isnan(found.lower)
    mixed = pd.concat([scores.iloc[:1], table.iloc[1:]])
    assert len(judge_rise(target, mixed, END_2015, confidence=0.95).history) == 2


def test_a_figure_that_contradicts_its_counts_is_not_stated_beside_their_interval(books) -> None:
    days = [date(year, 12, 1) for year in (2014, 2015)]
    table = books.make_series(*[("construction_satisfaction", day, 0.0098, 1000, 980) for day in days])
    found = judge_rise(find_target("T32"), table.to_pandas(), END_2015, confidence=0.95)
    assert found.lower < found.value == 0.98 < found.upper


def test_without_an_indicator_nothing_is_measured() -> None:
    found = without_indicator(find_target("T37"))
    assert (found.status, found.reason) == ("refused", "no_indicator") and np.isnan(found.value)
