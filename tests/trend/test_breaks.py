"""Breaks of a series. Oracle: series made with a step, and without one."""

import numpy as np
import pandas as pd
import pytest

from qstats.trend import Rules, tabulate_breaks
from qstats.trend.breaks import COLUMNS, find_break, rows_since, settle_breaks

RULES = Rules(resamples=99)


@pytest.fixture(scope="module")
def stepped(make_series):
    rates = np.where(np.arange(60) < 36, 0.97, 0.90)
    return make_series(rates, n=300, last="2015-12", generator=np.random.default_rng(3))


def test_a_step_is_found_where_it_is(stepped) -> None:
    row = find_break(stepped, RULES)
    assert row["found"] and row["breaks"] == 1 and row["p_break"] <= 0.05
    assert row["break_first"] <= row["break_period"] <= row["break_last"]
    assert "2013-10" <= row["break_period"] <= "2014-03"
    assert row["break_change_lower"] < -0.07 < row["break_change_upper"] < 0
    assert len(rows_since(stepped, row["break_period"])) in range(21, 28)
    assert len(rows_since(stepped, "")) == 60


def test_none_found_is_an_answer(make_series) -> None:
    steady = make_series(np.full(60, 0.95), n=300, last="2015-12", generator=np.random.default_rng(5))
    row = find_break(steady, RULES)
    assert (
        row["status"] == "stated" and not row["found"] and row["p_break"] > 0.05 and not row["break_period"]
    )


def test_events_per_exposure_are_searched_too(make_series) -> None:
    rates = np.where(np.arange(60) < 36, 4.0, 8.0)
    rows = make_series(rates, n=2, last="2015-12", family="poisson", generator=np.random.default_rng(7))
    row = find_break(rows, RULES)
    assert row["found"] and row["break_change_lower"] < 4 < row["break_change_upper"]


def test_why_nothing_was_searched(make_series) -> None:
    assert find_break(make_series(np.full(8, 0.9)), RULES)["status"] == "too_short"
    assert find_break(make_series(np.ones(24)), RULES)["status"] == "no_failures"
    figures = make_series(np.linspace(0.8, 0.9, 12), last="2015").assign(family="figure")
    assert find_break(figures, RULES)["status"] == "no_counts"


def test_breaks_of_many_groups_hold_together_or_not_at_all(stepped, make_series) -> None:
    groups = [
        make_series(np.full(24, 0.95), group=str(at), generator=np.random.default_rng(at)) for at in range(4)
    ]
    table = tabulate_breaks(pd.concat([stepped.assign(series="city"), *groups]), RULES)
    assert set(COLUMNS) <= set(table.columns)
    assert table.set_index("series").loc["city", "found"]
    many = table[table["series"] == "pass_rate"].assign(
        found=True, p_break=[0.02, 0.5, 0.5, 0.5], break_period="x"
    )
    settled = settle_breaks(many, RULES)
    assert (
        not settled["found"].any()
        and (settled["break_period"] == "").all()
        and (settled["breaks"] == 0).all()
    )
    assert settled["p_break_adjusted"].iloc[0] == pytest.approx(0.08)
