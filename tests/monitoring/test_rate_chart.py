"""Control charts of pass rates: gaps, provisional periods, rebases, over-dispersion; limits by scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from qstats.errors import ParameterError
from qstats.monitoring import chart_rates, chart_rates_at_one_mix


def rates(estimates, n=200, **columns) -> pd.DataFrame:
    count = len(estimates)
    frame = pd.DataFrame(
        {
            "period": [f"{2013 + month // 12}-{month % 12 + 1:02d}" for month in range(count)],
            "estimate": np.asarray(estimates, dtype=float), "n": n, "status": "stated",
            "effective_n": np.full(count, n, dtype=float), "completeness": 1.0,
        }
    )  # fmt: skip
    return frame.assign(**columns)


STEADY = [0.96, 0.95, 0.965, 0.955, 0.96, 0.95, 0.97, 0.945] * 4


def test_limits_are_those_of_the_binomial() -> None:
    chart = chart_rates(rates(STEADY))
    centre, tail = np.mean(STEADY), norm.sf(3)
    assert chart["centre"].to_numpy() == pytest.approx(centre)
    assert (chart["overdispersion"] == 1).all() and (chart["limits"] == "exact").all()
    passes = np.arange(201)
    np.testing.assert_array_equal(
        passes / 200 < chart["lower_limit"].iloc[0], binom.cdf(passes, 200, centre) < tail
    )
    assert (chart["flag"] == "").all()


def test_a_bad_month_is_flagged_low() -> None:
    chart = chart_rates(rates([*STEADY, 0.88]))
    assert chart[["flag", "rule"]].iloc[-1].tolist() == ["low", "beyond_limit"]
    assert (chart["flag"].iloc[:-1] == "").all()


def test_a_perfect_month_of_88_batches_is_not_flagged() -> None:
    chart = chart_rates(rates([*STEADY, 1.0], effective_n=[200.0] * 32 + [88.0]))
    assert chart["upper_limit"].iloc[-1] == 1 and chart["flag"].iloc[-1] == ""


def test_the_newest_incomplete_months_set_no_limits_and_are_not_judged() -> None:
    series = [*STEADY, 0.80, 1.0]
    complete = [1.0] * 5 + [0.9] + [1.0] * 26 + [0.97, 0.9]
    chart = chart_rates(rates(series, completeness=complete))
    assert chart["release"].tolist() == ["final"] * 32 + ["provisional"] * 2
    assert chart["centre"].iloc[0] == pytest.approx(np.mean(STEADY))
    assert (chart["flag"] == "").all()
    assert chart["lower_limit"].notna().all()  # they are drawn with the limits that the others set


def test_a_month_that_is_not_stated_is_a_gap() -> None:
    series = [*STEADY[:16], np.nan, *STEADY[16:]]
    status = ["stated"] * 16 + ["refused"] + ["stated"] * 16
    chart = chart_rates(rates(series, status=status, effective_n=[200.0] * 16 + [0.0] + [200.0] * 16))
    assert np.isnan(chart["lower_limit"].iloc[16]) and chart["flag"].iloc[16] == ""
    assert chart["centre"].iloc[0] == pytest.approx(np.mean(STEADY))


def test_months_of_unequal_quality_widen_the_limits() -> None:
    shaken = np.tile([0.99, 0.91, 0.98, 0.92], 8)
    chart = chart_rates(rates(shaken, n=1000))
    assert chart["overdispersion"].iloc[0] > 3
    assert (chart["flag"] == "").all()


def test_a_shift_shows_as_a_run() -> None:
    chart = chart_rates(rates([*[0.96] * 20, *[0.945] * 14], n=250))
    low = chart["rule"] == "run"
    assert low.any() and set(chart.loc[low & (chart["flag"] == "low"), "period"]) <= set(chart["period"][20:])


def test_a_rebase_needs_a_reason_and_a_period_of_the_chart() -> None:
    series = rates([*[0.97, 0.96] * 8, *[0.93, 0.92] * 8])
    with pytest.raises(ValueError, match="no reason"):
        chart_rates(series, rebases={"2014-05": ""})
    with pytest.raises(ParameterError, match="rebase at 2012-01: the chart shows 2013-01 to"):
        chart_rates(series, rebases={"2012-01": "new plan"})
    chart = chart_rates(series, rebases={"2014-05": "retail sampling began"})
    assert chart.groupby("phase")["centre"].first().tolist() == pytest.approx([0.965, 0.925])
    assert (chart["flag"] == "").all()


def test_too_few_months_give_no_limits() -> None:
    chart = chart_rates(rates(STEADY[:11]))
    assert (chart["limits"] == "too_few_periods").all() and chart["centre"].isna().all()
    late = chart_rates(rates(STEADY), rebases={"2015-06": "new plan"})
    assert late["limits"].tolist() == ["exact"] * 29 + ["too_few_periods"] * 3


def test_a_series_without_failures_has_no_limits() -> None:
    chart = chart_rates(rates([1.0] * 20))
    assert (chart["limits"] == "no_failures").all() and (chart["flag"] == "").all()


@pytest.mark.parametrize("rate", [0.95, 0.98])
def test_false_alarms_are_rare(rate: float) -> None:
    """Steady city, 36 months of about 200 batches, 60 draws: under 1 % of the months are flagged."""
    rng = np.random.default_rng(7)
    flagged = 0
    for _ in range(60):
        n = rng.integers(150, 250, 36)
        chart = chart_rates(rates(rng.binomial(n, rate) / n, n=n, effective_n=n.astype(float)))
        flagged += int((chart["flag"] != "").sum())
    assert flagged / (60 * 36) < 0.01


def drifting_mix() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Firms as good as ever, but small ones take the place of large ones from month 20 on."""
    rng = np.random.default_rng(11)
    share = np.where(np.arange(36) < 20, 0.2, 0.8)
    small = np.round(400 * share).astype(int)
    parts = [
        pd.DataFrame({"enterprise_size": size, "n": n, "failures": rng.binomial(n, risk)})
        for size, n, risk in (("small", small, 0.10), ("large", 400 - small, 0.02))
    ]
    month = rates([0.0] * 36)["period"]
    cells = pd.concat([part.assign(period=month) for part in parts]).assign(
        stage="retail", product_class="food", barred=0
    )
    cells["effective_n"] = cells["n"].astype(float)
    sums = cells.groupby("period", as_index=False)[["n", "failures"]].sum()
    series = rates(1 - sums["failures"] / sums["n"], n=400, failures=sums["failures"], barred=0)
    return series, cells


def test_a_change_of_mix_is_no_change_of_quality() -> None:
    series, cells = drifting_mix()
    assert (chart_rates(series)["flag"] == "low").any()
    chart = chart_rates_at_one_mix(series, cells)
    assert (chart["flag"] == "").all()
    gap = chart.iloc[20:].mean(numeric_only=True) - chart.iloc[:20].mean(numeric_only=True)
    assert abs(gap["estimate"]) < 0.01 < 0.04 < abs(gap["crude"])


def test_a_month_without_comparison_is_a_gap_at_one_mix() -> None:
    series, cells = drifting_mix()
    series.loc[7, ["estimate", "status"]] = [np.nan, "refused"]
    chart = chart_rates_at_one_mix(series, cells[cells["period"] != series["period"].iloc[9]])
    assert chart["status"].iloc[[7, 9]].tolist() == ["refused", "cannot_be_stated"]
    assert chart["estimate"].iloc[[7, 9]].isna().all() and (chart["flag"].iloc[[7, 9]] == "").all()
    assert chart["estimate"].notna().sum() == 34


def city_with_one_bad_month(n: int, risk: float, failures: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Thirty-six months of two sizes of firm; in month 25 so many batches of the small ones fail."""
    rng = np.random.default_rng(3)
    month = rates([0.0] * 36)["period"]
    failed = {"small": rng.binomial(n // 2, risk, 36), "large": np.zeros(36, dtype=int)}
    failed["small"][25] = failures
    cells = pd.concat(
        pd.DataFrame({"period": month, "enterprise_size": size, "n": n // 2, "failures": count})
        for size, count in failed.items()
    ).assign(stage="retail", product_class="food", barred=0, effective_n=n / 2)
    sums = cells.groupby("period", as_index=False)[["n", "failures"]].sum()
    series = rates(1 - sums["failures"] / sums["n"], n=n, failures=sums["failures"], barred=0)
    return series, cells


@pytest.mark.parametrize("risk", [0.0, 0.004, 0.02])
def test_a_bad_month_is_judged_however_few_failures_are_expected(risk: float) -> None:
    """Its own failures are not among the expected: the better the process, the fewer it is held against."""
    chart = chart_rates_at_one_mix(*city_with_one_bad_month(120, risk, 20))
    assert chart["expected"].iloc[25] < 2
    assert chart[["flag", "rule"]].iloc[25].tolist() == ["low", "beyond_limit"]
    assert chart["estimate"].notna().all()


def test_more_failures_than_the_mix_could_bring_do_not_stop_the_chart() -> None:
    """Observed over expected times the rate of all passes 1: the rate at one mix is 0 then, not below."""
    chart = chart_rates_at_one_mix(*city_with_one_bad_month(120, 0.02, 60))
    assert chart["estimate"].iloc[25] == 0 and chart["flag"].iloc[25] == "low"


def test_the_interval_of_the_crude_rate_does_not_stand_beside_the_other() -> None:
    series, cells = drifting_mix()
    chart = chart_rates_at_one_mix(series.assign(lower=0.9, upper=0.99, std_error=0.01), cells)
    assert not {"lower", "upper", "std_error"} & set(chart.columns)
