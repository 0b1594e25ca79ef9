"""Would the direction be the same if the same mix had been sampled all along?

Two ways that check each other. Cells: the same regression over periods × groups of size, stage and class,
with an effect of each group, so that time is compared within groups; the dispersion is that of whole
periods. Mixes: rates directly standardised to the mix of the first year, of the last and of all, each with
its own slope.

Source: Kitagawa (1955), doi:10.1080/01621459.1955.10501299; Fleiss, Levin & Paik (2003), chapter 19,
doi:10.1002/0471445428.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from qstats.methods.binomial_regression import RateFit, fit_binomial, trend_design
from qstats.methods.binomial_regression.families import BINOMIAL
from qstats.trend.rules import Rules
from qstats.trend.series import time_of
from qstats.trend.slopes import SLOPE, fit_trend, season_of, status_of, tabulate_slope

Floats = NDArray[np.float64]
OF_MIX = ("mix_slope", "mix_lower", "mix_upper", "mix_change", "mix_change_lower", "mix_change_upper")
FEWEST_AT_MIX = 8
"""Periods below which no slope is fitted to a standardised rate."""

NOTHING = dict.fromkeys(OF_MIX, float("nan"))


def tabulate_at_one_mix(
    rows: pd.DataFrame, cells: pd.DataFrame, mix: Sequence[str], rules: Rules
) -> dict[str, float]:
    """Slope of one series within the groups of its mix, as columns of the table of trends.

    Parameters
    ----------
    rows : DataFrame
        Periods used (`series.used_rows`).
    cells : DataFrame
        ``period, <mix>, n, passes`` of the same series; further rows of a cell are added up.
    mix : sequence of str
    rules : Rules

    Returns
    -------
    dict
        ``mix_slope`` (logit a year) and ``mix_change`` (points a year at the average mix) with limits;
        missing where the groups leave nothing to estimate.
    """
    known = cells[(cells["n"] > 0) & cells["period"].isin(rows["period"])]
    named = _informing(known.assign(**{name: known[name].fillna("").astype(str) for name in mix}), mix)
    if named.empty:
        return dict(NOTHING)
    counted = named.groupby(["period", *mix], sort=True)[["n", "passes"]].sum().reset_index()
    worth = counted["period"].map(rows.set_index("period")["n"] / rows.set_index("period")["counted"])
    n, passed = (counted[name].to_numpy(float) * worth.to_numpy(float) for name in ("n", "passes"))
    times = np.array([time_of(period) for period in counted["period"]])
    own = trend_design(times, season_of(rows, rules))
    design = _with_groups(own, counted[list(mix)])
    try:
        fit = fit_binomial(np.minimum(passed, n), n, design, dispersion="none")
    except ValueError:
        return dict(NOTHING)
    return _read(fit, counted["period"], own.shape[1] - 2, rules)


def widen(found: dict[str, float], factor: float) -> dict[str, float]:
    """Limits so many times as far from the slope: what alike neighbours do to the crude slope's limits."""
    wide = dict(found)
    for name in ("mix_slope", "mix_change"):
        stem = name.removesuffix("_slope")
        for side in ("lower", "upper"):
            wide[f"{stem}_{side}"] = found[name] + factor * (found[f"{stem}_{side}"] - found[name])
    return wide


def _informing(cells: pd.DataFrame, mix: Sequence[str]) -> pd.DataFrame:
    """Cells of groups in which something passed and something failed: the others say nothing of time."""
    while len(cells):
        sums = [cells.groupby(name)[["n", "passes"]].transform("sum") for name in mix]
        keep = np.all([(one["passes"] > 0) & (one["passes"] < one["n"]) for one in sums], axis=0)
        if keep.all():
            break
        cells = cells[keep]
    return cells


def _with_groups(design: Floats, groups: pd.DataFrame) -> Floats:
    """The design with a column for each group but the first of its kind, without those that add nothing."""
    parts = [pd.get_dummies(groups[name], drop_first=True).to_numpy(float) for name in groups]
    wide = np.column_stack([design, *parts])
    if np.linalg.matrix_rank(wide.T @ wide) == wide.shape[1]:
        return wide
    kept = list(range(design.shape[1]))
    for column in range(design.shape[1], wide.shape[1]):
        if np.linalg.matrix_rank(wide[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return wide[:, kept]


def _read(fit: RateFit, period: pd.Series, season: int, rules: Rules) -> dict[str, float]:
    slope, periods = float(fit.coefficients[SLOPE]), period.nunique()
    if not np.isfinite(slope):
        return dict(NOTHING)
    error = np.sqrt(
        max(_dispersion_of_periods(fit, period, season), 1.0) * fit.inverse_information[SLOPE, SLOPE]
    )
    reach = student.ppf((1 + rules.confidence) / 2, max(periods - 2 - season, 1)) * error
    each = float(np.average(BINOMIAL.variance(fit.fitted), weights=fit.size))
    slopes = (slope, slope - reach, slope + reach)
    return dict(zip(OF_MIX, (*slopes, *(each * value for value in slopes)), strict=True))


def _dispersion_of_periods(fit: RateFit, period: pd.Series, season: int) -> float:
    """Pearson's chi-squared of whole periods over their degrees of freedom: cells are too sparse for it."""
    sums = pd.DataFrame({
        "period": period.to_numpy(), "left": fit.count - fit.size * fit.fitted,
        "variance": fit.size * BINOMIAL.variance(fit.fitted),
    }).groupby("period").sum()  # fmt: skip
    freedom = max(len(sums) - 2 - season, 1)
    return float((sums["left"] ** 2 / sums["variance"].where(sums["variance"] > 0)).sum() / freedom)


def slopes_at_mixes(standardised: pd.DataFrame, rules: Rules, *, since: str = "") -> pd.DataFrame:
    """Slope of the rate standardised to each mix.

    Parameters
    ----------
    standardised : DataFrame
        Series with a column ``mix`` beside the columns of `series.COLUMNS`: the same rate at several mixes.
    rules : Rules
    since : str
        Period from which on the slopes are meant; all without one.

    Returns
    -------
    DataFrame
        ``mix, periods, slope, slope_lower, slope_upper, change, change_lower, change_upper``; no row for a
        mix at which nothing can be fitted.
    """
    found: list[dict[str, object]] = []
    begin = time_of(since) if since else -np.inf
    names = ("slope", "slope_lower", "slope_upper", "change", "change_lower", "change_upper")
    for mix, rows in standardised.groupby("mix", sort=False):
        used = rows[(rows["release"] == "final") & rows["passed"].notna() & (rows["time"] >= begin)]
        if len(used) < FEWEST_AT_MIX or status_of(used, rules) == "no_failures":
            continue
        figures = tabulate_slope(fit_trend(used, rules), rules)
        found.append({"mix": mix, "periods": len(used)} | {name: figures[name] for name in names})
    return pd.DataFrame(found, columns=["mix", "periods", *names])


def mixes_agree(slopes: pd.DataFrame) -> bool | None:
    """Whether the direction is the same at every mix; None where there are no mixes."""
    return None if slopes.empty else bool(np.sign(slopes["slope"]).nunique() == 1)
