"""Effects of named events. Oracle: series made with a known effect, and without one."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from qstats.trend import Event, Rules, cut_at_definitions, find_starts, tabulate_effects, used_rows
from qstats.trend.events import judge_effect

RULES = Rules()
POLICY = Event(date(2013, 12, 12), "policy")


def stepped(make_series, before: float, after: float, **how) -> pd.DataFrame:
    """Months of 2011 to 2015 with another rate from January 2014 on."""
    rates = np.where(np.arange(60) < 36, before, after)
    return make_series(rates, last="2015-12", **how)


def test_a_known_effect_is_found_with_its_size(make_series) -> None:
    rows = stepped(make_series, 0.90, 0.95, n=400, generator=np.random.default_rng(2))
    found = tabulate_effects(rows, [POLICY], RULES).iloc[0]
    assert (found["n_before"], found["n_after"]) == (36, 24)
    assert found["effect_lower"] < 0.05 < found["effect_upper"] and found["verdict"] == "higher"
    assert found["placebo_dates"] > 10 and found["placebo_share"] < 0.1


def test_steady_series_have_no_effect(make_series) -> None:
    verdicts = [
        tabulate_effects(
            make_series(np.full(24, 0.93), n=150, generator=np.random.default_rng(seed)), [POLICY], RULES
        ).iloc[0]["verdict"]
        for seed in range(30)
    ]
    assert verdicts.count("no_clear_effect") >= 26


def test_what_every_county_shows_is_no_effect_on_one(make_series) -> None:
    generator = np.random.default_rng(11)
    rates = np.where(np.arange(24) < 16, 0.90, 0.95)
    common = [make_series(rates, n=300, series="county", group=code, generator=generator) for code in "abc"]
    table = tabulate_effects(pd.concat(common), [POLICY], RULES)
    assert table["controlled"].all() and set(table["verdict"]) == {"no_clear_effect"}
    own = np.where(np.arange(24) < 16, 0.80, 0.95)
    only = make_series(own, n=300, series="county", group="d", generator=generator)
    steady = [
        make_series(np.full(24, 0.9), n=300, series="county", group=code, generator=generator)
        for code in "abc"
    ]
    verdicts = tabulate_effects(pd.concat([*steady, only]), [POLICY], RULES).set_index("group")["verdict"]
    assert verdicts["d"] == "higher"


def test_an_effect_that_the_mix_makes_is_none(make_series) -> None:
    rows = stepped(make_series, 0.90, 0.95, n=400, generator=np.random.default_rng(2))
    opposite = stepped(make_series, 0.95, 0.94, n=400, generator=np.random.default_rng(3))
    table = tabulate_effects(rows, [POLICY], RULES, standardised={"pass_rate": opposite})
    assert table["mix_effect"].iloc[0] < 0 and table["verdict"].iloc[0] == "no_clear_effect"


def test_an_unremarkable_change_is_not_put_down_to_the_event() -> None:
    row = {
        "status": "stated", "effect": 0.02, "effect_lower": 0.01, "effect_upper": 0.03, "p_adjusted": 0.01,
        "placebo_share": 0.3, "mix_effect": np.nan,
    }  # fmt: skip
    assert judge_effect(row, RULES) == "not_unusual"
    assert judge_effect(row | {"placebo_share": 0.05}, RULES) == "higher"
    assert judge_effect(row | {"placebo_share": np.nan}, RULES) == "higher"
    assert judge_effect(row | {"p_adjusted": 0.2}, RULES) == "no_clear_effect"


def test_too_few_periods_after_it_are_said(make_series) -> None:
    late = tabulate_effects(make_series(np.full(24, 0.9)), [Event(date(2015, 1, 1), "policy")], RULES).iloc[0]
    assert (late["verdict"], late["n_after"]) == ("too_short", 4)
    assert tabulate_effects(make_series(np.full(24, 0.9)), [], RULES).empty


def test_a_change_of_definition_cuts_a_series_and_has_no_effect(make_series) -> None:
    rows = make_series(np.full(24, 0.9))
    changed = Event(date(2013, 1, 1), "definition", ("pass_rate",))
    cut = cut_at_definitions(rows, [changed])
    assert used_rows(cut, "pass_rate")["period"].tolist()[0] == "2013Q1"
    assert tabulate_effects(cut, [changed], RULES).empty
    other = cut_at_definitions(rows, [Event(date(2013, 1, 1), "definition", ("complaint_rate",))])
    assert set(other["segment"]) == {0}


def test_a_change_of_laboratory_begins_the_trend_of_its_county_only(make_series) -> None:
    rows = pd.concat([make_series(np.full(24, 0.9), series="county_pass_rate", group=code) for code in "ab"])
    moved = Event(date(2012, 7, 1), "laboratory", ("pass_rate",), ("b",))
    assert find_starts(rows, [moved]) == {("county_pass_rate", "b"): "2012Q3"}
    assert find_starts(rows, [POLICY]) == {}
    table = tabulate_effects(rows, [moved], RULES)
    assert table["group"].tolist() == ["b"]
    assert POLICY.concerns("county_pass_rate", "a") and not moved.concerns("pass_rate")
    assert moved.time == pytest.approx(2012.5, abs=0.01)
