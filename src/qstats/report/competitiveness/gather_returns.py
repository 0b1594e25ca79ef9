"""Where do the indicators of manufacturing come from? Enterprises' returns, and supervision sampling for one of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qstats.competitiveness import MEASURED
from qstats.competitiveness.measured import CITY
from qstats.competitiveness.returns import measure_returns
from qstats.periods import Period
from qstats.report.competitiveness.gather import StreamRules, measure_pass_rates

OBLIGED = "returning_enterprises"
"""Declared denominator: enterprises that had to return."""


def years_of_returns(received: Any, until: Period, most: int) -> list[int]:
    """Newest years that returns are of, oldest first, up to the year of a period."""
    known = received.enterprise_returns["year"].unique().drop_nulls().to_list()
    return sorted(year for year in known if year <= until.year)[-most:]


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
    measured = measure_returns(returns, list(years), units, _obliged(received))
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


def _obliged(received: Any) -> dict[tuple[int, str], int]:
    """Enterprises that had to return: declared for the city, or the sum of all counties."""
    declared = received.denominators.to_pandas()
    own = declared[declared["denominator"] == OBLIGED]
    by_unit = {
        (int(year), str(county) if isinstance(county, str) else CITY): int(count)
        for year, county, count in zip(own["year"], own["county_code"], own["count"], strict=True)
    }
    for year, count in own[own["county_code"].notna()].groupby("year")["count"].sum().items():
        by_unit.setdefault((int(year), CITY), int(count))
    return by_unit
