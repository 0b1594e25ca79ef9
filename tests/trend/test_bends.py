"""Whether a course bends. Oracle: series made straight and bent; GLM of statsmodels with a square of time."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import f as fisher

from qstats.trend import Rules, draw_lines, tabulate_trends
from qstats.trend.bends import fit_bend, tabulate_bend
from qstats.trend.slopes import fit_trend

RULES = Rules()
NONE = pd.DataFrame({"series": ["pass_rate"], "group": [""], "break_period": [""]})


def bent(count: int, *, at: float = 0.5, depth: float = 0.25, per_year: int = 4) -> np.ndarray:
    """Rates that rise until a share of the time has passed, and fall after."""
    years = np.arange(count) / per_year
    return np.asarray(expit(3 - depth * (years - at * years[-1]) ** 2))


def verdict(rows: pd.DataFrame) -> tuple[str, str]:
    row = tabulate_trends(rows, NONE, RULES).iloc[0]
    return row["verdict"], row["reason"]


def test_test_and_slopes_of_independent_periods_are_those_of_statsmodels(make_series) -> None:
    rows = make_series(bent(12), last="2015", n=400, generator=np.random.default_rng(10))
    curve = fit_bend(fit_trend(rows, RULES))
    assert curve is not None and curve.errors.rho == 0
    design = np.column_stack([np.ones(12), rows["time"] - rows["time"].mean()])
    design = np.column_stack([design, design[:, 1] ** 2])
    counts = np.column_stack([rows["passed"], rows["n"] - rows["passed"]])
    small, large = (
        sm.GLM(counts, design[:, :columns], family=sm.families.Binomial()).fit() for columns in (2, 3)
    )
    assert curve.fit.coefficients == pytest.approx(large.params, abs=1e-7)
    phi = max(curve.fit.dispersion, 1.0, curve.errors.dispersion)
    assert curve.p_value == pytest.approx(fisher.sf((small.deviance - large.deviance) / phi, 1, 9), rel=0.05)
    end = rows["time"].iloc[-1] - rows["time"].mean()
    gradient = np.array([0.0, 1.0, 2 * end])
    assert curve.slope(rows["time"].iloc[-1]) == pytest.approx(gradient @ large.params)
    half = curve.reach(rows["time"].iloc[-1], RULES) / curve.errors.quantile(0.975)
    expected = np.sqrt(curve.errors.dispersion * gradient @ large.cov_params() @ gradient)
    assert half == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("at", "depth", "shape"), [(0.5, 0.25, "up_down"), (0.5, -0.15, "down_up"), (0.75, 0.1, "up_level")]
)
def test_a_course_that_turns_is_no_trend_and_its_turn_is_found(make_series, at, depth, shape) -> None:
    rows = make_series(bent(24, at=at, depth=depth), n=300, generator=np.random.default_rng(1))
    found = tabulate_bend(fit_trend(rows, RULES), RULES)
    assert found["p_bend"] < 0.05 and found["bend"] == shape
    assert found["turn"] == pytest.approx(rows["time"].iloc[0] + at * 23 / 4, abs=0.6)
    told, reason = verdict(rows)
    assert told == "no_clear_trend" and reason in ("bends", "covers_none")


def test_a_rise_that_slows_down_but_goes_on_stays_a_rise(make_series) -> None:
    rows = make_series(bent(48, at=1.3, depth=0.012), n=3000, generator=np.random.default_rng(3))
    assert tabulate_bend(fit_trend(rows, RULES), RULES)["p_bend"] < 0.05
    assert verdict(rows) == ("rise", "")


def test_a_straight_course_is_rarely_called_bent(make_series, slope_rate) -> None:
    """200 straight series: at most 5 % of them, within chance."""
    generator = np.random.default_rng(4)
    every = [make_series(slope_rate(0.2, 24), n=200, generator=generator) for _ in range(200)]
    bends = [tabulate_bend(fit_trend(rows, RULES), RULES)["p_bend"] < 0.05 for rows in every]
    assert 0 < sum(bends) <= 18


def test_months_and_their_quarters_give_the_same_verdict(make_series) -> None:
    months = make_series(bent(60, at=0.7, depth=0.1, per_year=12), last="2015-12", n=120,
                         generator=np.random.default_rng(5))  # fmt: skip
    sums = months.groupby(np.arange(60) // 3)[["passed", "n"]].sum()
    quarters = make_series(sums["passed"] / sums["n"], n=360)
    (one, other) = (tabulate_trends(rows, NONE, RULES).iloc[0] for rows in (months, quarters))
    assert one["verdict"] == other["verdict"] and one["reason"] == other["reason"]
    assert one["bend"] == other["bend"] and one["turn"] == pytest.approx(other["turn"], abs=0.1)


def test_the_line_that_is_drawn_bends_where_the_course_does(make_series) -> None:
    rows = make_series(bent(24), n=300, generator=np.random.default_rng(1))
    line = draw_lines(rows, tabulate_trends(rows, NONE, RULES), RULES)["fitted"].to_numpy()
    assert line.argmax() in range(9, 15) and line[[0, -1]].max() < line.max() - 0.05


def test_what_runs_away_has_no_bend(make_series) -> None:
    rates = np.where(np.arange(24) < 12, 1.0, 0.9)
    assert np.isfinite(tabulate_bend(fit_trend(make_series(rates), RULES), RULES)["p_bend"])
    rows = make_series(np.ones(24))
    assert np.isnan(tabulate_bend(fit_trend(rows, RULES), RULES)["p_bend"])
