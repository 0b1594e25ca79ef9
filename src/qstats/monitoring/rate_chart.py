"""Which periods of a pass rate lie outside what chance makes of a steady process?

A p chart with exact binomial limits at the effective number of batches. Where rates vary from one period to
the next more than that explains (Laney's σ_z above 1, screened variant), the effective number is divided by
σ_z², which widens the limits; it is never multiplied. The newest periods are drawn while their results are
incomplete, but they set no limits and are not judged: failures wait for re-inspection, passes do not.

Where the mix of what is sampled changes, a chart of the crude rate shows the mix; the chart at one mix takes
the rates that :mod:`~qstats.monitoring.expected_failures` adjusts.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from qstats.errors import ParameterError
from qstats.methods.binomial_tails import upper_tail
from qstats.methods.control_charts import ChartSettings, ControlChart, Rebase, p_chart, sigma_z
from qstats.methods.control_charts.run_rules import Signs, improbable_runs
from qstats.monitoring.expected_failures import MIX, adjust_for_mix

LEAST_PERIODS = 12
"""With fewer complete periods in a phase its limits would be guesses."""

_OF_THE_CRUDE_RATE = ["std_error", "lower", "upper", "confidence", "method", "deff", "reliability"]
"""Columns that say how sure the crude rate is; beside the rate at one mix they would be taken for its own."""

_RUN = 0.5**8
"""Chance of a run from which it is flagged: that of eight tosses of a coin."""


def chart_rates(
    rates: pd.DataFrame,
    *,
    complete_from: float = 0.98,
    rebases: Mapping[str, str] | None = None,
    least_periods: int = LEAST_PERIODS,
) -> pd.DataFrame:
    """Control chart of a pass rate, one row for each period in the order given.

    Parameters
    ----------
    rates : DataFrame
        Rows of :func:`qstats.estimation.estimate_pass_rates` without groups: ``period, n, effective_n,
        estimate, status, completeness``. A period that is not stated is a gap.
    complete_from : float
        Share of results from which a period is complete, 0–1. The newest periods below it are provisional.
    rebases : mapping of str to str, optional
        First period of a new phase → recorded reason.
    least_periods : int
        Complete periods that a phase needs for limits.

    Returns
    -------
    DataFrame
        The rates' own columns and ``release``, ``phase``, ``sets_limits``, ``centre``, ``lower_limit``,
        ``upper_limit`` (proportions, null where there are none), ``overdispersion`` (σ_z, at least 1),
        ``limits`` (``exact``, ``too_few_periods`` or ``no_failures``), ``flag`` (``high``, ``low``, ``""``)
        and ``rule`` (``beyond_limit``, ``run``, ``""``).

    Raises
    ------
    ParameterError
        A rebase that names a period which is not in the table.
    ValueError
        A rebase without a reason.
    """
    provisional = _newest_incomplete(rates, complete_from)
    stated = (rates["status"] == "stated").to_numpy()
    prepared = rates.assign(
        release=np.where(provisional, "provisional", "final"),
        phase=_number_phases(rates["period"], rebases or {}),
        sets_limits=stated & ~provisional,
    )
    parts = [_chart_phase(part, least_periods) for _, part in prepared.groupby("phase", sort=True)]
    return pd.concat(parts)


def chart_rates_at_one_mix(
    rates: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    mix: Sequence[str] = MIX,
    complete_from: float = 0.98,
    rebases: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Control chart of the pass rate as it would be at the mix of all periods together.

    Parameters
    ----------
    rates : DataFrame
        As in :func:`chart_rates`, with ``failures`` and ``barred``.
    cells : DataFrame
        Rates of the same periods by ``mix``.
    mix, complete_from, rebases
        As in :func:`chart_rates` and :func:`~qstats.monitoring.expected_failures.adjust_for_mix`.

    Returns
    -------
    DataFrame
        As :func:`chart_rates`, with the adjusted rate in ``estimate``, the crude one in ``crude``, and
        ``expected`` (failures at the rates of the other periods); without the interval of the crude rate.
    """
    # Limits are exact: a month is judged however few failures are expected of it, else the worst months of a
    # good process would be the ones left out, since their own failures are not among the expected.
    adjusted = adjust_for_mix(rates, cells, group="period", mix=mix, least_expected=0.0)
    own = adjusted.set_index("period").reindex(rates["period"]).set_axis(rates.index)
    unmatched = (own["compared"] > 0) & (
        own["expected"] == 0
    )  # no other month fails there: nothing to adjust
    estimate = own["adjusted"].where(~unmatched, rates["estimate"])
    stated = (rates["status"] == "stated") & estimate.notna()
    at_one_mix = rates.drop(columns=_OF_THE_CRUDE_RATE, errors="ignore").assign(
        crude=rates["estimate"],
        estimate=estimate.where(stated),
        effective_n=own["effective_n"].where(~unmatched, rates["effective_n"]),
        expected=own["expected"],
        status=rates["status"].where(stated | (rates["status"] != "stated"), "cannot_be_stated"),
    )
    return chart_rates(at_one_mix, complete_from=complete_from, rebases=rebases)


def _newest_incomplete(rates: pd.DataFrame, complete_from: float) -> np.ndarray:
    """Periods at the end of the table up to the last complete one."""
    complete = (rates["completeness"] >= complete_from).to_numpy()
    return ~np.logical_or.accumulate(complete[::-1])[::-1]


def _number_phases(periods: pd.Series, rebases: Mapping[str, str]) -> np.ndarray:
    known = periods.tolist()
    if unknown := [period for period in rebases if period not in known]:
        raise ParameterError(f"rebase at {unknown[0]}: the chart shows {known[0]} to {known[-1]}")
    starts = [Rebase(known.index(period), reason).start for period, reason in rebases.items()]
    return np.searchsorted(sorted(starts), np.arange(len(known)), side="right")


def _chart_phase(rates: pd.DataFrame, least_periods: int) -> pd.DataFrame:
    setting = rates["sets_limits"].to_numpy()
    if setting.sum() < least_periods:
        return _without_limits(rates, "too_few_periods")
    size = rates["effective_n"].where(rates["status"] == "stated", 0.0).to_numpy(dtype=float)
    passed = rates["estimate"].fillna(0.0).to_numpy(dtype=float) * size
    settings = ChartSettings(baseline=setting.tolist())
    plain = p_chart(passed, size, settings=settings)
    if plain.centre[0] in (0.0, 1.0):
        return _without_limits(rates, "no_failures").assign(centre=plain.centre)
    excess = sigma_z(plain.statistic, plain.centre, plain.sigma, plain.phases, variant="screened")
    factor = np.fmax(excess, 1.0)
    chart = p_chart(passed / factor**2, size / factor**2, settings=settings)
    flags = np.where(setting, chart.flags["beyond"], 0)
    runs = _flag_runs(chart, setting)
    sign = np.where(flags != 0, flags, runs)
    return rates.assign(
        centre=chart.centre, lower_limit=chart.lower, upper_limit=chart.upper, overdispersion=factor,
        limits="exact",
        flag=np.select([sign > 0, sign < 0], ["high", "low"], default=""),
        rule=np.select([flags != 0, runs != 0], ["beyond_limit", "run"], default=""),
    )  # fmt: skip


def _flag_runs(chart: ControlChart, judged: np.ndarray) -> Signs:
    """Runs on one side of the centre, by the chance of that side at each period's size."""
    size = np.nan_to_num(chart.size, nan=1.0)
    at_centre = np.maximum(chart.centre * size - 0.5, 0.0)  # counts are whole: up to the middle of the step
    below = upper_tail(size - at_centre, size, 1 - chart.centre)  # as many failures, or more
    points = np.where(judged, chart.statistic, np.nan)
    return improbable_runs(points, chart.centre, 1 - below, below, at_most=_RUN)


def _without_limits(rates: pd.DataFrame, why: str) -> pd.DataFrame:
    return rates.assign(
        centre=np.nan, lower_limit=np.nan, upper_limit=np.nan, overdispersion=np.nan, limits=why, flag="",
        rule="",
    )  # fmt: skip
