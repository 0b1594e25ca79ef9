"""How does one county stand beside the rest of the city, and how many batches would it take to know better?

The rest of the city is all other counties together: a county is not compared with a whole that it is part
of. Every county is looked at, so the interval of the difference is widened for as many comparisons
(Bonferroni): otherwise one county in twenty would be singled out for nothing. The two rates count as
independent; enterprises sampled on both sides would only make the interval narrower.
"""

import math
from collections.abc import Sequence

import pandas as pd
import polars as pl

from qstats.estimation.changes import tally
from qstats.estimation.rates import estimate_pass_rates
from qstats.estimation.reliability import LEAST_EFFECTIVE_N, WIDEST_INTERVAL
from qstats.estimation.scope import Scope
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.clustered_rates import direction_holds
from qstats.methods.differences import mover_difference
from qstats.methods.interval_width import size_for_width
from qstats.periods import Period

AREAS = ("county", "rest")
WIDTHS = (WIDEST_INTERVAL, 0.06, 0.04)
"""Widths of interval for which the batches needed are told: the one of a reliable rate, and finer ones."""

_TEXTS = ("sources", "sources_barred")


def estimate_beside_rest(
    batches: pl.DataFrame, periods: Sequence[Period], scope: Scope, county: str
) -> pd.DataFrame:
    """Pass rates of a county and of all other counties together.

    Parameters
    ----------
    batches : polars.DataFrame
        As for :func:`qstats.estimation.estimate_pass_rates`; batches whose county is unknown are left out.
    county : str
        Code of the county.

    Returns
    -------
    DataFrame
        As there, by ``area`` (``county``, ``rest``); both are there for each period, with ``n = 0`` where
        nothing was sampled.
    """
    side = pl.when(pl.col("county_code") == county).then(pl.lit("county")).otherwise(pl.lit("rest"))
    placed = batches.filter(pl.col("county_code").is_not_null()).with_columns(side.alias("area"))
    rates = estimate_pass_rates(placed, periods, scope, by=["area"])
    missing = [area for area in AREAS if (rates["area"] != area).all()]
    if not missing:
        return rates
    whole = estimate_pass_rates(placed, periods, scope)
    return pd.concat([rates, *(_nothing(whole).assign(area=area) for area in missing)], ignore_index=True)


def _nothing(whole: pd.DataFrame) -> pd.DataFrame:
    """Rows of an area in which nothing was ever planned, in the form of the rates of the whole."""
    counts = {name: 0 for name in whole.select_dtypes("integer")} | {"effective_n": 0.0}
    unknown = dict.fromkeys(("estimate", "std_error", "lower", "upper", "completeness", "deff"), math.nan)
    judged = {"status": "no_data", "reason": "no_data", "reliability": "cannot_be_stated"}
    return whole.assign(**counts, **unknown, **judged, **dict.fromkeys(_TEXTS, ""))


def estimate_difference(rates: pd.DataFrame, comparisons: int) -> pd.DataFrame:
    """Rate of the county minus that of the rest of the city, one row for each period.

    Parameters
    ----------
    rates : DataFrame
        Of :func:`estimate_beside_rest`.
    comparisons : int
        Counties that are compared in this way; the interval is widened for all of them.

    Returns
    -------
    DataFrame
        ``period, difference, lower, upper, confidence`` (of all comparisons together), ``comparisons,
        n, n_rest, holds, status, reason``; refused where one of the two rates is not stated. ``holds`` is
        False where results still awaited could undo the direction.
    """
    county, rest = (rates[rates["area"] == area].set_index("period") for area in AREAS)
    rest = rest.reindex(county.index)
    each = 1 - (1 - county["confidence"].iloc[0]) / comparisons
    limits = [
        korn_graubard_interval(side["estimate"].fillna(0), side["effective_n"], confidence=each)
        for side in (county, rest)
    ]
    difference, lower, upper = mover_difference(
        (county["estimate"], rest["estimate"]), (limits[0][0], limits[1][0]), (limits[0][1], limits[1][1])
    )
    confidence = float(county["confidence"].iloc[0])
    holds = direction_holds(tally(county), tally(rest), lower, upper, confidence=confidence)
    stated = (county["status"] == "stated") & (rest["status"] == "stated")
    frame = pd.DataFrame(
        {"difference": difference, "lower": lower, "upper": upper, "confidence": county["confidence"],
         "comparisons": comparisons, "n": county["n"], "n_rest": rest["n"], "holds": holds},
        index=county.index,
    )  # fmt: skip
    frame.loc[~stated, ["difference", "lower", "upper"]] = math.nan
    reason = stated.map({True: "", False: "not_stated_now"})
    return frame.assign(status=stated.map({True: "stated", False: "refused"}), reason=reason).reset_index()


def count_needed(rate: float, deff: float, *, confidence: float) -> pd.DataFrame:
    """Batches needed for intervals of given widths, at an expected rate and a design effect.

    Parameters
    ----------
    rate : float
        Expected pass rate, such as that of the rest of the city, 0–1.
    deff : float
        Batches that are worth one independent batch, at least 1.

    Returns
    -------
    DataFrame
        ``width`` (0–1), ``needed``; the first row is what a reliable rate takes.
    """
    sizes = [size_for_width(rate, width, confidence=confidence) for width in WIDTHS]
    sizes[0] = max(sizes[0], LEAST_EFFECTIVE_N)
    return pd.DataFrame({"width": WIDTHS, "needed": [math.ceil(size * deff) for size in sizes]})
