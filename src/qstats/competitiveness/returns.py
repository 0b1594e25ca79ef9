"""What do enterprises' returns say of the indicators of manufacturing, for city, counties and industries?

Most indicators are ratios of sums (losses over output …): a large enterprise counts for what it makes. Their
errors are those of a ratio over the enterprises that returned, linearised with the jackknife's correction for
the enterprise itself; where the number that had to return is declared, what did not return is all that is
uncertain (finite population). Where the returns leave an indicator without variance, as when all export
batches passed, its limits are those of a proportion of so many enterprises.

References
----------
Cochran (1977), *Sampling Techniques*, chapter 6; Yung & Rao (1996), Survey Methodology 22, 23–31.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qstats.competitiveness.measured import CITY, MEASURED, Array

FEWEST = 10
"""Fewer returning enterprises than this: the indicator cannot be stated."""

GRADE_WEIGHTS = {"superior_output": 1.5, "first_grade_output": 1.0, "qualified_output": 0.5}
"""技监局管发〔1991〕368号: provisional national coefficients of the three grades."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """An indicator as a sum over a sum of the returns, times a factor; weights of the columns above."""

    above: Mapping[str, float]
    below: str
    factor: float = 1.0
    proportion: bool = True


ENTERPRISES = "enterprises"
RATIOS: dict[str, Ratio] = {
    "graded_output": Ratio(GRADE_WEIGHTS, "output_value", proportion=False),
    "microelectronics": Ratio({"microelectronic_equipment_value": 1}, "equipment_value"),
    "certification": Ratio({"certified": 1}, ENTERPRISES),
    "quality_loss": Ratio({"quality_loss": 1}, "output_value"),
    "export_inspection": Ratio({"export_batches_passed": 1}, "export_batches"),
    "research": Ratio({"rd_expenditure": 1}, "sales_revenue"),
    "renovation": Ratio({"renovation_expenditure": 1}, "sales_revenue"),
    # Output in 10,000 yuan: a million yuan are a hundred of them.
    "patents": Ratio({"patents": 1}, "output_value", factor=100, proportion=False),
    "new_products": Ratio({"new_product_sales": 1}, "sales_revenue"),
    # Sales in 10,000 yuan per enterprise, in 100 million yuan.
    "mean_sales": Ratio({"sales_revenue": 1e-4}, ENTERPRISES, proportion=False),
    "exports": Ratio({"export_sales": 1}, "sales_revenue"),
}
"""All but the pass rate of supervision sampling, which comes from the inspections."""


def measure_returns(
    returns: pd.DataFrame, years: Sequence[int], units: Mapping[str, Sequence[str]],
    obliged: Mapping[tuple[int, str], int],
) -> pd.DataFrame:  # fmt: skip
    """Indicators of each year for the city and for groups of enterprises.

    Parameters
    ----------
    returns : DataFrame
        The table ``enterprise_returns``.
    years : sequence of int
    units : dict
        Column (``county_code``, ``industry``) → codes of its groups.
    obliged : dict
        Year and unit (empty: the city) → enterprises that had to return; units without are taken as samples
        of a large population.

    Returns
    -------
    DataFrame
        Columns ``MEASURED``.
    """
    table = returns.assign(
        certified=returns["management_certified"].map({"yes": 1.0, "no": 0.0}), **{ENTERPRISES: 1.0}
    )
    rows = [
        row
        for year in years
        for unit, own in _groups(table[table["year"] == year], units)
        for row in _measure(own, year, unit, obliged.get((year, unit)))
    ]
    return pd.DataFrame(rows, columns=list(MEASURED))


def _groups(table: pd.DataFrame, units: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, pd.DataFrame]]:
    yield CITY, table
    for column, codes in units.items():
        for code in codes:
            yield code, table[table[column] == code]


def _measure(own: pd.DataFrame, year: int, unit: str, obliged: int | None) -> Iterator[dict[str, Any]]:
    for indicator, ratio in RATIOS.items():
        weighted = [weight * own[name].astype(float) for name, weight in ratio.above.items()]
        above = np.sum([column.to_numpy() for column in weighted], axis=0)
        below = own[ratio.below].astype(float).to_numpy()
        known = ~np.isnan(above) & ~np.isnan(below)
        yield _row(
            indicator, ratio, above[known], below[known], year, unit, obliged,
            ",".join(sorted(own.loc[known, "source_id"].unique())),
        )  # fmt: skip


def _row(
    indicator: str, ratio: Ratio, above: Array, below: Array, year: int, unit: str, obliged: int | None,
    sources: str,
) -> dict[str, Any]:  # fmt: skip
    n = len(above)
    shared = {
        "period": str(year), "unit": unit, "indicator": indicator, "n": n, "basis": "sample",
        "method": "ratio_of_returns", "sources": sources, "dispersion": np.nan,
    }  # fmt: skip
    if n < FEWEST or not below.sum() > 0:
        status = "no_data" if n == 0 else "cannot_be_stated"
        nothing = {"estimate": np.nan, "law": "mean", "size": np.nan, "std_error": np.nan}
        return shared | nothing | {"status": status, "reason": "too_few_returns"}
    value = above.sum() / below.sum()
    error = _standard_error(above, below, value, obliged)
    law: dict[str, Any] = {"law": "mean", "size": float(n - 1), "std_error": ratio.factor * error}
    if error == 0 and ratio.proportion and (obliged is None or n < obliged):
        law = {"law": "proportion", "size": float(n), "std_error": np.nan}
    return shared | law | {"estimate": ratio.factor * value, "status": "stated", "reason": None}


def _standard_error(above: Array, below: Array, value: float, obliged: int | None) -> float:
    """Of the ratio of sums: linearised, each enterprise without the pull that it has on the ratio itself."""
    n, total = len(above), below.sum()
    # More returns than had to be sent: the declared number is none of theirs.
    missing = 1.0 if obliged is None or n > obliged else 1 - n / obliged
    others = np.maximum(1 - below / total, 1e-9)
    scores = (above - value * below) / total / others
    return float(np.sqrt(missing * (n - 1) / n * ((scores - scores.mean()) ** 2).sum()))
