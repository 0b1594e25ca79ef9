"""Did quality change, or what was sampled? Crude and standardised changes side by side.

Two periods are compared at the mix of the earlier one, of the later one and at the average of both, by
enterprise size × stage × product class. A direction is stated only if it is the same at all three, its
interval at the average mix excludes 0 and awaited results could not undo it; otherwise the report speaks
class by class.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from qstats.estimation.mixes import Mixed, mix_periods, rates_of_sides, weigh_to
from qstats.estimation.rates import estimate_pass_rates
from qstats.estimation.scope import OUTCOME_COLUMNS, Scope, in_period, select_batches
from qstats.methods.clustered_rates import correlate_cells
from qstats.methods.differences import mover_difference
from qstats.methods.standardisation import (
    kitagawa,
)
from qstats.methods.survey.design import Design
from qstats.periods import Period

MOST_LEFT_IN_POOLS = 0.25
"""Share of the samples that may lie in different cells after pooling; beyond it there is no common mix."""

BASES = ("before", "now", "average")
Floats = NDArray[np.float64]


def compare_periods(
    batches: pl.DataFrame, now: Period, against: Sequence[Period], scope: Scope
) -> pd.DataFrame:
    """Crude and standardised change of the rate on each of several earlier periods.

    Parameters
    ----------
    batches : polars.DataFrame
        Clean batches with ``refused_source``.
    now : Period
    against : sequence of Period
    scope : Scope

    Returns
    -------
    DataFrame
        One row for each earlier period: ``period, against, n, n_before``; ``crude`` and, at each mix,
        ``at_before, at_now, at_average``, each with ``…_lower`` and ``…_upper``; ``rate_effect`` and
        ``mix_effect``, which add up to ``crude``; ``groups`` (cells compared); ``verdict`` (``rise``,
        ``fall``, ``no_clear_change``, ``bases_disagree``, ``awaited``, ``no_common_mix``: what was sampled
        has too little in common, so that only the crude change is given); ``status`` and ``reason``.
        Changes are proportions.
    """
    rows = [_compare(batches, now, before, scope) for before in against]
    return pd.DataFrame(rows)


def standardise_series(batches: pl.DataFrame, rates: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Rates of several periods with the rate that each would have had at their average mix.

    Parameters
    ----------
    rates : DataFrame
        One row for each period (:func:`estimate_pass_rates` without groups).

    Returns
    -------
    DataFrame
        ``rates`` with ``standardised``, ``standardised_lower`` and ``standardised_upper``; missing where
        the rate is not stated or the period has too little in common with the others.
    """
    stated = rates.loc[rates["status"] == "stated", "period"].tolist()
    columns = ["standardised", "standardised_lower", "standardised_upper"]
    if not stated:
        return rates.assign(**dict.fromkeys(columns, np.nan))
    mixed = mix_periods(batches, [Period.parse(period) for period in stated], scope)
    weight, fitted = weigh_to(mixed, mixed.shares.mean(axis=1))
    found = rates_of_sides(mixed, weight, fitted, scope)
    values = pd.DataFrame(
        dict(zip(columns, (found.estimate, found.lower, found.upper), strict=True)), index=stated
    )
    if len(stated) > 1:
        values[mixed.apart > MOST_LEFT_IN_POOLS] = np.nan
    return rates.join(values, on="period")


def span_of_years(batches: pl.DataFrame, now: Period, scope: Scope) -> tuple[Period, Period] | None:
    """Last and first full calendar year of the scope's data up to the end of ``now``, at least two apart.

    A year is full where each of its quarters has a batch with a result. None where there are no such years:
    the year before is compared anyhow.
    """
    known = select_batches(batches, scope).filter(pl.col(OUTCOME_COLUMNS[scope.outcome]).is_not_null())
    day = pl.coalesce("sampled_on", "announced_on")
    quarters = known.filter(day <= now.end).select(year=day.dt.year(), quarter=day.dt.quarter()).unique()
    counted = quarters.group_by("year").len().filter(pl.col("len") == 4)["year"]
    if counted.is_empty() or (first := counted.min()) >= (last := counted.max()) - 1:  # type: ignore[operator]
        return None
    return Period.parse(str(last)), Period.parse(str(first))


def _compare(batches: pl.DataFrame, now: Period, before: Period, scope: Scope) -> dict[str, object]:
    rates = estimate_pass_rates(batches, [before, now], scope)
    earlier, current = (rates.iloc[place] for place in (0, 1))
    row: dict[str, object] = {
        "period": str(now), "against": str(before), "n": int(current["n"]), "n_before": int(earlier["n"]),
        "confidence": scope.confidence, "method": "mover",
    }  # fmt: skip
    for which, rate in (("now", current), ("before", earlier)):
        if rate["status"] != "stated":
            nothing = dict.fromkeys(_FIGURES, np.nan)
            return row | nothing | {"verdict": "", "status": "refused", "reason": f"not_stated_{which}"}
    mixed = mix_periods(batches, [before, now], scope)
    if mixed.apart.max() > MOST_LEFT_IN_POOLS:
        crude = _named("crude", _change(mixed, None, scope))
        nothing = dict.fromkeys(_FIGURES, np.nan)
        return row | nothing | crude | {"verdict": "no_common_mix", "status": "stated", "reason": ""}
    figures = _changes(mixed, scope)
    worst = _worst_cases(batches, now, before, scope) if _direction(figures) in _SIGNS else []
    slack = sum(rate["unlisted"] / (rate["n"] + rate["unlisted"]) for rate in (current, earlier))
    return row | figures | {"verdict": _verdict(figures, worst, slack), "status": "stated", "reason": ""}


_CHANGES = ("crude", *(f"at_{base}" for base in BASES))
_FIGURES = (
    *(f"{name}{end}" for name in _CHANGES for end in ("", "_lower", "_upper")),
    "rate_effect", "mix_effect", "groups",
)  # fmt: skip
_SIGNS = {"rise": 1, "fall": -1}


def _changes(mixed: Mixed, scope: Scope) -> dict[str, object]:
    """Crude change, changes at each mix and the two effects."""
    shares = mixed.shares
    standards = dict(zip(BASES, (shares[:, 0], shares[:, 1], shares.mean(axis=1)), strict=True))
    figures = _named("crude", _change(mixed, None, scope))
    for base, standard in standards.items():
        figures |= _named(f"at_{base}", _change(mixed, standard, scope))
    parts = kitagawa(mixed.rates[:, 0], shares[:, 0], mixed.rates[:, 1], shares[:, 1])
    return figures | {
        "rate_effect": float(parts.rate_effect.sum()), "mix_effect": float(parts.mix_effect.sum()),
        "groups": len(mixed.n),
    }  # fmt: skip


def _change(mixed: Mixed, standard: Floats | None, scope: Scope) -> tuple[float, float, float]:
    """Change from side 0 to side 1 with its limits; at the mix of a standard if one is given."""
    weight, fitted = weigh_to(mixed, standard)
    rates = rates_of_sides(mixed, weight, fitted, scope)
    once = Design(weight, np.zeros_like(mixed.side), mixed.sample.enterprise)
    shared = correlate_cells(once, mixed.sample.passed - fitted, mixed.side, 2, ([1], [0]), icc=scope.icc)
    estimate, lower, upper = ((part[1], part[0]) for part in (rates.estimate, rates.lower, rates.upper))
    change = mover_difference(estimate, lower, upper, shared[0])
    return float(change[0]), float(change[1]), float(change[2])


def _named(name: str, change: tuple[float, float, float]) -> dict[str, object]:
    return {f"{name}{end}": value for end, value in zip(("", "_lower", "_upper"), change, strict=True)}


def _direction(figures: dict[str, object]) -> str:
    """What the three mixes say, awaited results left aside."""
    at = {base: _limits(figures, f"at_{base}") for base in BASES}
    signs = {np.sign(change) for change, _, _ in at.values()}
    clear = {base: lower * upper > 0 for base, (_, lower, upper) in at.items()}
    if len(signs) > 1:
        return "bases_disagree" if any(clear.values()) else "no_clear_change"
    if not clear["average"]:
        return "no_clear_change"
    return "rise" if at["average"][0] > 0 else "fall"


def _limits(figures: dict[str, object], name: str) -> tuple[float, float, float]:
    return tuple(float(figures[f"{name}{end}"]) for end in ("", "_lower", "_upper"))  # type: ignore


def _worst_cases(
    batches: pl.DataFrame, now: Period, before: Period, scope: Scope
) -> list[tuple[float, float, float]]:
    """Change at the average mix with all awaited results of one period failing and of the other passing."""
    outcome = pl.col(OUTCOME_COLUMNS[scope.outcome])
    awaited = (pl.col("fate") == "pending") & outcome.is_null()
    if (
        in_period(batches.filter(awaited), now).is_empty()
        and in_period(batches.filter(awaited), before).is_empty()
    ):
        return []
    newer = pl.coalesce("sampled_on", "announced_on") >= now.start
    cases = []
    for later, sooner in (("fail", "pass"), ("pass", "fail")):
        settled = pl.when(newer).then(pl.lit(later)).otherwise(pl.lit(sooner))
        filled = batches.with_columns(
            pl.when(awaited).then(settled).otherwise(outcome).alias(outcome.meta.output_name())
        )
        cases.append(_limits(_changes(mix_periods(filled, [before, now], scope), scope), "at_average"))
    return cases


def _verdict(figures: dict[str, object], worst: list[tuple[float, float, float]], slack: float) -> str:
    """Direction at the same mix, if neither awaited results nor batches that no list holds could undo it.

    ``slack`` is how far the batches that no list holds could move the change.
    """
    found = _direction(figures)
    if found not in _SIGNS:
        return found
    cases = [*worst, _limits(figures, "at_average")]
    bounds = [lower if found == "rise" else -upper for _, lower, upper in cases]
    return found if min(bounds) > slack else "awaited"
