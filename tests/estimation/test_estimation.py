"""Rates, changes and refusals on batches that are counted by hand."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest
from statsmodels.stats.proportion import proportion_confint

from qstats import estimation
from qstats.estimation import Scope, count_failed_items, estimate_changes, estimate_pass_rates
from qstats.periods import Period
from qstats.schemas import INSPECTIONS

Q1, Q2, Q3 = (Period.parse(f"2015Q{number}") for number in (1, 2, 3))
SCOPE = Scope(level="municipal")
SCHEMA = {**INSPECTIONS, "refused_source": pl.String(), "unlisted": pl.Int64()}


def _batches(number: int, failures: int, period: Period = Q1, **columns: object) -> pl.DataFrame:
    """So many batches sampled in the period, the first of them failing."""
    rows = [
        {
            "batch_id": f"{period}-{columns.get('county_code', '')}-{columns.get('level', '')}-{n}",
            "sampled_on": period.start + timedelta(days=n % 80),
            "programme": "routine",
            "level": "municipal",
            "county_code": "371502",
            "fate": "sampled",
            "enterprise_size": "small",
            "stage": "retail",
            "first_outcome": "fail" if n < failures else "pass",
            "outcome": "fail" if n < failures else "pass",
        }
        | columns
        for n in range(number)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _one(batches: pl.DataFrame, scope: Scope = SCOPE, period: Period = Q1) -> pd.Series:
    return estimate_pass_rates(batches, [period], scope).iloc[0]


def test_rate_with_its_interval() -> None:
    rate = _one(_batches(200, 9))
    effective = 199  # the Taylor variance divides by n - 1
    lower, upper = proportion_confint(0.955 * effective, effective, method="beta")
    assert (rate["n"], rate["passes"], rate["failures"], rate["status"], rate["reason"]) == (
        200,
        191,
        9,
        "stated",
        "",
    )
    assert (rate["estimate"], rate["lower"], rate["upper"]) == pytest.approx((0.955, lower, upper))
    assert rate["std_error"] == pytest.approx((0.955 * 0.045 / effective) ** 0.5)
    assert (rate["effective_n"], rate["enterprises"], rate["reliability"]) == (
        pytest.approx(effective),
        200,
        "reliable",
    )
    assert (rate["period"], rate["indicator"], rate["method"], rate["confidence"]) == (
        "2015Q1", "pass_rate", "korn_graubard", 0.95,
    )  # fmt: skip


def test_everything_passed_is_a_rate_too() -> None:
    rate = _one(_batches(40, 0))
    assert (rate["estimate"], rate["upper"], rate["status"]) == (1.0, 1.0, "stated")
    assert rate["lower"] < 1


@pytest.mark.parametrize(
    ("batches", "status", "reason"),
    [
        (_batches(0, 0), "no_data", "no_data"),
        (_batches(50, 2, Q2), "no_data", "no_data"),
        (_batches(29, 2), "cannot_be_stated", "too_few_batches"),
        (
            pl.concat([_batches(99, 2), _batches(1, 0, refused_source="x", county_code="1")]),
            "refused",
            "source_barred",
        ),
        (_batches(50, 2, sampled_on=None, announced_on=date(2015, 2, 1)), "refused", "no_sampling_date"),
        (
            _batches(50, 0, outcome=None, first_outcome=None, fate="pending"),
            "cannot_be_stated",
            "too_few_batches",
        ),
    ],
)
def test_what_cannot_be_supported_is_refused(batches: pl.DataFrame, status: str, reason: str) -> None:
    rate = _one(batches)
    assert (rate["status"], rate["reason"]) == (status, reason)
    assert np.isnan([rate["estimate"], rate["lower"], rate["upper"], rate["std_error"]]).all()


def test_barring_sources_are_named() -> None:
    parts = [_batches(40, 1), *(_batches(1, 0, refused_source=name, county_code=name) for name in "yxy")]
    assert _one(pl.concat(parts))["sources_barred"] == "x,y"


def test_a_single_undated_batch_is_not_in_the_way() -> None:
    undated = _batches(1, 1, sampled_on=None, announced_on=date(2015, 2, 1), county_code="x")
    rate = _one(pl.concat([_batches(39, 0), undated]))
    assert (rate["status"], rate["n"], rate["failures"], rate["undated"]) == ("stated", 40, 1, 1)


def test_sampled_batches_without_any_day_count_as_undated_where_they_may_belong() -> None:
    dated = _batches(60, 0, source_id="a")
    nowhere = _batches(10, 10, sampled_on=None, source_id="a")
    other = _batches(40, 0, Q2, source_id="b")
    rates = estimate_pass_rates(pl.concat([dated, nowhere, other]), [Q1, Q2], SCOPE).set_index("period")
    assert rates["reason"].to_dict() == {"2015Q1": "no_sampling_date", "2015Q2": ""}
    assert rates[["planned", "n", "undated"]].loc["2015Q1"].tolist() == [60, 60, 10]


def test_batches_that_were_never_sampled_need_no_day() -> None:
    closed = _batches(10, 0, sampled_on=None, source_id="a", fate="closed", outcome=None, first_outcome=None)
    assert _one(pl.concat([_batches(60, 0, source_id="a"), closed]))["status"] == "stated"


def test_programmes_and_levels_are_never_pooled() -> None:
    others = [
        _batches(50, 50, programme="special"),
        _batches(50, 50, programme="risk_monitoring"),
        _batches(50, 50, programme=None),
        _batches(50, 50, level="county"),
        _batches(50, 50, level=None),
    ]
    mixed = pl.concat([_batches(40, 1), *others])
    assert _one(mixed)["n"] == 40
    assert _one(mixed, Scope(level="county"))["passes"] == 0
    assert _one(mixed, Scope(level="municipal", programme="special"))["n"] == 50


def test_fates_and_completeness() -> None:
    without_result = [("closed", 4, None), ("nothing_to_sample", 3, None), ("refused", 2, None)]
    without_result.append(("pending", 10, "fail"))
    parts = [
        _batches(90, 3),
        *(
            _batches(number, 0, fate=fate, outcome=None, first_outcome=first, county_code=fate)
            for fate, number, first in without_result
        ),
    ]
    batches = pl.concat(parts)
    rate = _one(batches)
    assert [rate[fate] for fate in estimation.FATES] == [4, 3, 2, 10]
    assert (rate["planned"], rate["n"], rate["completeness"]) == (109, 90, 0.9)
    first = _one(batches, Scope(level="municipal", outcome="first"))
    assert (first["indicator"], first["n"]) == ("first_pass_rate", 100)
    assert (first["failures"], first["completeness"]) == (13, 1.0)


def test_counties_add_up_to_the_city_and_an_empty_one_stays_visible() -> None:
    parts = [_batches(60, 3, Q1, county_code=code) for code in ("371502", "371581")]
    batches = pl.concat(
        [*parts, _batches(60, 3, Q2, county_code="371525"), _batches(5, 1, Q1, county_code=None)]
    )
    periods = [Q1, Q2]
    city = estimate_pass_rates(batches, periods, SCOPE)
    counties = estimate_pass_rates(batches, periods, SCOPE, ["county_code"])
    assert len(counties) == 2 * 4
    for name in ("planned", "n", "passes", "pending"):
        assert counties.groupby("period")[name].sum().tolist() == city[name].tolist()
    empty = counties[(counties["period"] == "2015Q1") & (counties["county_code"] == "371525")].iloc[0]
    assert (empty["n"], empty["status"]) == (0, "no_data")
    unknown = counties[(counties["period"] == "2015Q1") & counties["county_code"].isna()].iloc[0]
    assert unknown["n"] == 5


def test_one_barred_county_does_not_bar_the_others() -> None:
    batches = pl.concat([_batches(40, 1), _batches(40, 1, county_code="371581", refused_source="x")])
    counties = estimate_pass_rates(batches, [Q1], SCOPE, ["county_code"]).set_index("county_code")
    assert counties["status"].to_dict() == {"371502": "stated", "371581": "refused"}


def test_order_of_rows_does_not_matter() -> None:
    batches = pl.concat([_batches(40, 4, county_code=code) for code in ("1", "2", "3")])
    order = list(range(batches.height))
    random.Random(3).shuffle(order)
    expected = estimate_pass_rates(batches, [Q1, Q2], SCOPE, ["county_code", "stage"])
    pd.testing.assert_frame_equal(
        estimate_pass_rates(batches[order], [Q1, Q2], SCOPE, ["county_code", "stage"]), expected
    )


def test_change_by_mover() -> None:
    """Newcombe's square-and-add of the two Clopper-Pearson intervals, worked out by hand with statsmodels."""
    batches = pl.concat([_batches(70, 14, Q2), _batches(80, 32, Q1)])
    rates = estimate_pass_rates(batches, [Q1, Q2], SCOPE)
    change = estimate_changes(rates, Q2, Q1).iloc[0]
    (low1, up1), (low2, up2) = (
        proportion_confint(rate * effective, effective, method="beta")
        for rate, effective in ((0.8, 69), (0.6, 79))
    )
    assert (change["change"], change["change_lower"], change["change_upper"]) == pytest.approx(
        (0.2, 0.2 - np.hypot(0.8 - low1, up2 - 0.6), 0.2 + np.hypot(up1 - 0.8, 0.6 - low2))
    )
    assert (change["status"], change["against"], change["n_before"], change["method"]) == (
        "stated",
        "2015Q1",
        80,
        "mover",
    )


@pytest.mark.parametrize(
    ("now", "before", "reason"), [(Q3, Q1, "not_stated_now"), (Q1, Q3, "not_stated_before")]
)
def test_change_is_refused_where_a_rate_is(now: Period, before: Period, reason: str) -> None:
    batches = pl.concat([_batches(70, 1, Q1), _batches(10, 1, Q3)])
    change = estimate_changes(estimate_pass_rates(batches, [Q1, Q3], SCOPE), now, before).iloc[0]
    assert (change["status"], change["reason"]) == ("refused", reason)
    assert np.isnan(change["change"])


def test_change_of_each_county_is_its_own() -> None:
    parts = [_batches(40, k, period, county_code=code) for code, k, period in
             (("1", 0, Q1), ("1", 4, Q2), ("2", 8, Q1), ("2", 0, Q2), (None, 1, Q2))]  # fmt: skip
    rates = estimate_pass_rates(pl.concat(parts), [Q1, Q2], SCOPE, ["county_code"])
    changes = estimate_changes(rates, Q2, Q1, ["county_code"])
    assert changes["change"].round(6).tolist()[:2] == [-0.1, 0.2]
    assert changes["status"].tolist() == ["stated", "stated", "refused"]


def test_failed_items_of_failed_batches_only() -> None:
    batches = _batches(10, 3)
    ids = batches["batch_id"].to_list()
    items = pl.DataFrame(
        [(ids[0], "铅", "fail"), (ids[0], "镉", "fail"), (ids[1], "铅", "fail"), (ids[1], "铅", "fail"),
         (ids[2], "水分", "pass"), (ids[9], "铅", "fail")],
        schema=["batch_id", "item", "verdict"], orient="row",
    )  # fmt: skip
    counted = count_failed_items(batches, items, Q1, SCOPE)
    assert counted.to_dict("list") == {
        "item": ["铅", "镉"],
        "batches": [2, 1],
        "share": pytest.approx([2 / 3, 1 / 3]),
    }
    assert count_failed_items(batches, items, Q2, SCOPE).empty


def _changed(awaited: int) -> pd.Series:
    """A rise from 92 % to 97 % with so many results still awaited now."""
    now = pl.concat(
        [_batches(700, 21, Q2), _batches(awaited, 0, Q2, fate="pending", outcome=None, first_outcome="fail")]
    )
    rates = estimate_pass_rates(pl.concat([_batches(700, 56, Q1), now]), [Q1, Q2], SCOPE)
    return estimate_changes(rates, Q2, Q1).iloc[0]


def test_a_rise_that_awaited_results_could_undo_does_not_hold() -> None:
    """35 failures more than the 21 known make 56 of 735, a rate like the one before."""
    few, many = _changed(3), _changed(35)
    assert few["change_lower"] > 0
    assert bool(few["holds"])
    assert many["change_lower"] > 0
    assert not bool(many["holds"])


def test_awaited_first_failures_are_counted() -> None:
    pending = [
        _batches(4, 0, fate="pending", outcome=None, first_outcome=first, county_code=str(first))
        for first in ("fail", None)
    ]
    rate = _one(pl.concat([_batches(40, 1), *pending]))
    assert (rate["awaited"], rate["awaiting_retest"], rate["completeness"]) == (8, 4, 40 / 48)
    by_first = _one(pl.concat([_batches(40, 1), *pending]), Scope(level="municipal", outcome="first"))
    assert (by_first["n"], by_first["awaited"]) == (44, 4)


def test_batches_of_unknown_programme_or_level_are_counted() -> None:
    unknown = [_batches(3, 0, programme=None), _batches(2, 0, level=None), _batches(9, 0, Q2, level=None)]
    assert estimation.count_unscoped(pl.concat([_batches(40, 1), *unknown]), Q1) == 5


def test_batches_that_a_source_declares_but_does_not_hold_count_as_unknown() -> None:
    held = [_batches(40, 1, source_id="a", unlisted=2), _batches(30, 0, source_id="b", unlisted=1)]
    rate = _one(pl.concat(held))
    assert (rate["n"], rate["unlisted"], rate["completeness"]) == (70, 3, 70 / 73)


def test_likeness_leaves_out_sources_that_list_failures_only() -> None:
    """Twenty enterprises that fail in all their batches, from a barred list, say nothing about the others."""
    usual = [
        _batches(2, int(firm % 10 == 0), enterprise_id=f"E{firm}", county_code=str(firm))
        for firm in range(200)
    ]
    barred = [
        _batches(3, 3, enterprise_id=f"F{firm}", county_code=f"f{firm}", refused_source="x")
        for firm in range(20)
    ]
    alone = estimation.estimate_icc(pl.concat(usual), SCOPE)
    assert estimation.estimate_icc(pl.concat([*usual, *barred]), SCOPE) == alone
    assert not estimation.estimate_icc(pl.concat(barred), SCOPE).estimated


def test_one_enterprise_says_nothing_about_the_city() -> None:
    """Four quarters of one enterprise look unlike each other; they are batches of one enterprise still."""
    quarters = [Period.parse(f"2015Q{number}") for number in range(1, 5)]
    batches = pl.concat([_batches(60, 3, quarter, enterprise_id="E") for quarter in quarters])
    likeness = estimation.estimate_icc(batches, SCOPE)
    assert (likeness.value, likeness.estimated) == (1.0, False)
    rate = estimation.estimate_pass_rates(batches, quarters[:1], replace(SCOPE, icc=likeness.value)).iloc[0]
    assert rate["effective_n"] == pytest.approx(1) and rate["upper"] - rate["lower"] > 0.9
    assert rate["reliability"] == "use_with_care"
