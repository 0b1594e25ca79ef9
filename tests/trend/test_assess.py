"""Verdicts on whole tables. Oracle: series made with a trend, without one, with a break, and by their mix."""

import numpy as np
import pandas as pd
import pytest

from qstats.trend import Rules, draw_lines, series_of_published, tabulate_breaks, tabulate_trends
from qstats.trend.rules import DIRECTIONS

RULES = Rules(resamples=99)


def assess(series: pd.DataFrame, **others) -> pd.DataFrame:
    return tabulate_trends(series, tabulate_breaks(series, RULES), RULES, **others)


def test_a_trend_is_found_and_a_steady_rate_has_none(make_series, slope_rate) -> None:
    rise = make_series(slope_rate(0.35, 24), n=300, series="a", generator=np.random.default_rng(1))
    steady = make_series(np.full(24, 0.95), n=300, series="b", generator=np.random.default_rng(2))
    table = assess(pd.concat([rise, steady])).set_index("series")
    assert table["verdict"].to_dict() == {"a": "rise", "b": "no_clear_trend"}
    assert table.loc["b", "reason"] == "covers_none" and table["method"].unique().tolist() == [
        "quasi_binomial"
    ]


def test_steady_counties_are_rarely_said_to_have_a_trend(make_series) -> None:
    """120 counties in tens, each ten looked at together: at most 5 % of the tens may show any."""
    false = 0
    for ten in range(12):
        generator = np.random.default_rng(ten)
        groups = [
            make_series(np.full(24, 0.94), n=80, group=str(at), generator=generator) for at in range(10)
        ]
        series = pd.concat(groups)
        none = pd.DataFrame(
            {"series": "pass_rate", "group": [str(at) for at in range(10)], "break_period": ""}
        )
        false += tabulate_trends(series, none, RULES)["verdict"].isin(DIRECTIONS).any()
    assert false <= 2


def test_after_a_break_a_trend_speaks_of_what_followed(make_series) -> None:
    generator = np.random.default_rng(8)
    rates = np.where(np.arange(72) < 30, 0.98, 0.90)
    series = make_series(rates, n=300, last="2015-12", generator=generator)
    row = assess(series).iloc[0]
    assert row["since_kind"] == "break" and row["first"] == row["since"] and row["periods"] in range(38, 47)
    assert row["verdict"] == "no_clear_trend"
    late = make_series(np.where(np.arange(72) < 56, 0.98, 0.90), n=300, last="2015-12", generator=generator)
    row = assess(late).iloc[0]
    assert (row["verdict"], row["reason"]) == ("withheld", "break_recent")
    assert np.isnan(row["change"])


def test_a_rise_that_another_laboratory_makes_is_none(make_series) -> None:
    rates = np.where(np.arange(24) < 10, 0.85, 0.95)
    series = make_series(rates, n=200, series="county", group="a", generator=np.random.default_rng(3))
    none = pd.DataFrame({"series": ["county"], "group": ["a"], "break_period": [""]})
    assert tabulate_trends(series, none, RULES)["verdict"].iloc[0] == "rise"
    row = tabulate_trends(series, none, RULES, starts={("county", "a"): "2012Q3"}).iloc[0]
    assert (row["since"], row["since_kind"], row["periods"]) == ("2012Q3", "laboratory", 14)
    assert row["verdict"] == "no_clear_trend"
    recent = tabulate_trends(series, none, RULES, starts={("county", "a"): "2014Q4"}).iloc[0]
    assert (recent["verdict"], recent["reason"]) == ("withheld", "laboratory_recent")


def test_directions_at_several_mixes_decide(make_series, slope_rate) -> None:
    series = make_series(slope_rate(0.35, 24), n=300, generator=np.random.default_rng(1))
    cells = pd.DataFrame({
        "period": series["period"], "group": "", "size": "x", "n": series["n"], "passes": series["passed"]
    })  # fmt: skip
    mixes = {
        "pass_rate": pd.concat([series.assign(mix="a"), make_series(slope_rate(-0.2, 24)).assign(mix="b")])
    }
    row = assess(series, cells={"pass_rate": (cells, ["size"])}, standardised=mixes).iloc[0]
    assert (row["verdict"], row["reason"], row["verdict_at_one_mix"]) == (
        "no_clear_trend",
        "mix",
        "no_clear_trend",
    )
    row = assess(series, cells={"pass_rate": (cells, ["size"])}).iloc[0]
    assert row["verdict"] == "rise" and row["mix_slope"] == pytest.approx(row["slope"], rel=1e-5)


def test_figures_without_counts_lean_at_most(make_series) -> None:
    figures = make_series(np.linspace(0.8, 0.9, 10), last="2015").assign(
        family="figure", n=np.nan, counted=np.nan
    )
    row = assess(figures).iloc[0]
    assert (row["verdict"], row["reason"], row["method"]) == ("leans_up", "no_counts", "ranks")
    assert np.isnan(row["slope"]) and np.isfinite(row["sen"])


def test_rank_tests_of_several_series_are_adjusted_together(make_series) -> None:
    """Oracle: Holm by hand on p-values of the single series."""
    generator = np.random.default_rng(1)
    figures = [
        make_series(np.clip(0.85 + step * np.arange(10) + generator.normal(0, 0.01, 10), 0, 1), last="2015",
                    series=f"s{at}").assign(family="figure", n=np.nan, counted=np.nan)
        for at, step in enumerate((0.006, 0.003, 0.0))
    ]  # fmt: skip
    alone = [assess(one).iloc[0] for one in figures]
    assert all(np.isnan(row["rank_p_adjusted"]) for row in alone)
    found = assess(pd.concat(figures)).set_index("series")
    p = sorted(row["rank_p"] for row in alone)
    holm = [p[0] * 3, max(p[0] * 3, p[1] * 2), max(p[0] * 3, p[1] * 2, p[2])]
    assert sorted(found["rank_p_adjusted"]) == pytest.approx([min(one, 1.0) for one in holm])


@pytest.mark.parametrize("missing", [[0], [1], [11], [2, 5]])
def test_a_published_stretch_with_some_numbers_missing_has_ranks_only(missing: list[int]) -> None:
    years, n = range(2004, 2016), np.full(12, 1000.0)
    n[missing] = np.nan
    published = pd.DataFrame({
        "series": "nat", "period_start": [f"{year}-01-01" for year in years], "events": np.nan,
        "period_end": [f"{year}-12-31" for year in years], "value": np.linspace(0.8, 0.9, 12),
        "unit": "proportion", "n": n, "segment": 1,
    })  # fmt: skip
    row = assess(series_of_published(published)).iloc[0]
    assert (row["family"], row["method"], row["verdict"]) == ("figure", "ranks", "leans_up")
    assert np.isnan(row["counted"]) and row["periods"] == 12
    whole = assess(series_of_published(published.assign(n=1000.0))).iloc[0]
    assert (whole["family"], whole["counted"]) == ("binomial", 12_000)


def test_lines_are_drawn_where_a_trend_was_fitted(make_series, slope_rate) -> None:
    series = pd.concat([
        make_series(slope_rate(0.3, 24), series="a"), make_series(np.full(6, 0.9), series="b"),
    ])  # fmt: skip
    lines = draw_lines(series, assess(series), RULES)
    assert set(lines["series"]) == {"a"} and len(lines) == 24
    assert lines["fitted"].to_numpy() == pytest.approx(slope_rate(0.3, 24), abs=1e-6)
    assert draw_lines(series, assess(series).iloc[:0], RULES).empty
