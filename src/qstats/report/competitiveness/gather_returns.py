"""Where do the indicators of manufacturing come from? Enterprises' returns, and supervision sampling for one of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import polars as pl

from qstats.competitiveness import MEASURED
from qstats.competitiveness.measured import CITY
from qstats.competitiveness.returns import measure_returns
from qstats.periods import Period
from qstats.report.competitiveness.gather import StreamRules, measure_pass_rates

OBLIGED = "returning_enterprises"
"""Declared denominator: enterprises that had to return."""


def years_of_returns(received: Any, until: Period, most: int) -> list[int]:
    """Newest years that returns are of, oldest first, up to the year of a period.

    A year of which less than half as many are in as of the fullest one is not collected yet, or was misstated.
    """
    counted = dict(received.enterprise_returns.group_by("year").len().iter_rows())
    least = max(counted.values(), default=0) / 2
    return sorted(year for year, n in counted.items() if year <= until.year and n >= least)[-most:]


def count_returned(received: Any, year: int, counties: Sequence[str]) -> tuple[int, int | None]:
    """Enterprises that sent a return for a year, and how many of the city had to; None where that is unknown."""
    n = received.enterprise_returns.filter(pl.col("year") == year).height
    obliged = enterprises_obliged(received, counties).get((year, CITY))
    return n, obliged if obliged is None or obliged >= n else None


def gather_manufacturing(
    received: Any,
    rules: StreamRules,
    years: Sequence[int],
    counties: Sequence[str],
    industries: Sequence[str],
) -> pd.DataFrame:
    """Indicators of manufacturing of each year for the city, its counties and industries (``MEASURED``).

    Supervision sampling knows no industries: their pass rate is missing.
    """
    returns = received.enterprise_returns.to_pandas()
    units = {"county_code": list(counties), "industry": list(industries)}
    measured = measure_returns(returns, list(years), units, enterprises_obliged(received, counties))
    windows = [Period(year, "", 1) for year in years]
    rates = pd.DataFrame(
        [
            row | {"indicator": "supervision"}
            for row in measure_pass_rates(received, windows, counties, rules)
        ],
        columns=list(MEASURED),
    )
    parts = [one for one in (measured, rates) if len(one)]
    return pd.concat(parts, ignore_index=True) if parts else measured


def enterprises_obliged(received: Any, counties: Sequence[str]) -> dict[tuple[int, str], int]:
    """Enterprises that had to return: declared for the city, or the sum of all its counties if each declares."""
    declared = received.denominators.to_pandas()
    own = declared[declared["denominator"] == OBLIGED]
    by_unit = {
        (int(year), str(county) if isinstance(county, str) else CITY): int(count)
        for year, county, count in zip(own["year"], own["county_code"], own["count"], strict=True)
    }
    for year in {year for year, _ in by_unit}:
        if all((year, county) in by_unit for county in counties):
            by_unit.setdefault((year, CITY), sum(by_unit[year, county] for county in counties))
    return by_unit
